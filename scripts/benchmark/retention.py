"""How fast old frames leave while others are written, and how long a commit has to wait."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmark import fill
from oye_proxy.features.space import TARGET_SHARE, make_room
from oye_proxy.metrics import Metrics
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import logs
from oye_proxy.storage.pruning import FramePruner
from oye_proxy.storage.space import measure
from oye_proxy.storage.writer import FrameWriter

FRAMES_A_SECOND = 500
QUEUE_FRAMES = StorageSettings().queue_frames

_WRITER = "frame writer"
_STEP_SECONDS = 0.02
_CALM_SECONDS = 5.0
_DELETED_SHARE = 0.1
_DELETED_MAX = 200_000


class TimedDatabase(Database):
    """A database that notes how long the writer of frames takes for each commit."""

    def __init__(self, settings: StorageSettings) -> None:
        super().__init__(settings)
        self.seconds: list[float] = []

    @contextlib.asynccontextmanager
    async def writing(self, *, durable: bool = False) -> AsyncIterator[AsyncConnection]:
        """Lend a connection; the time includes the wait for one's turn."""
        begin = time.perf_counter()
        async with super().writing(durable=durable) as connection:
            yield connection
        task = asyncio.current_task()
        if task is not None and task.get_name() == _WRITER:
            self.seconds.append(time.perf_counter() - begin)


async def run(settings: StorageSettings, now: datetime) -> None:
    """Delete by age, by number and by size while frames are written; print the figures."""
    database = TimedDatabase(settings)
    await database.open()
    metrics = Metrics()
    writer = FrameWriter(database, QUEUE_FRAMES, metrics)
    writer.start()
    pace = asyncio.ensure_future(_offer(writer, now))
    print(
        f"\nRetention beside {FRAMES_A_SECOND} new frames a second\n"
        f"{'':24}{'deleted':>10}{'rows/s':>10}{'commits':>9}{'median ms':>11}{'longest ms':>12}"
        f"{'waiting':>9}"
    )
    try:
        pruner = FramePruner(database)
        await _stretch(database, writer, "nothing deleted", asyncio.sleep(_CALM_SECONDS, 0))
        rows = await _rows(database)
        part = min(int(rows * _DELETED_SHARE), _DELETED_MAX)
        oldest = await _time_of(database, part)
        await _stretch(database, writer, "by age", pruner.by_age(oldest))
        keep = max(1, (await _rows(database) - part) // fill.CHARGERS)
        await _stretch(database, writer, "by number", pruner.all_by_count(keep))
        use = await measure(database)
        most = use.used_bytes - int(part * await pruner.row_bytes())
        await _stretch(
            database, writer, "by size", make_room(pruner, use, int(most / TARGET_SHARE))
        )
    finally:
        pace.cancel()
        await asyncio.gather(pace, return_exceptions=True)
        await writer.stop()
        await database.close()
    print(
        f"{metrics.records_stored.value:,} frames stored meanwhile,"
        f" {metrics.records_dropped.value:,} dropped"
    )


async def _stretch(
    database: TimedDatabase, writer: FrameWriter, name: str, work: Awaitable[int]
) -> None:
    database.seconds.clear()
    begin = time.perf_counter()
    gone = await work
    elapsed = time.perf_counter() - begin
    seconds = sorted(database.seconds) or [0.0]
    print(
        f"{name:24}{gone:>10,}{gone / elapsed:>10,.0f}{len(seconds):>9}"
        f"{1e3 * seconds[len(seconds) // 2]:>11.1f}{1e3 * seconds[-1]:>12.1f}{writer.waiting:>9,}",
        flush=True,
    )


async def _offer(writer: FrameWriter, now: datetime) -> None:
    """Offer frames at a steady rate, whatever the database does."""
    loop = asyncio.get_running_loop()
    begin, offered = loop.time(), 0
    for step in count(1):
        await asyncio.sleep(begin + step * _STEP_SECONDS - loop.time())
        due = int((loop.time() - begin) * FRAMES_A_SECOND)
        for number in range(offered, due):
            writer.offer(fill.frame(fill.FRAME_STRETCH + number, now))
        offered = due


async def _rows(database: Database) -> int:
    async with database.reading() as connection:
        newest, oldest = (
            await connection.execute(select(func.max(logs.c.id), func.min(logs.c.id)))
        ).one()
    return int(newest - oldest)


async def _time_of(database: Database, rows: int) -> datetime:
    """Return a time before which so many frames came."""
    first = select(func.min(logs.c.id)).scalar_subquery()
    async with database.reading() as connection:
        query = select(logs.c.timestamp).where(logs.c.id == first + rows)
        seconds = (await connection.execute(query)).scalar_one()
    return datetime.fromtimestamp(seconds, UTC) + timedelta(seconds=1)
