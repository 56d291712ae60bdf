import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.proxy.storage.conftest import statements

from oye_proxy.errors import StorageError
from oye_proxy.metrics import Metrics
from oye_proxy.settings import StorageSettings
from oye_proxy.storage import writer as module
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_rows import NewFrame, as_latest
from oye_proxy.storage.frames import FrameQuery, FrameStore
from oye_proxy.storage.writer import FrameWriter

# Both refuse the frame with the payload 1.
REFUSE_ONE = {
    "sqlite": (
        "CREATE TRIGGER refuse BEFORE INSERT ON logs WHEN NEW.payload = '1'"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END"
    ),
    "postgresql": "ALTER TABLE logs ADD CONSTRAINT refuse CHECK (payload <> '1')",
}


class FailingDatabase(Database):
    """A database that can be away, or hang."""

    def __init__(self) -> None:
        super().__init__(StorageSettings(memory=True))
        self.away = False
        self.gate = asyncio.Event()
        self.gate.set()

    @asynccontextmanager
    async def writing(self, *, durable: bool = False) -> AsyncIterator[AsyncConnection]:
        await self.gate.wait()
        if self.away:
            raise StorageError("the disk is full") from OperationalError("", (), OSError())
        async with super().writing(durable=durable) as connection:
            yield connection


@pytest.fixture
async def failing() -> AsyncIterator[FailingDatabase]:
    database = FailingDatabase()
    await database.open()
    yield database
    database.gate.set()
    await database.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLUSH_SECONDS", 0.001)
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.001)
    monkeypatch.setattr(module, "_RETRY_SECONDS_MAX", 0.004)


def frame(number: int, more: str = "") -> NewFrame:
    return NewFrame("CP-001", "UPSTREAM", f"{number}{more}", 1000, 1_000_000_000, late=False)


async def payloads(database: Database) -> list[str | bytes]:
    found = await FrameStore(database).search(FrameQuery(limit=5000))
    return [one.payload for one in reversed(found)]


async def until_stored(metrics: Metrics, count: int) -> None:
    async with asyncio.timeout(10):
        while metrics.records_stored.value < count:  # noqa: ASYNC110 - a counter wakes nobody
            await asyncio.sleep(0.001)


@pytest.mark.parametrize("count", [0, 1, 9, 10, 51, 250, 567, 2756])
async def test_every_frame_is_stored_in_order(database: Database, count: int) -> None:
    metrics = Metrics()
    writer = FrameWriter(database, 5000, metrics)
    writer.start()
    for number in range(count):
        writer.offer(frame(number))
    await writer.stop()

    assert [str(number) for number in range(count)] == await payloads(database)
    assert (count, 0) == (metrics.records_stored.value, metrics.records_dropped.value)


async def test_frames_are_stored_while_it_runs(database: Database) -> None:
    metrics = Metrics()
    writer = FrameWriter(database, 1000, metrics)
    writer.start()
    for number in range(3):
        writer.offer(frame(number))
        await until_stored(metrics, number + 1)

    assert ["0", "1", "2"] == await payloads(database)

    await writer.stop()


async def test_who_reads_at_once_has_what_waits_written_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what came while a batch was written, and what no single batch holds."""
    monkeypatch.setattr(module, "FLUSH_SECONDS", 60.0)
    monkeypatch.setattr(module, "BATCH_ROWS", 4)
    writer = FrameWriter(database, 1000, Metrics())
    writer.start()
    for number in range(10):
        writer.offer(frame(number))
    await writer.flush(10.0)

    assert [str(number) for number in range(10)] == await payloads(database)

    writer.offer(frame(10))
    await asyncio.gather(writer.flush(10.0), writer.flush(10.0))

    assert "10" == (await payloads(database))[-1]

    await writer.stop()


@pytest.mark.parametrize(("frames", "inserts"), [(1, 1), (49, 3), (67, 2), (2649, 5)])
async def test_a_batch_takes_few_statements(
    database: Database, monkeypatch: pytest.MonkeyPatch, frames: int, inserts: int
) -> None:
    monkeypatch.setattr(module, "FLUSH_SECONDS", 60.0)
    writer = FrameWriter(database, 5000, Metrics())
    writer.start()
    for number in range(frames):
        writer.offer(frame(number))
    with statements(database) as told:
        await writer.flush(10.0)
    await writer.stop()

    assert inserts == told.count("INSERT")
    assert [str(number) for number in range(frames)] == await payloads(database)


async def test_who_reads_waits_for_a_dead_database_for_a_bounded_time(
    failing: FailingDatabase,
) -> None:
    writer = FrameWriter(failing, 1000, Metrics())
    await writer.flush(60.0)
    failing.gate.clear()
    writer.start()
    writer.offer(frame(0))
    await writer.flush(0.01)

    assert 1 == writer.waiting + writer._writing

    writer.trouble = "the disk is full"
    await writer.flush(60.0)
    failing.gate.set()
    await writer.stop()

    assert ["0"] == await payloads(failing)


async def test_many_batches_are_stored(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_ROWS", 100)
    metrics = Metrics()
    writer = FrameWriter(database, 1000, metrics)
    for number in range(950):
        writer.offer(frame(number))
    writer.start()
    await writer.stop()

    assert [str(number) for number in range(950)] == await payloads(database)


async def test_a_full_queue_drops_its_oldest_frames_and_counts_them(database: Database) -> None:
    troubles: list[str | None] = []
    metrics = Metrics()
    writer = FrameWriter(database, 100, metrics, troubles.append)
    for number in range(130):
        writer.offer(frame(number))

    assert 30 == metrics.records_dropped.value
    assert ["the database is too slow: the oldest waiting frames are dropped"] == troubles

    writer.start()
    await writer.stop()

    assert [str(number) for number in range(30, 130)] == await payloads(database)
    assert troubles[-1] is None


async def test_large_frames_are_bounded_by_their_size(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUEUE_CHARACTERS", 100)
    monkeypatch.setattr(module, "BATCH_CHARACTERS", 20)
    metrics = Metrics()
    writer = FrameWriter(database, 1000, metrics)
    for number in range(100, 130):
        writer.offer(frame(number, "." * 7))

    assert (10, 20) == (writer.waiting, metrics.records_dropped.value)

    writer.start()
    await writer.stop()

    assert [f"{number}......." for number in range(120, 130)] == await payloads(database)
    assert 0 == writer.waiting
    assert 0 == writer._characters


async def test_one_frame_larger_than_the_queue_is_dropped(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUEUE_CHARACTERS", 100)
    metrics = Metrics()
    writer = FrameWriter(database, 1000, metrics)
    writer.start()
    writer.offer(frame(1, "." * 200))
    writer.offer(frame(2))
    await writer.stop()

    assert ["2"] == await payloads(database)
    assert 1 == metrics.records_dropped.value


async def test_a_database_locked_by_another_program_is_waited_for(
    file_database: Database,
) -> None:
    heard = asyncio.Event()
    metrics = Metrics()
    writer = FrameWriter(file_database, 1000, metrics, lambda _sentence: heard.set())
    async with file_database.writing() as connection:
        await connection.execute(text("PRAGMA busy_timeout=1"))
    assert file_database.path is not None
    other = sqlite3.connect(file_database.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    writer.start()
    writer.offer(frame(0))
    async with asyncio.timeout(10):
        await heard.wait()

    assert writer.trouble is not None
    assert "is locked by another program: end it (is OYE running twice?)" in writer.trouble

    other.execute("ROLLBACK")
    other.close()
    await until_stored(metrics, 1)

    assert writer.trouble is None
    await writer.stop()


async def test_a_database_that_is_away_is_tried_until_it_is_back(
    failing: FailingDatabase,
) -> None:
    troubles: list[str | None] = []
    heard = asyncio.Event()

    def on_trouble(sentence: str | None) -> None:
        troubles.append(sentence)
        if len(troubles) > 3:
            heard.set()

    metrics = Metrics()
    writer = FrameWriter(failing, 1000, metrics, on_trouble)
    failing.away = True
    writer.start()
    writer.offer(frame(0))
    async with asyncio.timeout(10):
        await heard.wait()

    assert writer.trouble is not None
    assert writer.trouble.startswith("the disk is full; the next attempt follows in 0.00")

    writer.offer(frame(1))
    failing.away = False
    await until_stored(metrics, 2)

    assert ["0", "1"] == await payloads(failing)
    assert troubles[-1] is None
    assert writer.trouble is None
    assert 0 == metrics.records_dropped.value

    await writer.stop()


async def test_a_hanging_database_delays_no_offer(
    failing: FailingDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 4: storage can be dead without delaying a frame."""
    monkeypatch.setattr(module, "_SILENT_SECONDS", 0.001)
    heard = asyncio.Event()
    metrics = Metrics()
    writer = FrameWriter(failing, 100, metrics, lambda _sentence: heard.set())
    failing.gate.clear()
    writer.start()
    writer.offer(frame(0))
    async with asyncio.timeout(10):
        await heard.wait()

    assert "the database does not answer; frames wait for it" == writer.trouble

    for number in range(1, 1000):
        writer.offer(frame(number))

    assert 899 == metrics.records_dropped.value

    failing.gate.set()
    await writer.stop()

    assert ["0", *(str(number) for number in range(900, 1000))] == await payloads(failing)


async def test_the_end_does_not_wait_for_a_dead_database(
    failing: FailingDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.01)
    metrics = Metrics()
    writer = FrameWriter(failing, 100, metrics)
    failing.away = True
    writer.start()
    for number in range(3):
        writer.offer(frame(number))
    await writer.stop()

    assert (0, 3) == (metrics.records_stored.value, metrics.records_dropped.value)


async def test_the_end_does_not_wait_for_a_hanging_database(
    failing: FailingDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.01)
    metrics = Metrics()
    writer = FrameWriter(failing, 100, metrics)
    failing.gate.clear()
    writer.start()
    writer.offer(frame(0))
    await writer.stop()

    assert (0, 1) == (metrics.records_stored.value, metrics.records_dropped.value)


async def test_one_frame_that_the_database_refuses_holds_up_no_other(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text(REFUSE_ONE[database.dialect.name]))
    metrics = Metrics()
    writer = FrameWriter(database, 1000, metrics)
    for number in range(3):
        writer.offer(frame(number))
    writer.start()
    await writer.stop()

    assert ["0", "2"] == await payloads(database)
    assert (2, 1) == (metrics.records_stored.value, metrics.records_dropped.value)


def latest(kind: str, payload: str) -> NewFrame:
    return as_latest(NewFrame(kind, "UPSTREAM", payload, 1000, 1_000_000_000, action="MeterValues"))


async def stored(database: Database, *frames: NewFrame) -> list[str | bytes]:
    """Write frames in a life of a writer; return what is stored then."""
    writer = FrameWriter(database, 5000, Metrics())
    writer.start()
    for one in frames:
        writer.offer(one)
    await writer.stop()
    return await payloads(database)


async def test_of_frames_that_replace_each_other_the_newest_stays(database: Database) -> None:
    """Within a batch, over batches and over restarts; others and their order stay."""
    first = await stored(
        database, frame(1), latest("A", "a1"), latest("B", "b1"), latest("A", "a2"), frame(2)
    )
    second = await stored(database, latest("A", "a3"), frame(3), latest("A", "a4"))

    assert ["1", "b1", "a2", "2"] == first
    assert ["1", "b1", "2", "3", "a4"] == second


async def test_a_frame_that_is_refused_removes_nothing_that_it_would_replace(
    database: Database,
) -> None:
    await stored(database, latest("A", "0"))
    async with database.writing() as connection:
        await connection.execute(text(REFUSE_ONE[database.dialect.name]))

    assert ["0", "2"] == await stored(database, latest("A", "1"), frame(2))


async def test_replacing_many_takes_several_statements(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REPLACED_ROWS", 2)
    kinds = "ABCDE"
    await stored(database, *(latest(kind, f"{kind}1") for kind in kinds))

    assert [f"{kind}2" for kind in kinds] == await stored(
        database, *(latest(kind, f"{kind}2") for kind in kinds)
    )


async def test_what_is_replaced_is_found_by_an_index(file_database: Database) -> None:
    """It holds no frame but those that may be replaced."""
    async with file_database.reading() as connection:
        plan = await connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN DELETE FROM logs WHERE latest_of IN (?, ?)", ("A", "B")
        )

        assert ["SEARCH logs USING INDEX ix_logs_latest_of (latest_of=?)"] == [
            step.detail for step in plan
        ]
