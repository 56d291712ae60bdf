import pytest

from oye_proxy.simulator.vehicle import Flow, Meter, Offer, Vehicle, settle


def test_a_car_takes_all_up_to_eighty_percent_and_less_and_less_after() -> None:
    assert 16.0 == Vehicle(stored_wh=48_000).wanted_current_a
    assert 16.0 > Vehicle(stored_wh=54_000).wanted_current_a > 6.0
    assert 6.0 == Vehicle(stored_wh=59_999).wanted_current_a
    assert 0.0 == Vehicle(stored_wh=60_000).wanted_current_a


def test_the_state_of_charge_follows_the_energy_taken() -> None:
    vehicle = Vehicle(capacity_wh=10_000, stored_wh=5_000, efficiency=0.9)

    vehicle.store(1_000)
    assert 59.0 == pytest.approx(vehicle.soc_percent)
    vehicle.store(1_000_000)
    assert 100.0 == vehicle.soc_percent


@pytest.mark.parametrize(
    ("offer", "vehicle", "expected"),
    [
        (Offer(32, 3), Vehicle(), (Flow.CHARGING, Offer(16, 3))),
        (Offer(10, 3), Vehicle(phases=1), (Flow.CHARGING, Offer(10, 1))),
        (Offer(10, 1), Vehicle(), (Flow.CHARGING, Offer(10, 1))),
        (Offer(5.9, 3), Vehicle(), (Flow.SUSPENDED_EVSE, Offer(0, 0))),
        (Offer(32, 3), Vehicle(stored_wh=60_000), (Flow.SUSPENDED_EV, Offer(0, 0))),
        (Offer(32, 3), None, (Flow.SUSPENDED_EV, Offer(0, 0))),
    ],
)
def test_what_flows_is_the_smaller_of_offer_and_wish(
    offer: Offer, vehicle: Vehicle | None, expected: tuple[Flow, Offer]
) -> None:
    """IEC 61851-1: less than 6 A cannot be offered, so it means nothing at all."""
    assert expected == settle(vehicle, offer)


def test_the_register_counts_true_watt_hours() -> None:
    meter = Meter(register_wh=1000, seed=1)
    meter.set_current(16, 3)

    energy_wh = sum(meter.pass_time(10) for _ in range(360))

    assert 3 * 230 * 16 == pytest.approx(energy_wh, rel=0.03)
    assert 1000 + energy_wh == pytest.approx(meter.register_wh)


def test_voltages_wander_within_a_believable_band() -> None:
    meter = Meter(register_wh=0, seed=1)

    for _ in range(5000):
        meter.pass_time(10)
        assert all(226 <= voltage <= 234 for voltage in meter.voltages_v)


def test_the_same_seed_gives_the_same_mains() -> None:
    assert Meter(register_wh=0, seed=3).voltages_v == Meter(register_wh=0, seed=3).voltages_v


def test_one_phase_means_one_current() -> None:
    meter = Meter(register_wh=0, seed=1)
    meter.set_current(10, 1)

    assert [10, 0, 0] == meter.currents_a
    assert sum(meter.powers_w) == meter.power_w
