"""Rows for every table of a revision, with the texts and numbers that are known to hurt."""

import asyncio
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Boolean, Column, Float, LargeBinary, MetaData, String, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.settings import StorageSettings
from oye_proxy.storage import content, migrations, models
from oye_proxy.storage.content import Values
from oye_proxy.storage.database import Database

ROWS = 12
TEXTS = (
    "",
    " leading and trailing ",
    "Größe ☃ 🚗 \u2028 \u202e",
    "'; DROP TABLE logs; --",
    '[2,"1","Heartbeat",{"a":"\\u0000"}]',
    "line\r\nline\ttab \x01\x7f",
    "%s {} :name ? $1",
    "null",
    "x" * 300,
)
FLOATS = (0.0, -1.5, 1e300, 5e-324, 0.1)
HEAD = migrations.load().get_current_head() or ""

Content = dict[str, list[Values]]


async def filled(database: Database, revision: str = HEAD, rows: int = ROWS) -> Content:
    """Make the tables of a revision in an attached database and fill them; return the rows."""
    scripts, schema = await asyncio.to_thread(_revision, revision)
    made: Content = {}
    async with database.changing() as connection:
        await connection.run_sync(migrations.run, scripts, revision)
        for table in schema.sorted_tables:
            await connection.execute(table.delete())
            batch = [_row(table, number, made, schema) for number in range(rows)]
            made[table.name] = content.fitted(connection.dialect, table, batch)
            await content.add(connection, table, made[table.name])
            await content.set_last_id(connection, table, None)
    return {name: _sorted(batch) for name, batch in made.items()}


async def content_of(database: Database, revision: str = HEAD) -> Content:
    """Return all rows of the tables that a revision has."""
    _, schema = await asyncio.to_thread(_revision, revision)
    async with database.lasting() as connection:
        return {table.name: await _rows(connection, table) for table in schema.sorted_tables}


async def content_at(storage: StorageSettings) -> Content:
    """Open the database that is there, and return every row of it."""
    database = Database(storage)
    await database.open()
    try:
        return await content_of(database)
    finally:
        await database.close()


def _revision(name: str) -> tuple[ScriptDirectory, MetaData]:
    scripts = migrations.load()
    return scripts, migrations.schema_at(scripts, name)


async def _rows(connection: AsyncConnection, table: Table) -> list[Values]:
    return _sorted([row async for batch in content.batches(connection, table) for row in batch])


def _sorted(rows: list[Values]) -> list[Values]:
    return sorted(rows, key=repr)


def _row(table: Table, number: int, made: Content, schema: MetaData) -> Values:
    return [_value(column, number, made, schema) for column in table.columns]


def _value(column: Column[Any], number: int, made: Content, schema: MetaData) -> Any:
    for key in column.foreign_keys:
        parent, _, name = key.target_fullname.partition(".")
        return made[parent][number][list(schema.tables[parent].columns.keys()).index(name)]
    if column.nullable and number % 3 == 0:
        return None
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Float):
        return FLOATS[number % len(FLOATS)]
    if isinstance(column.type, LargeBinary):
        return bytes(range(number, 256))
    if isinstance(column.type, String):
        # Unique, as some must be.
        text = f"{number}{TEXTS[number % len(TEXTS)]}"
        return text if column.type.length is None else text[: column.type.length]
    return number + 1 + (2**40 if _is_large(column) else 0)


def _is_large(column: Column[Any]) -> bool:
    table = models.metadata.tables.get(column.table.name)
    if table is None or column.name not in table.columns:
        return False
    return isinstance(table.columns[column.name].type, BigInteger)
