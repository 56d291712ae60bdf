"""
Answers in place of a CSMS: one row per action of the charger's side (docs/OCPP.md).

A row is the answer, fixed or worked out; it keeps to the official schema. A payload that breaks
its own schema is answered all the same as long as the properties that the answer needs can be
read: what happened at the charger has happened.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from msgspec import Struct

from oye_proxy.ocppj import timestamps
from oye_proxy.ocppj.actions import CSMS_ACTIONS, SEND_ACTIONS
from oye_proxy.ocppj.authorization import Authorizer, Decision, id_tag_info
from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.id_tag_cache import IdTag, IdTagStatus
from oye_proxy.ocppj.versions import OcppVersion

HEARTBEAT_INTERVAL: Final = 300


class Refusal(Struct, frozen=True):
    """A CALLERROR: its cause and a description without raw input."""

    cause: Cause
    description: str


# The payload of a CALLRESULT, or a CALLERROR.
Answer: TypeAlias = dict[str, Any] | Refusal


class Responder:
    """
    Answers the CALLs of one charger; it outlives the connection.

    `next_transaction_id` gives the next local id, from 1 000 000 000 to 1 499 999 999 and never
    the same twice; it raises StorageError when there is none.
    """

    def __init__(
        self,
        authorizer: Authorizer,
        next_transaction_id: Callable[[], int],
        *,
        heartbeat_interval: int = HEARTBEAT_INTERVAL,
    ) -> None:
        self.authorizer: Final = authorizer
        self.heartbeat_interval: Final = heartbeat_interval
        self.next_transaction_id: Final = next_transaction_id

    def answer(self, version: OcppVersion, call: Call, now: datetime) -> Answer:
        """Answer a CALL of the charger; whatever it holds, there is an answer."""
        row = _ROWS[version].get(call.action)
        if row is None:
            return _refusal_of_action(version, call.action)
        payload = call.payload
        request = _Request(version, payload if isinstance(payload, dict) else {}, now)
        return row(self, request) if callable(row) else dict(row)


class _Request(Struct, frozen=True):
    version: OcppVersion
    payload: dict[str, Any]
    now: datetime


_Row: TypeAlias = dict[str, Any] | Callable[[Responder, _Request], Answer]


def _refusal_of_action(version: OcppVersion, action: str) -> Refusal:
    if action in SEND_ACTIONS[version]:
        return Refusal(Cause.NOT_SUPPORTED, "this action goes as a SEND")
    if action in CSMS_ACTIONS[version]:
        return Refusal(Cause.NOT_SUPPORTED, "only a CSMS sends this action")
    return Refusal(Cause.NOT_IMPLEMENTED, "action is unknown")


def _authorize(responder: Responder, request: _Request) -> Answer:
    id_tag = IdTag.of(request.version, request.payload)
    if id_tag is None:
        return _unreadable(request.payload, "idTag" if request.version.is_1_6 else "idToken")
    if not request.version.is_1_6 and any(name in request.payload for name in _CERTIFICATE_DATA):
        # Without the CSMS nobody can check a contract.
        invalid = _info(request.version, Decision(status=IdTagStatus.INVALID))
        return invalid | {"certificateStatus": "NoCertificateAvailable"}
    decision = responder.authorizer.decide(request.version, id_tag, request.now)
    return _info(request.version, decision)


_CERTIFICATE_DATA: Final = ("certificate", "iso15118CertificateHashData")


def _boot(responder: Responder, request: _Request) -> Answer:
    return {
        "status": "Accepted",
        "currentTime": timestamps.to_text(request.now),
        "interval": responder.heartbeat_interval,
    }


def _heartbeat(_: Responder, request: _Request) -> Answer:
    return {"currentTime": timestamps.to_text(request.now)}


def _start_transaction(responder: Responder, request: _Request) -> Answer:
    id_tag = IdTag.of(request.version, request.payload)
    if id_tag is None:
        return _unreadable(request.payload, "idTag")
    decision = responder.authorizer.decide_started(request.version, id_tag, request.now)
    return {"transactionId": responder.next_transaction_id()} | _info(request.version, decision)


def _tag_info_if_sent(responder: Responder, request: _Request) -> Answer:
    """
    Answer StopTransaction (any id is valid, C16-E 3.18) or TransactionEvent (E01.FR.12).

    The answer needs no tag, so one that cannot be read is no reason to refuse a transaction.
    """
    id_tag = IdTag.of(request.version, request.payload)
    if id_tag is None:
        return {}
    decision = responder.authorizer.decide_started(request.version, id_tag, request.now)
    return _info(request.version, decision)


def _info(version: OcppVersion, decision: Decision) -> dict[str, Any]:
    return {"idTagInfo" if version.is_1_6 else "idTokenInfo": id_tag_info(version, decision)}


def _vat_number(_: Responder, request: _Request) -> Answer:
    number = request.payload.get("vatNumber")
    if not _is_text(number, 20):
        return _unreadable(request.payload, "vatNumber")
    return {"status": "Rejected", "vatNumber": number}


def _certificate_chain(_: Responder, request: _Request) -> Answer:
    name = "certificateStatusRequests"
    certificates = request.payload.get(name)
    if not isinstance(certificates, list):
        return _unreadable(request.payload, name)
    if not 1 <= len(certificates) <= _CERTIFICATES:
        return Refusal(
            Cause.OCCURRENCE_CONSTRAINT_VIOLATION, f"{name}: has not 1 to {_CERTIFICATES} items"
        )
    statuses = [_certificate_status(certificate, request.now) for certificate in certificates]
    if None in statuses:
        return Refusal(Cause.TYPE_CONSTRAINT_VIOLATION, f"{name}: has an item that is unreadable")
    return {"certificateStatus": statuses}


# Q2 GetCertificateChainStatusRequest, CertificateHashDataType.
_CERTIFICATES: Final = 4
_HASH_DATA: Final = {"issuerNameHash": 128, "issuerKeyHash": 128, "serialNumber": 40}
_HASH_ALGORITHMS: Final = ("SHA256", "SHA384", "SHA512")


def _certificate_status(certificate: Any, now: datetime) -> dict[str, Any] | None:
    match certificate:
        case {
            "source": ("CRL" | "OCSP") as source,
            "certificateHashData": {"hashAlgorithm": algorithm, **hashed},
        } if algorithm in _HASH_ALGORITHMS and all(
            _is_text(hashed.get(name), length) for name, length in _HASH_DATA.items()
        ):
            return {
                "certificateHashData": {"hashAlgorithm": algorithm}
                | {name: hashed[name] for name in _HASH_DATA},
                "source": source,
                "status": "Failed",
                "nextUpdate": timestamps.to_text(now),
            }
        case _:
            return None


def _is_text(value: Any, length: int) -> bool:
    return isinstance(value, str) and len(value) <= length


def _unreadable(payload: Mapping[str, Any], name: str) -> Refusal:
    if name not in payload:
        return Refusal(Cause.PROTOCOL_ERROR, f"required property {name} is missing")
    return Refusal(Cause.TYPE_CONSTRAINT_VIOLATION, f"{name}: is unreadable")


_REJECTED: Final = {"status": "Rejected"}
# C16 4.3: no vendor's extension is known here.
_UNKNOWN_VENDOR: Final = {"status": "UnknownVendorId"}

_ROWS_1_6: Final[dict[str, _Row]] = {
    "Authorize": _authorize,
    "BootNotification": _boot,
    "DataTransfer": _UNKNOWN_VENDOR,
    "DiagnosticsStatusNotification": {},
    "FirmwareStatusNotification": {},
    "Heartbeat": _heartbeat,
    "LogStatusNotification": {},
    "MeterValues": {},
    "SecurityEventNotification": {},
    "SignCertificate": _REJECTED,
    "SignedFirmwareStatusNotification": {},
    "StartTransaction": _start_transaction,
    "StatusNotification": {},
    "StopTransaction": _tag_info_if_sent,
}

_ROWS_2_0_1: Final[dict[str, _Row]] = {
    "Authorize": _authorize,
    "BootNotification": _boot,
    "ClearedChargingLimit": {},
    "DataTransfer": _UNKNOWN_VENDOR,
    "FirmwareStatusNotification": {},
    "Get15118EVCertificate": {"status": "Failed", "exiResponse": ""},
    "GetCertificateStatus": {"status": "Failed"},
    "Heartbeat": _heartbeat,
    "LogStatusNotification": {},
    "MeterValues": {},
    "NotifyChargingLimit": {},
    "NotifyCustomerInformation": {},
    "NotifyDisplayMessages": {},
    "NotifyEVChargingNeeds": _REJECTED,  # K15.FR.04
    "NotifyEVChargingSchedule": {"status": "Accepted"},
    "NotifyEvent": {},
    "NotifyMonitoringReport": {},
    "NotifyReport": {},
    "PublishFirmwareStatusNotification": {},
    "ReportChargingProfiles": {},
    "ReservationStatusUpdate": {},
    "SecurityEventNotification": {},
    "SignCertificate": _REJECTED,
    "StatusNotification": {},
    "TransactionEvent": _tag_info_if_sent,
}

_ROWS_2_1: Final[dict[str, _Row]] = _ROWS_2_0_1 | {
    "BatterySwap": {},
    "ClosePeriodicEventStream": {},
    "GetCertificateChainStatus": _certificate_chain,
    "NotifyDERAlarm": {},
    "NotifyDERStartStop": {},
    "NotifyEVChargingNeeds": {"status": "NoChargingProfile"},
    "NotifyPriorityCharging": {},
    "NotifySettlement": {},
    "OpenPeriodicEventStream": _REJECTED,
    "PullDynamicScheduleUpdate": _REJECTED,
    "ReportDERControl": {},
    "VatNumberValidation": _vat_number,
}

_ROWS: Final[dict[OcppVersion, dict[str, _Row]]] = {
    OcppVersion.V1_6: _ROWS_1_6,
    OcppVersion.V2_0_1: _ROWS_2_0_1,
    OcppVersion.V2_1: _ROWS_2_1,
}
