"""From a request for a limit or a schedule to the wish that `profiles/owner.py` fulfils."""

from datetime import timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.requests import LimitRequest, ScheduleRequest
from oye_proxy.ocppj.profiles.course import INTERVALS, Course
from oye_proxy.ocppj.profiles.ids import Slot
from oye_proxy.ocppj.profiles.schedules import Period, RateUnit, convert
from oye_proxy.ocppj.profiles.wishes import Wish

# What a charger is taken to allow whose rating nobody has told.
ASSUMED_CURRENT_A: Final = 32.0


def wish_of(
    request: LimitRequest | ScheduleRequest,
    slot: Slot,
    present: Wish | None,
    context: IntentContext,
) -> Wish:
    """Return what the owner wants at a slot, given what was wanted there so far."""
    phases = request.phases
    if phases is None and present is not None:
        phases = present.phases
    if isinstance(request, ScheduleRequest):
        course = _course(request, phases or None, context)
        wish = Wish(slot.scope, slot.connector_id, course.periods[0].limit, course=course)
    elif request.phases is not None and request.limit_a is None and request.limit_w is None:
        rated = context.rated_current_a or ASSUMED_CURRENT_A
        wish = present or Wish(slot.scope, slot.connector_id, rated)
    else:
        limit_a = _limit(request, phases or None, context)
        wish = Wish(slot.scope, slot.connector_id, limit_a)
    until = wish.until
    if request.duration is not None:
        begin = context.now if wish.course is None else max(context.now, wish.course.start)
        until = begin + timedelta(seconds=request.duration)
    return replace(wish, transaction_id=None, phases=phases or None, until=until)


def check_limit(request: LimitRequest) -> None:
    """Raise InvalidRequestError unless there is one limit, or phases alone."""
    given = sum(limit is not None for limit in (request.limit_a, request.limit_w))
    if given > 1 or (given == 0 and request.phases is None):
        raise InvalidRequestError("Give either limitA or limitW.")


def _limit(request: LimitRequest, phases: int | None, context: IntentContext) -> float:
    check_limit(request)
    if request.limit_a is not None:
        return request.limit_a
    if request.limit_w is None:
        raise AssertionError("phases alone ask for no limit")
    return convert(request.limit_w, RateUnit.W, RateUnit.A, context.traits, phases)


def _course(request: ScheduleRequest, phases: int | None, context: IntentContext) -> Course:
    starts = [period.start for period in request.periods]
    if starts[0] != 0 or any(first >= second for first, second in pairwise(starts)):
        raise InvalidRequestError("The first period starts at 0, each later than the one before.")
    interval = INTERVALS.get(request.recurrence) if request.recurrence else None
    if interval is not None and starts[-1] >= interval.total_seconds():
        raise InvalidRequestError("A period starts after the schedule has begun anew.")
    periods = tuple(
        Period(
            period.start, convert(period.limit, request.unit, RateUnit.A, context.traits, phases)
        )
        for period in request.periods
    )
    start = (request.start or context.now).replace(microsecond=0)
    return Course(start, periods, request.recurrence, _time_zone(request))


def _time_zone(request: ScheduleRequest) -> str | None:
    """Return the zone whose clocks count; a schedule that does not recur needs none."""
    if request.time_zone is None or request.recurrence is None:
        return None
    try:
        ZoneInfo(request.time_zone)
    except (ValueError, OSError, KeyError):
        raise InvalidRequestError("The time zone is not known: give a name of IANA.") from None
    return request.time_zone
