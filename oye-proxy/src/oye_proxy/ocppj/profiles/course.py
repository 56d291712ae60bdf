"""A limit of the owner that changes with time: once, every day or every week."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from oye_proxy.ocppj.profiles.plan import Step
from oye_proxy.ocppj.profiles.schedules import Period


class Recurrence(StrEnum):
    """After which time a course begins anew; a day has 24 hours, whatever the clocks do."""

    DAILY = "daily"
    WEEKLY = "weekly"


INTERVALS: Final = {Recurrence.DAILY: timedelta(days=1), Recurrence.WEEKLY: timedelta(days=7)}


class Course(Struct, frozen=True):
    """Limits in amperes one after the other, the first one from `start` on."""

    start: datetime
    periods: tuple[Period, ...]
    recurrence: Recurrence | None = None

    def limit_at(self, moment: datetime) -> float | None:
        """Return the limit at a time; None before the start."""
        return self.steps(moment)[0].limit if moment >= self.start else None

    def steps(self, now: datetime) -> tuple[Step, ...]:
        """
        Return the limits from now on, once the course has begun.

        One that recurs is written out to the end of its next turn, so that it changes once a turn.
        """
        turns = [self._turn(now)]
        if self.recurrence is not None:
            turns.append(turns[0] + INTERVALS[self.recurrence])
        marks = [
            (turn + timedelta(seconds=period.start), period.limit)
            for turn in turns
            for period in self.periods
        ]
        current = max(at for at, _ in marks if at <= now)
        return tuple(
            Step(at if at > current else None, limit) for at, limit in marks if at >= current
        )

    def next_turn(self, now: datetime) -> datetime | None:
        """Return when it begins, or begins anew; None when it does not."""
        if now < self.start:
            return self.start
        if self.recurrence is None:
            return None
        return self._turn(now) + INTERVALS[self.recurrence]

    def _turn(self, now: datetime) -> datetime:
        if self.recurrence is None:
            return self.start
        interval = INTERVALS[self.recurrence]
        return self.start + (now - self.start) // interval * interval
