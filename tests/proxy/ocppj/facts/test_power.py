from datetime import UTC, datetime, timedelta

import pytest

from oye_proxy.ocppj.facts.model import CURRENT, ENERGY, POWER, VOLTAGE, SampleFacts
from oye_proxy.ocppj.facts.power import (
    PowerMeter,
    Rating,
    at_nominal_voltage,
    phases_of,
    voltage_of,
)

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)


def sample(value: float | None, time: datetime = NOW, **phases: float) -> SampleFacts:
    return SampleFacts(value, time, None, phases)


def watts(meter: PowerMeter, now: datetime = NOW) -> tuple[float, bool] | None:
    power = meter.at(now)
    return (power.watts, power.estimated) if power else None


def observe(meter: PowerMeter, now: datetime = NOW, **samples: SampleFacts) -> None:
    found = {
        {"power": POWER, "current": CURRENT, "voltage": VOLTAGE}.get(key, ENERGY): one
        for key, one in samples.items()
    }
    meter.observe(found, found, now)


def test_measured_power_comes_first() -> None:
    meter = PowerMeter()
    observe(meter, power=sample(7200.0), current=sample(32.0), voltage=sample(230.0))

    assert (7200.0, False) == watts(meter)


def test_power_from_current_and_voltage_of_each_phase() -> None:
    meter = PowerMeter()
    observe(
        meter,
        current=sample(16.0, L1=16.0, L2=10.0, L3=0.0, N=6.0),
        voltage=sample(230.0, L1=232.0, L2=228.0),
    )

    assert (16 * 232 + 10 * 228.0, False) == watts(meter)


def test_a_missing_voltage_counts_230_and_is_an_estimate() -> None:
    meter = PowerMeter()
    observe(meter, current=sample(16.0, L1=16.0))

    assert (3680.0, True) == watts(meter)


def test_direct_current() -> None:
    meter = PowerMeter()
    observe(meter, current=sample(100.0), voltage=sample(400.0))

    assert (40000.0, False) == watts(meter)


def test_one_current_for_three_phases_is_an_estimate() -> None:
    meter = PowerMeter()
    observe(meter, current=sample(10.0), voltage=sample(230.0, L1=230.0, L2=230.0, L3=230.0))

    assert (6900.0, True) == watts(meter)


def test_power_from_energy_over_30_to_600_seconds() -> None:
    meter = PowerMeter()
    for seconds, register in ((0, 1000.0), (20, 1040.0), (40, 1080.0)):
        time = NOW + timedelta(seconds=seconds)
        observe(meter, time, energy=sample(register, time))
    at_40 = NOW + timedelta(seconds=40)

    assert (7200.0, True) == watts(meter, at_40)
    assert watts(meter, at_40 + timedelta(seconds=601)) is None, "no energy, no estimate"


def test_a_register_that_falls_tells_no_power() -> None:
    meter = PowerMeter()
    for seconds, register in ((0, 1000.0), (60, 10.0), (700, 500.0)):
        time = NOW + timedelta(seconds=seconds)
        observe(meter, time, energy=sample(register, time))

    assert watts(meter) is None


def test_a_worse_source_waits_until_the_better_one_is_stale() -> None:
    """A charger sends power with its periodic values and only currents by the clock."""
    meter = PowerMeter()
    observe(meter, power=sample(7200.0))
    soon, late = NOW + timedelta(seconds=60), NOW + timedelta(seconds=601)

    observe(meter, soon, current=sample(10.0, soon, L1=10.0))
    assert (7200.0, False) == watts(meter, soon)
    observe(meter, late, current=sample(10.0, late, L1=10.0))
    assert (2300.0, True) == watts(meter, late)


def test_rating_by_the_best_source() -> None:
    rating = Rating()
    meter = PowerMeter()
    observe(meter, power=sample(3000.0))
    rating.observe({}, meter.power)
    assert 3000.0 == rating.power_w

    rating.note("composite", 4000.0)
    assert 4000.0 == rating.power_w

    offered = {
        "Current.Offered": sample(16.0),
        VOLTAGE: sample(230.0, L1=230.0, L2=230.0, L3=230.0),
    }
    rating.observe(offered, None)
    assert 11040.0 == rating.power_w
    assert 16.0 == rating.current_a

    rating.observe({"Power.Offered": sample(11000.0)}, None)
    rating.observe({"Power.Offered": sample(6000.0)}, None)
    assert 11000.0 == rating.power_w, "the highest counts: a limit lowers what is offered"


def test_a_limit_is_no_rating() -> None:
    """A composite schedule, and what is on offer, tell the limit while one holds."""
    rating = Rating()
    meter = PowerMeter()
    observe(meter, power=sample(10_900.0))
    rating.observe({}, meter.power)

    rating.note("composite", 5_520.0)
    assert 10_900.0 == rating.power_w

    again = Rating()
    again.restore(rating.power_w, rating.current_a)
    again.observe({"Power.Offered": sample(5_520.0)}, None)
    assert 10_900.0 == again.power_w, "also after a restart under the limit"


def test_an_estimate_does_not_raise_what_the_charger_says_of_itself() -> None:
    rating = Rating()
    meter = PowerMeter()
    observe(meter, current=sample(20.0, L1=20.0))
    rating.observe({"Power.Offered": sample(3_700.0)}, meter.power)

    assert 3_700.0 == rating.power_w


@pytest.mark.parametrize("volts", [226.4, 229.0, 230.0, 234.1, 240.0])
def test_a_rating_does_not_move_with_the_voltage_of_the_moment(volts: float) -> None:
    three = {"L1": volts, "L2": volts, "L3": volts}
    rating = Rating()
    meter = PowerMeter()
    observe(meter, power=sample(32.0 * 3 * volts))
    rating.observe(
        {"Current.Offered": sample(32.0), VOLTAGE: SampleFacts(volts, NOW, None, three)},
        meter.power,
    )

    assert 22_080.0 == rating.power_w


def test_the_power_that_flowed_is_no_rating_that_creeps() -> None:
    """A meter's noise is not told; more power than a charger was thought to have is."""
    rating = Rating()
    told = []
    for watts_now in (10_000.0, 10_100.0, 10_199.0, 11_000.0, 11_040.0):
        meter = PowerMeter()
        observe(meter, power=sample(watts_now))
        rating.observe({}, meter.power)
        told.append(rating.power_w)

    assert [10_000.0, 10_000.0, 10_000.0, 11_000.0, 11_000.0] == told


@pytest.mark.parametrize(
    ("volts", "expected"),
    [(207.0, 208.0), (121.5, 120.0), (101.0, 100.0), (239.0, 230.0), (400.0, 400.0)],
)
def test_the_nominal_voltage_is_that_of_the_mains_in_reach(volts: float, expected: float) -> None:
    watts_at_10_a = at_nominal_voltage(10 * volts, {VOLTAGE: sample(volts)})

    assert 10 * expected == pytest.approx(watts_at_10_a)


def test_absurd_ratings_are_no_ratings() -> None:
    rating = Rating()
    for value in (None, 0.0, -5.0, 1e12):
        rating.note("seen", value)

    assert rating.power_w is None


def test_phases_and_voltage_that_were_measured() -> None:
    """Absent phases mean 3 (C16-E 3.88 and section 13)."""
    assert 3 == phases_of({})
    assert 1 == phases_of({CURRENT: sample(16.0)})
    assert 1 == phases_of({CURRENT: sample(16.0, L1=16.0, N=16.0)})
    assert 3 == phases_of({VOLTAGE: sample(230.0, L1=230.0, L2=230.0, L3=230.0)})
    assert 230.0 == voltage_of({})
    assert 240.0 == voltage_of({VOLTAGE: sample(240.0)})
    assert 230.0 == voltage_of({VOLTAGE: sample(0.0)})
