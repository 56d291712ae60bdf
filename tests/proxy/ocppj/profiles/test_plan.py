from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.profiles.ids import LimitScope, Purpose, Slot
from oye_proxy.ocppj.profiles.plan import (
    Plan,
    Step,
    period_at,
    plan_in,
    plan_limit,
    serves,
    upcoming,
)
from oye_proxy.ocppj.profiles.rivals import BASE_LEVEL, LimitConflict
from oye_proxy.ocppj.profiles.schedules import Period, RateUnit, Schedule, Traits
from oye_proxy.ocppj.profiles.table import Profile

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CAP = Slot(LimitScope.MAXIMUM, 0)
DEFAULT_1 = Slot(LimitScope.DEFAULT, 1)
SESSION_1 = Slot(LimitScope.SESSION, 1)


def rival(purpose: Purpose, limit: float | list[tuple[int, float]], **members: Any) -> Profile:
    """Make a profile of the CSMS, absolute since an hour before noon unless said otherwise."""
    periods = limit if isinstance(limit, list) else [(0, limit)]
    schedule = Schedule(
        unit=members.pop("unit", RateUnit.A),
        periods=tuple(Period(start, value, members.get("phases")) for start, value in periods),
        start=members.pop("start", NOON - HOUR),
        duration=members.pop("duration", None),
    )
    members.pop("phases", None)
    defaults: dict[str, Any] = {
        "profile_id": 1,
        "connector_id": 0 if purpose is Purpose.MAXIMUM else 1,
        "stack_level": 0,
        "kind": "Absolute",
        "ours": False,
        "schedule": schedule,
    }
    return Profile(purpose=purpose, **{**defaults, **members})


def planned(slot: Slot, limit_a: float, *rivals: Profile, traits: Traits | None = None) -> Plan:
    plan = plan_limit(slot, limit_a, rivals, traits or Traits(), NOON)
    assert isinstance(plan, Plan), plan
    return plan


def conflict(slot: Slot, limit_a: float, *rivals: Profile, traits: Traits | None = None) -> str:
    found = plan_limit(slot, limit_a, rivals, traits or Traits(), NOON)
    assert isinstance(found, LimitConflict), found
    return found.reason


def test_alone_the_limit_is_one_step() -> None:
    assert planned(CAP, 16.19) == Plan(
        unit=RateUnit.A, stack_level=BASE_LEVEL, steps=(Step(None, 16.1),)
    )


def test_less_than_six_amperes_is_a_pause() -> None:
    assert (Step(None, 0.0),) == planned(SESSION_1, 5.9).steps


def test_a_limit_that_changes_is_the_lower_one_piece_by_piece() -> None:
    own = [Step(None, 16), Step(NOON + HOUR, 5), Step(NOON + 2 * HOUR, 8)]
    other = rival(Purpose.MAXIMUM, [(0, 10), (9000, 32)])
    plan = plan_limit(CAP, own, [other], Traits(), NOON)

    assert isinstance(plan, Plan)
    assert (
        Step(None, 10.0),
        Step(NOON + HOUR, 0.0),
        Step(NOON + 2 * HOUR, 8.0),
    ) == plan.steps


def test_of_two_numbers_of_phases_the_lower_one_holds() -> None:
    """With one phase a limit in watts is a third."""
    other = rival(Purpose.MAXIMUM, 32, phases=3)
    plan = plan_limit(CAP, 10, [other], Traits(), NOON, phases=1)
    in_watts = plan_limit(CAP, 10, [], Traits(units=(RateUnit.W,)), NOON, phases=1)

    assert isinstance(plan, Plan)
    assert isinstance(in_watts, Plan)
    assert (Step(None, 10.0, 1),) == plan.steps
    assert (Step(None, 2300.0, 1),) == in_watts.steps


def test_a_charger_of_watts_gets_watts() -> None:
    plan = planned(CAP, 16, traits=Traits(units=(RateUnit.W,), phases=1, voltage=240))

    assert (RateUnit.W, (Step(None, 3840.0),)) == (plan.unit, plan.steps)


def test_a_low_maximum_level_is_kept_while_the_csms_uses_none() -> None:
    assert 0 == planned(CAP, 16, traits=Traits(max_stack_level=0)).stack_level


def test_above_the_csms_with_the_lower_of_both_limits() -> None:
    """C16 3.13.3: the highest level wins within a purpose, so ours must hold theirs."""
    low = rival(Purpose.MAXIMUM, 10, stack_level=3)
    high = rival(Purpose.MAXIMUM, 32, stack_level=3)

    assert (4, (Step(None, 10.0),)) == (
        planned(CAP, 16, low).stack_level,
        planned(CAP, 16, low).steps,
    )
    assert (Step(None, 16.0),) == planned(CAP, 16, high).steps


def test_the_lower_limit_is_found_piece_by_piece() -> None:
    steps = [(0, 10.0), (7200, 32.0), (10_800, 8.0)]
    other = rival(Purpose.MAXIMUM, steps, duration=14_400)

    assert (
        Step(None, 10.0),
        Step(NOON + HOUR, 16.0),
        Step(NOON + 2 * HOUR, 8.0),
        Step(NOON + 3 * HOUR, 16.0),
    ) == planned(CAP, 16, other).steps


def test_levels_of_the_csms_are_stacked_before_they_are_compared() -> None:
    below = rival(Purpose.MAXIMUM, 8)
    above = rival(Purpose.MAXIMUM, 12, stack_level=1, valid_to=NOON + HOUR, profile_id=2)

    plan = planned(CAP, 16, below, above)

    assert 2 == plan.stack_level
    assert (Step(None, 12.0), Step(NOON + HOUR, 8.0)) == plan.steps


def test_their_phases_and_unit_are_kept_in_mind() -> None:
    watts = rival(Purpose.MAXIMUM, 2300, unit=RateUnit.W, phases=1)

    assert (Step(None, 10.0, 1),) == planned(CAP, 16, watts).steps
    # Absent phases mean three.
    watts = rival(Purpose.MAXIMUM, 6900, unit=RateUnit.W)
    assert (Step(None, 10.0),) == planned(CAP, 16, watts).steps


def test_a_profile_that_is_over_counts_no_more() -> None:
    over = rival(Purpose.MAXIMUM, 8, stack_level=9, valid_to=NOON)

    assert Plan(unit=RateUnit.A, stack_level=1, steps=(Step(None, 16.0),)) == planned(CAP, 16, over)


def test_other_purposes_and_connectors_do_not_count() -> None:
    """The charger itself takes the minimum over purposes (C16 3.13.3, K08.FR.04)."""
    others = [
        rival(Purpose.DEFAULT, 8, stack_level=5),
        rival(Purpose.SESSION, 8, stack_level=5),
    ]

    assert (1, (Step(None, 16.0),)) == (
        planned(CAP, 16, *others).stack_level,
        planned(CAP, 16, *others).steps,
    )
    elsewhere = rival(Purpose.SESSION, 8, connector_id=2)
    assert (Step(None, 16.0),) == planned(SESSION_1, 16, elsewhere).steps


def test_our_own_profiles_are_no_rivals() -> None:
    own = rival(Purpose.MAXIMUM, 8, ours=True, profile_id=CAP.profile_id, stack_level=5)

    assert BASE_LEVEL == planned(CAP, 16, own).stack_level


def test_a_session_limit_does_not_lift_the_operators_default() -> None:
    """A TxProfile overrules the TxDefaultProfile (C16 3.13.1), so ours carries its limit."""
    default = rival(Purpose.DEFAULT, 10, connector_id=0, stack_level=5)

    plan = planned(SESSION_1, 16, default)

    assert (BASE_LEVEL, (Step(None, 10.0),)) == (plan.stack_level, plan.steps)
    session = rival(Purpose.SESSION, 13, duration=7200)
    assert (Step(None, 13.0), Step(NOON + HOUR, 10.0)) == planned(
        SESSION_1, 16, default, session
    ).steps


def test_a_default_for_all_connectors_counts_for_each() -> None:
    everywhere = rival(Purpose.DEFAULT, 10, connector_id=0, stack_level=2)

    assert (3, (Step(None, 10.0),)) == (
        planned(DEFAULT_1, 16, everywhere).stack_level,
        planned(DEFAULT_1, 16, everywhere).steps,
    )


def test_a_default_for_all_connectors_cannot_reach_a_single_one_of_the_csms() -> None:
    reason = conflict(Slot(LimitScope.DEFAULT, 0), 16, rival(Purpose.DEFAULT, 10))

    assert "for each connector" in reason


@pytest.mark.parametrize("kind", ["Relative", "Recurring"])
def test_a_flat_limit_holds_whenever_it_begins(kind: str) -> None:
    flat = rival(Purpose.SESSION, 10, kind=kind, start=None)

    assert (Step(None, 10.0),) == planned(SESSION_1, 16, flat).steps


@pytest.mark.parametrize(
    "other",
    [
        rival(Purpose.SESSION, [(0, 10.0), (60, 8.0)], kind="Relative", start=None),
        rival(Purpose.SESSION, [(0, 10.0), (60, 8.0)], kind="Recurring"),
        rival(Purpose.SESSION, 10, kind="Dynamic"),
        rival(Purpose.SESSION, 10, schedule=None),
        rival(Purpose.SESSION, 10, start=None, duration=60),
    ],
)
def test_what_cannot_be_combined_is_a_conflict(other: Profile) -> None:
    assert "cannot be combined" in conflict(SESSION_1, 16, other)
    # A pause is lower than anything.
    assert (Step(None, 0.0),) == planned(SESSION_1, 0, other).steps


def test_no_room_above_the_csms_is_a_conflict() -> None:
    top = rival(Purpose.MAXIMUM, 10, stack_level=8)

    assert "highest stack level" in conflict(CAP, 16, top, traits=Traits(max_stack_level=8))


def test_more_periods_than_the_charger_allows_is_a_conflict() -> None:
    other = rival(Purpose.MAXIMUM, [(0, 10.0), (7200, 8.0)])

    assert "more periods" in conflict(CAP, 16, other, traits=Traits(max_periods=1))


def test_more_edges_than_any_schedule_holds_is_a_conflict() -> None:
    """A hostile CSMS costs the proxy no more than a bounded sum."""
    rivals = [
        rival(Purpose.MAXIMUM, [(7 * n + part, 1.0) for n in range(1024)], stack_level=part)
        for part in range(3)
    ]

    assert "more periods" in conflict(CAP, 16, *rivals)


def test_a_plan_is_read_back_from_the_charger() -> None:
    own = rival(Purpose.MAXIMUM, [(0, 10.0), (7200, 16.0)], transaction_id="5")

    assert plan_in(own) == Plan(
        unit=RateUnit.A,
        stack_level=0,
        steps=(Step(None, 10.0), Step(NOON + HOUR, 16.0)),
        transaction_id="5",
    )
    assert plan_in(rival(Purpose.MAXIMUM, 10, start=None)) is None
    assert plan_in(rival(Purpose.MAXIMUM, 10, schedule=None)) is None


def test_what_has_passed_is_merged() -> None:
    plan = Plan(
        unit=RateUnit.A,
        stack_level=1,
        steps=(Step(None, 10.0), Step(NOON - HOUR, 13.0, 1), Step(NOON + HOUR, 16.0)),
    )

    assert (Step(None, 13.0, 1), Step(NOON + HOUR, 16.0)) == upcoming(plan, NOON)


def simple(limit: float, **members: Any) -> Plan:
    defaults: dict[str, Any] = {"unit": RateUnit.A, "stack_level": 1, "steps": (Step(None, limit),)}
    return Plan(**{**defaults, **members})


@pytest.mark.parametrize(
    ("held", "wanted", "result"),
    [
        (simple(16), simple(16), True),
        (simple(16), simple(15.6), True),
        (simple(16), simple(15.5), False),
        (simple(0.2), simple(0), False),
        (simple(16, stack_level=5), simple(16), True),
        (simple(16), simple(16, stack_level=2), False),
        (simple(16), simple(16, unit=RateUnit.W), False),
        (simple(16), simple(16, transaction_id="5"), False),
        (simple(16), simple(16, steps=(Step(None, 16, 1),)), False),
        (simple(16), simple(16, steps=(Step(None, 16), Step(NOON + HOUR, 10))), False),
    ],
)
def test_what_serves_is_not_written_again(held: Plan, wanted: Plan, *, result: bool) -> None:
    assert result == serves(held, wanted, 0.5, NOON)


def test_times_are_compared_by_the_second() -> None:
    """Offsets are written in whole seconds."""
    edge = NOON + HOUR
    held = simple(16, steps=(Step(None, 16), Step(edge, 10)))
    near = simple(16, steps=(Step(None, 16), Step(edge + timedelta(seconds=0.9), 10)))
    far = simple(16, steps=(Step(None, 16), Step(edge + timedelta(seconds=9), 10)))

    assert serves(held, near, 0.5, NOON)
    assert not serves(held, far, 0.5, NOON)


@given(
    ours=st.integers(6, 40),
    theirs=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40)), max_size=4),
            st.integers(-3, 3),
            st.none() | st.integers(1, 30),
        ),
        max_size=4,
    ),
    minutes=st.integers(0, 3000),
)
def test_never_above_either_limit(
    ours: int,
    theirs: list[tuple[int, list[tuple[int, int]], int, int | None]],
    minutes: int,
) -> None:
    """At every time the plan is the lower of the owner's limit and the CSMS's stack."""
    rivals = [
        rival(
            Purpose.MAXIMUM,
            [(0, 20.0), *sorted({600 * (step + 1): float(limit) for step, limit in steps}.items())],
            stack_level=level,
            profile_id=index,
            start=NOON + start * HOUR,
            duration=None if duration is None else duration * 600,
        )
        for index, (level, steps, start, duration) in enumerate(theirs)
    ]
    plan = planned(CAP, ours, *rivals)
    moment = NOON + timedelta(minutes=minutes)
    found = period_at(rivals, moment)
    lower = ours if found is None else min(ours, found[1].limit)

    assert lower == upcoming(plan, moment)[0].limit
    assert all(plan.stack_level > profile.stack_level for profile in rivals)


def test_a_profile_that_recurs_says_each_day_what_it_says_on_the_first() -> None:
    """C16 7.36: Daily begins anew after 24 hours, at the time of day of the start."""
    daily = rival(
        Purpose.MAXIMUM,
        [(0, 16), (3600, 10)],
        start=NOON,
        kind="Recurring",
        duration=86_400,
        interval=86_400,
    )
    said = [period_at([daily], NOON + timedelta(days=9, hours=hours)) for hours in (0, 1, 23, 24)]

    assert [16, 10, 10, 16] == [found[1].limit for found in said if found]
    assert period_at([daily], NOON - HOUR) is None


def test_a_plan_that_the_charger_repeats_serves_the_same_a_day_later() -> None:
    day = timedelta(days=1)
    held, wanted, written_out = (
        Plan(
            unit=RateUnit.A,
            stack_level=BASE_LEVEL,
            steps=(Step(at, 16), Step(at + HOUR, 10)),
            interval=interval,
        )
        for at, interval in ((NOON, 86_400), (NOON + 3 * day, 86_400), (NOON, None))
    )
    shifted = Plan(
        unit=RateUnit.A,
        stack_level=BASE_LEVEL,
        steps=(Step(NOON + HOUR, 16), Step(NOON + 2 * HOUR, 10)),
        interval=86_400,
    )
    now = NOON + 3 * day + 2 * HOUR

    assert serves(held, wanted, 0.1, now)
    assert not serves(held, shifted, 0.1, now)
    assert not serves(held, written_out, 0.1, NOON)
    assert (
        Step(None, 10),
        Step(NOON + 4 * day, 16),
        Step(NOON + 4 * day + HOUR, 10),
    ) == upcoming(held, now)
