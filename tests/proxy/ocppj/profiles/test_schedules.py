from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.profiles.schedules import (
    Period,
    RateUnit,
    Schedule,
    Traits,
    convert,
    owners_limit,
    read_integer,
    read_rate_units,
    read_schedule,
    round_down,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def schedule(**members: Any) -> dict[str, Any]:
    return {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}],
        **members,
    }


@pytest.mark.parametrize(
    ("value", "units"),
    [
        ("Current", (RateUnit.A,)),
        ("Current,Power", (RateUnit.A, RateUnit.W)),
        ("W, A", (RateUnit.A, RateUnit.W)),
        ("power", (RateUnit.W,)),
        ("Ampere", ()),
        ("", ()),
    ],
)
def test_allowed_units_in_both_spellings(value: str, units: tuple[RateUnit, ...]) -> None:
    """C16-E 3.88: `Current` and `Power` stand in the text, `A` and `W` in chargers."""
    assert units == read_rate_units(value)


def test_watts_are_sent_only_to_chargers_that_know_nothing_else() -> None:
    assert [RateUnit.W, RateUnit.A, RateUnit.A] == [
        Traits(units=(RateUnit.W,)).unit,
        Traits(units=(RateUnit.A, RateUnit.W)).unit,
        Traits().unit,
    ]


def test_a_schedule_says_its_limit_at_a_time() -> None:
    found = read_schedule(
        schedule(
            startSchedule="2026-11-21T12:00:00Z",
            duration=7200,
            chargingSchedulePeriod=[
                {"startPeriod": 0, "limit": 16},
                {"startPeriod": 3600, "limit": 10.5, "numberPhases": 1},
            ],
        )
    )

    assert found is not None
    said = [found.period_at(NOON + timedelta(minutes=minutes)) for minutes in (-1, 0, 59, 60, 120)]
    first, second = Period(0, 16.0), Period(3600, 10.5, 1)
    assert [None, first, first, second, None] == said
    assert [0, 60, 120] == [(edge - NOON).total_seconds() / 60 for edge in found.edges()]
    assert not found.is_flat


def test_a_flat_schedule_without_a_start_says_the_same_always() -> None:
    found = read_schedule(schedule())

    assert found == Schedule(unit=RateUnit.A, periods=(Period(0, 16.0),))
    assert found is not None
    assert found.is_flat
    assert Period(0, 16.0) == found.period_at(NOON)
    assert [] == found.edges()


def test_a_schedule_that_begins_with_the_transaction_says_nothing_yet() -> None:
    found = read_schedule(schedule(duration=60))

    assert found is not None
    assert found.period_at(NOON) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "A",
        {},
        schedule(chargingRateUnit="kW"),
        schedule(chargingSchedulePeriod=[]),
        schedule(chargingSchedulePeriod={}),
        schedule(chargingSchedulePeriod=[None]),
        schedule(chargingSchedulePeriod=[{"startPeriod": 60, "limit": 1}]),
        schedule(chargingSchedulePeriod=[{"startPeriod": 0, "limit": "16"}]),
        schedule(chargingSchedulePeriod=[{"startPeriod": 0, "limit": True}]),
        schedule(chargingSchedulePeriod=[{"startPeriod": 0, "limit": -1}]),
        schedule(chargingSchedulePeriod=[{"startPeriod": 0, "limit": float("inf")}]),
        schedule(chargingSchedulePeriod=[{"startPeriod": 0, "limit": 1}] * 2),
        schedule(chargingSchedulePeriod=[{"startPeriod": 0, "limit": 1, "limit_L2": 2}]),
        schedule(chargingSchedulePeriod=[{"startPeriod": 0, "setpoint": 2}]),
        schedule(chargingSchedulePeriod=[{"startPeriod": n, "limit": 1} for n in range(1025)]),
        schedule(startSchedule="soon"),
        schedule(startSchedule="0001-01-01T00:00:00Z"),
        schedule(duration="long"),
        schedule(limitAtSoC={"soc": 80, "limit": 6}),
    ],
)
def test_what_is_not_an_upper_limit_is_not_read(value: Any) -> None:
    assert read_schedule(value) is None


def test_amperes_and_watts() -> None:
    """Measured voltage, else 230 V; absent phases mean three."""
    assert 11040 == convert(16, RateUnit.A, RateUnit.W, Traits())
    assert 3680 == convert(16, RateUnit.A, RateUnit.W, Traits(phases=1))
    assert 3680 == convert(16, RateUnit.A, RateUnit.W, Traits(phases=3), phases=1)
    assert 3840 == convert(16, RateUnit.A, RateUnit.W, Traits(phases=1, voltage=240))
    assert 3680 == convert(16, RateUnit.A, RateUnit.W, Traits(phases=1, voltage=0))
    assert 16 == convert(11040, RateUnit.W, RateUnit.A, Traits())
    assert 16 == convert(16, RateUnit.A, RateUnit.A, Traits())


@pytest.mark.parametrize(
    ("limit", "rounded"), [(16, 16.0), (16.19, 16.1), (16.1, 16.1), (0.3, 0.3), (10.999, 10.9)]
)
def test_limits_are_rounded_down_to_one_decimal(limit: float, rounded: float) -> None:
    assert rounded == round_down(limit)


@given(tenths=st.integers(min_value=60, max_value=5000), phases=st.integers(1, 3))
def test_a_limit_survives_the_way_through_watts(tenths: int, phases: int) -> None:
    traits = Traits(phases=phases)
    watts = convert(tenths / 10, RateUnit.A, RateUnit.W, traits)

    assert tenths / 10 == round_down(convert(watts, RateUnit.W, RateUnit.A, traits))


def test_less_than_six_amperes_is_a_pause() -> None:
    assert [0.0, 0.0, 6.0, 6.4] == [owners_limit(limit) for limit in (0, 5.9, 6, 6.49)]


def test_integers_of_json() -> None:
    assert [7, 7, None, None, None, None, None] == [
        read_integer(value) for value in (7, 7.0, 7.5, True, "7", 10**12, float("inf"))
    ]
