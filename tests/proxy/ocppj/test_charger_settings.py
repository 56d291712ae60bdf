"""What a charger tells of its MessageTimeout and its pings (P2/Q2 OCPPCommCtrlr; J16-E 3.11)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.charger_settings import (
    SETTING_ACTIONS,
    Setting,
    call_timeout_of,
    late_ping,
    reported_settings,
    told_settings,
)
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion.V1_6, OcppVersion.V2_0_1, OcppVersion.V2_1
PING = {"key": "WebSocketPingInterval", "value": "60"}


def item(name: str, instance: str | None = None, **members: Any) -> dict[str, Any]:
    variable = {"name": name} if instance is None else {"name": name, "instance": instance}
    return {"component": {"name": "OCPPCommCtrlr"}, "variable": variable, **members}


def timeout(value: Any, **members: Any) -> dict[str, Any]:
    return item("MessageTimeout", "Default", attributeValue=value, **members)


@pytest.mark.parametrize(
    ("action", "asked", "answer", "told"),
    [
        (
            "GetConfiguration",
            {},
            {
                "configurationKey": [
                    {"key": " websocketPINGinterval", "value": " 60 "},
                    {"key": "TransactionMessageAttempts", "value": "3"},
                    {"key": "TransactionMessageRetryInterval", "value": 10},
                    {"key": "HeartbeatInterval", "value": "5"},
                    {"key": "Other"},
                ]
            },
            {Setting.PING_INTERVAL: 60, Setting.ATTEMPTS: 3, Setting.ATTEMPT_INTERVAL: 10},
        ),
        ("GetConfiguration", {}, {"unknownKey": ["WebSocketPingInterval"]}, {}),
        ("ChangeConfiguration", PING, {"status": "Accepted"}, {Setting.PING_INTERVAL: 60}),
        ("ChangeConfiguration", PING, {"status": "RebootRequired"}, {Setting.PING_INTERVAL: 60}),
        ("ChangeConfiguration", PING, {"status": "Rejected"}, {}),
        ("ChangeConfiguration", PING, [], {}),
        ("GetVariables", {}, {"getVariableResult": [timeout("45")]}, {}),
    ],
)
def test_a_1_6_charger_tells(
    action: str, asked: Any, answer: Any, told: dict[Setting, int]
) -> None:
    assert told == told_settings(V16, action, asked, answer)


@pytest.mark.parametrize("version", [V201, V21])
@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([timeout("45")], {Setting.MESSAGE_TIMEOUT: 45}),
        ([timeout("45", attributeType="Actual")], {Setting.MESSAGE_TIMEOUT: 45}),
        ([timeout("45", attributeType="MaxSet")], {}),
        ([item("MessageTimeout", attributeValue="45")], {}),
        ([timeout(value) for value in ("soon", None, "-1", "²", "9" * 10, True, 1.5)], {}),
        (
            [
                item("WebSocketPingInterval", attributeValue="60"),
                item("MessageAttempts", "TransactionEvent", attributeValue="3"),
                item("MessageAttemptInterval", "TransactionEvent", attributeValue="10"),
                {"component": {"name": "TxCtrlr"}, "variable": {"name": "WebSocketPingInterval"}},
                None,
            ],
            {Setting.PING_INTERVAL: 60, Setting.ATTEMPTS: 3, Setting.ATTEMPT_INTERVAL: 10},
        ),
    ],
)
def test_a_2_x_charger_tells_what_was_read(
    version: OcppVersion, found: Any, told: dict[Setting, int]
) -> None:
    answer = {"getVariableResult": found}

    assert told == told_settings(version, "GetVariables", {}, answer)


def test_a_2_x_charger_tells_what_it_agreed_to() -> None:
    asked = {"setVariableData": [timeout("45"), item("WebSocketPingInterval", attributeValue="9")]}
    answer = {
        "setVariableResult": [
            item("MessageTimeout", "Default", attributeStatus="Accepted"),
            item("WebSocketPingInterval", attributeStatus="Rejected"),
        ]
    }

    assert {Setting.MESSAGE_TIMEOUT: 45} == told_settings(V201, "SetVariables", asked, answer)


def test_a_report_tells() -> None:
    attributes = [{"type": "MaxSet", "value": "99"}, {"value": "45"}]
    report = {
        "reportData": [
            item("MessageTimeout", "Default", variableAttribute=attributes),
            item("HeartbeatInterval", variableAttribute=attributes),
        ]
    }

    assert {Setting.MESSAGE_TIMEOUT: 45} == reported_settings(report)


@pytest.mark.parametrize(
    ("told", "expected"), [(None, None), (0, 5.0), (5, 5.0), (45, 45.0), (86_400, 600.0)]
)
def test_no_charger_makes_us_wait_too_short_or_too_long(
    told: int | None, expected: float | None
) -> None:
    settings = {} if told is None else {Setting.MESSAGE_TIMEOUT: told}

    assert expected == call_timeout_of(settings)


@pytest.mark.parametrize(
    ("ping", "attempts", "interval", "late"),
    [
        (29, 3, 10, None),
        (30, 3, 10, (30, 30)),
        (60, 3, 10, (60, 30)),
        (0, 3, 10, None),
        (0, 0, 0, None),
        (60, None, 10, None),
        (60, 3, None, None),
        (None, 3, 10, None),
    ],
)
def test_pings_must_be_quicker_than_all_attempts(
    ping: int | None, attempts: int | None, interval: int | None, late: tuple[int, int] | None
) -> None:
    """J16-E 3.11, Q4 8.4; 0 means no pings."""
    values = {
        Setting.PING_INTERVAL: ping,
        Setting.ATTEMPTS: attempts,
        Setting.ATTEMPT_INTERVAL: interval,
    }

    assert late == late_ping({key: value for key, value in values.items() if value is not None})


WORDS = st.sampled_from(
    [
        "key",
        "value",
        "configurationKey",
        "status",
        "Accepted",
        "component",
        "variable",
        "name",
        "instance",
        "OCPPCommCtrlr",
        "MessageTimeout",
        "Default",
        "attributeStatus",
        "attributeValue",
        "attributeType",
        "getVariableResult",
        "setVariableResult",
        "setVariableData",
        "reportData",
        "variableAttribute",
        "WebSocketPingInterval",
        "60",
    ]
)
JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=4) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


@given(
    version=st.sampled_from(OcppVersion),
    action=st.sampled_from(sorted(SETTING_ACTIONS)),
    asked=JSON,
    answer=JSON,
)
def test_no_payload_raises(version: OcppVersion, action: str, asked: Any, answer: Any) -> None:
    told_settings(version, action, asked, answer)
    reported_settings(answer)
