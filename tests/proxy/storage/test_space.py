"""What the database takes, what of it is in use, and what its disk has left."""

import asyncio
import shutil

import pytest
from tests.proxy.storage.test_frames import frame, store

from oye_proxy.settings import StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.frames import FrameStore
from oye_proxy.storage.pruning import FramePruner
from oye_proxy.storage.space import SpaceUse, measure


async def used_below(database: Database, bytes_: int) -> None:
    """Wait until the server's own statistics know of it."""
    async with asyncio.timeout(10):
        while await database.used() >= bytes_:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.1)


async def test_frames_take_room_and_leave_it_for_others(database: Database) -> None:
    """Deleted rows do not make the files smaller, but what is in use."""
    empty = await measure(database)
    await store(database, *(frame(payload="x" * 1000) for _ in range(2000)))
    full = await measure(database)
    await FramePruner(database).all_by_count(0)

    assert full.used_bytes > empty.used_bytes + 1_500_000
    await used_below(database, full.used_bytes - 1_500_000)
    assert full.size_bytes <= (await measure(database)).size_bytes


async def test_compacting_gives_the_room_back(database: Database) -> None:
    await store(database, *(frame(payload="x" * 1000) for _ in range(2000)))
    full = await measure(database)
    await FramePruner(database).all_by_count(10)
    await database.compact()
    compact = await measure(database)

    assert compact.size_bytes < full.size_bytes or full.size_bytes == 0
    assert compact.used_bytes < full.used_bytes
    assert 10 == await FrameStore(database).count()


async def test_the_disk_of_a_file_is_looked_at(file_database: Database) -> None:
    use = await measure(file_database)
    path = file_database.path
    assert path is not None

    assert shutil.disk_usage(path.parent).total == use.disk_total_bytes
    assert 0 < (use.disk_free_bytes or 0) <= (use.disk_total_bytes or 0)


async def test_there_is_no_disk_to_look_at_elsewhere() -> None:
    database = Database(StorageSettings(memory=True))
    await database.open()
    use = await measure(database)
    await database.close()

    assert (None, None, None) == (use.disk_free_bytes, use.disk_total_bytes, use.disk_used_percent)


@pytest.mark.parametrize(("free", "percent"), [(100, 0), (20, 80), (0, 100)])
def test_how_full_a_disk_is(free: int, percent: float) -> None:
    use = SpaceUse(size_bytes=1, used_bytes=1, disk_free_bytes=free, disk_total_bytes=100)

    assert percent == pytest.approx(use.disk_used_percent)
