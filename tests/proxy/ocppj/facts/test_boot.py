from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.ocppj.facts import boot
from oye_proxy.ocppj.facts.model import BootState, Event, StartedBy
from oye_proxy.ocppj.facts.payloads import (
    BootAnswer,
    BootNotification,
    ChargingStation,
    Component,
    Configuration,
    ConfigurationKey,
    Evse,
    Modem,
    Payload,
    Report,
    ReportData,
    SecurityEvent,
    StatusAnswer,
    StatusReport,
    Variable,
    VariableAttribute,
)
from oye_proxy.ocppj.facts.state import State

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def boots(state: State, payload: BootNotification, now: datetime = NOW) -> list[Event]:
    return list(boot.on_boot(state, payload, now))


def test_boot_data_of_1_6() -> None:
    """The charge point's serial number comes before the charge box's (C16 6.3)."""
    state = State()
    events = boots(
        state,
        BootNotification(
            charge_point_vendor="ABB",
            charge_point_model="Terra AC",
            charge_box_serial_number="box",
            firmware_version="1.8",
            iccid="89",
            imsi="20",
            meter_type="M",
            meter_serial_number=7,
        ),
    )

    facts = state.view(NOW)
    assert ("ABB", "Terra AC", "box", "1.8", "89", "20", "M", "7", NOW) == (
        facts.vendor,
        facts.model,
        facts.serial_number,
        facts.firmware_version,
        facts.iccid,
        facts.imsi,
        facts.meter_type,
        facts.meter_serial_number,
        facts.booted_at,
    )
    expected = {
        "vendor": "ABB",
        "model": "Terra AC",
        "serialNumber": "box",
        "firmwareVersion": "1.8",
        "reason": None,
    }
    assert [Event("boot", expected)] == events


def test_boot_data_of_2_x() -> None:
    state = State()
    station = ChargingStation(
        vendor_name="Alfen",
        model="Eve",
        serial_number="S",
        firmware_version="7",
        modem=Modem(iccid="89", imsi="20"),
    )
    boots(state, BootNotification(charging_station=station, reason="PowerUp"))
    boots(state, BootNotification(charging_station=ChargingStation(model="Eve")), LATER)

    facts = state.view(NOW)
    assert ("Eve", None, None, None, LATER) == (
        facts.model,
        facts.vendor,
        facts.iccid,
        facts.boot_reason,
        facts.booted_at,
    )


def test_a_repeated_or_asked_for_boot_is_no_news() -> None:
    """A charger repeats a boot that was not accepted (C16 4.2); a trigger boots nothing (F06)."""
    state = State()
    assert 1 == len(boots(state, BootNotification()))
    for answer in ("Pending", "Rejected"):
        boot.on_boot_answer(state, BootNotification(), BootAnswer(status=answer), NOW)
        assert [] == boots(state, BootNotification(), LATER)
    boot.on_boot_answer(state, BootNotification(), BootAnswer(status="Accepted"), NOW)
    assert [] == boots(state, BootNotification(reason="Triggered"), LATER)
    assert NOW == state.facts.booted_at

    assert 1 == len(boots(state, BootNotification(), LATER))


@pytest.mark.parametrize(
    ("status", "interval", "expected"),
    [
        ("Accepted", 300, (BootState.ACCEPTED, 300)),
        ("Accepted", 0, (BootState.ACCEPTED, None)),
        ("Pending", 60, (BootState.PENDING, None)),
        ("Rejected", 60, (BootState.REJECTED, None)),
        ("Odd", 60, (BootState.UNKNOWN, None)),
    ],
)
def test_boot_answer(status: str, interval: int, expected: tuple[BootState, int | None]) -> None:
    """Only with Accepted is the interval the heartbeat's (C16 4.2)."""
    state = State()
    answer = BootAnswer(status=status, interval=interval)
    boot.on_boot_answer(state, BootNotification(), answer, NOW)

    assert expected == (state.facts.boot_state, state.facts.heartbeat_interval)


def test_only_another_model_loses_its_connectors() -> None:
    state = State()
    state.connector(2)
    for model in (None, "A", "A"):
        boots(state, BootNotification(charge_point_model=model))
    assert 2 == state.view(NOW).connector_count

    boots(state, BootNotification(charge_point_model="B"))
    assert state.view(NOW).connector_count is None


def test_firmware_log_and_security_events() -> None:
    state = State()
    boot.on_firmware_status(state, StatusReport(status="Installing"), NOW)
    boot.on_log_status(state, StatusReport(status="Uploading"), NOW)
    assert ("Installing", "Uploading") == (state.facts.firmware_status, state.facts.log_status)

    event = SecurityEvent(type="TamperDetectionActivated", timestamp="x", tech_info="lid")
    assert [
        Event(
            "security_event",
            {
                "type": "TamperDetectionActivated",
                "timestamp": "2026-05-04T18:00:00.000Z",
                "techInfo": "lid",
            },
        )
    ] == list(boot.on_security_event(state, event, NOW))


def settings_of(state: State) -> tuple[Any, ...]:
    facts = state.view(NOW)
    state.starts.note("tag", None, StartedBy.OWNER, NOW)
    remote = state.starts.is_remote("tag", NOW + timedelta(seconds=120))
    return facts.connector_count, facts.heartbeat_interval, facts.supported_feature_profiles, remote


def test_settings_of_1_6() -> None:
    state = State()
    keys = {
        "NumberOfConnectors": "2",
        "HeartbeatInterval": "240",
        "ConnectionTimeOut": "120",
        "SupportedFeatureProfiles": "Core, SmartCharging,,",
        "MeterValueSampleInterval": "60",
    }
    entries = [ConfigurationKey(key=key, value=value) for key, value in keys.items()]
    boot.on_configuration(state, Payload(), Configuration(configuration_key=entries), NOW)

    assert (2, 240, ["Core", "SmartCharging"], True) == settings_of(state)


def test_a_changed_setting_counts_when_it_was_accepted() -> None:
    state = State()
    change = ConfigurationKey(key="HeartbeatInterval", value="30")
    boot.on_configuration_changed(state, change, StatusAnswer(status="Rejected"), NOW)
    assert state.facts.heartbeat_interval is None

    boot.on_configuration_changed(state, change, StatusAnswer(status="Accepted"), NOW)
    assert 30 == state.facts.heartbeat_interval


@pytest.mark.parametrize(
    ("kind", "socket"),
    [("sType2", True), ("s309-3P-32A", True), ("cType2", False), ("wInductive", None), (7, None)],
)
def test_the_type_of_a_connector_tells_whether_it_is_a_socket(
    kind: Any, *, socket: bool | None
) -> None:
    """P2 ConnectorEnumType: s for sockets, c for attached cables."""
    state = State()
    state.connector(1)
    places = [Component(name="Connector", evse=Evse(id=1)), Component(name="Connector"), None]
    data = [
        ReportData(
            component=place,
            variable=Variable(name="ConnectorType"),
            variable_attribute=[VariableAttribute(value=kind)],
        )
        for place in places
    ]
    boot.on_report(state, Report(report_data=data), NOW)

    assert [socket] == [one.socket for one in state.view(NOW).connectors]


def test_settings_of_2_x() -> None:
    state = State()
    data = [
        ReportData(component=Component(name="Connector", evse=Evse(id=2, connector_id=1))),
        ReportData(
            component=Component(name="TxCtrlr"),
            variable=Variable(name="EVConnectionTimeOut"),
            variable_attribute=[VariableAttribute(value="120")],
        ),
        ReportData(),
    ]
    boot.on_report(state, Report(report_data=data), NOW)
    result = ReportData(
        component=Component(name="OCPPCommCtrlr"),
        variable=Variable(name="HeartbeatInterval"),
        attribute_value="240",
    )
    boot.on_variables(state, Payload(), Report(get_variable_result=[result]), NOW)

    assert (2, 240, None, True) == settings_of(state)
