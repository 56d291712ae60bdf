from datetime import UTC, datetime
from typing import Any

import pytest

from oye_proxy.errors import InvalidRequestError, NotSupportedError
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.requests import TriggeredMessage, TriggerRequest
from oye_proxy.ocppj.intents.triggers import refresh, trigger
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


Triggered = TriggeredMessage


@pytest.mark.parametrize(
    ("version", "message", "action", "payload"),
    [
        (V16, Triggered.HEARTBEAT, "TriggerMessage", {"requestedMessage": "Heartbeat"}),
        (
            V16,
            Triggered.DIAGNOSTICS_STATUS_NOTIFICATION,
            "TriggerMessage",
            {"requestedMessage": "DiagnosticsStatusNotification"},
        ),
        (
            V16,
            Triggered.LOG_STATUS_NOTIFICATION,
            "ExtendedTriggerMessage",
            {"requestedMessage": "LogStatusNotification"},
        ),
        (
            V16,
            Triggered.SIGN_CHARGING_STATION_CERTIFICATE,
            "ExtendedTriggerMessage",
            {"requestedMessage": "SignChargePointCertificate"},
        ),
        (
            V201,
            Triggered.DIAGNOSTICS_STATUS_NOTIFICATION,
            "TriggerMessage",
            {"requestedMessage": "LogStatusNotification"},
        ),
        (
            V201,
            Triggered.SIGN_CHARGE_POINT_CERTIFICATE,
            "TriggerMessage",
            {"requestedMessage": "SignChargingStationCertificate"},
        ),
        (
            V21,
            Triggered.TRANSACTION_EVENT,
            "TriggerMessage",
            {"requestedMessage": "TransactionEvent"},
        ),
    ],
)
def test_a_trigger_finds_the_words_of_the_version(
    version: OcppVersion, message: TriggeredMessage, action: str, payload: dict[str, Any]
) -> None:
    assert (action, payload) == trigger(TriggerRequest(message=message), version)


def test_a_trigger_for_one_connector() -> None:
    """In 2.x a status belongs to a connector of the EVSE (F06.FR.12)."""
    status = TriggerRequest(message=Triggered.STATUS_NOTIFICATION, connector_id=2)
    meter = TriggerRequest(message=Triggered.METER_VALUES, connector_id=2)

    assert {"requestedMessage": "StatusNotification", "connectorId": 2} == trigger(status, V16)[1]
    assert {"id": 2, "connectorId": 1} == trigger(status, V201)[1]["evse"]
    assert {"id": 2} == trigger(meter, V201)[1]["evse"]


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (V16, Triggered.TRANSACTION_EVENT),
        (V16, Triggered.PUBLISH_FIRMWARE_STATUS_NOTIFICATION),
        (V16, Triggered.SIGN_COMBINED_CERTIFICATE),
        (V201, Triggered.SIGN_V2G20_CERTIFICATE),
    ],
)
def test_a_trigger_that_the_version_lacks(version: OcppVersion, message: TriggeredMessage) -> None:
    with pytest.raises(NotSupportedError, match=f"OCPP {version} has no {message}"):
        trigger(TriggerRequest(message=message), version)


def test_a_custom_trigger_of_2_1() -> None:
    request = TriggerRequest(message=Triggered.CUSTOM_TRIGGER, custom_trigger="Now")

    assert {"requestedMessage": "CustomTrigger", "customTrigger": "Now"} == trigger(request, V21)[1]
    with pytest.raises(NotSupportedError, match="CustomTrigger"):
        trigger(request, V201)
    with pytest.raises(InvalidRequestError, match="go together"):
        trigger(TriggerRequest(message=Triggered.CUSTOM_TRIGGER), V21)


def test_a_refresh_asks_1_6_for_all_connectors_at_once() -> None:
    """C16 6.47: without a connector the whole charger is meant."""
    context = IntentContext(now=NOW, connector_ids=(1, 2), transactions={1: "42"})

    assert [
        ("TriggerMessage", {"requestedMessage": "StatusNotification"}),
        ("TriggerMessage", {"requestedMessage": "MeterValues"}),
    ] == refresh(V16, context)


def test_a_refresh_asks_each_evse_of_2_x() -> None:
    """F06.FR.12: a status is that of one connector; what flows is told by transactions."""
    context = IntentContext(now=NOW, connector_ids=(1, 2), transactions={2: "42"})
    asked = [payload for _, payload in refresh(V201, context)]

    assert [
        ("StatusNotification", {"id": 1, "connectorId": 1}),
        ("StatusNotification", {"id": 2, "connectorId": 1}),
        ("MeterValues", None),
        ("TransactionEvent", {"id": 2}),
    ] == [(payload["requestedMessage"], payload.get("evse")) for payload in asked]
