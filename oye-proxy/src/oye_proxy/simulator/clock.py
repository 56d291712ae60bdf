"""Simulated time: as fast as wanted, or moved by hand."""

import asyncio
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Protocol

START = datetime(2026, 1, 1, tzinfo=UTC)


class Timer(Protocol):
    """A call that will be made, unless it is cancelled."""

    def cancel(self) -> None:
        """Do not make the call."""


class Clock(Protocol):
    """What a simulation knows of time."""

    def now(self) -> datetime:
        """Return the simulated time, aware and in UTC."""

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback` once after so many simulated seconds."""

    async def sleep(self, seconds: float) -> None:
        """Wait for so many simulated seconds."""


class ScaledClock:
    """The machine's clock, running `speed` times as fast from the moment it is made."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._began = datetime.now(UTC)

    def now(self) -> datetime:
        """Return the simulated time."""
        return self._began + (datetime.now(UTC) - self._began) * self._speed

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback` once after so many simulated seconds."""
        return asyncio.get_running_loop().call_later(seconds / self._speed, callback)

    async def sleep(self, seconds: float) -> None:
        """Wait for so many simulated seconds."""
        await asyncio.sleep(seconds / self._speed)


class ManualClock:
    """A clock that stands still until `advance` moves it."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._order = count()
        self._due: list[tuple[datetime, int, _ManualTimer]] = []

    def now(self) -> datetime:
        """Return the simulated time."""
        return self._now

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback` once after so many simulated seconds."""
        timer = _ManualTimer(callback)
        due = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._due, (due, next(self._order), timer))
        return timer

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was moved so far."""
        woken = asyncio.get_running_loop().create_future()
        timer = self.call_later(seconds, partial(woken.set_result, None))
        try:
            await woken
        finally:
            timer.cancel()

    def advance(self, seconds: float) -> None:
        """Move on, making every call that falls due at its own time, in order."""
        end = self._now + timedelta(seconds=seconds)
        while self._due and self._due[0][0] <= end:
            due, _, timer = heapq.heappop(self._due)
            self._now = max(self._now, due)
            timer.fire()
        self._now = end


class _ManualTimer:
    def __init__(self, callback: Callable[[], object]) -> None:
        self._callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        self._callback = None

    def fire(self) -> None:
        if self._callback is not None:
            self._callback()


def rfc3339(at: datetime) -> str:
    """Write a time as OCPP wants it: UTC, milliseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_rfc3339(text: str) -> datetime:
    """Read a time of OCPP; one without zone is UTC; raise ValueError if it is none."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
