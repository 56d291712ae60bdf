"""The number of stored frames is right at any time, whoever adds or deletes some."""

import asyncio
from datetime import UTC, datetime

import pytest
from tests.proxy.storage.test_frames import frame, store

from oye_proxy.metrics import Metrics
from oye_proxy.storage.chargers import ChargerStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_count import FrameCount
from oye_proxy.storage.frame_rows import NewFrame, as_latest
from oye_proxy.storage.frames import FrameStore
from oye_proxy.storage.pruning import FramePruner
from oye_proxy.storage.writer import FrameWriter


@pytest.fixture
def count(database: Database) -> FrameCount:
    return FrameCount(database)


async def write(database: Database, count: FrameCount, *frames: NewFrame) -> None:
    """Write as the proxy does."""
    writer = FrameWriter(database, 1000, Metrics(), on_change=count.changed)
    for one in frames:
        writer.offer(one)
    writer.start()
    await writer.stop()


async def test_until_it_was_counted_it_is_not_known(database: Database, count: FrameCount) -> None:
    await store(database, frame(), frame())
    before = count.frames
    await count.count()

    assert (None, 2) == (before, count.frames)


async def test_what_is_written_counts_at_once(database: Database, count: FrameCount) -> None:
    await store(database, frame())
    await count.count()
    await write(database, count, *[frame()] * 12)

    assert 13 == count.frames == await FrameStore(database).count()


async def test_what_replaces_a_frame_does_not_add_one(
    database: Database, count: FrameCount
) -> None:
    await count.count()
    for payload in ("1", "2", "3"):
        await write(database, count, as_latest(frame(payload=payload, action="MeterValues")))

    assert 1 == count.frames == await FrameStore(database).count()


async def test_what_is_pruned_is_gone_at_once(database: Database, count: FrameCount) -> None:
    await store(database, *(frame(name) for name in ["A"] * 7 + ["B"] * 3))
    await count.count()
    pruner = FramePruner(database, count.changed)

    await pruner.all_by_count(5)
    assert 8 == count.frames
    await pruner.oldest(2)
    assert 6 == count.frames
    await pruner.by_age(datetime.now(UTC))
    assert 0 == count.frames


async def test_the_frames_of_a_deleted_charger_are_gone(
    database: Database, count: FrameCount
) -> None:
    await store(database, *(frame(name) for name in ["A"] * 3 + ["B"]))
    await count.count()
    await ChargerStore(database, count.changed).delete("A")

    assert 1 == count.frames


async def test_what_another_process_changed_is_found_by_counting_anew(
    database: Database, count: FrameCount
) -> None:
    await count.count()
    await store(database, frame())
    await write(database, count, frame())
    assert 1 == count.frames

    await count.count()
    assert 2 == count.frames


async def test_counting_among_writers_counts_nothing_twice_and_leaves_nothing_out(
    database: Database, count: FrameCount
) -> None:
    """Writers come and go while it counts, again and again."""
    ended = asyncio.Event()

    async def write_on() -> None:
        pruner = FramePruner(database, count.changed)
        while not ended.is_set():
            await write(database, count, *[frame()] * 3)
            await pruner.oldest(1)

    async with asyncio.TaskGroup() as group:
        group.create_task(write_on())
        for _ in range(20):
            await count.count()
        ended.set()

    assert count.frames == await FrameStore(database).count()
