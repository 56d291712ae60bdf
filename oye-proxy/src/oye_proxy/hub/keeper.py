"""What the hub knows, put on disk in the background; a slow or dead database delays nobody."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from oye_proxy.errors import OyeError, StorageError
from oye_proxy.tasks import cancel, spawn

_logger = logging.getLogger(__name__)

RETRY_SECONDS = 10.0
STOP_SECONDS = 3.0
JOBS = 50_000

Job = Callable[[], Awaitable[object]]
Key = tuple[str, ...]


class Keeper:
    """
    Runs jobs one after the other; a newer job of the same key replaces the one that waits.

    So its queue is as long as there are keys, and a charger that changes a hundred times while
    the database is busy is written once. Beyond JOBS the oldest is dropped. `trouble` is told when
    a job fails and when one succeeds again. The second word of a key is a charger's id or nothing.
    """

    def __init__(
        self,
        trouble: Callable[[str | None], None],
        *,
        retry_seconds: float = RETRY_SECONDS,
        limit: int = JOBS,
    ) -> None:
        self._trouble = trouble
        self._retry_seconds = retry_seconds
        self._limit = limit
        self._failing = False
        self._dropped = 0
        self._jobs: dict[Key, Job] = {}
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._jobs)

    def start(self) -> None:
        """Begin to write."""
        self._task = spawn(self._run(), name="keeper")

    def put(self, key: Key, job: Job) -> None:
        """Write this when it can be."""
        if key not in self._jobs and len(self._jobs) >= self._limit:
            del self._jobs[next(iter(self._jobs))]
            self._dropped += 1
        self._jobs[key] = job
        self._wake.set()

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Let no job run meanwhile: what is written here is not overwritten by an older job."""
        async with self._turn:
            yield

    def drop_all(self, charge_point_id: str) -> None:
        """Do not write what waits for a charger."""
        for key in [key for key in self._jobs if key[1:2] == (charge_point_id,)]:
            del self._jobs[key]

    async def stop(self) -> None:
        """Write what waits, for a bounded time, and end."""
        await cancel(self._task)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                while self._jobs:
                    await self._step()
        except (TimeoutError, StorageError) as error:
            reason = str(error) or "the database does not answer"
            _logger.warning("%d changes could not be written: %s", len(self._jobs), reason)

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._jobs:
                try:
                    await self._step()
                except StorageError as error:
                    self._failing = True
                    self._trouble(str(error))
                    await asyncio.sleep(self._retry_seconds)
                else:
                    self._recover()

    def _recover(self) -> None:
        if self._failing:
            self._failing = False
            self._trouble(None)
        if self._dropped:
            _logger.warning("%d changes were lost: the database was away", self._dropped)
            self._dropped = 0

    async def _step(self) -> None:
        async with self._turn:
            if not self._jobs:
                return
            key = next(iter(self._jobs))
            job = self._jobs.pop(key)
            try:
                await job()
            except asyncio.CancelledError:
                self._jobs.setdefault(key, job)
                raise
            except StorageError as error:
                if not error.refused:
                    self._jobs.setdefault(key, job)
                    raise
                # It would be refused again, and hold up the others each time.
                _logger.warning("a change is not written: %s", error)
            except OyeError as error:
                # What it was about is gone, and with it the reason to write.
                _logger.debug("= not written: %s", error)
