"""Validation of payloads and the cause of each failure (docs/OCPP.md, CALLERROR codes)."""

import json
from typing import Any

import pytest

from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.schemas import MESSAGE_LENGTH, Schemas, Violation
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.schema_files import load_schema_texts

V1_6, V2_0_1, V2_1 = OcppVersion
TEXTS = load_schema_texts()


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(TEXTS)


def _boot(**changes: Any) -> dict[str, Any]:
    station = {"model": "M", "vendorName": "V"}
    return {"reason": "PowerUp", "chargingStation": station} | changes


def _profile(limit: Any) -> dict[str, Any]:
    return {
        "connectorId": 1,
        "csChargingProfiles": {
            "chargingProfileId": 1,
            "stackLevel": 0,
            "chargingProfilePurpose": "TxProfile",
            "chargingProfileKind": "Relative",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
            },
        },
    }


def _meter_values(**sampled: Any) -> dict[str, Any]:
    value = {"timestamp": "2026-07-01T12:00:00Z", "sampledValue": [{"value": "1", **sampled}]}
    return {"connectorId": 1, "meterValue": [value]}


def _stop(**changes: Any) -> dict[str, Any]:
    return {"transactionId": 7, "meterStop": 1, "timestamp": "2026-07-01T12:00:00Z"} | changes


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        (V1_6, "Heartbeat", {}),
        (V1_6, "StopTransaction", _stop()),
        (V1_6, "SetChargingProfile", _profile(16.1)),
        (V2_0_1, "BootNotification", _boot()),
        (V2_1, "BootNotification", _boot(customData={"vendorId": "x", "more": {"y": []}})),
        (
            V2_1,
            "NotifyPeriodicEventStream",
            {
                "id": 1,
                "pending": 0,
                "basetime": "2026-07-01T12:00:00Z",
                "data": [{"t": 0.5, "v": "1"}],
            },
        ),
    ],
)
def test_a_valid_call_has_no_violation(
    schemas: Schemas, version: OcppVersion, action: str, payload: Any
) -> None:
    assert schemas.validate_call(version, action, payload) is None


@pytest.mark.parametrize(
    ("version", "action", "payload", "violation"),
    [
        (V1_6, "Nonsense", {}, Violation(Cause.NOT_IMPLEMENTED, "action is unknown")),
        (V1_6, "TransactionEvent", {}, Violation(Cause.NOT_IMPLEMENTED, "action is unknown")),
        (
            V2_0_1,
            "BootNotification",
            {"reason": "PowerUp"},
            Violation(
                Cause.PROTOCOL_ERROR, "payload: required property chargingStation is missing"
            ),
        ),
        (
            V2_0_1,
            "BootNotification",
            _boot(chargingStation={"model": "M"}),
            Violation(
                Cause.PROTOCOL_ERROR, "chargingStation: required property vendorName is missing"
            ),
        ),
        (
            V2_0_1,
            "BootNotification",
            _boot(chargingStation={"model": "M", "vendorName": "V", "secret": 1}),
            Violation(
                Cause.FORMAT_VIOLATION, "chargingStation: has a property that the schema lacks"
            ),
        ),
        (
            V2_0_1,
            "NotifyReport",
            {"requestId": 1, "generatedAt": "2026-07-01T12:00:00Z", "seqNo": 0, "reportData": []},
            Violation(Cause.OCCURRENCE_CONSTRAINT_VIOLATION, "reportData: has fewer than 1 items"),
        ),
        (
            V2_1,
            "NotifyEVChargingSchedule",
            {"timeBase": "2026-07-01T12:00:00Z", "evseId": -1, "chargingSchedule": {}},
            Violation(
                Cause.PROTOCOL_ERROR,
                "chargingSchedule: required property id is missing",
            ),
        ),
        (
            V1_6,
            "Authorize",
            {"idTag": 5},
            Violation(Cause.TYPE_CONSTRAINT_VIOLATION, "idTag: is not of type string"),
        ),
        (
            V1_6,
            "Authorize",
            {"idTag": "x" * 21},
            Violation(Cause.TYPE_CONSTRAINT_VIOLATION, "idTag: is longer than 20 characters"),
        ),
        (
            V1_6,
            "StopTransaction",
            _stop(timestamp="yesterday"),
            Violation(Cause.TYPE_CONSTRAINT_VIOLATION, "timestamp: is not a date-time"),
        ),
        (
            V1_6,
            "StopTransaction",
            _stop(reason="Bored"),
            Violation(Cause.PROPERTY_CONSTRAINT_VIOLATION, "reason: is none of the values allowed"),
        ),
        (
            V1_6,
            "SetChargingProfile",
            _profile(16.15),
            Violation(
                Cause.PROPERTY_CONSTRAINT_VIOLATION,
                "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].limit: "
                "is not a multiple of 0.1",
            ),
        ),
        (
            V2_1,
            "NotifyPeriodicEventStream",
            {
                "id": -1,
                "pending": 0,
                "basetime": "2026-07-01T12:00:00Z",
                "data": [{"t": 0.5, "v": "1"}],
            },
            Violation(Cause.PROPERTY_CONSTRAINT_VIOLATION, "id: is less than 0"),
        ),
    ],
)
def test_a_violation_names_cause_and_place(
    schemas: Schemas, version: OcppVersion, action: str, payload: Any, violation: Violation
) -> None:
    assert violation == schemas.validate_call(version, action, payload)


def test_a_missing_property_counts_more_than_a_wrong_one(schemas: Schemas) -> None:
    violation = schemas.validate_call(V1_6, "StartTransaction", {"connectorId": "1", "x": 1})

    assert violation is not None
    assert Cause.PROTOCOL_ERROR == violation.cause


def test_too_many_items_are_an_occurrence_violation(schemas: Schemas) -> None:
    chains = {
        "certificateStatusRequests": [
            {
                "source": "CRL",
                "urls": ["http://a.example"] * 6,
                "certificateHashData": {
                    "hashAlgorithm": "SHA256",
                    "issuerNameHash": "a",
                    "issuerKeyHash": "b",
                    "serialNumber": "1",
                },
            }
        ]
    }

    assert Violation(
        Cause.OCCURRENCE_CONSTRAINT_VIOLATION,
        "certificateStatusRequests[0].urls: has more than 5 items",
    ) == schemas.validate_call(V2_1, "GetCertificateChainStatus", chains)


@pytest.mark.parametrize("version", OcppVersion)
def test_no_message_repeats_what_the_charger_wrote(version: OcppVersion) -> None:
    """A description goes without raw input and has at most 255 characters."""
    schemas = Schemas(TEXTS)
    secret = "SECRET" * 200

    for action in schemas.actions(version):
        properties = json.loads(TEXTS[_call_schema(version, action)]).get("properties", {})
        payload = {secret: secret, "secret": secret} | dict.fromkeys(properties, secret)
        violation = schemas.validate_call(version, action, payload)
        if action == "DataTransfer" and violation is None:
            continue
        assert violation is not None, action
        assert "secret" not in violation.message.lower()
        assert len(violation.message) <= MESSAGE_LENGTH


def test_extra_properties_pass_where_they_are_allowed(schemas: Schemas) -> None:
    assert schemas.validate_call(V1_6, "DataTransfer", {"vendorId": "v", "extra": 1}) is None
    assert schemas.validate_result(V1_6, "DataTransfer", {"status": "Accepted", "x": 1}) is None
    assert schemas.validate_call(V1_6, "Heartbeat", {"extra": 1}) is not None
    assert schemas.validate_call(V1_6, "DataTransfer", {"extra": 1}) is not None

    lenient = Schemas(TEXTS, allow_additional=frozenset({"Heartbeat"}))

    assert lenient.validate_call(V1_6, "Heartbeat", {"extra": 1}) is None
    assert lenient.validate_call(V1_6, "DataTransfer", {"vendorId": "v", "extra": 1}) is not None


@pytest.mark.parametrize("unit", ["Celsius", "Celcius", "Hertz", "kWh"])
def test_both_spellings_of_celsius_are_valid(schemas: Schemas, unit: str) -> None:
    """J16-E 2.1: the schemas' spelling will not be fixed, a central system reads both."""
    values = _meter_values(unit=unit)
    stop = _stop(transactionData=values["meterValue"])

    assert schemas.validate_call(V1_6, "MeterValues", values) is None
    assert schemas.validate_call(V1_6, "StopTransaction", stop) is None


def test_one_spelling_in_the_text_is_mended_to_both() -> None:
    text = TEXTS["1.6", "MeterValues"].replace('"Celsius",', "").replace('"Hertz"', '"rpm"')
    schemas = Schemas(dict(TEXTS) | {("1.6", "MeterValues"): text})

    assert schemas.validate_call(V1_6, "MeterValues", _meter_values(unit="Celsius")) is None


def test_a_stop_needs_no_reason() -> None:
    """J16-E 2.6."""
    schema = json.loads(TEXTS["1.6", "StopTransaction"])
    schema["required"].append("reason")
    schemas = Schemas(dict(TEXTS) | {("1.6", "StopTransaction"): json.dumps(schema)})

    assert schemas.validate_call(V1_6, "StopTransaction", _stop()) is None


def test_whole_numbers_are_integers_in_the_package_already() -> None:
    """J16-E 2.4, 2.5: of 1.6's numbers only limits have decimals."""
    for (version, name), text in TEXTS.items():
        if version == "1.6":
            assert _numbers(json.loads(text)) <= {"limit", "minChargingRate"}, name


@pytest.mark.parametrize(
    ("version", "action", "payload", "cause"),
    [
        (V1_6, "Heartbeat", {"currentTime": "2026-07-01T12:00:00Z"}, None),
        (V1_6, "Heartbeat", {}, Cause.PROTOCOL_ERROR),
        (V2_0_1, "ClearCache", {"status": "Accepted"}, None),
        (V2_1, "ClearCache", {"status": "Perhaps"}, Cause.PROPERTY_CONSTRAINT_VIOLATION),
        (V2_1, "NotifyPeriodicEventStream", {}, Cause.GENERIC_ERROR),
        (V2_1, "Nonsense", {}, Cause.NOT_IMPLEMENTED),
    ],
)
def test_results_are_judged_by_the_action_of_their_call(
    schemas: Schemas, version: OcppVersion, action: str, payload: Any, cause: Cause | None
) -> None:
    violation = schemas.validate_result(version, action, payload)

    assert cause == (violation and violation.cause)


def _nested(depth: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "text",
        7,
        {"idTag": float("nan")},
        {"idTag": float("inf")},
        {"idTag": 10**400},
        {"idTag": _nested(100_000)},
        {"\ud800": 1},
        {"idTag": "x" * 5_000_000},
    ],
    ids=range(10),
)
def test_nothing_in_a_payload_raises(schemas: Schemas, payload: Any) -> None:
    assert schemas.validate_call(V1_6, "Authorize", payload) is not None


def test_a_lone_surrogate_is_a_string_like_any(schemas: Schemas) -> None:
    assert schemas.validate_call(V1_6, "Authorize", {"idTag": "\ud800"}) is None


def test_a_payload_that_is_no_object_is_a_matter_of_syntax(schemas: Schemas) -> None:
    assert Violation(
        Cause.FORMAT_VIOLATION, "payload is not a JSON object"
    ) == schemas.validate_call(V2_0_1, "Heartbeat", None)


def test_the_sides_of_an_action_are_known(schemas: Schemas) -> None:
    assert "StartTransaction" in schemas.from_charger(V1_6)
    assert "RemoteStartTransaction" in schemas.from_csms(V1_6)
    assert schemas.actions(V2_1) == schemas.from_charger(V2_1) | schemas.from_csms(V2_1)
    assert schemas.is_send(V2_1, "NotifyPeriodicEventStream")
    assert not schemas.is_send(V2_0_1, "NotifyEvent")


def test_the_texts_are_there_to_be_shown(schemas: Schemas) -> None:
    assert TEXTS["2.1", "BatterySwapRequest"] == schemas.schema_text(V2_1, "BatterySwapRequest")
    assert schemas.schema_text(V1_6, "BatterySwapRequest") is None
    assert 78 == len(schemas.names(V1_6))
    assert "Authorize" == schemas.names(V1_6)[0]


@pytest.mark.parametrize("version", OcppVersion)
def test_every_schema_compiles(schemas: Schemas, version: OcppVersion) -> None:
    for action in schemas.actions(version):
        schemas.validate_call(version, action, {})
        schemas.validate_result(version, action, {})


def _call_schema(version: OcppVersion, action: str) -> tuple[str, str]:
    plain = (version.value, action)
    return plain if plain in TEXTS else (version.value, f"{action}Request")


def _numbers(schema: Any, name: str = "") -> set[str]:
    """Return the names of the properties whose type is `number`."""
    if isinstance(schema, list):
        return set().union(*(_numbers(child, name) for child in schema))
    if not isinstance(schema, dict):
        return set()
    found = {name} if schema.get("type") == "number" else set()
    return found.union(*(_numbers(child, key) for key, child in schema.items()))
