"""The device model of an OCPP 2.x charger: components and variables (P2 appendix 3)."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from oye_proxy.simulator.configuration import SAMPLED, Option, measurands_known, number_text

READ_ONLY, READ_WRITE, WRITE_ONLY = "ReadOnly", "ReadWrite", "WriteOnly"
_BASIC_PASSWORD_LENGTHS = range(16, 41)


class Variable(Struct, kw_only=True):
    """One variable of one component; `live` computes the value at each reading."""

    component: str
    name: str
    value: str = ""
    data_type: str = "string"
    mutability: str = READ_WRITE
    instance: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None
    unit: str | None = None
    values_list: str | None = None
    reboot: bool = False
    live: Callable[[], str] | None = None

    @property
    def text(self) -> str:
        """The value now."""
        return self.live() if self.live is not None else self.value

    def describe(self) -> dict[str, Any]:
        """Return the variable as NotifyReport tells it."""
        attribute: dict[str, Any] = {"type": "Actual", "mutability": self.mutability}
        if self.mutability != WRITE_ONLY:
            attribute["value"] = self.text
        characteristics: dict[str, Any] = {
            "dataType": self.data_type,
            "supportsMonitoring": False,
        }
        if self.unit is not None:
            characteristics["unit"] = self.unit
        if self.values_list is not None:
            characteristics["valuesList"] = self.values_list
        return {
            **self.address(),
            "variableAttribute": [attribute],
            "variableCharacteristics": characteristics,
        }

    def address(self) -> dict[str, Any]:
        """Return component and variable as messages name them."""
        component: dict[str, Any] = {"name": self.component}
        if self.evse_id is not None:
            component["evse"] = {"id": self.evse_id}
            if self.connector_id is not None:
                component["evse"]["connectorId"] = self.connector_id
        variable = {"name": self.name}
        if self.instance is not None:
            variable["instance"] = self.instance
        return {"component": component, "variable": variable}

    def accepts(self, value: str) -> bool:
        """Whether a value is one that this variable can have."""
        if self.name == "BasicAuthPassword":
            return len(value) in _BASIC_PASSWORD_LENGTHS
        match self.data_type:
            case "integer":
                return value.isdecimal()
            case "boolean":
                return value.lower() in ("true", "false")
            case "MemberList" if self.name.endswith("Measurands"):
                return measurands_known(value)
            case "OptionList":
                return value in (self.values_list or value).split(",")
            case _:
                return True


class DeviceModel:
    """All variables of one charger."""

    def __init__(self, variables: list[Variable]) -> None:
        self.variables = variables

    def __len__(self) -> int:
        return len(self.variables)

    def text(self, option: Option) -> str:
        """Return the value of an option as text."""
        return self._of(option).text

    def put(self, option: Option, value: str) -> None:
        """Set an option without asking whether it may be changed."""
        self._of(option).value = value

    def bring_to_life(self, component: str, name: str, live: Callable[[], str]) -> None:
        """Compute a variable's value at each reading."""
        for variable in self.variables:
            if (variable.component, variable.name) == (component, name):
                variable.live = live

    def get(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one item of GetVariables."""
        result: dict[str, Any] = _echo(item)
        found = self._find(item)
        if isinstance(found, str):
            return {**result, "attributeStatus": found}
        if found.mutability == WRITE_ONLY:
            return {**result, "attributeStatus": "Rejected"}
        return {**result, "attributeStatus": "Accepted", "attributeValue": found.text}

    def set(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one item of SetVariables and do what it says."""
        result: dict[str, Any] = _echo(item)
        found = self._find(item)
        if isinstance(found, str):
            return {**result, "attributeStatus": found}
        value = item["attributeValue"]
        if found.mutability == READ_ONLY or not found.accepts(value):
            return {**result, "attributeStatus": "Rejected"}
        found.value = value
        return {**result, "attributeStatus": "RebootRequired" if found.reboot else "Accepted"}

    def matching(self, wanted: list[Mapping[str, Any]]) -> list[Variable]:
        """Return the variables that any of the component-variable pairs names; all without one."""
        if not wanted:
            return list(self.variables)
        return [
            variable
            for variable in self.variables
            if any(_meets(variable, each) for each in wanted)
        ]

    def _of(self, option: Option) -> Variable:
        component, name, instance = _OPTION_VARIABLES[option]
        return next(
            variable
            for variable in self.variables
            if (variable.component, variable.name, variable.instance) == (component, name, instance)
        )

    def _find(self, item: Mapping[str, Any]) -> Variable | str:
        """Return the variable, or the status that says why there is none."""
        if item.get("attributeType", "Actual") != "Actual":
            return "NotSupportedAttributeType"
        component = {"component": item["component"]}
        of_component = [each for each in self.variables if _meets(each, component)]
        if not of_component:
            return "UnknownComponent"
        exact = [
            each
            for each in of_component
            if _meets(each, item) and each.instance == item["variable"].get("instance")
        ]
        return exact[0] if exact else "UnknownVariable"


def _echo(item: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("component", "variable", "attributeType")
    return {key: item[key] for key in kept if key in item}


def _meets(variable: Variable, wanted: Mapping[str, Any]) -> bool:
    """Names are case-insensitive; what is not named matches anything but an EVSE's component."""
    component = wanted["component"]
    evse = component.get("evse", {})
    if variable.component.lower() != component["name"].lower():
        return False
    if evse and variable.evse_id != evse["id"]:
        return False
    named = wanted.get("variable")
    if named is None:
        return True
    if variable.name.lower() != named["name"].lower():
        return False
    return "instance" not in named or variable.instance == named["instance"]


_OPTION_VARIABLES: Mapping[Option, tuple[str, str, str | None]] = {
    Option.HEARTBEAT_INTERVAL: ("OCPPCommCtrlr", "HeartbeatInterval", None),
    Option.METER_INTERVAL: ("SampledDataCtrlr", "TxUpdatedInterval", None),
    Option.CONNECTION_TIMEOUT: ("TxCtrlr", "EVConnectionTimeOut", None),
    Option.MESSAGE_ATTEMPTS: ("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent"),
    Option.RETRY_INTERVAL: ("OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent"),
    Option.PING_INTERVAL: ("OCPPCommCtrlr", "WebSocketPingInterval", None),
    Option.MEASURANDS: ("SampledDataCtrlr", "TxUpdatedMeasurands", None),
    Option.END_MEASURANDS: ("SampledDataCtrlr", "TxEndedMeasurands", None),
    Option.AUTHORIZE_REMOTE_START: ("AuthCtrlr", "AuthorizeRemoteStart", None),
    Option.AUTHORIZE_OFFLINE: ("AuthCtrlr", "LocalAuthorizeOffline", None),
    Option.STOP_ON_INVALID_TAG: ("TxCtrlr", "StopTxOnInvalidId", None),
}


def standard_variables(
    *, meter_interval: float, heartbeat_interval: float, measurands: str = SAMPLED
) -> list[Variable]:
    """Return the controllers' variables of a usual charger."""
    beat, meter = number_text(heartbeat_interval), number_text(meter_interval)
    return [
        *_controller("AlignedDataCtrlr", _boolean("Enabled", "false"), _seconds("Interval", "0")),
        *_controller("AuthCacheCtrlr", _boolean("Enabled", "true"), _number("LifeTime", "0", "s")),
        *_controller(
            "AuthCtrlr",
            _boolean("Enabled", "true"),
            _boolean("AuthorizeRemoteStart", "false"),
            _boolean("LocalAuthorizeOffline", "true"),
            _boolean("LocalPreAuthorize", "false"),
            _boolean("OfflineTxForUnknownIdEnabled", "false"),
        ),
        *_controller(
            "ClockCtrlr",
            Variable(component="", name="DateTime", data_type="dateTime", mutability=READ_ONLY),
            Variable(component="", name="TimeSource", value="Heartbeat", data_type="SequenceList"),
        ),
        *_controller(
            "DeviceDataCtrlr",
            _fixed("BytesPerMessage", "65000", "GetReport"),
            _fixed("BytesPerMessage", "65000", "GetVariables"),
            _fixed("BytesPerMessage", "65000", "SetVariables"),
            _fixed("ItemsPerMessage", "10", "GetReport"),
            _fixed("ItemsPerMessage", "50", "GetVariables"),
            _fixed("ItemsPerMessage", "50", "SetVariables"),
        ),
        *_controller(
            "LocalAuthListCtrlr",
            _boolean("Enabled", "true"),
            _fixed("Entries", "0"),
            _fixed("ItemsPerMessage", "100"),
            _fixed("BytesPerMessage", "65000"),
        ),
        *_controller(
            "OCPPCommCtrlr",
            _seconds("HeartbeatInterval", beat),
            _fixed("MessageTimeout", "30", "Default"),
            _number("MessageAttempts", "3", None, "TransactionEvent"),
            _number("MessageAttemptInterval", "10", "s", "TransactionEvent"),
            Variable(
                component="",
                name="NetworkConfigurationPriority",
                value="1",
                data_type="SequenceList",
                values_list="1,2",
                reboot=True,
            ),
            _number("NetworkProfileConnectionAttempts", "3", None),
            _number("OfflineThreshold", "60", "s"),
            _boolean("QueueAllMessages", "false"),
            _number("ResetRetries", "1", None),
            _boolean("UnlockOnEVSideDisconnect", "true"),
            _seconds("WebSocketPingInterval", "30"),
        ),
        *_controller("ReservationCtrlr", _boolean("Enabled", "true")),
        *_controller(
            "SampledDataCtrlr",
            _boolean("Enabled", "true"),
            _measurands("TxStartedMeasurands", "Energy.Active.Import.Register"),
            _measurands("TxUpdatedMeasurands", measurands),
            _seconds("TxUpdatedInterval", meter),
            _measurands("TxEndedMeasurands", "Energy.Active.Import.Register"),
            _seconds("TxEndedInterval", "0"),
        ),
        *_controller(
            "SecurityCtrlr",
            Variable(component="", name="BasicAuthPassword", mutability=WRITE_ONLY),
            Variable(component="", name="OrganizationName", value="Simulated"),
            Variable(component="", name="Identity", mutability=READ_ONLY),
            _fixed("SecurityProfile", "1"),
            _fixed("CertificateEntries", "0"),
        ),
        *_controller(
            "SmartChargingCtrlr",
            _boolean("Enabled", "true"),
            _fixed("Entries", "20", "ChargingProfiles"),
            _number("LimitChangeSignificance", "1", "Percent"),
            _fixed("PeriodsPerSchedule", "24"),
            _fixed("ProfileStackLevel", "10"),
            Variable(
                component="",
                name="RateUnit",
                value="A,W",
                data_type="MemberList",
                mutability=READ_ONLY,
                values_list="A,W",
            ),
            _boolean("Phases3to1", "true"),
        ),
        *_controller(
            "TxCtrlr",
            _seconds("EVConnectionTimeOut", "60"),
            _boolean("StopTxOnInvalidId", "true"),
            _boolean("StopTxOnEVSideDisconnect", "true"),
            Variable(component="", name="TxStartPoint", value="PowerPathClosed"),
            Variable(component="", name="TxStopPoint", value="EVConnected,Authorized"),
        ),
    ]


def _controller(component: str, *variables: Variable) -> list[Variable]:
    for variable in variables:
        variable.component = component
    return list(variables)


def _boolean(name: str, value: str) -> Variable:
    return Variable(component="", name=name, value=value, data_type="boolean")


def _number(name: str, value: str, unit: str | None, instance: str | None = None) -> Variable:
    return Variable(
        component="", name=name, value=value, data_type="integer", unit=unit, instance=instance
    )


def _seconds(name: str, value: str) -> Variable:
    return _number(name, value, "s")


def _fixed(name: str, value: str, instance: str | None = None) -> Variable:
    return Variable(
        component="",
        name=name,
        value=value,
        data_type="integer",
        mutability=READ_ONLY,
        instance=instance,
    )


def _measurands(name: str, value: str) -> Variable:
    return Variable(component="", name=name, value=value, data_type="MemberList")
