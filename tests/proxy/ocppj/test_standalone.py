"""The standalone responder: every action of every version has its answer (docs/OCPP.md)."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oye_proxy.ocppj.actions import CHARGER_ACTIONS, CSMS_ACTIONS, SEND_ACTIONS
from oye_proxy.ocppj.authorization import Authorizer
from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.frames import Call, build_call, parse
from oye_proxy.ocppj.id_tag_cache import CachedTag, IdTagCache, IdTagStatus
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.ocppj.standalone import Answer, Refusal, Responder
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.schema_files import load_schema_texts

V1_6, V2_0_1, V2_1 = OcppVersion
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
NOW_TEXT = "2026-07-01T12:00:00.000Z"
TEXTS = load_schema_texts()
SCHEMAS = Schemas(TEXTS)

TOKEN = {"idToken": "ABC", "type": "ISO14443"}
HASH_DATA = {
    "hashAlgorithm": "SHA256",
    "issuerNameHash": "a",
    "issuerKeyHash": "b",
    "serialNumber": "1",
}


def _responder(known: dict[str, IdTagStatus] | None = None) -> Responder:
    entries = [
        CachedTag(id_tag=id_tag, status=status, accepted_at=NOW)
        for id_tag, status in (known or {}).items()
    ]
    ids = count(1_000_000_000)
    return Responder(Authorizer(IdTagCache(entries)), lambda: next(ids))


def _answer(
    version: OcppVersion, action: str, payload: Any, known: dict[str, IdTagStatus] | None = None
) -> Answer:
    return _responder(known).answer(version, build_call("7", action, payload), NOW)


def _calls(actions: dict[OcppVersion, frozenset[str]]) -> list[tuple[OcppVersion, str]]:
    return [
        (version, action)
        for version in OcppVersion
        for action in sorted(actions[version] - SEND_ACTIONS[version])
    ]


@pytest.mark.parametrize("whole", [False, True], ids=["required", "everything"])
@pytest.mark.parametrize(("version", "action"), _calls(CHARGER_ACTIONS))
def test_every_action_of_the_charger_gets_a_valid_answer(
    version: OcppVersion, action: str, *, whole: bool
) -> None:
    """The request is made from its official schema, the answer is checked with its own."""
    request = _request_of(version, action, whole=whole)
    assert SCHEMAS.validate_call(version, action, request) is None

    answer = _answer(version, action, request)

    assert isinstance(answer, dict)
    assert SCHEMAS.validate_result(version, action, answer) is None


@pytest.mark.parametrize(
    ("version", "action"),
    [row for row in _calls(CSMS_ACTIONS) if row not in _calls(CHARGER_ACTIONS)],
)
def test_actions_of_the_csms_are_not_supported(version: OcppVersion, action: str) -> None:
    answer = _answer(version, action, {})

    assert Refusal(Cause.NOT_SUPPORTED, "only a CSMS sends this action") == answer


@pytest.mark.parametrize(
    ("version", "action"),
    [
        (V1_6, "Nonsense"),
        (V1_6, "TransactionEvent"),
        (V2_0_1, "StartTransaction"),
        (V2_0_1, "BatterySwap"),
        (V2_1, ""),
    ],
)
def test_unknown_actions_are_not_implemented(version: OcppVersion, action: str) -> None:
    assert Refusal(Cause.NOT_IMPLEMENTED, "action is unknown") == _answer(version, action, {})


def test_a_send_that_comes_as_a_call_is_not_supported() -> None:
    """Q4 4.2.4: it has no answer, so there is none to give."""
    answer = _answer(V2_1, "NotifyPeriodicEventStream", {})

    assert Refusal(Cause.NOT_SUPPORTED, "this action goes as a SEND") == answer


BOOT = {"status": "Accepted", "currentTime": NOW_TEXT, "interval": 300}
START = {
    "connectorId": 1,
    "idTag": "ABC",
    "meterStart": 0,
    "timestamp": "2026-07-01T11:59:00Z",
}


@pytest.mark.parametrize(
    ("action", "payload", "answer"),
    [
        ("Authorize", {"idTag": "ABC"}, {"idTagInfo": {"status": "Invalid"}}),
        ("BootNotification", {}, BOOT),
        ("DataTransfer", {"vendorId": "v"}, {"status": "UnknownVendorId"}),
        ("DiagnosticsStatusNotification", {}, {}),
        ("FirmwareStatusNotification", {}, {}),
        ("LogStatusNotification", {}, {}),
        ("SignedFirmwareStatusNotification", {}, {}),
        ("Heartbeat", {}, {"currentTime": NOW_TEXT}),
        ("MeterValues", {}, {}),
        ("MeterValues", {"transactionId": 7}, {}),
        ("SecurityEventNotification", {}, {}),
        ("SignCertificate", {}, {"status": "Rejected"}),
        (
            "StartTransaction",
            START,
            {"transactionId": 1_000_000_000, "idTagInfo": {"status": "Accepted"}},
        ),
        ("StatusNotification", {}, {}),
        ("StopTransaction", {"transactionId": -1}, {}),
        ("StopTransaction", {"transactionId": 5, "idTag": None}, {}),
        (
            "StopTransaction",
            {"transactionId": 5, "idTag": "ABC"},
            {"idTagInfo": {"status": "Accepted"}},
        ),
    ],
)
def test_each_row_of_1_6(action: str, payload: Any, answer: Any) -> None:
    assert answer == _answer(V1_6, action, payload)


@pytest.mark.parametrize("version", [V2_0_1, V2_1])
@pytest.mark.parametrize(
    ("action", "payload", "answer"),
    [
        ("Authorize", {"idToken": TOKEN}, {"idTokenInfo": {"status": "Unknown"}}),
        (
            "Authorize",
            {"idToken": TOKEN, "certificate": "PEM"},
            {"idTokenInfo": {"status": "Invalid"}, "certificateStatus": "NoCertificateAvailable"},
        ),
        (
            "Authorize",
            {"idToken": TOKEN, "iso15118CertificateHashData": []},
            {"idTokenInfo": {"status": "Invalid"}, "certificateStatus": "NoCertificateAvailable"},
        ),
        ("BootNotification", {}, BOOT),
        ("ClearedChargingLimit", {}, {}),
        ("DataTransfer", {"vendorId": "v"}, {"status": "UnknownVendorId"}),
        ("FirmwareStatusNotification", {}, {}),
        ("Get15118EVCertificate", {}, {"status": "Failed", "exiResponse": ""}),
        ("GetCertificateStatus", {}, {"status": "Failed"}),
        ("Heartbeat", {}, {"currentTime": NOW_TEXT}),
        ("LogStatusNotification", {}, {}),
        ("MeterValues", {}, {}),
        ("NotifyChargingLimit", {}, {}),
        ("NotifyCustomerInformation", {}, {}),
        ("NotifyDisplayMessages", {}, {}),
        ("NotifyEVChargingSchedule", {}, {"status": "Accepted"}),
        ("NotifyEvent", {}, {}),
        ("NotifyMonitoringReport", {}, {}),
        ("NotifyReport", {}, {}),
        ("PublishFirmwareStatusNotification", {}, {}),
        ("ReportChargingProfiles", {}, {}),
        ("ReservationStatusUpdate", {}, {}),
        ("SecurityEventNotification", {}, {}),
        ("SignCertificate", {}, {"status": "Rejected"}),
        ("StatusNotification", {}, {}),
        ("TransactionEvent", {"eventType": "Updated"}, {}),
        ("TransactionEvent", {"idToken": None}, {}),
        ("TransactionEvent", {"idToken": TOKEN}, {"idTokenInfo": {"status": "Accepted"}}),
    ],
)
def test_each_row_of_2_x(version: OcppVersion, action: str, payload: Any, answer: Any) -> None:
    assert answer == _answer(version, action, payload)


def test_charging_needs_are_answered_as_the_version_can() -> None:
    """K15.FR.04; 2.1 has a word of its own."""
    assert {"status": "Rejected"} == _answer(V2_0_1, "NotifyEVChargingNeeds", {})
    assert {"status": "NoChargingProfile"} == _answer(V2_1, "NotifyEVChargingNeeds", {})


@pytest.mark.parametrize(
    ("action", "payload", "answer"),
    [
        ("BatterySwap", {}, {}),
        ("NotifySettlement", {}, {}),
        ("ClosePeriodicEventStream", {}, {}),
        ("NotifyDERAlarm", {}, {}),
        ("NotifyDERStartStop", {}, {}),
        ("NotifyPriorityCharging", {}, {}),
        ("ReportDERControl", {}, {}),
        ("OpenPeriodicEventStream", {}, {"status": "Rejected"}),
        ("PullDynamicScheduleUpdate", {}, {"status": "Rejected"}),
        (
            "VatNumberValidation",
            {"vatNumber": "NL1"},
            {"status": "Rejected", "vatNumber": "NL1"},
        ),
        (
            "GetCertificateChainStatus",
            {
                "certificateStatusRequests": [
                    {"certificateHashData": HASH_DATA, "source": "CRL", "urls": ["u"]},
                    {"certificateHashData": HASH_DATA, "source": "OCSP", "urls": ["u"]},
                ]
            },
            {
                "certificateStatus": [
                    {
                        "certificateHashData": HASH_DATA,
                        "source": source,
                        "status": "Failed",
                        "nextUpdate": NOW_TEXT,
                    }
                    for source in ("CRL", "OCSP")
                ]
            },
        ),
    ],
)
def test_each_row_that_2_1_adds(action: str, payload: Any, answer: Any) -> None:
    assert answer == _answer(V2_1, action, payload)


@pytest.mark.parametrize(
    ("version", "action", "payload", "refusal"),
    [
        (
            V1_6,
            "Authorize",
            {},
            Refusal(Cause.PROTOCOL_ERROR, "required property idTag is missing"),
        ),
        (
            V1_6,
            "Authorize",
            {"idTag": 4711},
            Refusal(Cause.TYPE_CONSTRAINT_VIOLATION, "idTag: is unreadable"),
        ),
        (
            V1_6,
            "StartTransaction",
            [],
            Refusal(Cause.PROTOCOL_ERROR, "required property idTag is missing"),
        ),
        (
            V2_0_1,
            "Authorize",
            {"idToken": "ABC"},
            Refusal(Cause.TYPE_CONSTRAINT_VIOLATION, "idToken: is unreadable"),
        ),
        (
            V2_1,
            "VatNumberValidation",
            {},
            Refusal(Cause.PROTOCOL_ERROR, "required property vatNumber is missing"),
        ),
        (
            V2_1,
            "VatNumberValidation",
            {"vatNumber": "x" * 21},
            Refusal(Cause.TYPE_CONSTRAINT_VIOLATION, "vatNumber: is unreadable"),
        ),
        (
            V2_1,
            "GetCertificateChainStatus",
            {},
            Refusal(Cause.PROTOCOL_ERROR, "required property certificateStatusRequests is missing"),
        ),
        (
            V2_1,
            "GetCertificateChainStatus",
            {"certificateStatusRequests": []},
            Refusal(
                Cause.OCCURRENCE_CONSTRAINT_VIOLATION,
                "certificateStatusRequests: has not 1 to 4 items",
            ),
        ),
        (
            V2_1,
            "GetCertificateChainStatus",
            {"certificateStatusRequests": [{"source": "CRL"}]},
            Refusal(
                Cause.TYPE_CONSTRAINT_VIOLATION,
                "certificateStatusRequests: has an item that is unreadable",
            ),
        ),
    ],
)
def test_what_the_answer_needs_must_be_readable(
    version: OcppVersion, action: str, payload: Any, refusal: Refusal
) -> None:
    assert refusal == _answer(version, action, payload)


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        (V1_6, "StatusNotification", {"connectorId": "one", "status": "Sleeping"}),
        (V1_6, "StopTransaction", {"idTag": 4711}),
        (V1_6, "Heartbeat", [1, 2]),
        (V1_6, "BootNotification", "text"),
        (V2_0_1, "TransactionEvent", {"idToken": 4711}),
        (V2_1, "MeterValues", None),
    ],
)
def test_a_broken_payload_is_answered_if_the_answer_does_not_need_it(
    version: OcppVersion, action: str, payload: Any
) -> None:
    assert isinstance(_answer(version, action, payload), dict)


def test_a_token_without_its_type_can_still_be_judged() -> None:
    assert {"idTokenInfo": {"status": "Unknown"}} == _answer(
        V2_0_1, "Authorize", {"idToken": {"idToken": "ABC"}}
    )


def test_authorize_asks_the_full_list_and_a_start_only_for_bad_tags() -> None:
    blocked = {"status": "Blocked"}

    assert {"idTagInfo": {"status": "Accepted"}} == _answer(
        V1_6, "Authorize", {"idTag": "ABC"}, {"ABC": IdTagStatus.ACCEPTED}
    )
    assert {"transactionId": 1_000_000_000, "idTagInfo": blocked} == _answer(
        V1_6, "StartTransaction", START, {"ABC": IdTagStatus.BLOCKED}
    )


def test_the_heartbeat_interval_is_a_setting() -> None:
    responder = Responder(Authorizer(IdTagCache()), lambda: 1, heartbeat_interval=60)

    answer = responder.answer(V1_6, build_call("7", "BootNotification", {}), NOW)

    assert BOOT | {"interval": 60} == answer


def test_each_start_gets_an_id_of_its_own() -> None:
    """Whether a start is a repetition, the journal knows."""
    responder = _responder()
    call = build_call("7", "StartTransaction", START)

    first, second = (responder.answer(V1_6, call, NOW) for _ in range(2))

    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert first["transactionId"] + 1 == second["transactionId"]


def test_answers_do_not_share_their_payload() -> None:
    responder = _responder()
    call = build_call("7", "SignCertificate", {})
    first = responder.answer(V1_6, call, NOW)
    assert isinstance(first, dict)

    first["status"] = "Accepted"

    assert {"status": "Rejected"} == responder.answer(V1_6, call, NOW)


PROPERTIES = sorted(
    {
        name
        for (_, schema), text in TEXTS.items()
        if not schema.endswith("Response")
        for name in json.loads(text).get("properties", {})
    }
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    row=st.sampled_from(_calls(CHARGER_ACTIONS)),
    payload=st.dictionaries(st.sampled_from(PROPERTIES), JSON, max_size=6) | JSON,
)
@settings(max_examples=300, deadline=None)
def test_any_payload_gets_a_refusal_or_a_valid_answer(
    row: tuple[OcppVersion, str], payload: Any
) -> None:
    version, action = row

    answer = _answer(version, action, payload)

    assert isinstance(answer, Refusal) or SCHEMAS.validate_result(version, action, answer) is None


def test_a_payload_that_cannot_be_decoded_is_answered() -> None:
    frame = parse('[2,"7","Heartbeat",{"a":1e999}]')
    assert isinstance(frame, Call)
    assert frame.payload is None

    assert {"currentTime": NOW_TEXT} == _responder().answer(V1_6, frame, NOW)


def _request_of(version: OcppVersion, action: str, *, whole: bool) -> dict[str, Any]:
    """Make a payload from the schema of a request: what is required, or every property."""
    name = action if version is V1_6 else f"{action}Request"
    schema = json.loads(TEXTS[version.value, name])
    made = _instance(schema, schema.get("definitions", {}), whole=whole)
    assert isinstance(made, dict)
    return made


def _instance(schema: dict[str, Any], definitions: dict[str, Any], *, whole: bool) -> Any:
    if "$ref" in schema:
        return _instance(
            definitions[schema["$ref"].removeprefix("#/definitions/")], definitions, whole=whole
        )
    if "enum" in schema:
        return schema["enum"][0]
    makers: dict[str, Callable[[], Any]] = {
        "object": lambda: {
            name: _instance(schema["properties"][name], definitions, whole=whole)
            for name in _wanted(schema, whole=whole)
        },
        "array": lambda: (
            [_instance(schema["items"], definitions, whole=whole)] * schema.get("minItems", 1)
        ),
        "string": lambda: NOW_TEXT if schema.get("format") == "date-time" else "x",
        "integer": lambda: int(schema.get("minimum", 1)),
        "number": lambda: schema.get("minimum", schema.get("maximum", 1)),
        "boolean": lambda: True,
        "": lambda: "anything",
    }
    return makers[schema.get("type", "")]()


def _wanted(schema: dict[str, Any], *, whole: bool) -> Iterator[str]:
    required = schema.get("required", [])
    return (name for name in schema.get("properties", {}) if whole or name in required)
