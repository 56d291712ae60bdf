"""How many transactions a second are on disk before their chargers are answered."""

import asyncio
import itertools
import os
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmark.databases import KINDS, new_database
from benchmark.load import percentile
from benchmark.standalone import print_relay, print_standalone
from oye_proxy.hub.journals import JournalKeeper
from oye_proxy.ocppj.journal.entries import Entry, JournalClass
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import Secret, StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.journal import JournalBatch, JournalStore

CHARGERS = (1, 10, 200)
ENTRIES_EACH = 2  # a start and a stop
WARM_UP = 0.3
DISK_SECONDS = 0.5
DISK_BLOCK = 4096


async def run(folder: Path, database_url: str | None, seconds: float, rounds: int) -> None:
    """Print the tables of both databases, and the first one of the database at the address."""
    rate = await asyncio.to_thread(syncs_per_second, folder)
    print(f"\nThis disk ({folder}; TMPDIR chooses another): {rate:,.0f} writes with fsync a second")
    for kind in KINDS:
        with new_database(kind, folder) as one, new_database(kind, folder) as other:
            if one is not None and other is not None:
                await measure(kind, one.settings, seconds)
                await print_standalone(one, folder / f"alone-{kind}", seconds)
                await print_relay((one, other), folder / f"relay-{kind}", seconds, rounds)
    if database_url is not None:
        settings = StorageSettings(database_url=Secret(database_url))
        await measure("the database at --database-url", settings, seconds)


async def measure(name: str, settings: StorageSettings, seconds: float) -> None:
    """Print what one database sustains with few and with many chargers."""
    print(
        f"\nJournal on {name}: {seconds:g} s each, a charger's next message when its last one is"
        f"\non disk; a transaction is {ENTRIES_EACH} messages of {len(_entry(1).text)} bytes"
    )
    print(
        f"{'chargers':>10}{'transactions/s':>16}{'messages/s':>12}{'commits/s':>11}"
        f"{'p50 ms':>9}{'p99 ms':>9}"
    )
    database = Database(settings)
    await database.open()
    try:
        for chargers in CHARGERS:
            latencies, commits = await closed_loop(database, chargers, seconds)
            rate = len(latencies) / seconds
            print(
                f"{chargers:>10}{rate / ENTRIES_EACH:>16,.0f}{rate:>12,.0f}"
                f"{commits / seconds:>11,.0f}{1e3 * statistics.median(latencies):>9.2f}"
                f"{1e3 * percentile(latencies, 99):>9.2f}"
            )
    finally:
        await database.close()


async def closed_loop(
    database: Database, chargers: int, seconds: float, warm_up: float = WARM_UP
) -> tuple[Sequence[float], int]:
    """Let chargers write side by side; return the times of their messages, and the commits."""
    store = CountingStore(database)
    keeper = JournalKeeper(store, _fail)
    keeper.start()
    names = [f"BENCH-{number}" for number in range(chargers)]
    writers = [Writer(keeper, name) for name in names]
    for writer in writers:
        writer.write()
    await asyncio.sleep(warm_up)
    for writer in writers:
        writer.latencies.clear()
    before = store.commits
    await asyncio.sleep(seconds)
    commits = store.commits - before
    latencies = [each for writer in writers for each in writer.latencies]
    for writer in writers:
        writer.is_stopped = True
    await keeper.stop()
    for name in names:
        await store.forget(name)
    return latencies, commits


class CountingStore(JournalStore):
    """The store, with a count of its commits."""

    commits = 0

    async def commit(self, batch: JournalBatch) -> None:
        """Commit and count."""
        await super().commit(batch)
        self.commits += 1


class Writer:
    """One charger: its next message comes when the last one is on disk."""

    def __init__(self, keeper: JournalKeeper, charge_point_id: str) -> None:
        self.latencies: list[float] = []
        self.is_stopped = False
        self._keeper = keeper
        self._charge_point_id = charge_point_id
        self._sequences = itertools.count(1)
        self._begin = 0.0

    def write(self) -> None:
        """Hand in the next message."""
        self._begin = time.perf_counter()
        self._keeper.append(self._charge_point_id, _entry(next(self._sequences)), self._written)

    def _written(self, on_disk: bool) -> None:  # noqa: FBT001 - as the keeper calls it
        self.latencies.append(time.perf_counter() - self._begin)
        if on_disk and not self.is_stopped:
            self.write()


def syncs_per_second(folder: Path) -> float:
    """Return what the disk itself can do: one small write after the other, each on disk."""
    block, number = bytes(DISK_BLOCK), 0
    begin = time.perf_counter()
    with (folder / "syncs").open("wb", buffering=0) as file:
        while time.perf_counter() - begin < DISK_SECONDS:
            file.write(block)
            os.fsync(file.fileno())
            number += 1
    return number / (time.perf_counter() - begin)


def _entry(sequence: int) -> Entry:
    return Entry(
        sequence=sequence,
        journal_class=JournalClass.TRANSACTION,
        version=OcppVersion.V1_6,
        action="StartTransaction",
        message_id='"9a4e6c1e-7a55-4a86-b7c1-1d1ff5a8ab3e"',
        text='[2,"9a4e6c1e-7a55-4a86-b7c1-1d1ff5a8ab3e","StartTransaction",{"connectorId":1,'
        '"idTag":"04E91C5A123456","meterStart":1234567,"timestamp":"2026-11-21T10:00:00Z"}]',
        answer='[3,"9a4e6c1e-7a55-4a86-b7c1-1d1ff5a8ab3e",{"transactionId":1000000001,'
        '"idTagInfo":{"status":"Accepted"}}]',
        arrived_at=datetime.now(UTC),
        digest=f"{sequence:032x}",
        transaction_id="1000000001",
    )


def _fail(sentence: str | None) -> None:
    if sentence is not None:
        raise SystemExit(f"the journal cannot be measured: {sentence}")
