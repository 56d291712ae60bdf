"""
All rows of one database into another one, of any kind.

How far it is stands in the new database, written in the transaction of the rows themselves: a move
that was killed goes on where it was, and no row comes twice. Until the end no proxy starts with the
new database. The old one is only read.
"""

import asyncio
from functools import partial
from typing import Any

import msgspec
from alembic.script import ScriptDirectory
from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    MetaData,
    Row,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable, DropTable

from oye_proxy.errors import StorageError
from oye_proxy.storage import content, emptying, migrations
from oye_proxy.storage.backup import known_schema
from oye_proxy.storage.content import Position, Tell, Values
from oye_proxy.storage.database import Database

_marks = Table(
    migrations.UNFINISHED,
    MetaData(),
    Column("name", String(255), primary_key=True),
    Column("source", Text, nullable=False),
    Column("revision", String(32), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("digest", String(40), nullable=False),
    Column("after", Text),
    Column("done", Boolean, nullable=False),
)


class Moved(Struct, frozen=True):
    """What a move did: the rows of each table, and how many texts the new database cannot hold."""

    rows: dict[str, int]
    altered: int
    resumed: bool


async def move(source: Database, target: Database, tell: Tell) -> Moved:
    """Copy everything between two attached databases; raise StorageError."""
    if source.where == target.where:
        raise StorageError(f"{source.where} is both the old and the new database: name another one")
    scripts = await asyncio.to_thread(migrations.load)
    async with source.alone(), target.alone(), source.lasting() as reading:
        revision, schema = await known_schema(reading, scripts, source.where)
        if await reading.run_sync(lambda sync: inspect(sync).has_table(migrations.UNFINISHED)):
            raise StorageError(
                f"the database {source.where} is not complete itself: move that first"
            )
        mover = _Mover(scripts, schema, reading, target, tell)
        resumed = await mover.begin(source.where, revision)
        for table in schema.sorted_tables:
            await mover.copy(table)
        rows = {str(table.name): await mover.verify(table) for table in schema.sorted_tables}
        await mover.finish()
    return Moved(rows, mover.altered, resumed)


class _Mover:
    """One move; `begin`, then `copy` and `verify` each table, then `finish`."""

    def __init__(
        self,
        scripts: ScriptDirectory,
        schema: MetaData,
        reading: AsyncConnection,
        target: Database,
        tell: Tell,
    ) -> None:
        self.altered = 0
        self._scripts = scripts
        self._schema = schema
        self._reading = reading
        self._target = target
        self._tell = tell
        self._marks: dict[str, Row[Any]] = {}
        self._whole = True
        self._expected: dict[str, Position] = {}

    async def begin(self, source: str, revision: str) -> bool:
        """Make the tables, or return True when an earlier move made them."""
        async with self._target.changing() as connection:
            resumed = await connection.run_sync(
                lambda sync: inspect(sync).has_table(migrations.UNFINISHED)
            )
            if not resumed:
                await self._make_tables(connection, source, revision)
            found = list(await connection.execute(select(_marks)))
        self._marks = {row.name: row for row in found}
        self._whole = not resumed
        if {(row.source, row.revision) for row in found} != {(source, revision)}:
            raise StorageError(
                f"the database {self._target.where} is half filled from {found[0].source}:"
                " finish that move, or name an empty database"
            )
        return resumed

    async def copy(self, table: Table) -> None:
        """Copy the rows that are not there yet."""
        mark = self._marks[table.name]
        if mark.done:
            return
        total = await content.count(self._reading, table)
        after = msgspec.json.decode(mark.after or "null", type=Values | None)
        position = Position(mark.rows, int(mark.digest, 16), after)
        async for batch in content.batches(self._reading, table, after):
            async with self._target.changing() as connection:
                fitted = self._fitted(table, batch)
                await content.add(connection, table, fitted)
                position.advance(table, batch, fitted)
                await self._note(connection, table, position, done=False)
            self.altered += sum(1 for old, new in zip(batch, fitted, strict=True) if old != new)
            self._tell(table.name, position.rows, total)
        last = await content.last_id(self._reading, table)
        async with self._target.changing() as connection:
            await content.set_last_id(connection, table, last)
            await self._note(connection, table, position, done=True)
        if self._whole:
            self._expected[table.name] = position

    async def verify(self, table: Table) -> int:
        """Read the table anew; raise StorageError unless it is what the old database has."""
        expected = self._expected.get(table.name)
        if expected is None:
            # An earlier run copied some of it: the old database may have changed since.
            expected = await content.position_of(
                self._reading, table, partial(self._compare, "old"), self._fitted
            )
        async with self._target.lasting() as connection:
            found = await content.position_of(connection, table, partial(self._compare, "new"))
        if (found.rows, found.digest) != (expected.rows, expected.digest):
            raise StorageError(
                f"the table {table.name} has {found.rows} rows in {self._target.where} and"
                f" {expected.rows} in the old database, or their content differs: it was changed"
                " in between; name an empty database and begin again"
            )
        return found.rows

    async def finish(self) -> None:
        """Bring the new database up to date, and let proxies in."""
        async with self._target.changing() as connection:
            await connection.execute(DropTable(_marks))
            await connection.run_sync(migrations.run, self._scripts, migrations.HEAD)

    async def _make_tables(self, connection: AsyncConnection, source: str, revision: str) -> None:
        where = self._target.where
        present = await emptying.tables_of(connection, self._scripts, where)
        if await emptying.hold_rows(connection, present):
            raise StorageError(f"the database {where} holds other data: name an empty one")
        await emptying.drop(connection, present)
        await emptying.make(connection, self._scripts, self._schema, revision)
        await connection.execute(CreateTable(_marks))
        mark = {"source": source, "revision": revision, "rows": 0, "digest": "0", "done": False}
        names = [table.name for table in self._schema.sorted_tables]
        await connection.execute(insert(_marks), [{"name": name, **mark} for name in names])

    async def _note(
        self, connection: AsyncConnection, table: Table, position: Position, *, done: bool
    ) -> None:
        await connection.execute(
            update(_marks)
            .where(_marks.c.name == table.name)
            .values(
                rows=position.rows,
                digest=f"{position.digest:x}",
                after=msgspec.json.encode(position.after).decode(),
                done=done,
            )
        )

    def _compare(self, which: str, table: str, done: int, total: int) -> None:
        self._tell(f"{table}, comparing the {which} one", done, total)

    def _fitted(self, table: Table, batch: list[Values]) -> list[Values]:
        return content.fitted(self._target.dialect, table, batch)
