"""How much room the database takes, and how much its disk has left."""

import asyncio
import shutil
from pathlib import Path

from msgspec import Struct

from oye_proxy.errors import StorageError
from oye_proxy.storage.database import Database


class SpaceUse(Struct, frozen=True, kw_only=True):
    """
    Bytes on disk, bytes in use, and the disk; `disk_*` is None where the disk is not ours.

    The room between `size_bytes` and `used_bytes` is what deleted rows left; new rows take it.
    """

    size_bytes: int
    used_bytes: int
    disk_free_bytes: int | None = None
    disk_total_bytes: int | None = None

    @property
    def disk_used_percent(self) -> float | None:
        """How full the disk is."""
        if self.disk_free_bytes is None or not self.disk_total_bytes:
            return None
        return 100 * (1 - self.disk_free_bytes / self.disk_total_bytes)


async def measure(database: Database) -> SpaceUse:
    """Measure; raise StorageError."""
    free, total = None, None
    if database.path is not None:
        free, total = await asyncio.to_thread(_disk, database.path)
    return SpaceUse(
        size_bytes=await database.size(),
        used_bytes=await database.used(),
        disk_free_bytes=free,
        disk_total_bytes=total,
    )


def _disk(path: Path) -> tuple[int, int]:
    try:
        usage = shutil.disk_usage(path.parent)
    except OSError as error:
        raise StorageError(
            f"the disk of the database {path} cannot be looked at: {error.strerror}"
        ) from error
    return usage.free, usage.total
