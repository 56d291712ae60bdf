"""Let records of transactions, and sooner their samples, go when they are old: every hour."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from oye_proxy.errors import StorageError
from oye_proxy.tasks import cancel, spawn

EVERY = timedelta(hours=1)

_logger = logging.getLogger(__name__)


class Aging(Protocol):
    """The part of a store that this feature uses."""

    async def prune(self, before: datetime) -> int:
        """Delete what is older than a moment, in batches; return how much went."""


class RecordRetention:
    """Deletes what is older than its days while it is started; 0 days mean for ever."""

    def __init__(
        self,
        transactions: Aging,
        samples: Aging,
        *,
        transaction_days: int,
        sample_days: int,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._aging = (
            ("samples", samples, sample_days),
            ("transactions", transactions, transaction_days),
        )
        self._wall = wall
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Delete now and from then on."""
        self._task = spawn(self._run(), name="record retention")

    async def stop(self) -> None:
        """Delete no more."""
        await cancel(self._task)

    async def _run(self) -> None:
        while True:
            for name, store, days in self._aging:
                if days:
                    await self._prune(name, store, days)
            await self._sleep(EVERY.total_seconds())

    async def _prune(self, name: str, store: Aging, days: int) -> None:
        try:
            pruned = await store.prune(self._wall() - timedelta(days=days))
        except StorageError as error:
            _logger.warning("old %s stay for now, the next round retries: %s", name, error)
        else:
            _logger.debug("= %d old %s deleted", pruned, name)
