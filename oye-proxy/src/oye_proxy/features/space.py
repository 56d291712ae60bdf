"""
The database stays within its size, and a disk that fills up is told before it is full.

Above `max_bytes` the oldest frames go, whatever charger they are of; journal and transactions
never. The room that they leave is used again, so the files stop growing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from math import ceil
from typing import Protocol

from oye_proxy.errors import StorageError
from oye_proxy.storage.space import SpaceUse
from oye_proxy.tasks import cancel, spawn

ROUND_SECONDS = 60.0
ROUNDS_PER_COUNT = 10
# Room for what arrives until the next round, so that not each one has to delete.
TARGET_SHARE = 0.95
DISK_WARNING_PERCENT = 80
DISK_ERROR_PERCENT = 95

_MEBIBYTE = 1024 * 1024

_logger = logging.getLogger(__name__)


class Oldest(Protocol):
    """The part of the store that makes room."""

    async def oldest(self, rows: int) -> int:
        """Delete this many of the oldest frames; return how many there were."""

    async def row_bytes(self) -> float:
        """Return about how many bytes one of the oldest frames takes."""


class Frames(Protocol):
    """What keeps the number of stored frames."""

    async def count(self) -> None:
        """Count them anew."""


class Trouble(Protocol):
    """Who is told."""

    def __call__(self, sentence: str | None, *, warning: bool = False) -> None:
        """Take a sentence for the owner, or None when all is well."""


class SpaceWatch:
    """
    Measures once a minute while it is started, and makes room.

    `use` is what the last round found. Every tenth round has the frames counted anew, for what
    another process deleted.
    """

    def __init__(
        self,
        measure: Callable[[], Awaitable[SpaceUse]],
        pruner: Oldest,
        frames: Frames,
        max_bytes: Callable[[], int],
        *,
        on_size: Trouble,
        on_disk: Trouble,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.use: SpaceUse | None = None
        self._measure = measure
        self._pruner = pruner
        self._frames = frames
        self._max_bytes = max_bytes
        self._on_size = on_size
        self._on_disk = on_disk
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin the rounds."""
        self._task = spawn(self._run(), name="storage space")

    async def stop(self) -> None:
        """End them."""
        await cancel(self._task)

    def bytes_by_kind(self) -> dict[str, int]:
        """Return what was measured last, by name; what is not known is left out."""
        use = self.use
        if use is None:
            return {}
        kinds = {
            "size": use.size_bytes,
            "used": use.used_bytes,
            "max": self._max_bytes(),
            "disk_free": use.disk_free_bytes,
            "disk_total": use.disk_total_bytes,
        }
        return {kind: number for kind, number in kinds.items() if number is not None}

    async def look(self, *, count: bool = True) -> None:
        """Make one round; raise StorageError."""
        use = await self._measure()
        self._tell_disk(use)
        self.use = await self._bound(use)
        if count:
            await self._frames.count()

    async def _bound(self, use: SpaceUse) -> SpaceUse:
        """Delete the oldest frames until the database is small enough."""
        most = self._max_bytes()
        if most and use.used_bytes > most:
            gone = await make_room(self._pruner, use, most)
            _logger.info("%d frames were deleted: the database had its size", gone)
            use = await self._measure()
            if gone == 0 and use.used_bytes > most:
                self._on_size(
                    f"the database takes {use.used_bytes // _MEBIBYTE} MiB and holds no frames that"
                    f" could go; storage.max_bytes allows {most // _MEBIBYTE} MiB: raise it"
                )
                return use
        self._on_size(None)
        return use

    def _tell_disk(self, use: SpaceUse) -> None:
        percent = use.disk_used_percent
        if percent is None or percent <= DISK_WARNING_PERCENT:
            self._on_disk(None)
            return
        free = (use.disk_free_bytes or 0) // _MEBIBYTE
        self._on_disk(
            f"the disk of the database is {int(percent)} % full, {free} MiB are free:"
            " make room on it, or lower storage.max_bytes",
            warning=percent <= DISK_ERROR_PERCENT,
        )

    async def _run(self) -> None:
        rounds = 0
        while True:
            try:
                await self.look(count=rounds % ROUNDS_PER_COUNT == 0)
            except StorageError as error:
                _logger.warning("the size of the database is not known: %s", error)
            rounds += 1
            await self._sleep(ROUND_SECONDS)


async def make_room(pruner: Oldest, use: SpaceUse, max_bytes: int) -> int:
    """Delete as many of the oldest frames as are too much; return how many went."""
    excess = use.used_bytes - max_bytes * TARGET_SHARE
    return await pruner.oldest(ceil(excess / await pruner.row_bytes()))
