"""
Old frames leave: beyond a number per charger, and beyond an age.

At start, at 02:00 UTC and every `cleanup_interval_hours` all chargers are looked at; every ten
minutes those that have new frames.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from oye_proxy.errors import StorageError
from oye_proxy.hub.storage_policy import RetentionLimits
from oye_proxy.tasks import cancel, spawn

EVERY = timedelta(minutes=10)
DAILY_HOUR = 2

_logger = logging.getLogger(__name__)


class Pruner(Protocol):
    """The part of the store that this feature uses."""

    async def all_by_count(self, keep: int) -> int:
        """Delete all but the newest frames of every charger; return how many went."""

    async def new_by_count(self, keep: int) -> int:
        """Do the same for the chargers that have new frames."""

    async def by_age(self, before: datetime) -> int:
        """Delete the frames of before this moment; return how many went."""


class Retention:
    """Prunes the stored frames while it is started."""

    def __init__(
        self,
        frames: Pruner,
        limits: Callable[[], RetentionLimits],
        *,
        cleanup_interval: timedelta,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._frames = frames
        self._limits = limits
        self._cleanup_interval = cleanup_interval
        self._wall = wall
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Prune now and from then on."""
        self._task = spawn(self._run(), name="retention")

    async def stop(self) -> None:
        """Prune no more."""
        await cancel(self._task)

    async def _run(self) -> None:
        next_cleanup = self._wall()
        while True:
            now = self._wall()
            try:
                if now >= next_cleanup:
                    pruned = await clean_up(self._frames, self._limits(), now)
                    next_cleanup = _next_cleanup(now, self._cleanup_interval)
                else:
                    pruned = await self._frames.new_by_count(self._limits().count)
            except StorageError as error:
                _logger.warning("old frames stay for now, the next round retries: %s", error)
            else:
                _logger.debug("= %d old frames deleted", pruned)
            now = self._wall()
            wake = min(now + EVERY, max(next_cleanup, now))
            # A clean-up that failed is due at once: not before the next round.
            await self._sleep((wake - now or EVERY).total_seconds())


async def clean_up(frames: Pruner, limits: RetentionLimits, now: datetime) -> int:
    """Delete what is beyond the limits, of all chargers; return how many frames went."""
    aged = await frames.by_age(now - timedelta(days=limits.days)) if limits.days else 0
    return aged + await frames.all_by_count(limits.count)


def _next_cleanup(now: datetime, interval: timedelta) -> datetime:
    """Return an interval later, or 02:00 UTC when that comes first."""
    now = now.astimezone(UTC)
    daily = now.replace(hour=DAILY_HOUR, minute=0, second=0, microsecond=0)
    if daily <= now:
        daily += timedelta(days=1)
    return min(now + interval, daily)
