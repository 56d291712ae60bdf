"""Every action by the side that may send it; the schemas do not tell. DataTransfer has both."""

from typing import Final

from oye_proxy.ocppj.versions import OcppVersion

_FROM_CHARGER_1_6: Final = frozenset(
    {
        "Authorize",
        "BootNotification",
        "DataTransfer",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "LogStatusNotification",  # SW
        "MeterValues",
        "SecurityEventNotification",  # SW
        "SignCertificate",  # SW
        "SignedFirmwareStatusNotification",  # SW
        "StartTransaction",
        "StatusNotification",
        "StopTransaction",
    }
)

_FROM_CSMS_1_6: Final = frozenset(
    {
        "CancelReservation",
        "CertificateSigned",  # SW
        "ChangeAvailability",
        "ChangeConfiguration",
        "ClearCache",
        "ClearChargingProfile",
        "DataTransfer",
        "DeleteCertificate",  # SW
        "ExtendedTriggerMessage",  # SW
        "GetCompositeSchedule",
        "GetConfiguration",
        "GetDiagnostics",
        "GetInstalledCertificateIds",  # SW
        "GetLocalListVersion",
        "GetLog",  # SW
        "InstallCertificate",  # SW
        "RemoteStartTransaction",
        "RemoteStopTransaction",
        "ReserveNow",
        "Reset",
        "SendLocalList",
        "SetChargingProfile",
        "SignedUpdateFirmware",  # SW
        "TriggerMessage",
        "UnlockConnector",
        "UpdateFirmware",
    }
)

_FROM_CHARGER_2_0_1: Final = frozenset(
    {
        "Authorize",
        "BootNotification",
        "ClearedChargingLimit",
        "DataTransfer",
        "FirmwareStatusNotification",
        "Get15118EVCertificate",
        "GetCertificateStatus",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "NotifyChargingLimit",
        "NotifyCustomerInformation",
        "NotifyDisplayMessages",
        "NotifyEVChargingNeeds",
        "NotifyEVChargingSchedule",
        "NotifyEvent",
        "NotifyMonitoringReport",
        "NotifyReport",
        "PublishFirmwareStatusNotification",
        "ReportChargingProfiles",
        "ReservationStatusUpdate",
        "SecurityEventNotification",
        "SignCertificate",
        "StatusNotification",
        "TransactionEvent",
    }
)

_FROM_CSMS_2_0_1: Final = frozenset(
    {
        "CancelReservation",
        "CertificateSigned",
        "ChangeAvailability",
        "ClearCache",
        "ClearChargingProfile",
        "ClearDisplayMessage",
        "ClearVariableMonitoring",
        "CostUpdated",
        "CustomerInformation",
        "DataTransfer",
        "DeleteCertificate",
        "GetBaseReport",
        "GetChargingProfiles",
        "GetCompositeSchedule",
        "GetDisplayMessages",
        "GetInstalledCertificateIds",
        "GetLocalListVersion",
        "GetLog",
        "GetMonitoringReport",
        "GetReport",
        "GetTransactionStatus",
        "GetVariables",
        "InstallCertificate",
        "PublishFirmware",
        "RequestStartTransaction",
        "RequestStopTransaction",
        "ReserveNow",
        "Reset",
        "SendLocalList",
        "SetChargingProfile",
        "SetDisplayMessage",
        "SetMonitoringBase",
        "SetMonitoringLevel",
        "SetNetworkProfile",
        "SetVariableMonitoring",
        "SetVariables",
        "TriggerMessage",
        "UnlockConnector",
        "UnpublishFirmware",
        "UpdateFirmware",
    }
)

_ADDED_FROM_CHARGER_2_1: Final = frozenset(
    {
        "BatterySwap",
        "ClosePeriodicEventStream",
        "GetCertificateChainStatus",
        "NotifyDERAlarm",
        "NotifyDERStartStop",
        "NotifyPeriodicEventStream",  # a SEND
        "NotifyPriorityCharging",
        "NotifySettlement",
        "OpenPeriodicEventStream",
        "PullDynamicScheduleUpdate",
        "ReportDERControl",
        "VatNumberValidation",
    }
)

_ADDED_FROM_CSMS_2_1: Final = frozenset(
    {
        "AFRRSignal",
        "AdjustPeriodicEventStream",
        "ChangeTransactionTariff",
        "ClearDERControl",
        "ClearTariffs",
        "GetDERControl",
        "GetPeriodicEventStream",
        "GetTariffs",
        "NotifyAllowedEnergyTransfer",
        "NotifyWebPaymentStarted",
        "RequestBatterySwap",
        "SetDERControl",
        "SetDefaultTariff",
        "UpdateDynamicSchedule",
        "UsePriorityCharging",
    }
)

CHARGER_ACTIONS: Final = {
    OcppVersion.V1_6: _FROM_CHARGER_1_6,
    OcppVersion.V2_0_1: _FROM_CHARGER_2_0_1,
    OcppVersion.V2_1: _FROM_CHARGER_2_0_1 | _ADDED_FROM_CHARGER_2_1,
}

CSMS_ACTIONS: Final = {
    OcppVersion.V1_6: _FROM_CSMS_1_6,
    OcppVersion.V2_0_1: _FROM_CSMS_2_0_1,
    OcppVersion.V2_1: _FROM_CSMS_2_0_1 | _ADDED_FROM_CSMS_2_1,
}

# OCPP 2.1: messages that have no answer (Q4 4.2.4, N15.FR.02).
SEND_ACTIONS: Final = {
    OcppVersion.V1_6: frozenset[str](),
    OcppVersion.V2_0_1: frozenset[str](),
    OcppVersion.V2_1: frozenset({"NotifyPeriodicEventStream"}),
}
