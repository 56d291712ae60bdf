from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import TZPATH, ZoneInfo, reset_tzpath

import msgspec
import pytest

from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.requests import LimitRequest, ScheduleRequest
from oye_proxy.ocppj.intents.wishes import ASSUMED_CURRENT_A, wish_of
from oye_proxy.ocppj.profiles.course import Course, Recurrence
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.schedules import Period, Traits
from oye_proxy.ocppj.profiles.wishes import Wish

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLOT = Slot(LimitScope.SESSION, 1)
CONTEXT = IntentContext(now=NOW)


def limit(present: Wish | None = None, context: IntentContext = CONTEXT, **members: Any) -> Wish:
    return wish_of(LimitRequest(**members), SLOT, present, context)


def schedule(*periods: tuple[float, float], **members: Any) -> Wish:
    body = {"periods": [{"start": start, "limit": value} for start, value in periods]}
    return wish_of(msgspec.convert(body | members, ScheduleRequest), SLOT, None, CONTEXT)


def test_watts_become_amperes_by_the_phases() -> None:
    one_phase = IntentContext(now=NOW, traits=Traits(phases=1))

    assert 16 == limit(None, one_phase, limit_w=3680).limit_a
    assert 16 == limit(limit_w=3680, phases=1).limit_a
    assert 16 == limit(limit_w=11_040).limit_a
    assert 10 == limit(limit_a=10).limit_a


@pytest.mark.parametrize("members", [{}, {"limit_a": 16, "limit_w": 3680}, {"duration": 60}])
def test_a_limit_has_one_unit(members: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError, match="either limitA or limitW"):
        limit(**members)


def test_phases_stay_until_others_are_given() -> None:
    """The daily limit and the choice of phases are two controls."""
    present = limit(limit_a=10, phases=1)

    assert 1 == limit(present, limit_a=16).phases
    assert limit(present, limit_a=16, phases=0).phases is None


def test_phases_alone_keep_the_limit() -> None:
    until = NOW + HOUR
    present = Wish(LimitScope.SESSION, 1, 10, transaction_id="42", phases=3, until=until)
    expected = Wish(LimitScope.SESSION, 1, 10, phases=1, until=until)
    rated = IntentContext(now=NOW, rated_current_a=20)

    assert expected == limit(present, phases=1)
    assert ASSUMED_CURRENT_A == limit(phases=1).limit_a
    assert 20 == limit(None, rated, phases=1).limit_a


def test_a_duration_ends_the_wish() -> None:
    assert NOW + HOUR == limit(limit_a=10, duration=3600).until
    assert limit(limit(limit_a=10, duration=3600), limit_a=10).until is None


def test_a_schedule() -> None:
    wish = schedule((0, 16), (3600, 8), recurrence="daily", start="2026-11-21T13:00:00.5Z")
    course = Course(NOW + HOUR, (Period(0, 16), Period(3600, 8)), Recurrence.DAILY)

    assert Wish(LimitScope.SESSION, 1, 16, course=course) == wish


def test_a_schedule_in_watts_that_begins_now_and_ends() -> None:
    wish = schedule((0, 2300), unit="W", phases=1, duration=60)

    assert Course(NOW, (Period(0, 10),)) == wish.course
    assert (1, NOW + timedelta(minutes=1)) == (wish.phases, wish.until)


@pytest.mark.parametrize("starts", [(1,), (0, 0), (0, 7, 5)])
def test_periods_in_disorder_are_refused(starts: tuple[int, ...]) -> None:
    with pytest.raises(InvalidRequestError, match="starts at 0"):
        schedule(*((start, 10) for start in starts))


def test_a_period_belongs_to_its_turn() -> None:
    with pytest.raises(InvalidRequestError, match="begun anew"):
        schedule((0, 10), (86_400, 6), recurrence="daily")


def test_the_clocks_of_a_time_zone_count_for_what_recurs() -> None:
    daily = schedule((0, 10), recurrence="daily", timeZone="Europe/Berlin").course
    once = schedule((0, 10), timeZone="Europe/Berlin").course

    assert Course(NOW, (Period(0, 10),), Recurrence.DAILY, "Europe/Berlin") == daily
    assert Course(NOW, (Period(0, 10),)) == once


@pytest.fixture(params=["system's zones", "package's zones"])
def zones(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have the zones of the system, or no zones but those that are installed with the proxy."""
    if request.param == "system's zones":
        yield
        return
    ZoneInfo.clear_cache()
    reset_tzpath(to=[])
    yield
    reset_tzpath(to=TZPATH)
    ZoneInfo.clear_cache()


@pytest.mark.usefixtures("zones")
def test_the_time_zones_are_known_on_every_machine() -> None:
    """Images and other small systems may have none of their own."""
    course = schedule((0, 10), recurrence="daily", timeZone="Europe/Copenhagen").course

    assert course is not None
    assert "Europe/Copenhagen" == course.time_zone


@pytest.mark.usefixtures("zones")
@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe", "\0"]
)
def test_a_time_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequestError, match="time zone"):
        schedule((0, 10), recurrence="daily", timeZone=name)
