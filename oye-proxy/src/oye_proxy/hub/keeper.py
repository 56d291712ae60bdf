"""What the hub knows, put on disk in the background; a slow or dead database delays nobody."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from oye_proxy.errors import StorageError
from oye_proxy.tasks import cancel, spawn

_logger = logging.getLogger(__name__)

RETRY_SECONDS = 10.0
STOP_SECONDS = 5.0

Job = Callable[[], Awaitable[object]]


class Keeper:
    """
    Runs jobs one after the other; a newer job of the same key replaces the one that waits.

    So its queue is as long as there are keys, and a charger that changes a hundred times while
    the database is busy is written once. `trouble` is told when a job fails and when one succeeds
    again.
    """

    def __init__(self, trouble: Callable[[str | None], None]) -> None:
        self._trouble = trouble
        self._jobs: dict[tuple[str, ...], Job] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        self._task = spawn(self._run(), name="keeper")

    def put(self, key: tuple[str, ...], job: Job) -> None:
        """Write this when it can be."""
        self._jobs[key] = job
        self._wake.set()

    async def stop(self) -> None:
        """Write what waits, for a bounded time, and end."""
        await cancel(self._task)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                while self._jobs:
                    await self._step()
        except (TimeoutError, StorageError) as error:
            _logger.warning("%d changes could not be written: %s", len(self._jobs), error)

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._jobs:
                try:
                    await self._step()
                except StorageError as error:
                    self._trouble(str(error))
                    await asyncio.sleep(RETRY_SECONDS)
                else:
                    self._trouble(None)

    async def _step(self) -> None:
        key = next(iter(self._jobs))
        job = self._jobs.pop(key)
        try:
            await job()
        except (StorageError, asyncio.CancelledError):
            self._jobs.setdefault(key, job)
            raise
