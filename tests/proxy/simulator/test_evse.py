from datetime import datetime, timedelta

import pytest

from oye_proxy.simulator.clock import START
from oye_proxy.simulator.evse import Authorization, Evse, Reservation, Status, Transaction
from oye_proxy.simulator.vehicle import Meter, Offer, Vehicle

ALL = (
    "Energy.Active.Import.Register,Power.Active.Import,Power.Offered,Current.Offered,"
    "Current.Import,Voltage,SoC,Temperature,Frequency,Power.Factor,Nonsense"
)


def evse(limit_a: float = 32.0) -> Evse:
    def limiter(_evse: Evse, _at: datetime) -> Offer:
        return Offer(limit_a, 3)

    return Evse(1, now=START, meter=Meter(register_wh=0, seed=1), limiter=limiter)


def charging(limit_a: float = 32.0, vehicle: Vehicle | None = None) -> Evse:
    outlet = evse(limit_a)
    outlet.vehicle = vehicle or Vehicle()
    outlet.transaction = Transaction(
        transaction_id="1", id_tag="A", started_at=START, meter_start_wh=0
    )
    outlet.pass_time(START)
    return outlet


def test_the_status_is_the_first_that_applies() -> None:
    """C16 7.7."""
    outlet = evse()
    seen = [outlet.status]
    outlet.reservation = Reservation(1, "A", START)
    seen.append(outlet.status)
    outlet.authorization = Authorization("A")
    seen.append(outlet.status)
    outlet.vehicle = Vehicle()
    outlet.finishing = True
    seen.append(outlet.status)
    outlet.operative = False
    seen.append(outlet.status)
    outlet.fault = "GroundFailure"
    seen.append(outlet.status)

    assert [
        Status.AVAILABLE,
        Status.RESERVED,
        Status.PREPARING,
        Status.FINISHING,
        Status.UNAVAILABLE,
        Status.FAULTED,
    ] == seen


@pytest.mark.parametrize(
    ("outlet", "expected"),
    [
        (charging(), Status.CHARGING),
        (charging(limit_a=5), Status.SUSPENDED_EVSE),
        (charging(vehicle=Vehicle(stored_wh=60_000)), Status.SUSPENDED_EV),
    ],
)
def test_a_transaction_shows_what_flows(outlet: Evse, expected: Status) -> None:
    assert expected == outlet.status


def test_energy_flows_into_meter_and_car_alike() -> None:
    outlet = charging()
    assert outlet.vehicle is not None
    stored = outlet.vehicle.stored_wh

    outlet.pass_time(START + timedelta(hours=1))

    assert 11_040 == pytest.approx(outlet.meter.register_wh, rel=0.05)
    gained = outlet.vehicle.stored_wh - stored
    assert outlet.meter.register_wh * 0.92 == pytest.approx(gained)


def test_nothing_flows_without_transaction_or_with_a_fault() -> None:
    idle, broken = evse(), charging()
    idle.vehicle = Vehicle()
    broken.fault = "GroundFailure"
    for outlet in (idle, broken):
        outlet.pass_time(START + timedelta(hours=1))
        assert 0 == outlet.meter.power_w
    assert 0 == idle.meter.register_wh


def test_every_measurand_can_be_read() -> None:
    sample = charging().read(ALL, "Trigger", START)
    found = {(reading.measurand, reading.phase) for reading in sample.readings}

    assert len(found) == len(sample.readings) == 14
    assert ("Current.Import", "L3") in found
    assert ("Voltage", "L1-N") in found


def test_without_a_car_there_is_no_state_of_charge() -> None:
    assert () == evse().read("SoC", "Trigger", START).readings


def test_power_is_voltage_times_current() -> None:
    sample = charging(limit_a=10).read(
        "Power.Active.Import,Voltage,Current.Import", "Trigger", START
    )
    power, *others = (reading.value for reading in sample.readings)
    voltages, currents = others[:3], others[3:]

    expected = sum(v * i for v, i in zip(voltages, currents, strict=True))
    assert expected * 0.99 == pytest.approx(power, rel=0.001)


def test_events_of_a_transaction_are_numbered_from_zero() -> None:
    transaction = charging().transaction
    assert transaction is not None

    assert [0, 1, 2] == [transaction.take_seq_no() for _ in range(3)]
