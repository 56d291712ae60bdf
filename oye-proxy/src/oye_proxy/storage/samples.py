"""The samples of transactions: meter values per measurand and phase."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.ocppj.facts.samples import BEGIN, END
from oye_proxy.ocppj.transaction_samples import EFFECTIVE_LIMIT, Sample
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import samples
from oye_proxy.storage.texts import storable
from oye_proxy.storage.times import from_microseconds, to_microseconds

SHOWN = 2000
PAGE = 1000

_PRUNE_ROWS = 1000
# They are prepared in the event loop: more at a time would hold up frames.
_INSERT_ROWS = 50
_KEYS = (
    samples.c.transaction_row,
    samples.c.at_us,
    samples.c.measurand,
    samples.c.phase,
    samples.c.location,
    samples.c.context,
)


class Series(Struct, frozen=True):
    """Samples of a transaction by time; `total` is how many there are, more when thinned."""

    samples: tuple[Sample, ...]
    total: int


class SampleStore:
    """The table of samples; `TransactionStore` adds them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, transaction_row: int, shown: int = SHOWN) -> Series:
        """
        Return the samples of a transaction, about `shown` at most.

        Of more, each series of one measurand and phase keeps its first and every n-th; begin and
        end of the transaction stay, and each change of the limit in force.
        """
        mine = samples.c.transaction_row == transaction_row
        async with self._database.reading() as connection:
            total = (
                await connection.execute(select(func.count()).select_from(samples).where(mine))
            ).scalar_one()
            statement = _all(mine) if total <= shown else _thinned(mine, -(-total // shown))
            rows = (await connection.execute(statement.limit(2 * shown))).all()
        return Series(tuple(_sample(row) for row in rows), total)

    async def pages(self, transaction_row: int) -> AsyncIterator[list[Sample]]:
        """Yield all samples of a transaction by time, page by page."""
        mine = samples.c.transaction_row == transaction_row
        beyond = mine
        while True:
            async with self._database.reading() as connection:
                rows = (await connection.execute(_all(beyond).limit(PAGE))).all()
            if rows:
                yield [_sample(row) for row in rows]
            if len(rows) < PAGE:
                return
            last = tuple(getattr(rows[-1], key.name) for key in _KEYS)
            beyond = mine & (tuple_(*_KEYS) > tuple_(*last))

    async def prune(self, before: datetime) -> int:
        """Delete the samples of before a moment, in batches; return how many went."""
        old = select(*_KEYS).where(samples.c.at_us < to_microseconds(before)).limit(_PRUNE_ROWS)
        return await delete_in_batches(self._database, tuple_(*_KEYS).in_(old))


async def insert_samples(
    database: Database, connection: AsyncConnection, added: Iterable[tuple[int, Sample]]
) -> None:
    """Add samples, each with the row of its transaction; those that are there stay as they are."""
    statement = database.insert_missing(samples)
    rows = (_row_values(transaction_row, sample) for transaction_row, sample in added)
    while some := list(islice(rows, _INSERT_ROWS)):
        await connection.execute(statement, some)


async def delete_in_batches(database: Database, batch: ColumnElement[bool]) -> int:
    """Delete samples batch by batch, so that those who write never wait long."""
    gone = 0
    while True:
        async with database.writing() as connection:
            deleted = (await connection.execute(delete(samples).where(batch))).rowcount
        gone += deleted
        if deleted < _PRUNE_ROWS:
            return gone
        await asyncio.sleep(0)


async def delete_samples_of(database: Database, transaction_row: int) -> int:
    """Delete the samples of one transaction, in batches."""
    mine = samples.c.transaction_row == transaction_row
    return await delete_in_batches(
        database, tuple_(*_KEYS).in_(select(*_KEYS).where(mine).limit(_PRUNE_ROWS))
    )


def _row_values(transaction_row: int, sample: Sample) -> dict[str, Any]:
    return {
        "transaction_row": transaction_row,
        "at_us": to_microseconds(sample.at),
        "measurand": storable(sample.measurand),
        "phase": storable(sample.phase, 16),
        "location": storable(sample.location),
        "context": storable(sample.context),
        "value": sample.value,
        "unit": None if sample.unit is None else storable(sample.unit),
    }


def _all(mine: ColumnElement[bool]) -> Any:
    return select(samples).where(mine).order_by(*_KEYS)


def _thinned(mine: ColumnElement[bool], step: int) -> Any:
    number = func.row_number().over(
        partition_by=(samples.c.measurand, samples.c.phase, samples.c.location),
        order_by=samples.c.at_us,
    )
    numbered = select(samples, number.label("number")).where(mine).subquery()
    columns = numbered.c
    kept = or_(
        columns.number % step == 1,
        columns.context.in_((BEGIN, END)),
        columns.measurand == EFFECTIVE_LIMIT,
    )
    return select(numbered).where(kept).order_by(*(columns[key.name] for key in _KEYS))


def _sample(row: Any) -> Sample:
    return Sample(
        from_microseconds(row.at_us),
        row.measurand,
        row.value,
        row.phase,
        row.unit,
        row.context,
        row.location,
    )
