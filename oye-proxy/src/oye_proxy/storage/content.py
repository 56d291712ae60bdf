"""
What a database holds, table by table, the same for each kind of database.

Backups and moves read it in batches of bounded size and write it elsewhere. A row travels as one
line of JSON: an array with the values of its columns, in their order.
"""

import base64
import math
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import (
    BindParameter,
    Column,
    Dialect,
    Float,
    LargeBinary,
    String,
    Table,
    func,
    insert,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.errors import StorageError
from oye_proxy.storage.texts import storable

BATCH_ROWS = 2000
BATCH_CHARACTERS = 8 * 1024 * 1024

# A frame can have megabytes: rows are fetched in small parts.
_FETCH_ROWS = 100
_DIGEST_BYTES = 16
_DIGESTS = 1 << 8 * _DIGEST_BYTES

Values: TypeAlias = list[Any]
_Value: TypeAlias = str | bool | float | Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | None
Fit: TypeAlias = Callable[[Table, list[Values]], list[Values]]
# Hears the table, the rows of it that are done, and how many it has.
Tell: TypeAlias = Callable[[str, int, int], None]


class Position(Struct):
    """How far a table was read, and the sum of what was in its rows, whatever their order."""

    rows: int = 0
    digest: int = 0
    after: Values | None = None

    def advance(
        self, table: Table, batch: Sequence[Values], written: Sequence[Values] | None = None
    ) -> None:
        """Move behind these rows; what was written of them counts, where it differs."""
        keys = [index for index, column in enumerate(table.columns) if column.primary_key]
        self.rows += len(batch)
        self.digest = (self.digest + digest(batch if written is None else written)) % _DIGESTS
        self.after = [batch[-1][index] for index in keys]


async def count(connection: AsyncConnection, table: Table) -> int:
    """Return the number of rows."""
    return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def batches(
    connection: AsyncConnection, table: Table, after: Values | None = None
) -> AsyncIterator[list[Values]]:
    """Read the rows behind a position, in the order of their primary key."""
    keys = list(table.primary_key)
    query = select(*table.columns).order_by(*keys)
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*_literals(keys, after)))
    batch: list[Values] = []
    characters = 0
    options = {"yield_per": _FETCH_ROWS}
    async with connection.stream(query, execution_options=options) as result:
        async for part in result.partitions():
            for row in part:
                values = list(row)
                batch.append(values)
                characters += sum(len(value) for value in values if isinstance(value, str | bytes))
            if len(batch) >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
    if batch:
        yield batch


async def add(connection: AsyncConnection, table: Table, batch: Sequence[Values]) -> None:
    """Insert rows as they are."""
    names = [str(column.name) for column in table.columns]
    if connection.dialect.name == "sqlite":
        rows = [dict(zip(names, values, strict=True)) for values in batch]
        await connection.execute(insert(table), rows)
        return
    # The driver begins the transaction with its first statement, and COPY goes past it.
    await connection.execute(text("SELECT 1"))
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        # Ten times as fast as INSERT.
        await driver.copy_records_to_table(str(table.name), records=batch, columns=names)
    except (TypeError, ValueError, OverflowError) as error:
        raise StorageError(
            f"a row does not fit the table {table.name}: it has a value of another type",
            refused=True,
        ) from error


async def position_of(
    connection: AsyncConnection, table: Table, tell: Tell, fit: Fit | None = None
) -> Position:
    """Read a whole table for what is in it, or for what another database would hold of it."""
    position = Position()
    total = await count(connection, table)
    async for batch in batches(connection, table):
        position.advance(table, batch, None if fit is None else fit(table, batch))
        tell(table.name, position.rows, total)
    return position


def fitted(dialect: Dialect, table: Table, batch: list[Values]) -> list[Values]:
    """Make texts such that this database takes them; SQLite bounds none, PostgreSQL does."""
    if dialect.name == "sqlite":
        return batch
    lengths = [_length(column) for column in table.columns]
    return [
        [
            storable(value, length) if isinstance(value, str) else value
            for value, length in zip(values, lengths, strict=True)
        ]
        for values in batch
    ]


def digest(batch: Iterable[Values]) -> int:
    """Return the sum of the rows' digests: databases do not agree on the order of texts."""
    digests = (blake2b(to_line(row), digest_size=_DIGEST_BYTES).digest() for row in batch)
    return sum(int.from_bytes(each, "big") for each in digests) % _DIGESTS


def to_line(values: Values) -> bytes:
    """Write a row."""
    return msgspec.json.encode([_portable(value) for value in values])


def from_line(table: Table, line: bytes) -> Values:
    """Read a row; raise ValueError when it is none of this table."""
    values = msgspec.json.decode(line, type=list[_Value])
    return [_restored(column, value) for column, value in zip(table.columns, values, strict=True)]


async def last_id(connection: AsyncConnection, table: Table) -> int | None:
    """Return the last number that a row of this table got; None where the database counts none."""
    if connection.dialect.name == "sqlite":
        found = await connection.execute(_SQLITE_LAST, {"name": table.name})
    else:
        sequence = await _sequence(connection, table)
        if sequence is None:
            return None
        found = await connection.execute(text(f"{_SEQUENCE_LAST} {sequence}"))
    number = found.scalar()
    return None if number is None else int(number)


async def set_last_id(connection: AsyncConnection, table: Table, last: int | None) -> None:
    """Go on counting behind this number and all that are in use: an id is a cursor."""
    sqlite = connection.dialect.name == "sqlite"
    sequence = None if sqlite else await _sequence(connection, table)
    if sequence is None and not (sqlite and await _counts(connection, table)):
        return
    column = next(iter(table.primary_key))
    highest = (await connection.execute(select(func.max(column)))).scalar()
    number = max(highest or 0, last or 0)
    if number <= 0:
        return
    row = {"name": table.name, "sequence": sequence, "last": number}
    if sqlite:
        await connection.execute(_SQLITE_FORGET, row)
        await connection.execute(_SQLITE_SET_LAST, row)
    else:
        await connection.execute(_SEQUENCE_SET_LAST, row)


async def _counts(connection: AsyncConnection, table: Table) -> bool:
    made = await connection.execute(_SQLITE_MADE_BY, {"name": table.name})
    return "AUTOINCREMENT" in (made.scalar() or "").upper()


async def _sequence(connection: AsyncConnection, table: Table) -> str | None:
    """Return PostgreSQL's name of the sequence, quoted where needed."""
    columns = list(table.primary_key)
    if len(columns) != 1:
        return None
    names = {"name": table.name, "column": columns[0].name}
    found = (await connection.execute(_SEQUENCE, names)).scalar()
    return None if found is None else str(found)


def _literals(columns: Iterable[Column[Any]], values: Values) -> list[BindParameter[Any]]:
    return [literal(value, column.type) for column, value in zip(columns, values, strict=True)]


def _length(column: Column[Any]) -> int | None:
    return column.type.length if isinstance(column.type, String) else None


def _portable(value: Any) -> Any:
    # JSON has no word for them.
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def _restored(column: Column[Any], value: Any) -> Any:
    if isinstance(value, str) and isinstance(column.type, Float):
        return float(value)
    if isinstance(value, str) and isinstance(column.type, LargeBinary):
        return base64.b64decode(value, validate=True)
    return value


_SQLITE_LAST = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_SQLITE_FORGET = text("DELETE FROM sqlite_sequence WHERE name = :name")
_SQLITE_SET_LAST = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
_SQLITE_MADE_BY = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
_SEQUENCE = text("SELECT pg_get_serial_sequence(quote_ident(:name), :column)")
_SEQUENCE_LAST = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM"
_SEQUENCE_SET_LAST = text("SELECT setval(CAST(:sequence AS regclass), :last)")
