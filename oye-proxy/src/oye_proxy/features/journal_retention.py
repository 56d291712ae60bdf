"""Delete daily what the CSMS has long heard; what it has not heard stays, however old it is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from oye_proxy.errors import StorageError
from oye_proxy.tasks import cancel, spawn

KEPT = timedelta(days=30)
EVERY = timedelta(days=1)

_logger = logging.getLogger(__name__)


class Journal(Protocol):
    """The part of the store that this feature uses."""

    async def prune(self, before: datetime) -> int:
        """Delete what was final before a moment; return how much went."""


class JournalRetention:
    """Prunes the journal while it is started: now, and daily from then on."""

    def __init__(
        self,
        journal: Journal,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._journal = journal
        self._wall = wall
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Prune now and from then on."""
        self._task = spawn(self._run(), name="journal retention")

    async def stop(self) -> None:
        """Prune no more."""
        await cancel(self._task)

    async def _run(self) -> None:
        while True:
            try:
                pruned = await self._journal.prune(self._wall() - KEPT)
            except StorageError as error:
                _logger.warning("old entries of the journal stay until tomorrow: %s", error)
            else:
                _logger.debug("= %d old entries of the journal deleted", pruned)
            await self._sleep(EVERY.total_seconds())
