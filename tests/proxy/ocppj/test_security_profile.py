"""The security profile only rises (SW A05.FR.01, A00.FR.005)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.security_profile import TELLING_ACTIONS, lowers_profile, told_profile
from oye_proxy.ocppj.versions import OcppVersion

V16, V201 = OcppVersion.V1_6, OcppVersion.V2_0_1
ACCEPTED = {"status": "Accepted"}


def key(value: Any, name: str = "SecurityProfile") -> dict[str, Any]:
    return {"key": name, "value": value}


def variables(member: str, value: Any, name: str = "SecurityProfile") -> dict[str, Any]:
    variable = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": name}}
    return {member: [None, {"attributeValue": value, **variable}]}


@pytest.mark.parametrize(
    ("version", "action", "asked", "answer", "told"),
    [
        (V16, "GetConfiguration", {}, {"configurationKey": [{"key": "x"}, key("2")]}, 2),
        (V16, "GetConfiguration", {}, {"configurationKey": [key(None)]}, None),
        (V16, "GetConfiguration", {}, {"unknownKey": ["SecurityProfile"]}, None),
        (V16, "ChangeConfiguration", key("3"), ACCEPTED, 3),
        (V16, "ChangeConfiguration", key("3"), {"status": "RebootRequired"}, 3),
        (V16, "ChangeConfiguration", key("3"), {"status": "Rejected"}, None),
        (V16, "ChangeConfiguration", key("3", "HeartbeatInterval"), ACCEPTED, None),
        (V16, "ChangeConfiguration", [], ACCEPTED, None),
        (V201, "GetVariables", {}, variables("getVariableResult", "1"), 1),
        (V201, "GetVariables", {}, variables("getVariableResult", "1", "TimeZone"), None),
        (V201, "GetVariables", {}, [], None),
        (V201, "SetNetworkProfile", {"connectionData": {"securityProfile": 3}}, ACCEPTED, None),
    ],
)
def test_the_charger_tells_its_profile(
    version: OcppVersion, action: str, asked: Any, answer: Any, told: int | None
) -> None:
    assert told == told_profile(version, action, asked, answer)


@pytest.mark.parametrize(
    ("action", "payload", "known", "lowers"),
    [
        ("ChangeConfiguration", key("1"), 2, True),
        ("ChangeConfiguration", key(" 2", " securityprofile"), 2, False),
        ("ChangeConfiguration", key("3"), 2, False),
        ("ChangeConfiguration", key("1"), None, False),
        ("ChangeConfiguration", key("low"), 2, False),
        ("ChangeConfiguration", key("1", "HeartbeatInterval"), 2, False),
        ("ChangeConfiguration", [], 2, False),
        ("SetNetworkProfile", {"connectionData": {"securityProfile": 1}}, 2, True),
        ("SetNetworkProfile", {"connectionData": {"securityProfile": 2}}, 2, False),
        ("SetNetworkProfile", {"connectionData": 1}, 2, False),
        ("SetVariables", variables("setVariableData", "1"), 2, True),
        ("SetVariables", variables("setVariableData", "1", "TimeZone"), 2, False),
        ("Reset", {"type": "Soft"}, 2, False),
    ],
)
def test_a_lower_profile_is_seen(
    action: str, payload: Any, known: int | None, *, lowers: bool
) -> None:
    assert lowers == lowers_profile(action, payload, known)


MEMBERS = st.sampled_from(
    ["key", "value", "configurationKey", "getVariableResult", "setVariableData", "connectionData"]
)
JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=4) | st.just("SecurityProfile"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=3),
    max_leaves=8,
)


@given(
    version=st.sampled_from(OcppVersion),
    action=st.sampled_from(sorted(TELLING_ACTIONS | {"SetNetworkProfile", "SetVariables"})),
    asked=JSON,
    answer=JSON,
)
def test_no_payload_raises(version: OcppVersion, action: str, asked: Any, answer: Any) -> None:
    told_profile(version, action, asked, answer)
    lowers_profile(action, asked, 2)
