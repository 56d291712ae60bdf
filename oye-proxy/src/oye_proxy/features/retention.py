"""Keep only the newest frames of each charger: at start, every ten minutes, and at 02:00 UTC."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from oye_proxy.errors import StorageError
from oye_proxy.tasks import cancel, spawn

EVERY = timedelta(minutes=10)
DAILY_HOUR = 2

_logger = logging.getLogger(__name__)


class Frames(Protocol):
    """The part of the store that this feature uses."""

    async def prune(self, keep: int) -> int:
        """Delete all but the newest frames of each charger; return how many went."""


class Retention:
    """Prunes the stored frames while it is started."""

    def __init__(
        self,
        frames: Frames,
        keep: int,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._frames = frames
        self._keep = keep
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
        while True:
            try:
                pruned = await self._frames.prune(self._keep)
            except StorageError as error:
                _logger.warning("old frames stay for now, the next round retries: %s", error)
            else:
                _logger.debug("= %d old frames deleted", pruned)
            now = self._wall()
            await self._sleep((_next_round(now) - now).total_seconds())


def _next_round(now: datetime) -> datetime:
    """Return ten minutes later, or 02:00 UTC when that comes first."""
    now = now.astimezone(UTC)
    daily = now.replace(hour=DAILY_HOUR, minute=0, second=0, microsecond=0)
    if daily <= now:
        daily += timedelta(days=1)
    return min(now + EVERY, daily)
