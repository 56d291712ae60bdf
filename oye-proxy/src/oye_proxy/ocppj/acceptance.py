"""
Whether an answer says yes.

A CALLRESULT is an answer even when its status says no; this module reads that status. The rule,
for every version: the statuses of `YES` mean that the peer does, did or will do what was asked,
every other status means that it does not. "Nothing found" (`EmptyResultSet`, `NoProfiles`,
`NotFound`, `Unknown`) is a no: nothing was done and no report follows.
"""

from typing import Any

from oye_proxy.ocppj.versions import OcppVersion

YES = frozenset(
    {
        "Accepted",
        "AcceptedCanceled",  # a log or firmware request that replaced the running one
        "Good",  # GetCertificateChainStatus
        "Processing",  # NotifyEVChargingNeeds: the schedule follows
        "RebootRequired",
        "Scheduled",
        "Unlocked",
        "Unpublished",
    }
)

# Answers whose statuses stand in a list: the list, and the status within its items.
_ITEMS = {
    "ClearTariffs": ("clearTariffsResult", "status"),
    "ClearVariableMonitoring": ("clearMonitoringResult", "status"),
    "GetCertificateChainStatus": ("certificateStatus", "status"),
    "GetVariables": ("getVariableResult", "attributeStatus"),
    "SetVariableMonitoring": ("setMonitoringResult", "status"),
    "SetVariables": ("setVariableResult", "attributeStatus"),
}

_TAG_INFO = ("idTagInfo", "idTokenInfo")

# Answers that always bear a tag's status, and those that bear it only when a tag was sent.
_TAG_REQUIRED = frozenset({"Authorize", "StartTransaction"})
_TAG_OPTIONAL = frozenset({"StopTransaction", "TransactionEvent"})

_NO_STATUS = frozenset(
    {
        "BatterySwap",
        "ClearedChargingLimit",
        "ClosePeriodicEventStream",
        "CostUpdated",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "GetConfiguration",
        "GetDiagnostics",
        "GetLocalListVersion",
        "GetPeriodicEventStream",
        "GetTransactionStatus",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "NotifyChargingLimit",
        "NotifyCustomerInformation",
        "NotifyDERAlarm",
        "NotifyDERStartStop",
        "NotifyDisplayMessages",
        "NotifyEvent",
        "NotifyMonitoringReport",
        "NotifyPriorityCharging",
        "NotifyReport",
        "NotifySettlement",
        "NotifyWebPaymentStarted",
        "PublishFirmwareStatusNotification",
        "ReportChargingProfiles",
        "ReportDERControl",
        "ReservationStatusUpdate",
        "SecurityEventNotification",
        "SignedFirmwareStatusNotification",
        "StatusNotification",
    }
)


def accepted(version: OcppVersion, action: str, payload: Any) -> bool | None:
    """
    Return whether a CALLRESULT's payload says yes; None when it does not say.

    An answer that has no status by its schema is a yes. A list of statuses is a yes when all are.
    """
    if not isinstance(payload, dict):
        return None
    if action in _ITEMS:
        list_key, status_key = _ITEMS[action]
        return _all_yes(payload.get(list_key), status_key)
    if action in _TAG_REQUIRED or action in _TAG_OPTIONAL:
        return _tag_accepted(action, payload)
    if _has_no_status(version, action):
        return True
    return _is_yes(payload.get("status"))


def _has_no_status(version: OcppVersion, action: str) -> bool:
    # 1.6 UpdateFirmware is the one action that gained its status with 2.0.1.
    return action in _NO_STATUS or (version.is_1_6 and action == "UpdateFirmware")


def _is_yes(status: Any) -> bool | None:
    return status in YES if isinstance(status, str) else None


def _all_yes(items: Any, status_key: str) -> bool | None:
    if not isinstance(items, list) or not items:
        return None
    verdicts = [_is_yes(item.get(status_key)) if isinstance(item, dict) else None for item in items]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _tag_accepted(action: str, payload: dict[str, Any]) -> bool | None:
    info = next((payload[key] for key in _TAG_INFO if key in payload), None)
    if info is None:
        return True if action in _TAG_OPTIONAL else None
    return _is_yes(info.get("status")) if isinstance(info, dict) else None
