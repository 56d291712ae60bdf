"""A field that no schema knows is never filled: names are those of the official schemas."""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from oye_proxy.ocppj.facts import payloads

# Shared parts (meter values, schedules) have the fields of both versions.
SCHEMAS = {
    payloads.Authorize: ["v16/Authorize", "v21/AuthorizeRequest"],
    payloads.BootAnswer: ["v16/BootNotificationResponse", "v21/BootNotificationResponse"],
    payloads.BootNotification: ["v16/BootNotification", "v21/BootNotificationRequest"],
    payloads.ChangeAvailability: ["v16/ChangeAvailability", "v21/ChangeAvailabilityRequest"],
    payloads.CompositeSchedule: [
        "v16/GetCompositeScheduleResponse",
        "v21/GetCompositeScheduleResponse",
    ],
    payloads.Configuration: ["v16/GetConfigurationResponse"],
    payloads.ConfigurationKey: ["v16/ChangeConfiguration"],
    payloads.GetCompositeSchedule: ["v16/GetCompositeSchedule", "v21/GetCompositeScheduleRequest"],
    payloads.MeterValues: ["v16/MeterValues", "v21/MeterValuesRequest"],
    payloads.NotifyChargingLimit: [
        "v21/NotifyChargingLimitRequest",
        "v21/ClearedChargingLimitRequest",
        "v21/GetCompositeScheduleResponse",
    ],
    payloads.NotifyEvent: ["v21/NotifyEventRequest"],
    payloads.RemoteStart: ["v16/RemoteStartTransaction", "v21/RequestStartTransactionRequest"],
    payloads.Report: ["v21/NotifyReportRequest", "v21/GetVariablesResponse"],
    payloads.SecurityEvent: [
        "v16/SecurityEventNotification",
        "v21/SecurityEventNotificationRequest",
    ],
    payloads.StartTransaction: ["v16/StartTransaction"],
    payloads.StatusAnswer: ["v16/ChangeAvailabilityResponse"],
    payloads.StatusNotification: ["v16/StatusNotification", "v21/StatusNotificationRequest"],
    payloads.StatusReport: ["v16/FirmwareStatusNotification", "v21/LogStatusNotificationRequest"],
    payloads.StopTransaction: ["v16/StopTransaction", "v21/MeterValuesRequest"],
    payloads.TagAnswer: [
        "v16/StartTransactionResponse",
        "v21/AuthorizeResponse",
        "v21/TransactionEventResponse",
    ],
    payloads.TransactionEvent: ["v16/MeterValues", "v21/TransactionEventRequest"],
}


@pytest.mark.parametrize("kind", SCHEMAS, ids=lambda kind: kind.__name__)
def test_field_names_are_those_of_the_official_schemas(kind: type[payloads.Payload]) -> None:
    known = set[str]().union(*(_names_in(_schema(name)) for name in SCHEMAS[kind]))

    assert set() == _names_of(kind) - known


def _names_of(kind: type[payloads.Payload]) -> set[str]:
    """Return the names of a struct and of the structs in it."""
    schema = msgspec.json.schema(kind)
    return {name for part in schema["$defs"].values() for name in part.get("properties", {})}


def _names_in(schema: Any) -> set[str]:
    """Return the names of properties at any depth of a schema."""
    if isinstance(schema, list):
        return set[str]().union(*(_names_in(item) for item in schema))
    if not isinstance(schema, dict):
        return set()
    here = set(schema.get("properties", {}))
    return here.union(*(_names_in(item) for item in schema.values()))


@cache
def _schema(name: str) -> Any:
    version, file = name.split("/")
    path = files("ocpp").joinpath(version, "schemas", f"{file}.json")
    return msgspec.json.decode(path.read_text(encoding="utf-8"))
