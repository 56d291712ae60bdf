from collections.abc import Iterator
from typing import Any

import pytest

from oye_proxy.ocppj.acceptance import YES, accepted
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion

# Every other status of an answer that an official schema knows.
NO = {
    "Blocked",
    "ConcurrentTx",
    "ConditionNotSupported",
    "DownloadOngoing",
    "Duplicate",
    "DuplicateTariffId",
    "EmptyResultSet",
    "Expired",
    "Failed",
    "Faulted",
    "Invalid",
    "InvalidCertificate",
    "LanguageNotSupported",
    "NoChargingProfile",
    "NoCredit",
    "NoCurrencyChange",
    "NoFirmware",
    "NoProfile",
    "NoProfiles",
    "NoTariff",
    "NotAllowedTypeEVSE",
    "NotAtThisLocation",
    "NotAtThisTime",
    "NotFound",
    "NotImplemented",
    "NotSupported",
    "NotSupportedAttributeType",
    "NotSupportedMessageFormat",
    "NotSupportedPriority",
    "NotSupportedState",
    "Occupied",
    "OngoingAuthorizedTransaction",
    "Pending",
    "Rejected",
    "Revoked",
    "RevokedCertificate",
    "TooManyElements",
    "TxNotFound",
    "Unavailable",
    "Unknown",
    "UnknownComponent",
    "UnknownConnector",
    "UnknownMessageId",
    "UnknownTransaction",
    "UnknownVariable",
    "UnknownVendorId",
    "UnlockFailed",
    "UnsupportedMonitorType",
    "VersionMismatch",
}

STATUS_KEYS = ("status", "attributeStatus")


def test_every_status_of_every_answer_is_read_as_yes_or_no(
    response_schemas: dict[tuple[OcppVersion, str], Any],
) -> None:
    """No status of 1.6, 2.0.1 or 2.1 is left to chance."""
    seen = set()
    for (version, action), schema in response_schemas.items():
        for status, payload in _answers(schema):
            seen.add(status)

            assert (status in YES) == accepted(version, action, payload), (action, status)

    assert seen == YES | NO
    assert not NO & YES


def test_an_answer_whose_schema_has_no_status_is_a_yes(
    response_schemas: dict[tuple[OcppVersion, str], Any],
) -> None:
    optional = {"StopTransaction", "TransactionEvent"}
    for (version, action), schema in response_schemas.items():
        without = action in optional or not list(_answers(schema))

        assert (True if without else None) == accepted(version, action, {}), (version, action)


def test_a_list_of_statuses_is_a_yes_when_all_are() -> None:
    def answer(*statuses: Any) -> bool | None:
        results = [{"attributeStatus": status} for status in statuses]
        return accepted(V201, "SetVariables", {"setVariableResult": results})

    assert answer("Accepted", "RebootRequired") is True
    assert answer("Accepted", "Rejected") is False
    assert answer("Accepted", None) is None
    assert answer() is None


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("Reset", None),
        ("Reset", []),
        ("Reset", {"status": None}),
        ("Reset", {"status": ["Accepted"]}),
        ("SetVariables", {"setVariableResult": {"attributeStatus": "Accepted"}}),
        ("SetVariables", {"setVariableResult": ["Accepted"]}),
        ("Authorize", {"idTagInfo": "Accepted"}),
        ("AnActionOfTheVendor", {}),
    ],
)
def test_an_answer_that_does_not_say_is_neither(
    version: OcppVersion, action: str, payload: Any
) -> None:
    assert accepted(version, action, payload) is None


def test_an_unknown_status_is_a_no() -> None:
    assert accepted(V16, "Reset", {"status": "accepted, more or less"}) is False


def _answers(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each status of a schema with a payload that holds it, in a list or beside a tag."""
    for key, value in schema.get("properties", {}).items():
        part = _resolved(schema, value)
        if key in STATUS_KEYS:
            yield from ((status, {key: status}) for status in part.get("enum", []))
        elif part.get("type") == "array":
            for status, item in _answers(_resolved(schema, part["items"])):
                yield status, {key: [item]}
        elif key in ("idTagInfo", "idTokenInfo"):
            for status, info in _answers(part):
                yield status, {key: info}


def _resolved(schema: Any, part: Any) -> Any:
    """Follow a reference, and hand on what its own references point to."""
    definitions = schema.get("definitions", {})
    name = part.get("$ref", "").removeprefix("#/definitions/")
    return {**(definitions[name] if name else part), "definitions": definitions}
