"""One task writes for all chargers; who must not be told before the disk has it is told after."""

import asyncio
import logging
from collections.abc import AsyncIterator
from functools import partial

import pytest
from tests.proxy.hub.conftest import until
from tests.proxy.postgresql import PostgresqlServer
from tests.proxy.storage.journal_entries import LOCAL_ID, T1, acknowledged, entry

from oye_proxy.errors import StorageError
from oye_proxy.hub import journals as module
from oye_proxy.hub.journals import JournalKeeper
from oye_proxy.ocppj.journal.entries import Entry, JournalClass, TransactionLink
from oye_proxy.settings import Secret, StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.journal import JournalBatch, JournalQuery, JournalStore

FULL = StorageError("the disk is full")
REFUSED = StorageError("the row is at fault", refused=True)
LINK = TransactionLink(local_id=LOCAL_ID)


class Disk:
    """Writes when it is let, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.error: StorageError | None = None
        self.bad: dict[int, Exception] = {}
        self.may_write = asyncio.Event()
        self.may_write.set()
        self.attempts = 0
        self.batches: list[JournalBatch] = []
        self.read: list[tuple[str, int, int]] = []
        self.forgotten: list[str] = []

    async def commit(self, batch: JournalBatch) -> None:
        self.attempts += 1
        await self.may_write.wait()
        if self.error is not None:
            raise self.error
        for _, each in batch.entries:
            if each.sequence in self.bad:
                raise self.bad[each.sequence]
        self.batches.append(batch)

    async def pending(self, charge_point_id: str, *, after: int, limit: int) -> list[Entry]:
        if self.error is not None:
            raise self.error
        self.read.append((charge_point_id, after, limit))
        entries = [each for batch in self.batches for charger, each in batch.entries]
        return [each for each in entries if each.sequence > after]

    async def forget(self, charge_point_id: str) -> None:
        self.forgotten.append(charge_point_id)

    @property
    def written(self) -> list[list[int]]:
        return [[each.sequence for _, each in batch.entries] for batch in self.batches]


class Caller:
    """Hears what became of each entry."""

    def __init__(self) -> None:
        self.told: list[tuple[int, bool]] = []

    def append(self, keeper: JournalKeeper, *sequences: int, charger: str = "CP1") -> None:
        for sequence in sequences:
            keeper.append(charger, entry(sequence), partial(self.hear, sequence))

    def hear(self, sequence: int, ok: bool) -> None:  # noqa: FBT001 - as the keeper calls it
        self.told.append((sequence, ok))


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def caller() -> Caller:
    return Caller()


@pytest.fixture
def troubles() -> list[str | None]:
    return []


@pytest.fixture
async def keeper(disk: Disk, troubles: list[str | None]) -> AsyncIterator[JournalKeeper]:
    keeper = JournalKeeper(disk, troubles.append, retry_seconds=0.001)
    keeper.start()
    yield keeper
    disk.may_write.set()
    await keeper.stop()


async def test_what_comes_during_a_commit_goes_into_the_next_one(
    disk: Disk, caller: Caller, keeper: JournalKeeper
) -> None:
    """Group commit: a slow disk costs time, not the number of chargers that it sustains."""
    disk.may_write.clear()
    caller.append(keeper, 1)
    await until(lambda: disk.attempts == 1)
    caller.append(keeper, 2, 3)
    caller.append(keeper, 4, charger="CP2")
    keeper.settle("CP1", acknowledged(1))
    keeper.link("CP1", LINK)
    keeper.drop("CP1", [2, 3])

    assert [] == caller.told

    disk.may_write.set()
    await until(lambda: len(caller.told) == 4)

    assert [(number, True) for number in (1, 2, 3, 4)] == caller.told
    assert [
        JournalBatch(entries=[("CP1", entry(1))], links=[], settlements=[], dropped=[]),
        JournalBatch(
            entries=[("CP1", entry(2)), ("CP1", entry(3)), ("CP2", entry(4))],
            links=[("CP1", LINK)],
            settlements=[("CP1", acknowledged(1))],
            dropped=[("CP1", 2), ("CP1", 3)],
        ),
    ] == disk.batches


async def test_a_batch_is_bounded(
    disk: Disk, caller: Caller, keeper: JournalKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH_WRITES", 2)
    caller.append(keeper, 1, 2, 3)
    await until(lambda: len(caller.told) == 3)
    monkeypatch.setattr(module, "BATCH_CHARACTERS", 1)
    caller.append(keeper, 4, 5)
    await until(lambda: len(caller.told) == 5)

    assert [[1, 2], [3], [4], [5]] == disk.written


async def test_a_caller_is_told_when_it_is_on_disk(database: Database) -> None:
    store = JournalStore(database)
    keeper = JournalKeeper(store, lambda _: None)
    keeper.start()
    on_disk: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    keeper.append("CP1", entry(1), on_disk.set_result)

    assert await on_disk
    assert [entry(1)] == await store.pending("CP1")
    await keeper.stop()


# The database fails


async def test_who_cannot_wait_hears_of_a_failure_at_once_and_the_rest_is_kept_in_order(
    disk: Disk, caller: Caller, keeper: JournalKeeper, troubles: list[str | None]
) -> None:
    """The charger gets InternalError and keeps its message (ocpp.md 10)."""
    disk.error, event = FULL, entry(2, journal_class=JournalClass.EVENT)
    keeper.settle("CP1", acknowledged(1))
    keeper.append("CP1", event, None)
    caller.append(keeper, 3)
    keeper.link("CP1", LINK)
    await until(lambda: caller.told == [(3, False)])
    disk.error = None
    await until(lambda: not keeper.waiting)

    # What was refused may be on disk all the same: it must not be replayed.
    assert [
        JournalBatch(
            entries=[("CP1", event)],
            links=[("CP1", LINK)],
            settlements=[("CP1", acknowledged(1))],
            dropped=[("CP1", 3)],
        )
    ] == disk.batches
    assert [str(FULL), None] == [troubles[0], troubles[-1]]
    assert 1 == troubles.count(None)


async def test_while_the_database_rests_nobody_waits_for_it(
    disk: Disk, caller: Caller, troubles: list[str | None]
) -> None:
    keeper = JournalKeeper(disk, troubles.append, retry_seconds=3600)
    keeper.start()
    disk.error = FULL
    caller.append(keeper, 1)
    await until(lambda: bool(troubles))
    caller.append(keeper, 2)
    assert [(1, False)] == caller.told
    await until(lambda: len(caller.told) == 2)

    assert [(1, False), (2, False)] == caller.told
    assert 1 == disk.attempts
    await keeper.stop()


async def test_those_who_came_during_the_failing_commit_do_not_wait_for_another(
    disk: Disk, caller: Caller, keeper: JournalKeeper
) -> None:
    disk.may_write.clear()
    disk.error = FULL
    caller.append(keeper, 1)
    await until(lambda: disk.attempts == 1)
    caller.append(keeper, 2)
    disk.may_write.set()
    await until(lambda: len(caller.told) == 2)

    assert [(1, False), (2, False)] == caller.told


@pytest.mark.parametrize("error", [REFUSED, ZeroDivisionError()])
async def test_a_row_that_is_refused_fails_alone(
    disk: Disk,
    caller: Caller,
    keeper: JournalKeeper,
    troubles: list[str | None],
    error: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    disk.bad[3] = error
    caller.append(keeper, 1, 2, 3, 4, 5)
    await until(lambda: len(caller.told) == 5)

    assert [(number, number != 3) for number in range(1, 6)] == caller.told
    assert [1, 2, 4, 5] == [each for batch in disk.written for each in batch]
    assert [] == troubles
    assert f"a change of CP1's journal is not written: {error}" in caplog.messages


async def test_a_database_that_fails_after_the_first_half_keeps_the_second(
    disk: Disk, caller: Caller, keeper: JournalKeeper
) -> None:
    """Of a batch with a refused row the halves are tried alone."""
    event = entry(4, journal_class=JournalClass.EVENT)
    disk.bad = {2: REFUSED, 4: FULL}
    caller.append(keeper, 1, 2, 3)
    keeper.append("CP1", event, None)
    await until(lambda: len(caller.told) == 3)
    del disk.bad[4]
    await until(lambda: not keeper.waiting)

    assert [(1, True), (2, False), (3, False)] == caller.told
    assert [[1], [4]] == disk.written
    assert [("CP1", 3)] == disk.batches[-1].dropped


async def test_a_caller_that_fails_does_not_end_the_task(
    caller: Caller, keeper: JournalKeeper, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    keeper.append("CP1", entry(1), fail)
    keeper.fetch("CP1", 0, fail)
    caller.append(keeper, 2)
    await until(lambda: bool(caller.told))
    await until(lambda: caplog.messages.count("who waited for a journal failed") == 2)

    assert [(2, True)] == caller.told


async def test_beyond_the_bound_the_oldest_is_lost_and_said(
    disk: Disk, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = JournalKeeper(disk, lambda _: None, limit=2)
    keeper.settle("CP1", acknowledged(1))
    caller.append(keeper, 2, 3, 4)
    keeper.start()
    await until(lambda: len(caller.told) == 3)
    await keeper.stop()

    assert [(2, False), (3, True), (4, True)] == caller.told
    assert [[3, 4]] == disk.written
    assert [] == list(disk.batches[0].settlements)
    assert ["2 changes of journals were lost: too many waited"] == caplog.messages


async def test_megabytes_are_bounded_as_well(
    disk: Disk, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(entry(1).text) + len(entry(1).answer)
    monkeypatch.setattr(module, "WAITING_CHARACTERS", 2 * size)
    keeper = JournalKeeper(disk, lambda _: None)
    caller.append(keeper, 1, 2, 3)
    keeper.start()
    await until(lambda: len(caller.told) == 3)
    await keeper.stop()

    assert [[2, 3]] == disk.written


# Reading


async def test_a_fetch_sees_what_was_put_before_it(
    disk: Disk, caller: Caller, keeper: JournalKeeper
) -> None:
    disk.may_write.clear()
    fetched: list[list[Entry]] = []
    caller.append(keeper, 1, 2)
    keeper.fetch("CP1", 1, fetched.append)
    await until(lambda: disk.attempts == 1)
    assert [] == disk.read

    disk.may_write.set()
    await until(lambda: bool(fetched))

    assert [[entry(2)]] == fetched
    assert [("CP1", 1, 64)] == disk.read


async def test_a_fetch_is_tried_until_it_works(
    disk: Disk, keeper: JournalKeeper, troubles: list[str | None]
) -> None:
    fetched: list[list[Entry]] = []
    disk.error = FULL
    keeper.fetch("CP1", 0, fetched.append)
    await until(lambda: bool(troubles))
    assert [] == fetched

    disk.error = None
    await until(lambda: bool(fetched))

    assert [[]] == fetched
    assert troubles[-1] is None


# The end


async def test_the_end_writes_what_waits(disk: Disk, caller: Caller) -> None:
    keeper = JournalKeeper(disk, lambda _: None)
    keeper.start()
    caller.append(keeper, 1)
    keeper.settle("CP1", acknowledged(1))
    await keeper.stop()
    caller.append(keeper, 2)
    await until(lambda: len(caller.told) == 2)

    assert [(1, True), (2, False)] == caller.told
    assert [[1]] == disk.written
    assert 0 == keeper.waiting


async def test_the_end_gives_up_on_a_dead_database(
    disk: Disk, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    disk.error = FULL
    keeper = JournalKeeper(disk, lambda _: None, retry_seconds=3600)
    keeper.start()
    keeper.settle("CP1", acknowledged(7))
    caller.append(keeper, 1)
    keeper.fetch("CP1", 0, lambda _: None)
    with caplog.at_level(logging.WARNING):
        await keeper.stop()

    assert [(1, False)] == caller.told
    assert ["2 changes of journals could not be written before the end"] == caplog.messages


async def test_the_end_does_not_wait_for_a_silent_database(
    disk: Disk, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.01)
    disk.may_write.clear()
    keeper = JournalKeeper(disk, lambda _: None)
    keeper.start()
    caller.append(keeper, 1)
    await until(lambda: disk.attempts == 1)
    caller.append(keeper, 2)
    await keeper.stop()

    assert [(1, False), (2, False)] == caller.told


async def test_what_never_started_can_be_stopped(disk: Disk, caller: Caller) -> None:
    keeper = JournalKeeper(disk, lambda _: None)
    caller.append(keeper, 1)
    await keeper.stop()

    assert [(1, False)] == caller.told


async def test_a_forgotten_charger_leaves_nothing_that_waits(
    disk: Disk, caller: Caller, keeper: JournalKeeper
) -> None:
    disk.may_write.clear()
    fetched: list[list[Entry]] = []
    caller.append(keeper, 1)
    await until(lambda: disk.attempts == 1)
    caller.append(keeper, 2)
    caller.append(keeper, 3, charger="CP2")
    keeper.fetch("CP1", 0, fetched.append)
    forgetting = asyncio.ensure_future(keeper.forget("CP1"))
    await asyncio.sleep(0)
    disk.may_write.set()
    await forgetting
    await until(lambda: len(caller.told) == 3)

    assert ["CP1"] == disk.forgotten
    assert [[1], [3]] == disk.written
    assert {(1, True), (2, False), (3, True)} == set(caller.told)
    assert [] == fetched


async def test_times_of_settlements_are_those_of_the_caller(database: Database) -> None:
    store = JournalStore(database, wall=lambda: T1)
    keeper = JournalKeeper(store, lambda _: None)
    keeper.start()
    keeper.append("CP1", entry(1), None)
    keeper.settle("CP1", acknowledged(1, csms_transaction_id=7))
    await keeper.stop()

    assert {"CP1": [TransactionLink(local_id=LOCAL_ID, csms_id=7)]} == await store.links()
    assert 0 == await store.count_pending("CP1")


async def test_a_postgresql_that_stops_and_returns_gets_all_that_was_promised(
    postgresql: PostgresqlServer, postgresql_url: Secret, caller: Caller
) -> None:
    troubles: list[str | None] = []
    database = Database(StorageSettings(database_url=postgresql_url))
    await database.open()
    store = JournalStore(database)
    keeper = JournalKeeper(store, troubles.append, retry_seconds=0.01)
    keeper.start()
    caller.append(keeper, 1)
    await until(lambda: caller.told == [(1, True)])
    postgresql.stop()
    try:
        keeper.settle("CP1", acknowledged(1))
        caller.append(keeper, 2)
        await until(lambda: caller.told[1:] == [(2, False)])
    finally:
        postgresql.start()
    keeper.append("CP1", entry(3, journal_class=JournalClass.EVENT), None)
    await until(lambda: not keeper.waiting)
    await keeper.stop()
    states = [
        (row.entry.sequence, row.entry.state.value)
        for row in await store.search(JournalQuery(charge_point_id="CP1"))
    ]
    await database.close()

    assert [(3, "pending"), (1, "acknowledged")] == states
    assert [None] == troubles[-1:]
