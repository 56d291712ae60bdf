"""
From what an owner wants to the message that this charger's OCPP version has for it.

Where a version has no such message, NotSupportedError; where the request cannot be carried out as
it stands, InvalidRequestError or ConflictError, each with a sentence for the owner.
"""

from typing import Any

import msgspec

from oye_proxy.errors import NotSupportedError
from oye_proxy.ocppj.intents import charging, files, settings, tags, triggers
from oye_proxy.ocppj.intents.context import IntentContext, connector_for
from oye_proxy.ocppj.intents.file_requests import DiagnosticsRequest, FirmwareRequest
from oye_proxy.ocppj.intents.requests import (
    AvailabilityRequest,
    ClearCacheRequest,
    CompositeScheduleRequest,
    DataTransferRequest,
    GetConfigurationRequest,
    MessageRequest,
    RefreshRequest,
    ReportRequest,
    ResetRequest,
    ResetType,
    SetConfigurationRequest,
    StartRequest,
    StopRequest,
    TriggerRequest,
    UnlockRequest,
)
from oye_proxy.ocppj.intents.tag_requests import (
    CancelReservationRequest,
    LocalListRequest,
    LocalListVersionRequest,
    ReserveRequest,
)
from oye_proxy.ocppj.profiles.messages import Message
from oye_proxy.ocppj.versions import OcppVersion


def build(request: MessageRequest, version: OcppVersion, context: IntentContext) -> list[Message]:
    """
    Build the CALLs of an intent, one or more, in the order in which to send them.

    What is followed by messages of the charger bears no `requestId` yet.
    """
    match request:
        case StartRequest():
            return charging.start(request, version, context)
        case StopRequest():
            return charging.stop(request, version, context)
        case CompositeScheduleRequest():
            return charging.composite_schedule(request, version, context)
        case ResetRequest():
            return [_reset(request, version)]
        case UnlockRequest():
            return [_unlock(request, version, context)]
        case TriggerRequest():
            return [triggers.trigger(request, version)]
        case RefreshRequest():
            return triggers.refresh(version, context)
        case AvailabilityRequest():
            return [_availability(request, version)]
        case GetConfigurationRequest():
            return settings.get_configuration(request, version)
        case SetConfigurationRequest():
            return settings.set_configuration(request, version)
        case ReportRequest():
            return settings.report(request, version)
        case FirmwareRequest():
            return files.update_firmware(request, version, context)
        case DiagnosticsRequest():
            return files.diagnostics(request, version, context)
        case LocalListRequest():
            return tags.local_list(request, version, context)
        case LocalListVersionRequest():
            return [("GetLocalListVersion", {})]
        case ReserveRequest():
            return tags.reserve(request, version, context)
        case CancelReservationRequest():
            return tags.cancel_reservation(request, version, context)
        case ClearCacheRequest():
            return [("ClearCache", {})]
        case DataTransferRequest():
            return [_data_transfer(request, version)]


def _reset(request: ResetRequest, version: OcppVersion) -> Message:
    soft = request.type is ResetType.SOFT
    if version.is_1_6:
        if request.connector_id is not None:
            raise NotSupportedError("OCPP 1.6 restarts the whole charger, not a connector.")
        return "Reset", {"type": "Soft" if soft else "Hard"}
    payload: dict[str, Any] = {"type": "OnIdle" if soft else "Immediate"}
    if request.connector_id is not None:
        payload["evseId"] = request.connector_id
    return "Reset", payload


def _unlock(request: UnlockRequest, version: OcppVersion, context: IntentContext) -> Message:
    connector_id = connector_for(request.connector_id, context)
    if version.is_1_6:
        return "UnlockConnector", {"connectorId": connector_id}
    return "UnlockConnector", {"evseId": connector_id, "connectorId": 1}


def _availability(request: AvailabilityRequest, version: OcppVersion) -> Message:
    """Address the whole charger as connector 0 in 1.6 and without an EVSE in 2.x (G03, G04)."""
    status = "Operative" if request.operative else "Inoperative"
    if version.is_1_6:
        return "ChangeAvailability", {"connectorId": request.connector_id or 0, "type": status}
    payload: dict[str, Any] = {"operationalStatus": status}
    if request.connector_id:
        payload["evse"] = {"id": request.connector_id}
    return "ChangeAvailability", payload


def _data_transfer(request: DataTransferRequest, version: OcppVersion) -> Message:
    payload: dict[str, Any] = {"vendorId": request.vendor_id}
    if request.message_id is not None:
        payload["messageId"] = request.message_id
    if request.data is not None:
        as_text = version.is_1_6 and not isinstance(request.data, str)
        payload["data"] = msgspec.json.encode(request.data).decode() if as_text else request.data
    return "DataTransfer", payload
