"""Transactions as records: written as frames tell of them, found by page."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import transactions
from oye_proxy.storage.samples import delete_samples_of, insert_samples
from oye_proxy.storage.times import to_microseconds
from oye_proxy.storage.transaction_rows import TransactionRow, row_of, tag_key
from oye_proxy.storage.transaction_writing import Change, write_changes

SEARCH_LIMIT = 1000

_PRUNE_ROWS = 200
_LARGEST = 2**62


class TransactionQuery(Struct, frozen=True, kw_only=True):
    """
    Which transactions are wanted; all conditions hold at once.

    `since` is inclusive and `until` exclusive; both look at the begin. `before` is the id of the
    last row of the page before. Tags compare without case.
    """

    charge_point_id: str | None = None
    id_tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_open: bool | None = None
    started_by: str | None = None
    before: int | None = None
    limit: int = 100


class TransactionStore:
    """The table of transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self, changes: Sequence[Change]) -> None:
        """Store what frames told, in their order, all or none; what is stored already stays."""
        async with self._database.writing() as connection:
            samples = await write_changes(connection, changes)
            await insert_samples(self._database, connection, samples)

    async def find(self, row_id: int) -> TransactionRow | None:
        """Return one transaction."""
        if not 0 < row_id < _LARGEST:
            return None
        query = select(transactions).where(transactions.c.id == row_id)
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).one_or_none()
        return None if found is None else row_of(found)

    async def search(self, query: TransactionQuery) -> list[TransactionRow]:
        """Return at most `limit` transactions, those that began last first."""
        async with self._database.reading() as connection:
            statement = page(query)
            if query.before is not None:
                statement = statement.where(await _beyond(connection, query.before))
            return [row_of(row) for row in await connection.execute(statement)]

    async def prune(self, before: datetime) -> int:
        """Delete ended transactions that began before a moment, with samples; return how many."""
        old = (
            select(transactions.c.id)
            .where(transactions.c.begun_us < to_microseconds(before))
            .where(transactions.c.closed_us.is_not(None))
            .order_by(transactions.c.begun_us)
        )
        return await delete_transactions(self._database, old)


def page(query: TransactionQuery) -> Select[Any]:
    """Return the statement of a page, without its cursor."""
    statement = select(transactions).where(*conditions(query))
    order = (transactions.c.begun_us.desc(), transactions.c.id.desc())
    return statement.order_by(*order).limit(max(0, min(query.limit, SEARCH_LIMIT)))


def conditions(query: TransactionQuery) -> list[ColumnElement[bool]]:
    """Return what the rows of a query fulfil, but for its cursor."""
    columns = transactions.c
    found: list[ColumnElement[bool]] = []
    if query.charge_point_id is not None:
        found.append(columns.charge_point_id == query.charge_point_id)
    if query.id_tag is not None:
        found.append(columns.id_tag_key == tag_key(query.id_tag))
    if query.since is not None:
        found.append(columns.begun_us >= to_microseconds(query.since))
    if query.until is not None:
        found.append(columns.begun_us < to_microseconds(query.until))
    if query.is_open is not None:
        is_open = columns.closed_us.is_(None)
        found.append(is_open if query.is_open else columns.closed_us.is_not(None))
    if query.started_by is not None:
        started_by: ColumnElement[str] = columns.started_by
        if query.charge_point_id is not None or query.id_tag is not None:
            # Fewer rows have the same charger or tag: keep SQLite from this column's index.
            started_by = started_by.concat("")
        found.append(started_by == query.started_by)
    return found


async def delete_transactions(database: Database, wanted: Select[Any]) -> int:
    """Delete transactions with their samples in batches; `wanted` selects their ids."""
    gone = 0
    while True:
        async with database.reading() as connection:
            ids = (await connection.execute(wanted.limit(_PRUNE_ROWS))).scalars().all()
        for row_id in ids:
            await delete_samples_of(database, row_id)
        if ids:
            async with database.writing() as connection:
                await connection.execute(delete(transactions).where(transactions.c.id.in_(ids)))
        gone += len(ids)
        if len(ids) < _PRUNE_ROWS:
            return gone
        await asyncio.sleep(0)


async def _beyond(connection: AsyncConnection, before: int) -> ColumnElement[bool]:
    """Return what holds for rows after the cursor's, in the order of pages."""
    columns = transactions.c
    before = max(0, min(before, _LARGEST))
    begun_us = (
        await connection.execute(select(columns.begun_us).where(columns.id == before))
    ).scalar_one_or_none()
    if begun_us is None:
        # It was deleted meanwhile; most rows lie in the order of their ids.
        return columns.id < before
    return tuple_(columns.begun_us, columns.id) < (begun_us, before)
