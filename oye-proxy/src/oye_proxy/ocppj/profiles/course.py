"""A limit of the owner that changes with time: once, every day or every week."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from oye_proxy.ocppj.profiles.plan import Step
from oye_proxy.ocppj.profiles.schedules import Period


class Recurrence(StrEnum):
    """After which time a course begins anew."""

    DAILY = "daily"
    WEEKLY = "weekly"


INTERVALS: Final = {Recurrence.DAILY: timedelta(days=1), Recurrence.WEEKLY: timedelta(days=7)}

_SECOND: Final = timedelta(seconds=1)


class Course(Struct, frozen=True):
    """
    Limits in amperes one after the other, the first one from `start` on.

    One that recurs follows the clocks of its time zone (an IANA name), which go forward and back;
    without a zone a day has 24 hours.
    """

    start: datetime
    periods: tuple[Period, ...]
    recurrence: Recurrence | None = None
    time_zone: str | None = None

    def limit_at(self, moment: datetime) -> float | None:
        """Return the limit at a time; None before the start."""
        return self.steps(moment)[0].limit if moment >= self.start else None

    def steps(self, now: datetime) -> tuple[Step, ...]:
        """
        Return the limits from now on, once the course has begun.

        One that recurs is written out to the end of its next turn, so that it changes once a turn.
        """
        turn = self._turn(now)
        turns = [turn] if self.recurrence is None else [turn, turn + 1]
        marks = _in_order(
            [
                (self._moment(turn, period.start), period.limit)
                for turn in turns
                for period in self.periods
            ]
        )
        current = max(at for at, _ in marks if at <= now)
        return tuple(
            Step(at if at > current else None, limit) for at, limit in marks if at >= current
        )

    def turn_of(self, now: datetime) -> tuple[Step, ...]:
        """
        Return the turn that runs, with its times, as a charger repeats it that knows no time zone.

        It is right until the clocks of the time zone change, which `next_change` tells.
        """
        start = self._moment(self._turn(now), 0)
        if self.time_zone is not None:
            zone = ZoneInfo(self.time_zone)
            start += _offset(start, zone) - _offset(now, zone)
        return tuple(
            Step(start + timedelta(seconds=period.start), period.limit) for period in self.periods
        )

    def next_change(self, now: datetime) -> datetime | None:
        """Return when it begins, begins anew or the clocks change; None when nothing does."""
        if now < self.start:
            return self.start
        if self.recurrence is None:
            return None
        turn = self._moment(self._turn(now) + 1, 0)
        return turn if self.time_zone is None else _clocks_change(now, turn, self.time_zone)

    def _turn(self, now: datetime) -> int:
        """Return how often it has begun anew."""
        if self.recurrence is None:
            return 0
        # The clocks may have gone back since the turn began.
        turn = (self._wall(now) - self._wall(self.start)) // INTERVALS[self.recurrence] + 1
        while self._moment(turn, 0) > now:
            turn -= 1
        return turn

    def _moment(self, turn: int, seconds: int) -> datetime:
        interval = timedelta() if self.recurrence is None else INTERVALS[self.recurrence]
        offset = turn * interval + timedelta(seconds=seconds)
        if self.time_zone is None or self.recurrence is None:
            return self.start + offset
        wall = self._wall(self.start) + offset
        return wall.replace(tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC)

    def _wall(self, moment: datetime) -> datetime:
        """Return what a clock shows at a time."""
        zone = UTC if self.time_zone is None else ZoneInfo(self.time_zone)
        return moment.astimezone(zone).replace(tzinfo=None)


def _in_order(marks: list[tuple[datetime, float]]) -> list[tuple[datetime, float]]:
    """Leave out what would begin in an hour that the clocks skip, if the next begins before it."""
    kept: list[tuple[datetime, float]] = []
    for mark in reversed(marks):
        if not kept or mark[0] < kept[-1][0]:
            kept.append(mark)
    return kept[::-1]


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _clocks_change(now: datetime, end: datetime, time_zone: str) -> datetime:
    """Return when the clocks change before the end, else the end."""
    zone = ZoneInfo(time_zone)
    before, after = now, end
    if _offset(before, zone) == _offset(after, zone):
        return end
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if _offset(middle, zone) == _offset(now, zone):
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
