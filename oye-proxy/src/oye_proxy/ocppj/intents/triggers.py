"""The intents that ask a charger for messages: one of them, or all that tells how it is."""

from typing import Any, Final

from oye_proxy.errors import InvalidRequestError, NotSupportedError
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.requests import TriggeredMessage, TriggerRequest
from oye_proxy.ocppj.profiles.messages import Message
from oye_proxy.ocppj.versions import OcppVersion

# The words of 1.6, those of its security extension (SW), and those that are spelt anew in 2.x.
_IN_1_6: Final = frozenset(
    {
        TriggeredMessage.BOOT_NOTIFICATION,
        TriggeredMessage.DIAGNOSTICS_STATUS_NOTIFICATION,
        TriggeredMessage.FIRMWARE_STATUS_NOTIFICATION,
        TriggeredMessage.HEARTBEAT,
        TriggeredMessage.METER_VALUES,
        TriggeredMessage.STATUS_NOTIFICATION,
    }
)
_IN_1_6_EXTENDED: Final = frozenset(
    {TriggeredMessage.LOG_STATUS_NOTIFICATION, TriggeredMessage.SIGN_CHARGE_POINT_CERTIFICATE}
)
_TO_2: Final = {
    TriggeredMessage.DIAGNOSTICS_STATUS_NOTIFICATION: TriggeredMessage.LOG_STATUS_NOTIFICATION,
    TriggeredMessage.SIGN_CHARGE_POINT_CERTIFICATE: (
        TriggeredMessage.SIGN_CHARGING_STATION_CERTIFICATE
    ),
}
_TO_1_6: Final = {
    TriggeredMessage.SIGN_CHARGING_STATION_CERTIFICATE: (
        TriggeredMessage.SIGN_CHARGE_POINT_CERTIFICATE
    )
}
_SINCE_2_1: Final = frozenset(
    {TriggeredMessage.CUSTOM_TRIGGER, TriggeredMessage.SIGN_V2G20_CERTIFICATE}
)


def trigger(request: TriggerRequest, version: OcppVersion) -> Message:
    """Ask for one message."""
    custom = request.message is TriggeredMessage.CUSTOM_TRIGGER
    if custom != (request.custom_trigger is not None):
        raise InvalidRequestError("CustomTrigger and customTrigger go together.")
    return _trigger_1_6(request) if version.is_1_6 else _trigger_2(request, version)


def refresh(version: OcppVersion, context: IntentContext) -> list[Message]:
    """Ask for all that tells how a charger is; without a connector 1.6 means all of them."""
    asked = [TriggerRequest(message=TriggeredMessage.METER_VALUES)]
    status = TriggeredMessage.STATUS_NOTIFICATION
    if version.is_1_6:
        asked.insert(0, TriggerRequest(message=status))
    else:
        asked[:0] = [
            TriggerRequest(message=status, connector_id=connector_id)
            for connector_id in context.connector_ids
        ]
        asked += [
            TriggerRequest(message=TriggeredMessage.TRANSACTION_EVENT, connector_id=connector_id)
            for connector_id in context.transactions
            if connector_id
        ]
    return [trigger(request, version) for request in asked]


def _trigger_1_6(request: TriggerRequest) -> Message:
    message = _TO_1_6.get(request.message, request.message)
    if message not in _IN_1_6 | _IN_1_6_EXTENDED:
        raise NotSupportedError(f"OCPP 1.6 has no {message}.")
    payload: dict[str, Any] = {"requestedMessage": message.value}
    if request.connector_id is not None:
        payload["connectorId"] = request.connector_id
    extended = message in _IN_1_6_EXTENDED
    return "ExtendedTriggerMessage" if extended else "TriggerMessage", payload


def _trigger_2(request: TriggerRequest, version: OcppVersion) -> Message:
    message = _TO_2.get(request.message, request.message)
    if message in _SINCE_2_1 and version is OcppVersion.V2_0_1:
        raise NotSupportedError(f"OCPP 2.0.1 has no {message}.")
    payload: dict[str, Any] = {"requestedMessage": message.value}
    if request.connector_id is not None:
        payload["evse"] = {"id": request.connector_id}
        if message is TriggeredMessage.STATUS_NOTIFICATION:
            # A status belongs to a connector of the EVSE (F06.FR.12).
            payload["evse"]["connectorId"] = 1
    if request.custom_trigger is not None:
        payload["customTrigger"] = request.custom_trigger
    return "TriggerMessage", payload
