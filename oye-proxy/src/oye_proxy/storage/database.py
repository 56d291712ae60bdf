"""
The database: opened, migrated and closed in one place; stores borrow transactions from it.

Every failure leaves here as a StorageError whose text says what to do.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite
from sqlalchemy import Dialect, Table, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.dml import Insert

from oye_proxy.errors import StorageError
from oye_proxy.settings import StorageSettings, parse_database_url
from oye_proxy.storage import migrations
from oye_proxy.storage.backend import DURABLE, Backend
from oye_proxy.storage.sqlite import Sqlite

# Long searches must leave connections for those who write.
_READERS = 4
_TURN_SECONDS = 10.0

_INSERTS: dict[str, Any] = {
    "sqlite": sqlalchemy.dialects.sqlite.insert,
    "postgresql": sqlalchemy.dialects.postgresql.insert,
}
_ERRORS: tuple[type[Exception], ...] = (SQLAlchemyError, OSError)
# What a database says to a row, not to the moment.
_REFUSALS = (DataError, IntegrityError)


class Database:
    """One database; `open` before use, `close` at the end."""

    def __init__(self, settings: StorageSettings) -> None:
        file = settings.database_url is None and not settings.memory
        self.path: Path | None = database_path(settings) if file else None
        self.backup: Path | None = None
        self._backend = _backend(settings, self.path)
        self._engine: AsyncEngine | None = None
        self._readers = asyncio.Semaphore(_READERS)
        # SQLite has one writer at a time, and its own way of waiting is not fair. In PostgreSQL
        # two would commit their ids out of order, and a reader that follows would miss some.
        self._writer = asyncio.Lock()

    async def open(self) -> None:
        """
        Connect and bring the tables up to date; `backup` names the copy of a taken-over file.

        A database of the Node oye-proxy is copied first, then migrated in place.
        """
        scripts = await asyncio.to_thread(migrations.load)
        with self._translated():
            self.backup = await self._backend.prepare(datetime.now(UTC))
        await self.attach()
        try:
            async with self.changing() as connection:
                await self._backend.begin_migration(connection)
                await connection.run_sync(migrations.upgrade, scripts, self._backend.where)
        except BaseException:
            await self.close()
            raise

    async def attach(self) -> None:
        """Connect to the database as it is, whatever the revision of its tables."""
        with self._translated():
            self._engine = await self._backend.open()

    async def close(self) -> None:
        """Close all connections; a database in memory is gone then."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await self._backend.close(engine)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection for queries that see one state of the database."""
        backend = self._backend
        async with self._lent(self._readers, backend.reads, backend.patience) as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def writing(self, *, durable: bool = False) -> AsyncIterator[AsyncConnection]:
        """
        Lend a connection whose changes are committed at the end, or none of them.

        A power cut may undo the last ones, unless they are `durable`: these wait for the disk.
        """
        backend = self._backend
        options = {**backend.writes, DURABLE: durable}
        async with self._lent(self._writer, options, backend.patience) as connection:
            yield connection

    async def check(self) -> None:
        """Raise StorageError unless the database answers."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    @contextlib.asynccontextmanager
    async def lasting(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection that sees one state of the database for as long as it takes."""
        async with self._lent(self._readers, self._backend.reads, None) as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def still(self) -> AsyncIterator[None]:
        """Let nobody of this process write meanwhile."""
        async with self._turn(self._writer):
            yield

    @contextlib.asynccontextmanager
    async def changing(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection for a change that takes as long as it takes, such as a migration."""
        async with self._lent(self._writer, self._backend.writes, None) as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Keep a second proxy out of a database file; raise StorageError when one is in."""
        async with contextlib.AsyncExitStack() as stack:
            with self._translated():
                await stack.enter_async_context(self._backend.served())
            yield

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Keep every proxy out; raise StorageError while one is in. Needs `attach` or `open`."""
        async with contextlib.AsyncExitStack() as stack:
            with self._translated():
                await stack.enter_async_context(self._backend.alone(self.lasting))
            yield

    @property
    def where(self) -> str:
        """The database in words, for sentences."""
        return self._backend.where

    async def size(self) -> int:
        """Return the bytes that the database takes on disk; 0 when it is in memory."""
        return await self._backend.size(self.reading)

    async def used(self) -> int:
        """Return the bytes that hold something; deleted rows leave room for new ones."""
        return await self._backend.used(self.reading)

    async def compact(self) -> None:
        """Give the room of deleted rows back to the disk; raise StorageError while it is used."""
        async with self._turn(self._writer):
            with self._translated():
                await self._backend.compact(self._opened)

    @property
    def dialect(self) -> Dialect:
        """The SQL dialect in use."""
        return self._opened.dialect

    def upsert(
        self, table: Table, values: dict[str, Any], update: Sequence[str] | None = None
    ) -> Insert:
        """Insert a row, or update the columns named when its primary key exists (default: all)."""
        keys = [column.name for column in table.primary_key]
        changed = [name for name in values if name not in keys] if update is None else update
        statement = self.insert_or_update(table, changed) if changed else self.insert_missing(table)
        return statement.values(values)

    def insert_or_update(self, table: Table, update: Sequence[str]) -> Insert:
        """Insert the rows, one or many; where a primary key exists the columns named change."""
        keys = [column.name for column in table.primary_key]
        statement = _INSERTS[self.dialect.name](table)
        return statement.on_conflict_do_update(  # type: ignore[no-any-return]  # one of two dialects
            index_elements=keys, set_={name: statement.excluded[name] for name in update}
        )

    def insert_missing(self, table: Table) -> Insert:
        """Insert the rows, one or many, whose primary keys do not exist."""
        keys = [column.name for column in table.primary_key]
        return _INSERTS[self.dialect.name](table).on_conflict_do_nothing(index_elements=keys)  # type: ignore[no-any-return]  # one of two dialects

    @contextlib.asynccontextmanager
    async def _lent(
        self,
        gate: asyncio.Lock | asyncio.Semaphore,
        options: dict[str, Any],
        patience: float | None,
    ) -> AsyncIterator[AsyncConnection]:
        engine = self._opened
        async with self._turn(gate):
            with self._translated():
                async with asyncio.timeout(patience), engine.connect() as connection:
                    await connection.execution_options(**options)
                    async with connection.begin():
                        yield connection

    @contextlib.asynccontextmanager
    async def _turn(self, gate: asyncio.Lock | asyncio.Semaphore) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                await gate.acquire()
        except TimeoutError:
            backend = self._backend
            raise StorageError(
                f"the database {backend.where} does not answer: {backend.hint}"
            ) from None
        try:
            yield
        finally:
            gate.release()

    @property
    def _opened(self) -> AsyncEngine:
        if self._engine is None:
            raise StorageError("the database is closed")
        return self._engine

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (*_ERRORS, *self._backend.errors) as error:
            cause = error.driver_exception if isinstance(error, DBAPIError) else error
            refused = isinstance(error, _REFUSALS) or self._backend.refuses_row(cause)
            raise StorageError(self._sentence(cause), refused=refused) from error

    def _sentence(self, cause: BaseException) -> str:
        where = self._backend.where
        known = self._backend.sentence(cause)
        if known is None and isinstance(cause, OSError):
            reason = cause.strerror or cause
            return f"the database {where} cannot be used: {reason} ({cause.filename or where})"
        # Further lines show values of rows.
        return known or f"the database {where} failed: {str(cause).partition(chr(10))[0]}"


def database_path(settings: StorageSettings) -> Path:
    """Return the file of the database."""
    return settings.db_path or settings.data_dir / "db" / "oye-proxy.db"


def _backend(settings: StorageSettings, path: Path | None) -> Backend:
    if settings.database_url is None:
        return Sqlite(path)
    # Its driver is large, and a home has no use for it.
    from oye_proxy.storage.postgresql import Postgresql  # noqa: PLC0415

    return Postgresql(parse_database_url(settings.database_url))
