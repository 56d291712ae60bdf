"""How the database is when somebody asks: does it answer, has it room, what waits for it."""

import logging

from oye_proxy.api.ports import StorageHealth
from oye_proxy.app.core import Core
from oye_proxy.errors import StorageError
from oye_proxy.storage.database import Database

_logger = logging.getLogger(__name__)


async def check_storage(database: Database, core: Core) -> StorageHealth:
    """Look; a database that does not answer is an answer too."""
    size = await _size(database)
    use = core.space.use
    return StorageHealth(
        up=size is not None,
        kind=database.dialect.name,
        size_bytes=size,
        used_bytes=use.used_bytes if use else None,
        max_bytes=core.storage_policy.limits.max_bytes,
        disk_free_bytes=use.disk_free_bytes if use else None,
        disk_total_bytes=use.disk_total_bytes if use else None,
        frames=core.frame_count.frames,
        frames_waiting=core.writer.waiting,
        frames_dropped=core.metrics.records_dropped.value,
    )


async def _size(database: Database) -> int | None:
    """Return its bytes, None when it does not answer."""
    try:
        await database.check()
        return await database.size()
    except StorageError as error:
        _logger.warning("the database does not answer: %s", error)
        return None
