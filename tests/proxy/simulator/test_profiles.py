from datetime import datetime, timedelta
from typing import Any

import pytest

from oye_proxy.simulator.clock import START
from oye_proxy.simulator.profiles import (
    Kind,
    Limit,
    Period,
    Profile,
    ProfileStore,
    Purpose,
    Situation,
)

CHARGING = Situation(1, "t-1", START)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def profile(profile_id: int, limit: float, **others: Any) -> Profile:
    fields: dict[str, Any] = {
        "evse_id": 1,
        "stack_level": 0,
        "purpose": Purpose.TRANSACTION_DEFAULT,
        "kind": Kind.ABSOLUTE,
        "unit": "A",
        "periods": (Period(0, limit),),
        "start_schedule": START,
    }
    return Profile(profile_id=profile_id, **{**fields, **others})


def store(*profiles: Profile) -> ProfileStore:
    kept = ProfileStore()
    for each in profiles:
        kept.install(each)
    return kept


def test_without_profiles_there_is_no_limit() -> None:
    assert store().limit(CHARGING, at(0)) is None


def test_the_highest_stack_level_wins_within_a_purpose() -> None:
    """C16 3.13.3."""
    profiles = store(profile(1, 10, stack_level=1), profile(2, 20, stack_level=2))

    assert Limit(20) == profiles.limit(CHARGING, at(0))


def test_a_lower_level_holds_where_the_higher_one_says_nothing() -> None:
    """C16 3.13.3: a profile that has no period at a time does not count then."""
    profiles = store(profile(1, 10), profile(2, 20, stack_level=2, duration=60))

    assert Limit(20) == profiles.limit(CHARGING, at(59))
    assert Limit(10) == profiles.limit(CHARGING, at(60))


def test_the_minimum_over_purposes_holds() -> None:
    """C16 3.13.3, K08.FR.04."""
    maximum = profile(1, 14, purpose=Purpose.MAXIMUM, evse_id=0)

    assert Limit(10) == store(maximum, profile(2, 10)).limit(CHARGING, at(0))
    assert Limit(14) == store(maximum, profile(2, 20)).limit(CHARGING, at(0))


def test_a_transactions_profile_overrules_the_default() -> None:
    """C16 3.13.1."""
    profiles = store(profile(1, 10), profile(2, 20, purpose=Purpose.TRANSACTION))

    assert Limit(20) == profiles.limit(CHARGING, at(0))
    assert Limit(10) == profiles.limit(Situation(1), at(0))


def test_a_profile_of_another_transaction_or_evse_says_nothing() -> None:
    profiles = store(
        profile(1, 10, purpose=Purpose.TRANSACTION, transaction_id="t-2"),
        profile(2, 11, evse_id=2),
    )

    assert profiles.limit(CHARGING, at(0)) is None


def test_an_evses_own_default_goes_before_the_one_for_all() -> None:
    profiles = store(profile(1, 20, evse_id=0), profile(2, 10, evse_id=1))

    assert Limit(10) == profiles.limit(CHARGING, at(0))
    assert Limit(20) == profiles.limit(Situation(2, "t-2", START), at(0))


def test_a_limit_of_the_whole_charger_is_shared() -> None:
    profiles = store(profile(1, 20, purpose=Purpose.MAXIMUM, evse_id=0))

    assert Limit(10) == profiles.limit(Situation(1, "t-1", START, sharing=2), at(0))


def test_the_same_id_or_the_same_place_is_replaced() -> None:
    """C16 3.13.2, K01.FR.05, K01.FR.06."""
    profiles = store(profile(1, 10), profile(1, 11, stack_level=3), profile(2, 12, stack_level=3))

    assert [2] == [each.profile_id for each in profiles.matching()]


def test_periods_follow_each_other_and_a_missing_limit_is_none() -> None:
    periods = (Period(0, 10), Period(60, 16), Period(120, None))
    profiles = store(profile(1, 0, periods=periods))

    assert Limit(10) == profiles.limit(CHARGING, at(59))
    assert Limit(16) == profiles.limit(CHARGING, at(60))
    assert profiles.limit(CHARGING, at(120)) is None


def test_a_relative_profile_begins_with_the_transaction() -> None:
    periods = (Period(0, 10), Period(60, 16))
    profiles = store(profile(1, 0, kind=Kind.RELATIVE, start_schedule=None, periods=periods))
    late = Situation(1, "t-1", at(1000))

    assert Limit(10) == profiles.limit(late, at(1059))
    assert Limit(16) == profiles.limit(late, at(1060))


@pytest.mark.parametrize(("recurrency", "days"), [("Daily", 1), ("Weekly", 7)])
def test_a_recurring_profile_comes_again(recurrency: str, days: int) -> None:
    again = profile(1, 10, kind=Kind.RECURRING, recurrency=recurrency, duration=3600)
    profiles = store(again)

    assert Limit(10) == profiles.limit(CHARGING, at(0) + timedelta(days=days, minutes=59))
    assert profiles.limit(CHARGING, at(0) + timedelta(days=days, minutes=61)) is None


def test_a_schedule_that_has_not_begun_and_a_validity_that_is_over_say_nothing() -> None:
    profiles = store(
        profile(1, 10, start_schedule=at(100), stack_level=1),
        profile(2, 11, valid_from=at(50), valid_to=at(80)),
    )

    assert profiles.limit(CHARGING, at(49)) is None
    assert Limit(11) == profiles.limit(CHARGING, at(50))
    assert profiles.limit(CHARGING, at(80)) is None
    assert Limit(10) == profiles.limit(CHARGING, at(100))


@pytest.mark.parametrize(("phases", "expected"), [(None, 10.0), (3, 10.0), (1, 30.0)])
def test_watts_become_amperes_per_phase(phases: int | None, expected: float) -> None:
    """Absent phases mean three (K01.FR.19)."""
    periods = (Period(0, 6900, phases),)

    assert Limit(expected, phases) == store(profile(1, 0, unit="W", periods=periods)).limit(
        CHARGING, at(0)
    )


def test_the_end_of_a_transaction_ends_its_profiles_only() -> None:
    """C16 3.13.1."""
    profiles = store(profile(1, 10), profile(2, 20, purpose=Purpose.TRANSACTION))

    profiles.end_transaction(1)

    assert [1] == [each.profile_id for each in profiles.matching()]


def test_matching_takes_every_criterion() -> None:
    profiles = store(profile(1, 10), profile(2, 20, stack_level=2), profile(3, 5, evse_id=2))

    assert [2] == [each.profile_id for each in profiles.matching(stack_level=2)]
    assert [3] == [each.profile_id for each in profiles.matching(evse_id=2)]
    assert [1] == [each.profile_id for each in profiles.matching(profile_ids=[1, 9])]
    assert [] == profiles.matching(purpose=Purpose.MAXIMUM)


def test_the_composite_schedule_steps_at_every_boundary() -> None:
    """C16 5.7: what holds from now on, by all profiles together."""
    profiles = store(
        profile(1, 0, periods=(Period(0, 10), Period(60, 16))),
        profile(2, 12, purpose=Purpose.MAXIMUM, evse_id=0, valid_from=at(90), valid_to=at(120)),
    )

    steps = profiles.composite(CHARGING, at(30), 600, Limit(32, 3))

    assert [(0, Limit(10)), (30, Limit(16)), (60, Limit(12)), (90, Limit(16))] == steps


def test_the_composite_schedule_without_profiles_is_what_the_charger_can() -> None:
    assert [(0, Limit(32, 3))] == store().composite(CHARGING, at(0), 60, Limit(32, 3))


def test_the_composite_schedule_knows_tomorrows_recurrence() -> None:
    profiles = store(profile(1, 10, kind=Kind.RECURRING, recurrency="Daily", duration=3600))

    steps = profiles.composite(CHARGING, at(1800), 90_000, Limit(32, 3))

    assert [(0, Limit(10)), (1800, Limit(32, 3)), (84_600, Limit(10)), (88_200, Limit(32, 3))] == (
        steps
    )
