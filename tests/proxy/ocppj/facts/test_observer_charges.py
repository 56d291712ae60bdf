"""Transcripts of whole charges as chargers send them."""

from typing import Any

from tests.proxy.ocppj.facts.wire import START, Wire, event_2, status_1_6

from oye_proxy.ocppj.facts import Event, StartedBy, Status
from oye_proxy.ocppj.versions import OcppVersion


def test_charge_of_a_1_6_wallbox() -> None:
    """Card, cable, charge, stop: one authorization, one start, one end (C16 4.8, 4.10)."""
    wire = Wire(OcppVersion.V1_6)

    booted = wire.charger(
        "BootNotification",
        {
            "chargePointVendor": "Alfen BV",
            "chargePointModel": "NG910-60023",
            "chargePointSerialNumber": "ACE0123456",
            "chargeBoxSerialNumber": "box-1",
            "firmwareVersion": "6.4.1-4210",
            "iccid": "",
            "imsi": "",
            "meterType": "TQ EM420",
            "meterSerialNumber": "70001",
        },
        {"status": "Accepted", "currentTime": "2026-05-04T18:00:00Z", "interval": 900},
    )
    assert ["boot"] == [event.event for event in booted]
    view = wire.facts.view(wire.now)
    assert ("Alfen BV", "NG910-60023", "ACE0123456", "accepted", 900, START) == (
        view.vendor,
        view.model,
        view.serial_number,
        view.boot_state,
        view.heartbeat_interval,
        view.booted_at,
    )

    for number in (0, 1):
        wire.charger("StatusNotification", status_1_6(number, "Available", wire.later(1)), {})
    assert (Status.AVAILABLE, False, 0.0) == (
        wire.connector().status,
        wire.connector().plugged,
        wire.connector().power_w,
    )

    authorized = wire.charger(
        "Authorize", {"idTag": "04A1B2C3D4"}, {"idTagInfo": {"status": "Accepted"}}
    )
    assert [
        Event(
            "authorization",
            {
                "idTag": "04A1B2C3D4",
                "idTagName": None,
                "status": "Accepted",
                "source": "card",
                "evseId": None,
                "connectorId": None,
            },
        )
    ] == authorized

    wire.charger("StatusNotification", status_1_6(1, "Preparing", wire.later(5)), {})
    started_at = wire.later(2)
    started = wire.charger(
        "StartTransaction",
        {
            "connectorId": 1,
            "idTag": "04A1B2C3D4",
            "meterStart": 1500000,
            "timestamp": started_at,
        },
        {"transactionId": 8812, "idTagInfo": {"status": "Accepted"}},
    )
    assert ["transaction_started"] == [event.event for event in started]
    assert ("8812", "04A1B2C3D4", "local", 1500000.0, "2026-05-04T18:00:09.000Z") == tuple(
        started[0].data[key]
        for key in ("transactionId", "idTag", "startedBy", "meterStartWh", "startedAt")
    )

    wire.charger("StatusNotification", status_1_6(1, "Charging", wire.later(1)), {})
    wire.charger(
        "MeterValues",
        {
            "connectorId": 1,
            "transactionId": 8812,
            "meterValue": [
                {
                    "timestamp": wire.later(60),
                    "sampledValue": [
                        {"value": "1500.120", "unit": "kWh"},
                        {"value": "16,02", "measurand": "Current.Import", "phase": "L1"},
                        {"value": "15,98", "measurand": "Current.Import", "phase": "L2"},
                        {"value": "0.01", "measurand": "Current.Import", "phase": "L3"},
                        {"value": "231.0", "measurand": "Voltage", "phase": "L1-N"},
                        {"value": "229.0", "measurand": "Voltage", "phase": "L2-N"},
                        {"value": "0", "measurand": "Voltage", "phase": "L3-N"},
                    ],
                }
            ],
        },
        {},
    )
    charging = wire.connector()
    assert charging.transaction is not None
    assert (1500120.0, 120.0, 16.02, 230.0) == (
        charging.energy_wh,
        charging.transaction.energy_wh,
        charging.samples["Current.Import"].value,
        charging.samples["Voltage"].value,
    )
    assert (round(16.02 * 231 + 15.98 * 229 + 0.01 * 230, 1), False) == (
        charging.power_w,
        charging.power_estimated,
    )
    assert "04A1B2C3D4" == charging.transaction.id_tag
    assert "8812" == wire.facts.open_transaction(1)
    running = wire.facts.connector_of("8812")
    assert running is not None
    assert running.transaction == charging.transaction

    wire.charger("StatusNotification", status_1_6(1, "SuspendedEV", wire.later(30)), {})
    assert (Status.SUSPENDED_EV, 0.0) == (wire.connector().status, wire.connector().power_w)

    stop = {
        "transactionId": 8812,
        "idTag": "04A1B2C3D4",
        "meterStop": 1507421,
        "timestamp": wire.later(3600),
        "reason": "Local",
        "transactionData": [
            {"timestamp": started_at, "sampledValue": [_register("1500000", "Transaction.Begin")]},
            {"timestamp": wire.later(0), "sampledValue": [_register("1507421", "Transaction.End")]},
        ],
    }
    ended = wire.charger("StopTransaction", stop, {"idTagInfo": {"status": "Accepted"}})
    assert ["transaction_ended"] == [event.event for event in ended]
    assert ("8812", 7421.0, "Local", 1) == tuple(
        ended[0].data[key] for key in ("transactionId", "energyWh", "reason", "evseId")
    )
    assert [] == wire.charger("StopTransaction", stop, {}), "a repetition is no news"
    finished = wire.connector()
    assert finished.transaction is None
    assert finished.last_transaction is not None
    assert (1507421.0, 7421.0) == (finished.energy_wh, finished.last_transaction.energy_wh)
    assert wire.facts.open_transaction(1) is None
    last = wire.facts.connector_of("8812")
    assert last is not None
    assert last.last_transaction == finished.last_transaction
    assert wire.facts.connector_of("8813") is None


def test_charge_of_a_2_0_1_station() -> None:
    """Cable first, then card; the charger makes the ids, the state and the numbers (E01 to E12)."""
    wire = Wire(OcppVersion.V2_0_1)
    wire.charger(
        "BootNotification",
        {
            "reason": "PowerUp",
            "chargingStation": {
                "vendorName": "Wallbox",
                "model": "Pulsar Pro",
                "serialNumber": "998877",
                "firmwareVersion": "6.7.21",
                "modem": {"iccid": "8934", "imsi": "2040"},
            },
        },
        {"status": "Accepted", "currentTime": "2026-05-04T18:00:00Z", "interval": 300},
    )
    wire.charger("StatusNotification", _status_2("Available", wire.later(1)), {})
    wire.charger("StatusNotification", _status_2("Occupied", wire.later(5)), {})
    assert Status.PREPARING is wire.connector().status

    started = wire.charger(
        "TransactionEvent",
        event_2("Started", 0, wire.later(1), "CablePluggedIn", "EVConnected")
        | {"meterValue": [_meter_value_2(wire.later(0), 812.5, "Transaction.Begin")]},
        {},
    )
    assert ["transaction_started"] == [event.event for event in started]
    assert Status.PREPARING is wire.connector().status

    token = {"idToken": "04AABBCCDDEE80", "type": "ISO14443"}
    wire.charger("Authorize", {"idToken": token}, {"idTokenInfo": {"status": "Accepted"}})
    again = wire.charger(
        "TransactionEvent",
        event_2("Updated", 1, wire.later(3), "Authorized", "Charging") | {"idToken": token},
        {"idTokenInfo": {"status": "Accepted"}},
    )
    assert [] == again, "the Authorize told of the tag"
    wire.charger(
        "TransactionEvent",
        event_2("Updated", 3, wire.later(60), "MeterValuePeriodic", None)
        | {"meterValue": [_meter_value_2(wire.later(0), 813.7, "Sample.Periodic", 7.2)]},
        {},
    )
    charging = wire.connector()
    assert charging.transaction is not None
    assert (Status.CHARGING, 7200.0, 813700.0) == (
        charging.status,
        charging.power_w,
        charging.energy_wh,
    )
    assert ("04AABBCCDDEE80", "ISO14443", 1200.0, 3, True, StartedBy.LOCAL) == (
        charging.transaction.id_tag,
        charging.transaction.id_tag_type,
        charging.transaction.energy_wh,
        charging.transaction.seq_no,
        charging.transaction.gap,
        charging.transaction.started_by,
    )

    ended = wire.charger(
        "TransactionEvent",
        event_2("Ended", 4, wire.later(600), "StopAuthorized", "EVConnected", "Local")
        | {
            "idToken": token,
            "meterValue": [_meter_value_2(wire.later(0), 815.0, "Transaction.End")],
        },
        {"idTokenInfo": {"status": "Accepted"}},
    )
    assert ["transaction_ended"] == [event.event for event in ended]
    assert (2500.0, "Local", True) == tuple(
        ended[0].data[key] for key in ("energyWh", "reason", "gap")
    )
    assert Status.FINISHING is wire.connector().status
    wire.charger("StatusNotification", _status_2("Available", wire.later(20)), {})
    assert Status.AVAILABLE is wire.connector().status


def _status_2(status: str, time: str) -> dict[str, Any]:
    return {"timestamp": time, "connectorStatus": status, "evseId": 1, "connectorId": 1}


def _register(value: str, context: str) -> dict[str, str]:
    return {
        "value": value,
        "context": context,
        "measurand": "Energy.Active.Import.Register",
        "unit": "Wh",
    }


def _meter_value_2(
    time: str, kwh: float, context: str, power_kw: float | None = None
) -> dict[str, Any]:
    samples: list[dict[str, Any]] = [
        {
            "value": kwh,
            "context": context,
            "measurand": "Energy.Active.Import.Register",
            "unitOfMeasure": {"unit": "kWh"},
        }
    ]
    if power_kw is not None:
        samples.append(
            {
                "value": power_kw,
                "measurand": "Power.Active.Import",
                "unitOfMeasure": {"unit": "W", "multiplier": 3},
            }
        )
    return {"timestamp": time, "sampledValue": samples}
