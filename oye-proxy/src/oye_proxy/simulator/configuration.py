"""The configuration keys of an OCPP 1.6 charger (C16 chapter 9, SW chapter 4)."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

MEASURANDS = (
    "Energy.Active.Import.Register",
    "Power.Active.Import",
    "Power.Factor",
    "Power.Offered",
    "Current.Import",
    "Current.Offered",
    "Voltage",
    "SoC",
    "Temperature",
    "Frequency",
)
_PASSWORD_HEX = re.compile("[0-9a-fA-F]{32,40}")  # 16 to 20 bytes: SW A00.FR.205
SAMPLED = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC"


class Option(StrEnum):
    """What the charger's behaviour asks its configuration, whatever the version calls it."""

    HEARTBEAT_INTERVAL = "heartbeat_interval"
    METER_INTERVAL = "meter_interval"
    CONNECTION_TIMEOUT = "connection_timeout"
    MESSAGE_ATTEMPTS = "message_attempts"
    RETRY_INTERVAL = "retry_interval"
    PING_INTERVAL = "ping_interval"
    MEASURANDS = "measurands"
    END_MEASURANDS = "end_measurands"
    AUTHORIZE_REMOTE_START = "authorize_remote_start"
    AUTHORIZE_OFFLINE = "authorize_offline"
    STOP_ON_INVALID_TAG = "stop_on_invalid_tag"


class ChargerOptions(Protocol):
    """Configuration by meaning; both stores of settings have it."""

    def text(self, option: Option) -> str:
        """Return the value of an option as text."""

    def put(self, option: Option, value: str) -> None:
        """Set an option without asking whether it may be changed."""


class Key(Struct):
    """One configuration key; `kind` is how a new value is checked."""

    value: str
    readonly: bool = False
    kind: str = "text"
    reboot: bool = False
    secret: bool = False


class ConfigurationKeys:
    """All configuration keys of one charger."""

    def __init__(
        self,
        *,
        connectors: int,
        meter_interval: float,
        heartbeat_interval: float,
        measurands: str = SAMPLED,
    ) -> None:
        self._keys = _keys(connectors, meter_interval, heartbeat_interval, measurands)

    def __getitem__(self, name: str) -> str:
        return self._keys[name].value

    def __len__(self) -> int:
        return len(self._keys)

    def text(self, option: Option) -> str:
        """Return the value of an option as text."""
        return self[_OPTION_KEYS[option]]

    def put(self, option: Option, value: str) -> None:
        """Set an option without asking whether it may be changed."""
        self._keys[_OPTION_KEYS[option]].value = value

    def report(self, names: list[str] | None) -> dict[str, list[object]]:
        """Answer GetConfiguration: all keys when none are named; write-only ones show no value."""
        wanted = names or list(self._keys)
        known = [name for name in wanted if name in self._keys]
        answer: dict[str, list[object]] = {
            "configurationKey": [_described(name, self._keys[name]) for name in known]
        }
        unknown = [name for name in wanted if name not in self._keys]
        if unknown:
            answer["unknownKey"] = list(unknown)
        return answer

    def change(self, name: str, value: str) -> str:
        """Answer ChangeConfiguration with its status."""
        key = self._keys.get(name)
        if key is None:
            return "NotSupported"
        if key.readonly or not _acceptable(key, value):
            return "Rejected"
        if name == "SecurityProfile" and int(value) < int(key.value):
            return "Rejected"  # SW A05.FR.01: it only rises
        key.value = value
        return "RebootRequired" if key.reboot else "Accepted"


def is_true(text: str) -> bool:
    """Read a boolean of OCPP."""
    return text.strip().lower() == "true"


def number_text(value: float) -> str:
    """Write a number as configuration does: no needless decimals."""
    return f"{value:g}"


def measurands_known(text: str) -> bool:
    """Whether a list of measurands names only those that the meter has."""
    names = [name.strip() for name in text.split(",")] if text.strip() else []
    return all(name in MEASURANDS for name in names)


def _described(name: str, key: Key) -> dict[str, object]:
    described: dict[str, object] = {"key": name, "readonly": key.readonly}
    if not key.secret:
        described["value"] = key.value
    return described


def _acceptable(key: Key, value: str) -> bool:
    match key.kind:
        case "number":
            return value.isdecimal()
        case "boolean":
            return value.lower() in ("true", "false")
        case "measurands":
            return measurands_known(value)
        case "hex":
            return _PASSWORD_HEX.fullmatch(value) is not None
        case _:
            return True


_OPTION_KEYS: Mapping[Option, str] = {
    Option.HEARTBEAT_INTERVAL: "HeartbeatInterval",
    Option.METER_INTERVAL: "MeterValueSampleInterval",
    Option.CONNECTION_TIMEOUT: "ConnectionTimeOut",
    Option.MESSAGE_ATTEMPTS: "TransactionMessageAttempts",
    Option.RETRY_INTERVAL: "TransactionMessageRetryInterval",
    Option.PING_INTERVAL: "WebSocketPingInterval",
    Option.MEASURANDS: "MeterValuesSampledData",
    Option.END_MEASURANDS: "StopTxnSampledData",
    Option.AUTHORIZE_REMOTE_START: "AuthorizeRemoteTxRequests",
    Option.AUTHORIZE_OFFLINE: "LocalAuthorizeOffline",
    Option.STOP_ON_INVALID_TAG: "StopTransactionOnInvalidId",
}


def _keys(
    connectors: int, meter_interval: float, heartbeat_interval: float, measurands: str
) -> dict[str, Key]:
    rotation = ",".join(f"{number}.RST" for number in range(connectors + 1))
    return {
        "AllowOfflineTxForUnknownId": Key("false", kind="boolean"),
        "AuthorizationCacheEnabled": Key("true", kind="boolean"),
        "AuthorizeRemoteTxRequests": Key("false", kind="boolean"),
        "ClockAlignedDataInterval": Key("0", kind="number"),
        "ConnectionTimeOut": Key("60", kind="number"),
        "ConnectorPhaseRotation": Key(rotation),
        "GetConfigurationMaxKeys": Key("100", readonly=True),
        "HeartbeatInterval": Key(number_text(heartbeat_interval), kind="number"),
        "LocalAuthorizeOffline": Key("true", kind="boolean"),
        "LocalPreAuthorize": Key("false", kind="boolean"),
        "MeterValuesAlignedData": Key("", kind="measurands"),
        "MeterValuesSampledData": Key(measurands, kind="measurands"),
        "MeterValueSampleInterval": Key(number_text(meter_interval), kind="number"),
        "NumberOfConnectors": Key(str(connectors), readonly=True),
        "ResetRetries": Key("1", kind="number"),
        "StopTransactionOnEVSideDisconnect": Key("true", readonly=True),
        "StopTransactionOnInvalidId": Key("true", kind="boolean"),
        "StopTxnAlignedData": Key("", kind="measurands"),
        "StopTxnSampledData": Key("Energy.Active.Import.Register", kind="measurands"),
        "SupportedFeatureProfiles": Key(
            "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger",
            readonly=True,
        ),
        "TransactionMessageAttempts": Key("3", kind="number"),
        "TransactionMessageRetryInterval": Key("10", kind="number"),
        "UnlockConnectorOnEVSideDisconnect": Key("true", kind="boolean"),
        "WebSocketPingInterval": Key("30", kind="number"),
        "LocalAuthListEnabled": Key("true", kind="boolean"),
        "LocalAuthListMaxLength": Key("1000", readonly=True),
        "SendLocalListMaxLength": Key("100", readonly=True),
        "ReserveConnectorZeroSupported": Key("true", readonly=True),
        "ChargeProfileMaxStackLevel": Key("10", readonly=True),
        "ChargingScheduleAllowedChargingRateUnit": Key("Current,Power", readonly=True),
        "ChargingScheduleMaxPeriods": Key("24", readonly=True),
        "MaxChargingProfilesInstalled": Key("20", readonly=True),
        "ConnectorSwitch3to1PhaseSupported": Key("true", readonly=True),
        "SupportedFileTransferProtocols": Key("HTTP,HTTPS,FTP", readonly=True),
        "AuthorizationKey": Key("", kind="hex", secret=True),
        "CpoName": Key("Simulated"),
        "SecurityProfile": Key("0", kind="number", reboot=True),
    }
