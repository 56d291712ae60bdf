"""
Which CALLs of a charger are kept when the proxy answers them, and as what (docs/OCPP.md).

What happened to a transaction is never dropped (C16 3.7.1, E04); events keep their order; of a
state only the last one counts. What is only a question, or an answer to one, is not kept.
"""

import re
from typing import Any, Final

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.journal.entries import JournalClass
from oye_proxy.ocppj.versions import OcppVersion

# Ids of EVSEs, connectors and transactions are a charger's own words: bounded before they are kept.
_HIGHEST_CONNECTOR: Final = 999
_LONGEST_ID: Final = 255
_LARGEST_NUMBER: Final = 2**63
_DIGITS: Final = re.compile("-?[0-9]{1,20}")


def journal_class(version: OcppVersion, call: Call) -> JournalClass | None:
    """Return the class in which an answered CALL is kept; None when it is not kept."""
    kept = CLASSES[version].get(call.action)
    if version.is_1_6 and call.action == "MeterValues":
        in_transaction = _fields(call.payload).get("transactionId") is not None
        return JournalClass.TRANSACTION if in_transaction else JournalClass.EVENT
    return kept


def latest_key(version: OcppVersion, call: Call) -> str:
    """
    Return of what a LATEST entry is the last one: `StatusNotification/1`, in 2.x `…/1/2`.

    An id that is no EVSE's or connector's reads `?`, so that no charger makes keys without end.
    """
    if call.action != "StatusNotification":
        return call.action
    names = ("connectorId",) if version.is_1_6 else ("evseId", "connectorId")
    payload = _fields(call.payload)
    return "/".join([call.action, *(_connector(payload.get(name)) for name in names)])


def transaction_of(version: OcppVersion, call: Call) -> str | None:
    """Return the id of the transaction that a CALL belongs to, as its charger names it."""
    if version.is_1_6:
        if call.action not in {"MeterValues", "StopTransaction"}:
            return None
        number = transaction_number(_fields(call.payload).get("transactionId"))
        return None if number is None else str(number)
    if call.action != "TransactionEvent":
        return None
    transaction_id = _fields(_fields(call.payload).get("transactionInfo")).get("transactionId")
    if not isinstance(transaction_id, str) or not 0 < len(transaction_id) <= _LONGEST_ID:
        return None
    return transaction_id


def transaction_number(value: Any) -> int | None:
    """Return a 1.6 transaction id; chargers write it as 7, 7.0 and "7". None when it is none."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        return None
    return int(value) if -_LARGEST_NUMBER <= value < _LARGEST_NUMBER else None


_T, _E, _L = JournalClass.TRANSACTION, JournalClass.EVENT, JournalClass.LATEST

_CLASSES_1_6: Final[dict[str, JournalClass | None]] = {
    "Authorize": None,
    "BootNotification": _L,
    "DataTransfer": None,
    "DiagnosticsStatusNotification": _L,
    "FirmwareStatusNotification": _L,
    "Heartbeat": None,
    "LogStatusNotification": _L,
    "MeterValues": _T,  # outside a transaction: an event
    "SecurityEventNotification": _E,
    "SignCertificate": None,
    "SignedFirmwareStatusNotification": _L,
    "StartTransaction": _T,
    "StatusNotification": _L,
    "StopTransaction": _T,
}

_CLASSES_2_0_1: Final[dict[str, JournalClass | None]] = {
    "Authorize": None,
    "BootNotification": _L,
    "ClearedChargingLimit": _L,
    "DataTransfer": None,
    "FirmwareStatusNotification": _L,
    "Get15118EVCertificate": None,
    "GetCertificateStatus": None,
    "Heartbeat": None,
    "LogStatusNotification": _L,
    "MeterValues": _E,
    "NotifyChargingLimit": _L,
    "NotifyCustomerInformation": None,
    "NotifyDisplayMessages": None,
    "NotifyEVChargingNeeds": None,
    "NotifyEVChargingSchedule": None,
    "NotifyEvent": _E,
    "NotifyMonitoringReport": None,
    "NotifyReport": None,
    "PublishFirmwareStatusNotification": _L,
    "ReportChargingProfiles": None,
    "ReservationStatusUpdate": _E,
    "SecurityEventNotification": _E,
    "SignCertificate": None,
    "StatusNotification": _L,
    "TransactionEvent": _T,
}

_CLASSES_2_1: Final[dict[str, JournalClass | None]] = _CLASSES_2_0_1 | {
    "BatterySwap": _E,
    "ClosePeriodicEventStream": None,
    "GetCertificateChainStatus": None,
    "NotifyDERAlarm": None,
    "NotifyDERStartStop": None,
    "NotifyPeriodicEventStream": None,
    "NotifyPriorityCharging": None,
    "NotifySettlement": _E,
    "OpenPeriodicEventStream": None,
    "PullDynamicScheduleUpdate": None,
    "ReportDERControl": None,
    "VatNumberValidation": None,
}

# Every action of the charger's side; None: deliberately not kept.
CLASSES: Final[dict[OcppVersion, dict[str, JournalClass | None]]] = {
    OcppVersion.V1_6: _CLASSES_1_6,
    OcppVersion.V2_0_1: _CLASSES_2_0_1,
    OcppVersion.V2_1: _CLASSES_2_1,
}


def _fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _connector(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return "?"
    return str(value) if 0 <= value <= _HIGHEST_CONNECTOR else "?"
