from datetime import UTC, datetime, timedelta
from typing import Any

from oye_proxy.ocppj.profiles.cycle import plan_cycle
from oye_proxy.ocppj.profiles.ids import LimitScope, Purpose, Slot
from oye_proxy.ocppj.profiles.plan import Plan, Step
from oye_proxy.ocppj.profiles.rivals import BASE_LEVEL
from oye_proxy.ocppj.profiles.schedules import Period, RateUnit, Schedule, Traits
from oye_proxy.ocppj.profiles.table import Profile

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CAP = Slot(LimitScope.MAXIMUM, 0)
TURN = (Step(NOON, 16), Step(NOON + HOUR, 5), Step(NOON + 2 * HOUR, 4), Step(NOON + 3 * HOUR, 16))


def cycle(
    *rivals: Profile, traits: Traits | None = None, turn: tuple[Step, ...] = TURN, **members: Any
) -> Plan | None:
    return plan_cycle(CAP, turn, DAY, rivals, traits or Traits(), NOON, **members)


def test_a_turn_becomes_steps_with_their_times() -> None:
    """Less than 6 A is a pause, and what is alike is one step."""
    assert (
        Plan(
            unit=RateUnit.A,
            stack_level=BASE_LEVEL,
            steps=(Step(NOON, 16), Step(NOON + HOUR, 0), Step(NOON + 3 * HOUR, 16)),
            interval=86_400,
        )
        == cycle()
    )


def test_it_comes_in_the_unit_of_the_charger_and_names_phases() -> None:
    plan = cycle(traits=Traits(units=(RateUnit.W,)), phases=1)

    assert plan is not None
    assert [(3680.0, 1), (0.0, 1), (3680.0, 1)] == [(one.limit, one.phases) for one in plan.steps]


def test_beside_the_same_limit_of_a_csms_it_is_no_cycle() -> None:
    schedule = Schedule(unit=RateUnit.A, periods=(Period(0, 10),), start=NOON - HOUR)
    rival = Profile(
        profile_id=1,
        connector_id=0,
        purpose=Purpose.MAXIMUM,
        stack_level=0,
        kind="Absolute",
        ours=False,
        schedule=schedule,
    )

    assert cycle(rival) is None


def test_more_periods_than_the_charger_allows_are_no_cycle() -> None:
    assert cycle(traits=Traits(max_periods=2)) is None
    assert cycle(traits=Traits(max_periods=3)) is not None


def test_what_is_the_same_all_day_needs_no_cycle() -> None:
    assert cycle(turn=(Step(NOON, 16), Step(NOON + HOUR, 16))) is None
