from datetime import UTC, datetime, timedelta

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
def test_one_that_recurs_is_told_to_the_end_of_its_next_turn(
    course: Course, turn: timedelta
) -> None:
    now = NOON + 3 * turn + 2 * HOUR

    assert (
        Step(None, 8),
        Step(NOON + 4 * turn, 16),
        Step(NOON + 4 * turn + HOUR, 8),
    ) == course.steps(now)


def test_its_next_turn() -> None:
    assert NOON == DAILY.next_turn(NOON - DAY)
    assert NOON + DAY == DAILY.next_turn(NOON)
    assert NOON + 3 * DAY == DAILY.next_turn(NOON + 2 * DAY + HOUR)
    assert ONCE.next_turn(NOON) is None
