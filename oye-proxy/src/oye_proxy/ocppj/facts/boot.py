"""Boot data, firmware and log status, and the few settings that facts depend on."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from oye_proxy.ocppj.facts import payloads
from oye_proxy.ocppj.facts.model import BootState, Event
from oye_proxy.ocppj.facts.reader import LIST_LIMIT
from oye_proxy.ocppj.facts.state import State
from oye_proxy.ocppj.facts.values import integer, moment, number, text
from oye_proxy.ocppj.timestamps import to_text

_BOOT_STATES: Final = {
    "Accepted": BootState.ACCEPTED,
    "Pending": BootState.PENDING,
    "Rejected": BootState.REJECTED,
}
_RETRYING = (BootState.PENDING, BootState.REJECTED)
_PROFILE_LIMIT = 32

# 2.x: component and variable of the settings that 1.6 has as keys.
_VARIABLES: Final = {
    ("TxCtrlr", "EVConnectionTimeOut"): "ConnectionTimeOut",
    ("OCPPCommCtrlr", "HeartbeatInterval"): "HeartbeatInterval",
}


def on_boot(state: State, boot: payloads.BootNotification, now: datetime) -> Iterator[Event]:
    """
    Take BootNotification.

    One that was asked for, or that repeats a refused one (C16 4.2, B02, B03), is no new boot.
    """
    identity = _identity(boot)
    if identity["model"] and identity["model"] != (state.facts.model or identity["model"]):
        state.forget_connectors()
    state.change(**identity)
    reason = text(boot.reason)
    if reason == "Triggered" or (state.facts.booted_at and state.facts.boot_state in _RETRYING):
        return
    state.change(booted_at=now, boot_reason=reason)
    yield Event(
        "boot",
        {
            "vendor": identity["vendor"],
            "model": identity["model"],
            "serialNumber": identity["serial_number"],
            "firmwareVersion": identity["firmware_version"],
            "reason": reason,
        },
    )


def on_boot_answer(
    state: State,
    _request: payloads.BootNotification,
    answer: payloads.BootAnswer,
    _now: datetime,
) -> None:
    """Take the CSMS's word on the boot; `interval` is the heartbeat's once accepted (C16 4.2)."""
    boot_state = _BOOT_STATES.get(str(answer.status), state.facts.boot_state)
    state.change(boot_state=boot_state)
    if boot_state is BootState.ACCEPTED:
        _set_heartbeat(state, answer.interval)


def on_firmware_status(state: State, report: payloads.StatusReport, _now: datetime) -> None:
    """Take FirmwareStatusNotification and its signed form."""
    state.change(firmware_status=text(report.status))


def on_log_status(state: State, report: payloads.StatusReport, _now: datetime) -> None:
    """Take DiagnosticsStatusNotification and LogStatusNotification."""
    state.change(log_status=text(report.status))


def on_security_event(
    _state: State, security: payloads.SecurityEvent, now: datetime
) -> Iterator[Event]:
    """Pass on SecurityEventNotification."""
    yield Event(
        "security_event",
        {
            "type": text(security.type),
            "timestamp": to_text(moment(security.timestamp, now)),
            "techInfo": text(security.tech_info),
        },
    )


def on_configuration(
    state: State, _request: payloads.Payload, answer: payloads.Configuration, _now: datetime
) -> None:
    """Take the answer to GetConfiguration."""
    for entry in (answer.configuration_key or ())[:LIST_LIMIT]:
        _set(state, str(entry.key), entry.value)


def on_configuration_changed(
    state: State,
    request: payloads.ConfigurationKey,
    answer: payloads.StatusAnswer,
    _now: datetime,
) -> None:
    """Take an accepted ChangeConfiguration."""
    if answer.status == "Accepted":
        _set(state, str(request.key), request.value)


def on_report(state: State, report: payloads.Report, _now: datetime) -> None:
    """Take NotifyReport: which EVSEs there are, and the settings."""
    for data in (report.report_data or report.get_variable_result or ())[:LIST_LIMIT]:
        component = data.component or payloads.Component()
        if component.evse:
            state.count(integer(component.evse.id))
        variable = data.variable.name if data.variable else None
        if (component.name, variable) == ("Connector", "ConnectorType"):
            _set_socket(state, component, data)
        key = _VARIABLES.get((str(component.name), str(variable)))
        if key:
            attributes = data.variable_attribute or [payloads.VariableAttribute()]
            _set(state, key, data.attribute_value or attributes[0].value)


def on_variables(
    state: State, _request: payloads.Payload, answer: payloads.Report, now: datetime
) -> None:
    """Take the answer to GetVariables."""
    on_report(state, answer, now)


def _identity(boot: payloads.BootNotification) -> dict[str, str | None]:
    station = boot.charging_station
    if station is None:
        serial_number = text(boot.charge_point_serial_number) or text(boot.charge_box_serial_number)
        return {
            "vendor": text(boot.charge_point_vendor),
            "model": text(boot.charge_point_model),
            "serial_number": serial_number,
            "firmware_version": text(boot.firmware_version),
            "iccid": text(boot.iccid),
            "imsi": text(boot.imsi),
            "meter_type": text(boot.meter_type),
            "meter_serial_number": text(boot.meter_serial_number),
        }
    modem = station.modem or payloads.Modem()
    return {
        "vendor": text(station.vendor_name),
        "model": text(station.model),
        "serial_number": text(station.serial_number),
        "firmware_version": text(station.firmware_version),
        "iccid": text(modem.iccid),
        "imsi": text(modem.imsi),
        "meter_type": None,
        "meter_serial_number": None,
    }


def _set_socket(state: State, component: payloads.Component, data: payloads.ReportData) -> None:
    """The types of sockets begin with s, those of attached cables with c (P2 ConnectorEnumType)."""
    attributes = data.variable_attribute or [payloads.VariableAttribute()]
    kind = text(data.attribute_value or attributes[0].value) or ""
    evse_id = integer(component.evse.id) if component.evse else None
    connector = state.connector(evse_id) if evse_id else None
    if connector is not None and kind[:1] in ("s", "c"):
        connector.change(socket=kind[0] == "s")


def _set(state: State, key: str, value: Any) -> None:
    if setter := _SETTERS.get(key):
        setter(state, value)


def _set_profiles(state: State, value: Any) -> None:
    names = (text(name) for name in (text(value) or "").split(","))
    profiles = [name for name in names if name]
    state.change(supported_feature_profiles=profiles[:_PROFILE_LIMIT])


def _set_heartbeat(state: State, value: Any) -> None:
    interval = integer(value)
    if interval is not None and interval > 0:
        state.change(heartbeat_interval=interval)


_SETTERS: Final[Mapping[str, Callable[[State, Any], None]]] = {
    "ConnectionTimeOut": lambda state, value: state.starts.set_window(number(value)),
    "HeartbeatInterval": _set_heartbeat,
    "NumberOfConnectors": lambda state, value: state.count(integer(value)),
    "SupportedFeatureProfiles": _set_profiles,
}
