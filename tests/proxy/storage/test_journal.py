"""What a charger was told is on disk before it is told, and comes back exactly."""

import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import event, text
from tests.proxy.storage.journal_entries import (
    DAY,
    LOCAL_ID,
    SECOND,
    START,
    T1,
    acknowledged,
    entry,
    status,
)

from oye_proxy.errors import StorageError
from oye_proxy.ocppj.journal.entries import (
    Entry,
    EntryState,
    JournalClass,
    TransactionLink,
)
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.journal import (
    JournalBatch,
    JournalHead,
    JournalQuery,
    JournalStore,
    JournalTotals,
)
from oye_proxy.storage.journal_rows import JournalRow

# Parts of frames that databases refuse, and what stands in for them on disk.
ODD_TEXT = 'NUL \0, half \ud800 and \udfff, mark \x1a, "\x1a0000" Zähler 🚗'
HUGE = 10**40


@pytest.fixture
def journal(database: Database) -> JournalStore:
    return JournalStore(database, wall=lambda: T1)


async def add(journal: JournalStore, *entries: Entry, charger: str = "CP1") -> None:
    await journal.commit(JournalBatch(entries=[(charger, each) for each in entries]))


async def sequences(journal: JournalStore, **query: object) -> list[int]:
    wanted = JournalQuery(charge_point_id="CP1", **query)  # type: ignore[arg-type]
    return [row.entry.sequence for row in await journal.search(wanted)]


def numbers(entries: Sequence[Entry]) -> list[int]:
    return [each.sequence for each in entries]


async def test_an_entry_comes_back_as_it_was(journal: JournalStore) -> None:
    """Replay sends the original characters (promise 1)."""
    odd = replace(
        START,
        sequence=2,
        version=OcppVersion.V2_1,
        action=ODD_TEXT,
        message_id=ODD_TEXT,
        text=ODD_TEXT,
        answer=ODD_TEXT,
        transaction_id=ODD_TEXT,
        uncertain=True,
        attempts=2,
    )
    await add(journal, START, odd)

    assert [START, odd] == await journal.pending("CP1", limit=10)


async def test_another_entry_under_the_same_sequence_is_refused(journal: JournalStore) -> None:
    """Nobody may be told that a message is kept because another one is."""
    await add(journal, entry(1))

    with pytest.raises(StorageError) as raised:
        await add(journal, replace(entry(1), digest="0" * 32), entry(2))

    assert raised.value.refused
    assert [1] == await sequences(journal)


async def test_a_repeated_commit_changes_nothing(journal: JournalStore) -> None:
    """The first one may have worked although its connection broke."""
    await add(journal, START)
    await journal.commit(JournalBatch(settlements=[("CP1", acknowledged(1))]))
    await add(journal, START, entry(2))

    assert [2] == numbers(await journal.pending("CP1", limit=10))
    assert [2, 1] == await sequences(journal)


async def test_pending_entries_are_read_in_order_and_in_pages(journal: JournalStore) -> None:
    event = entry(3, journal_class=JournalClass.EVENT, transaction_id=None)
    await add(journal, entry(1), entry(2), event, status(4, 1), entry(5))
    await add(journal, entry(1), charger="CP2")
    await journal.commit(JournalBatch(settlements=[("CP1", acknowledged(2))]))

    assert [1, 3] == numbers(await journal.pending("CP1", limit=2))
    assert [5] == numbers(await journal.pending("CP1", after=3, limit=2))
    assert [] == await journal.pending("CP1", after=5, limit=2)


async def test_of_each_key_only_the_latest_is_kept(journal: JournalStore) -> None:
    await add(journal, status(1, 1), status(2, 2))
    await add(journal, status(1, 1), charger="CP2")
    await add(journal, status(3, 1), status(4, 1))

    assert [2, 4] == numbers(await journal.latest("CP1"))
    assert [1] == numbers(await journal.latest("CP2"))
    assert [4, 2] == await sequences(journal)


async def test_a_latest_entry_that_was_told_stays_to_be_seen(journal: JournalStore) -> None:
    await add(journal, status(1, 1))
    told, next_one = ("CP1", acknowledged(1)), ("CP1", status(2, 1))
    await journal.commit(JournalBatch(settlements=[told], entries=[next_one]))
    await add(journal, status(3, 1))

    assert [3, 1] == await sequences(journal)


async def test_a_settlement_is_kept_with_its_texts(journal: JournalStore) -> None:
    settlement = acknowledged(1, attempts=2, sent=ODD_TEXT, response=ODD_TEXT)
    await add(journal, START)
    await journal.commit(JournalBatch(settlements=[("CP1", settlement)]))

    assert [
        JournalRow(
            entry=replace(START, state=EntryState.ACKNOWLEDGED, attempts=2),
            settled_at=T1 + SECOND,
            sent=ODD_TEXT,
            response=ODD_TEXT,
        )
    ] == await journal.search(JournalQuery(charge_point_id="CP1"))


async def test_a_step_that_ends_nothing_counts_the_attempt(journal: JournalStore) -> None:
    step = acknowledged(1, state=EntryState.PENDING, response='[4,"m-1","GenericError","",{}]')
    await add(journal, START)
    await journal.commit(JournalBatch(settlements=[("CP1", step)]))
    (row,) = await journal.search(JournalQuery(charge_point_id="CP1"))

    assert (1, None, step.response) == (row.entry.attempts, row.settled_at, row.response)
    assert [1] == numbers(await journal.pending("CP1", limit=10))


async def test_the_csms_id_is_stored_with_the_state(journal: JournalStore) -> None:
    """ocpp.md 11: the map is filled by the answer to the replayed StartTransaction."""
    await journal.commit(
        JournalBatch(entries=[("CP1", START)], links=[("CP1", TransactionLink(local_id=LOCAL_ID))])
    )
    assert {"CP1": [TransactionLink(local_id=LOCAL_ID)]} == await journal.links()

    settled = acknowledged(1, csms_transaction_id=7)
    await journal.commit(JournalBatch(settlements=[("CP1", settled)]))

    assert {"CP1": [TransactionLink(local_id=LOCAL_ID, csms_id=7)]} == await journal.links()


async def test_an_id_from_a_settlement_needs_no_link_before(journal: JournalStore) -> None:
    settled = acknowledged(1, csms_transaction_id=HUGE)
    await journal.commit(JournalBatch(entries=[("CP1", START)], settlements=[("CP1", settled)]))

    assert {"CP1": [TransactionLink(local_id=LOCAL_ID, csms_id=HUGE)]} == await journal.links()


@pytest.mark.parametrize("transaction_id", [None, "a8c2-11", "9" * 30])
async def test_what_has_no_local_id_gets_no_link(
    journal: JournalStore, transaction_id: str | None
) -> None:
    started = replace(START, transaction_id=transaction_id)
    settled = acknowledged(1, csms_transaction_id=7)
    await journal.commit(JournalBatch(entries=[("CP1", started)], settlements=[("CP1", settled)]))

    assert {} == await journal.links()
    assert [] == await journal.pending("CP1", limit=1)


async def test_dropped_entries_are_gone(journal: JournalStore) -> None:
    await add(journal, entry(1), entry(2), entry(3))
    await journal.commit(JournalBatch(dropped=[("CP1", 1), ("CP1", 3), ("CP1", 9), ("CP2", 2)]))

    assert [2] == numbers(await journal.pending("CP1", limit=10))


async def test_all_of_a_batch_is_stored_or_nothing(journal: JournalStore) -> None:
    """A refused row takes the others with it, and they can be tried again without it."""
    incomplete = replace(START, sequence=2, digest=None)
    with pytest.raises(StorageError) as caught:
        await add(journal, entry(1), incomplete)

    assert caught.value.refused
    assert {} == await journal.heads()
    assert [] == await sequences(journal)


async def test_heads_tell_where_each_journal_stands(journal: JournalStore) -> None:
    event = entry(3, journal_class=JournalClass.EVENT, text="12345")
    await add(journal, entry(1, text="123"), entry(2, text="ä" * 10), event, status(4, 1))
    await add(journal, entry(7, text="1"), charger="CP2")
    await journal.commit(
        JournalBatch(settlements=[("CP1", acknowledged(1)), ("CP2", acknowledged(7))])
    )

    assert {
        "CP1": JournalHead(
            last_sequence=4,
            transactions=1,
            transaction_characters=10,
        ),
        "CP2": JournalHead(last_sequence=7),
    } == await journal.heads()


async def test_a_sequence_never_comes_back(journal: JournalStore) -> None:
    await add(journal, entry(1), entry(2, state=EntryState.LOCAL), status(3, 1))
    await add(journal, status(4, 1))
    await journal.commit(JournalBatch(settlements=[("CP1", acknowledged(1))], dropped=[("CP1", 4)]))

    assert 2 == await journal.prune(T1 + DAY)
    assert [] == await sequences(journal)
    assert {"CP1": JournalHead(last_sequence=4)} == await journal.heads()

    await add(journal, entry(2))
    assert 4 == (await journal.heads())["CP1"].last_sequence


async def test_the_newest_are_known_again_whatever_became_of_them(journal: JournalStore) -> None:
    """ocpp.md 12: a repeated CALL gets the same answer after a restart."""
    await add(journal, entry(1), entry(2), status(3, 1), entry(4, state=EntryState.LOCAL))
    await journal.commit(JournalBatch(settlements=[("CP1", acknowledged(2))]))

    assert [2, 4] == numbers(await journal.recent("CP1", 2))
    assert [1, 2, 4] == numbers(await journal.recent("CP1", 9))


async def test_a_start_reads_all_chargers_at_once(journal: JournalStore) -> None:
    """Thousands of chargers must not hold it up one by one."""
    await add(journal, entry(1), status(2, 1), entry(3), status(4, 2), entry(5))
    await add(journal, status(1, 1), entry(2), charger="CP2")
    await journal.commit(
        JournalBatch(
            settlements=[("CP1", acknowledged(2)), ("CP1", acknowledged(3))],
            dropped=[("CP2", 2)],
        )
    )
    latest, recent = await journal.all_latest(), await journal.all_recent(3)

    assert {"CP1": [4], "CP2": [1]} == {charger: numbers(each) for charger, each in latest.items()}
    assert {"CP1": [3, 5]} == {charger: numbers(each) for charger, each in recent.items()}


async def test_a_start_reads_which_events_wait(journal: JournalStore) -> None:
    """There is a bound to them, over all lives of the proxy."""
    events = [entry(number, journal_class=JournalClass.EVENT) for number in (2, 9, 10)]
    await add(journal, entry(1), *events, status(11, 1))
    await add(journal, entry(3, journal_class=JournalClass.EVENT), charger="CP2")
    await add(journal, entry(1), charger="CP3")
    await journal.commit(JournalBatch(settlements=[("CP1", acknowledged(2))]))

    assert {"CP1": [9, 10], "CP2": [3]} == await journal.all_events()


async def test_a_search_has_filters_and_pages(journal: JournalStore) -> None:
    await add(journal, *(entry(number) for number in range(1, 6)))
    await add(journal, entry(6, transaction_id="of another \0"), status(7, 1))
    await add(journal, entry(8), charger="CP2")
    await journal.commit(JournalBatch(settlements=[("CP1", acknowledged(4))]))

    assert [7, 6] == await sequences(journal, limit=2)
    assert [5, 4] == await sequences(journal, limit=2, before=6)
    assert [4] == await sequences(journal, state=EntryState.ACKNOWLEDGED)
    assert [7, 6, 5, 3, 2, 1] == await sequences(journal, state=EntryState.PENDING)
    assert [6] == await sequences(journal, transaction_id="of another \0")
    assert [5, 4] == await sequences(journal, transaction_id=str(LOCAL_ID), limit=2)
    assert 6 == await journal.count_pending("CP1")
    assert 0 == await journal.count_pending("CP3")


async def test_totals_count_all_chargers(journal: JournalStore) -> None:
    assert JournalTotals() == await journal.totals()

    await add(journal, entry(1, arrived_at=T1 - SECOND), entry(2), status(3, 1))
    await add(journal, entry(1, arrived_at=T1 - DAY), charger="CP2")
    await journal.commit(JournalBatch(settlements=[("CP2", acknowledged(1))]))

    assert JournalTotals(pending=3, chargers=1, oldest_arrival=T1 - SECOND) == (
        await journal.totals()
    )


async def test_only_what_is_final_for_long_is_pruned(
    journal: JournalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.storage.journal._DELETE_ROWS", 2)
    await add(journal, *(entry(number) for number in range(1, 8)))
    await add(journal, entry(8, state=EntryState.LOCAL, arrived_at=T1 + DAY))
    settled = [acknowledged(number) for number in range(1, 6)]
    settled.append(acknowledged(6, at=T1 + DAY, state=EntryState.REFUSED))
    open_link = TransactionLink(local_id=LOCAL_ID)
    closed = TransactionLink(local_id=LOCAL_ID + 1, csms_id=1, closed_at=T1)
    young = TransactionLink(local_id=LOCAL_ID + 2, csms_id=2, closed_at=T1 + DAY)
    await journal.commit(
        JournalBatch(
            settlements=[("CP1", each) for each in settled],
            links=[("CP1", each) for each in (open_link, closed, young)],
        )
    )

    assert 6 == await journal.prune(T1 + DAY)
    assert [8, 7, 6] == await sequences(journal)
    assert {"CP1": [open_link, young]} == await journal.links()
    assert 0 == await journal.prune(T1 + DAY)


async def test_a_forgotten_charger_leaves_nothing(journal: JournalStore) -> None:
    link = ("CP1", TransactionLink(local_id=LOCAL_ID))
    await journal.commit(JournalBatch(entries=[("CP1", START), ("CP2", START)], links=[link]))
    await journal.forget("CP1")

    assert [] == await sequences(journal)
    assert {} == await journal.links()
    assert ["CP2"] == list(await journal.heads())


# What makes it durable, and fast


@pytest.fixture
async def file_store(tmp_path: Path) -> AsyncIterator[tuple[Database, list[str]]]:
    """Open a database file; the list fills with the statements that it gets."""
    database = Database(StorageSettings(data_dir=tmp_path))
    await database.open()
    statements: list[str] = []
    engine = database._opened.sync_engine

    def note(_1: object, _2: object, statement: str, *_3: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield database, statements
    event.remove(engine, "before_cursor_execute", note)
    await database.close()


async def synchronous(database: Database, *, durable: bool = False) -> int:
    async with database.writing(durable=durable) as connection:
        return int((await connection.execute(text("PRAGMA synchronous"))).scalar_one())


async def test_a_commit_waits_for_the_disk_and_others_do_not(
    file_store: tuple[Database, list[str]],
) -> None:
    """
    SQLite: "FULL synchronous syncs the WAL after each transaction commit", NORMAL does not.

    The very same connection is used again by those who need not wait.
    """
    database, statements = file_store
    normal, full = 1, 2
    assert full == await synchronous(database, durable=True)
    assert [normal] * 8 == [await synchronous(database) for _ in range(8)]

    statements.clear()
    await JournalStore(database).commit(JournalBatch(entries=[("CP1", START)]))
    level = statements.index("PRAGMA synchronous=FULL")

    # Within a transaction SQLite would refuse another level.
    assert 0 == level
    assert all("synchronous=NORMAL" not in each for each in statements[level:])


async def test_a_level_that_could_not_be_set_is_not_believed(
    file_store: tuple[Database, list[str]],
) -> None:
    database, _ = file_store
    failures = [sqlite3.OperationalError("interrupted")]

    def fail(_1: object, _2: object, statement: str, *_3: object) -> None:
        if statement == "PRAGMA synchronous=FULL" and failures:
            raise failures.pop()

    event.listen(database._opened.sync_engine, "before_cursor_execute", fail)
    with pytest.raises(StorageError):
        await synchronous(database, durable=True)

    assert 2 == await synchronous(database, durable=True)
    assert 1 == await synchronous(database)


async def test_a_large_journal_is_read_by_its_indices(
    file_store: tuple[Database, list[str]],
) -> None:
    """100 000 entries: each page, the heads, the figures and the pruning find theirs by index."""
    database, statements = file_store
    journal = JournalStore(database)
    await fill(database, 100_000)
    statements.clear()
    query = JournalQuery(charge_point_id="CP1", before=50_000, limit=3)

    assert [49_999, 49_998, 49_997] == [r.entry.sequence for r in await journal.search(query)]
    assert [49_999, 49_997] == [
        row.entry.sequence
        for row in await journal.search(replace(query, state=EntryState.PENDING, limit=2))
    ]
    assert [50_001, 50_003] == numbers(await journal.pending("CP1", after=50_000, limit=2))
    assert (
        JournalHead(last_sequence=100_000, transactions=50_000, transaction_characters=100_000)
        == (await journal.heads())["CP1"]
    )
    await journal.totals()
    await journal.latest("CP1")
    await journal.recent("CP1", 3)
    await journal.all_latest()
    await journal.all_recent(3)
    await journal.all_events()
    await journal.count_pending("CP1")
    await journal.prune(T1 - DAY)

    plans = await explained(database, [each for each in statements if " journal" in each])
    assert [] == [
        plan
        for plan in plans
        if "SCAN journal" in f"{plan} " and "INDEX" not in plan and "heads" not in plan
    ]
    assert [] == [plan for plan in plans if "TEMP B-TREE FOR ORDER BY" in plan]
    assert {"sqlite_autoindex_journal_1", "ix_journal_state", "ix_journal_settled_us"} <= set(
        re.findall(r"\w+", " ".join(plans))
    )


async def fill(database: Database, entries: int) -> None:
    """Store entries of one charger; those of odd sequences are pending."""
    async with database.writing() as connection:
        await connection.execute(
            text(
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :entries)"
                " INSERT INTO journal SELECT 'CP1', x, 'T', '', '1.6', 'StartTransaction', '\"m\"',"
                " '1', '[]', '[]', 2, 1, 'd', 0, CASE x % 2 WHEN 1 THEN 'pending' ELSE"
                " 'acknowledged' END, 0, CASE x % 2 WHEN 1 THEN NULL ELSE 1700000000000000 + x END,"
                " NULL, NULL FROM n"
            ),
            {"entries": entries},
        )
        await connection.execute(
            text("INSERT INTO journal_heads VALUES ('CP1', :entries)"), {"entries": entries}
        )


async def explained(database: Database, statements: list[str]) -> list[str]:
    """Return SQLite's plan of each statement."""
    plans = []
    async with database.reading() as connection:
        for statement in statements:
            values = tuple("1" for _ in range(statement.count("?")))
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.append("; ".join(row.detail for row in rows))
    return plans


async def test_postgresql_waits_for_its_disk_whatever_its_default(
    request: pytest.FixtureRequest,
) -> None:
    database = Database(StorageSettings(database_url=request.getfixturevalue("postgresql_url")))
    await database.open()
    async with database.writing() as connection:
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()
        await connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    await database.close()
    await database.open()
    levels = []
    for durable in (True, False):
        async with database.writing(durable=durable) as connection:
            levels.append((await connection.execute(text("SHOW synchronous_commit"))).scalar())
    await database.close()

    assert ["on", "off"] == levels
