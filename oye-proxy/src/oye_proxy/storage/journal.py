"""
The journal on disk: what chargers were told in place of their CSMS, until it has heard it.

A commit is on disk, whatever the power does, when it returns. Texts come back exactly.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    Delete,
    Select,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.errors import StorageError
from oye_proxy.ocppj.journal.entries import (
    Entry,
    EntryState,
    JournalClass,
    Settlement,
    TransactionLink,
)
from oye_proxy.storage.database import Database
from oye_proxy.storage.journal_rows import (
    JournalRow,
    entry_values,
    read_entry,
    read_row,
    settlement_values,
)
from oye_proxy.storage.models import journal, journal_heads, transaction_links
from oye_proxy.storage.texts import escaped, storable
from oye_proxy.storage.times import from_microseconds, to_microseconds
from oye_proxy.storage.transaction_links import TransactionLinkStore

_DELETE_ROWS = 500
# What has more digits is none of our ids, and fits no column.
_DIGITS = 19
_ORDERED = (JournalClass.TRANSACTION.value, JournalClass.EVENT.value)
_PENDING = EntryState.PENDING.value


class JournalBatch(Struct, frozen=True, kw_only=True):
    """What is committed together or not at all, each part with the id of its charger."""

    entries: Sequence[tuple[str, Entry]] = ()
    links: Sequence[tuple[str, TransactionLink]] = ()
    settlements: Sequence[tuple[str, Settlement]] = ()
    dropped: Sequence[tuple[str, int]] = ()


class JournalHead(Struct, frozen=True):
    """Where a charger's journal stands: its last sequence, and what is pending of transactions."""

    last_sequence: int = 0
    transactions: int = 0
    transaction_characters: int = 0


class JournalQuery(Struct, frozen=True, kw_only=True):
    """Which entries of a charger; `before` is a sequence, exclusive, `oldest` has them in order."""

    charge_point_id: str
    limit: int = 100
    before: int | None = None
    oldest: bool = False
    state: EntryState | None = None
    transaction_id: str | None = None


class JournalTotals(Struct, frozen=True, kw_only=True):
    """What is pending of all chargers together, and since when."""

    pending: int = 0
    chargers: int = 0
    oldest_arrival: datetime | None = None


class JournalStore:
    """The tables of the journal."""

    def __init__(
        self, database: Database, *, wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._links = TransactionLinkStore(database)
        self._wall = wall

    async def commit(self, batch: JournalBatch) -> None:
        """
        Store a batch: entries, then links, settlements and what is dropped; on disk at the end.

        It may be repeated: an entry that is there stays as it is. An entry of class LATEST takes
        the place of the older ones of its key that are pending.
        """
        async with self._database.writing(durable=True) as connection:
            if batch.entries:
                await self._append(connection, batch.entries)
            await self._links.put(connection, batch.links, self._wall())
            if batch.settlements:
                await self._settle(connection, batch.settlements)
            # Those that were told just now are no longer pending, and stay.
            latest = [
                {**_key(charger, entry.sequence), "of_key": storable(entry.key)}
                for charger, entry in batch.entries
                if entry.journal_class is JournalClass.LATEST
            ]
            if latest:
                await connection.execute(_SUPERSEDE, latest)
            if batch.dropped:
                dropped = [_key(charger, sequence) for charger, sequence in batch.dropped]
                await connection.execute(delete(journal).where(*_BY_KEY), dropped)

    async def pending(
        self, charge_point_id: str, *, after: int = 0, limit: int = 64
    ) -> list[Entry]:
        """Return the next transactions and events that are pending, in order."""
        query = (
            _pending_of(charge_point_id)
            .where(journal.c.journal_class.in_(_ORDERED), journal.c.sequence > after)
            .order_by(journal.c.sequence)
            .limit(limit)
        )
        return await self._entries(query)

    async def latest(self, charge_point_id: str) -> list[Entry]:
        """Return the entries of class LATEST that are pending, in order."""
        query = _pending_of(charge_point_id).where(
            journal.c.journal_class == JournalClass.LATEST.value
        )
        return await self._entries(query.order_by(journal.c.sequence))

    async def recent(self, charge_point_id: str, limit: int) -> list[Entry]:
        """Return the newest transactions and events, whatever became of them, in order."""
        query = _of(charge_point_id).where(journal.c.journal_class.in_(_ORDERED))
        found = await self._entries(query.order_by(journal.c.sequence.desc()).limit(limit))
        return found[::-1]

    async def all_latest(self) -> dict[str, list[Entry]]:
        """Return what `latest` does, of every charger at once."""
        query = select(journal).where(
            journal.c.state == _PENDING, journal.c.journal_class == JournalClass.LATEST.value
        )
        return await self._by_charger(query.order_by(*journal.primary_key))

    async def all_recent(self, limit: int) -> dict[str, list[Entry]]:
        """Return the transactions and events among the last `limit` sequences of every charger."""
        among_the_last = journal.c.sequence > journal_heads.c.last_sequence - limit
        query = (
            select(journal)
            .select_from(journal_heads)
            .join(
                journal,
                (journal.c.charge_point_id == journal_heads.c.charge_point_id) & among_the_last,
            )
            .where(journal.c.journal_class.in_(_ORDERED))
        )
        return await self._by_charger(query.order_by(*journal.primary_key))

    async def all_events(self) -> dict[str, list[int]]:
        """Return the sequences of the events that are pending of every charger, in order."""
        query = (
            select(*journal.primary_key)
            .where(journal.c.state == _PENDING, journal.c.journal_class == JournalClass.EVENT.value)
            .order_by(*journal.primary_key)
        )
        found: dict[str, list[int]] = {}
        async with self._database.reading() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.charge_point_id, []).append(row.sequence)
        return found

    async def heads(self) -> dict[str, JournalHead]:
        """Return where the journal of every charger stands that ever had an entry."""
        counts = (
            select(
                journal.c.charge_point_id,
                func.count().label("entries"),
                func.sum(journal.c.characters).label("characters"),
            )
            .where(journal.c.state == _PENDING)
            .where(journal.c.journal_class == JournalClass.TRANSACTION.value)
            .group_by(journal.c.charge_point_id)
        )
        async with self._database.reading() as connection:
            heads = (await connection.execute(select(journal_heads))).all()
            counted = {
                row.charge_point_id: (row.entries, int(row.characters))
                for row in await connection.execute(counts)
            }
        return {
            row.charge_point_id: JournalHead(
                row.last_sequence, *counted.get(row.charge_point_id, (0, 0))
            )
            for row in heads
        }

    async def links(self) -> dict[str, list[TransactionLink]]:
        """Return the transactions of each charger that have two ids, by the local one."""
        return await self._links.all()

    async def search(self, query: JournalQuery) -> list[JournalRow]:
        """Return entries of a charger, newest first unless the oldest are wanted."""
        statement = _of(query.charge_point_id)
        if query.before is not None:
            statement = statement.where(journal.c.sequence < query.before)
        if query.state is not None:
            statement = statement.where(journal.c.state == query.state.value)
        if query.transaction_id is not None:
            wanted = escaped(query.transaction_id)
            statement = statement.where(journal.c.transaction_id == wanted)
        order = journal.c.sequence if query.oldest else journal.c.sequence.desc()
        statement = statement.order_by(order).limit(query.limit)
        async with self._database.reading() as connection:
            return [read_row(row) for row in await connection.execute(statement)]

    async def count_pending(self, charge_point_id: str) -> int:
        """Return how many entries of a charger are pending, of every class."""
        query = select(func.count()).where(
            journal.c.state == _PENDING, journal.c.charge_point_id == charge_point_id
        )
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one()

    async def totals(self) -> JournalTotals:
        """Return what is pending of all chargers together."""
        query = select(
            func.count().label("pending"),
            func.count(journal.c.charge_point_id.distinct()).label("chargers"),
            func.min(journal.c.arrived_us).label("oldest_us"),
        ).where(journal.c.state == _PENDING)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one()
        return JournalTotals(
            pending=row.pending,
            chargers=row.chargers,
            oldest_arrival=from_microseconds(row.oldest_us),
        )

    async def prune(self, before: datetime) -> int:
        """Delete what was final, and links that were closed, before a moment; return how many."""
        old = select(*journal.primary_key).where(journal.c.settled_us < to_microseconds(before))
        return await self._delete(old) + await self._links.prune(before)

    async def forget(self, charge_point_id: str) -> None:
        """Delete the journal of a charger; if it comes back, its sequences begin anew."""
        mine = select(*journal.primary_key).where(journal.c.charge_point_id == charge_point_id)
        await self._delete(mine)
        async with self._database.writing() as connection:
            for table in (journal, journal_heads, transaction_links):
                of_charger = table.c.charge_point_id == charge_point_id
                await connection.execute(delete(table).where(of_charger))

    async def _append(
        self, connection: AsyncConnection, entries: Sequence[tuple[str, Entry]]
    ) -> None:
        await self._check_sequences(connection, entries)
        rows = [entry_values(charger, entry) for charger, entry in entries]
        await connection.execute(self._database.insert_missing(journal), rows)
        heads: dict[str, int] = {}
        for charger, entry in entries:
            heads[charger] = max(entry.sequence, heads.get(charger, 0))
        first = [{"charge_point_id": charger, "last_sequence": 0} for charger in heads]
        await connection.execute(self._database.insert_missing(journal_heads), first)
        await connection.execute(_RAISE_HEAD, [_key(*head) for head in heads.items()])

    async def _check_sequences(
        self, connection: AsyncConnection, entries: Sequence[tuple[str, Entry]]
    ) -> None:
        """Raise StorageError when another entry has a sequence: it must not pass for this one."""
        wanted = {(charger, entry.sequence): entry.digest for charger, entry in entries}
        keys = tuple_(*journal.primary_key).in_(wanted)
        for row in await connection.execute(
            select(*journal.primary_key, journal.c.digest).where(keys)
        ):
            if row.digest != wanted[row.charge_point_id, row.sequence]:
                raise StorageError(
                    f"entry {row.sequence} of the journal of {row.charge_point_id} is another one",
                    refused=True,
                )

    async def _settle(
        self, connection: AsyncConnection, settlements: Sequence[tuple[str, Settlement]]
    ) -> None:
        steps = [
            {**_key(charger, settlement.sequence), **settlement_values(settlement)}
            for charger, settlement in settlements
        ]
        await connection.execute(update(journal).where(*_BY_KEY), steps)
        for charger, settlement in settlements:
            if settlement.csms_transaction_id is None:
                continue
            key = _key(charger, settlement.sequence)
            local_id = (await connection.execute(_TRANSACTION_ID, key)).scalar()
            if local_id is not None and local_id.isdecimal() and len(local_id) < _DIGITS:
                link = TransactionLink(
                    local_id=int(local_id), csms_id=settlement.csms_transaction_id
                )
                await self._links.put(connection, [(charger, link)], settlement.at)

    async def _by_charger(self, query: Select[Any]) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        async with self._database.reading() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.charge_point_id, []).append(read_entry(row))
        return found

    async def _entries(self, query: Select[Any]) -> list[Entry]:
        async with self._database.reading() as connection:
            return [read_entry(row) for row in await connection.execute(query)]

    async def _delete(self, keys: Select[Any]) -> int:
        """Delete the rows with these keys in batches, so that nobody waits long to write."""
        deleted = 0
        while True:
            async with self._database.writing() as connection:
                gone = (await connection.execute(_deletion(keys))).rowcount
            deleted += gone
            if gone < _DELETE_ROWS:
                return deleted
            await asyncio.sleep(0)


def _deletion(keys: Select[Any]) -> Delete:
    return delete(journal).where(tuple_(*journal.primary_key).in_(keys.limit(_DELETE_ROWS)))


def _of(charge_point_id: str) -> Select[Any]:
    return select(journal).where(journal.c.charge_point_id == charge_point_id)


def _pending_of(charge_point_id: str) -> Select[Any]:
    return _of(charge_point_id).where(journal.c.state == _PENDING)


def _key(charge_point_id: str, sequence: int) -> dict[str, Any]:
    # A parameter of an update must not have the name of a column.
    return {"of_charger": charge_point_id, "of_sequence": sequence}


_BY_KEY = (
    journal.c.charge_point_id == bindparam("of_charger"),
    journal.c.sequence == bindparam("of_sequence"),
)
_TRANSACTION_ID = select(journal.c.transaction_id).where(*_BY_KEY)
_RAISE_HEAD = (
    update(journal_heads)
    .where(
        journal_heads.c.charge_point_id == bindparam("of_charger"),
        journal_heads.c.last_sequence < bindparam("of_sequence"),
    )
    .values(last_sequence=bindparam("of_sequence"))
)
_SUPERSEDE = delete(journal).where(
    journal.c.state == _PENDING,
    journal.c.charge_point_id == bindparam("of_charger"),
    journal.c.sequence < bindparam("of_sequence"),
    journal.c.journal_class == JournalClass.LATEST.value,
    journal.c.key == bindparam("of_key"),
)
