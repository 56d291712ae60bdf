from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oye_proxy.ocppj.profiles.course import Course, Recurrence
from oye_proxy.ocppj.profiles.plan import Step
from oye_proxy.ocppj.profiles.schedules import Period

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PERIODS = (Period(0, 16), Period(3600, 8))
ONCE = Course(NOON, PERIODS)
DAILY = Course(NOON, PERIODS, Recurrence.DAILY)
WEEKLY = Course(NOON, PERIODS, Recurrence.WEEKLY)


def test_its_limits_follow_each_other_and_the_last_one_stays() -> None:
    assert (Step(None, 16), Step(NOON + HOUR, 8)) == ONCE.steps(NOON)
    assert (Step(None, 8),) == ONCE.steps(NOON + HOUR)
    assert [None, 16, 8, 8] == [
        ONCE.limit_at(at) for at in (NOON - HOUR, NOON, NOON + HOUR, NOON + 9 * DAY)
    ]


@pytest.mark.parametrize(("course", "turn"), [(DAILY, DAY), (WEEKLY, 7 * DAY)])
def test_one_that_recurs_is_told_to_the_end_of_its_next_change(
    course: Course, turn: timedelta
) -> None:
    now = NOON + 3 * turn + 2 * HOUR

    assert (
        Step(None, 8),
        Step(NOON + 4 * turn, 16),
        Step(NOON + 4 * turn + HOUR, 8),
    ) == course.steps(now)


def test_its_next_change() -> None:
    assert NOON == DAILY.next_change(NOON - DAY)
    assert NOON + DAY == DAILY.next_change(NOON)
    assert NOON + 3 * DAY == DAILY.next_change(NOON + 2 * DAY + HOUR)
    assert ONCE.next_change(NOON) is None


BERLIN = "Europe/Berlin"
EVENING = (Period(0, 16), Period(17 * 3600, 10), Period(21 * 3600, 16))


def in_berlin(*, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a moment of 2026 by the clocks of Berlin: +2 from 29 March to 25 October, else +1."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)


def evening(start: datetime) -> Course:
    return Course(start, EVENING, Recurrence.DAILY, BERLIN)


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_a_time_of_day_is_that_of_the_clocks_on_the_day_when_they_change(
    month: int, day: int
) -> None:
    course = evening(in_berlin(month=1, day=1))
    noon = in_berlin(month=month, day=day, hour=12)
    edges = [
        in_berlin(month=month, day=day, hour=hour, minute=minute)
        for hour, minute in ((16, 59), (17, 0), (20, 59), (21, 0))
    ]

    assert [16, 10, 10, 16] == [course.limit_at(at) for at in edges]
    assert [Step(None, 16), Step(edges[1], 10), Step(edges[3], 16)] == list(course.steps(noon))[:3]


def test_without_a_time_zone_a_day_has_24_hours() -> None:
    course = Course(in_berlin(month=1, day=1), EVENING, Recurrence.DAILY)

    assert 16 == course.limit_at(in_berlin(month=7, day=1, hour=17, minute=30))
    assert 10 == course.limit_at(in_berlin(month=7, day=1, hour=21, minute=30))


def test_it_is_told_anew_when_the_clocks_change() -> None:
    """A charger repeats a turn after so many seconds: the turn begins elsewhere in UTC then."""
    course = evening(in_berlin(month=1, day=1))
    before = in_berlin(month=3, day=28, hour=23)
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)

    assert in_berlin(month=3, day=29) == course.next_change(before)
    assert change == course.next_change(in_berlin(month=3, day=29))
    assert in_berlin(month=3, day=30) == course.next_change(change)
    assert datetime(2026, 3, 27, 23, tzinfo=UTC) == course.turn_of(before)[0].at
    assert datetime(2026, 3, 28, 22, tzinfo=UTC) == course.turn_of(change)[0].at
    assert datetime(2026, 3, 29, 15, tzinfo=UTC) == course.turn_of(change)[1].at


def test_what_begins_in_an_hour_that_the_clocks_skip_gives_way_to_what_follows() -> None:
    periods = (Period(0, 16), Period(8100, 6), Period(9900, 7), Period(11_100, 8))
    course = Course(in_berlin(month=1, day=1), periods, Recurrence.DAILY, BERLIN)
    edges = (in_berlin(month=3, day=29, hour=3, minute=minute) for minute in (4, 5, 30, 59))

    assert [16, 8, 8, 8] == [course.limit_at(at) for at in edges]


@pytest.mark.parametrize("minutes", range(0, 26 * 60, 7))
def test_at_all_times_of_the_long_day_it_says_what_a_clock_on_the_wall_says(minutes: int) -> None:
    course = evening(in_berlin(month=1, day=1))
    now = in_berlin(month=10, day=25) + timedelta(minutes=minutes)
    wall = now.astimezone(ZoneInfo(BERLIN))

    assert (10 if 17 <= wall.hour < 21 else 16) == course.limit_at(now)
