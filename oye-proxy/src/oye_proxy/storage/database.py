"""
The database: opened, migrated and closed in one place; stores borrow transactions from it.

Every failure leaves here as a StorageError whose text says what to do.
"""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite
from sqlalchemy import Dialect, Table, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.dml import Insert

from oye_proxy.errors import StorageError
from oye_proxy.settings import StorageSettings
from oye_proxy.storage import migrations, sqlite

# Long searches must leave connections for those who write.
_READERS = 4
_TURN_SECONDS = 10.0

_INSERTS: dict[str, Any] = {
    "sqlite": sqlalchemy.dialects.sqlite.insert,
    "postgresql": sqlalchemy.dialects.postgresql.insert,
}


class Database:
    """One database; `open` before use, `close` at the end."""

    def __init__(self, settings: StorageSettings) -> None:
        self.path: Path | None = None if settings.memory else database_path(settings)
        self.backup: Path | None = None
        self._engine: AsyncEngine | None = None
        self._anchor: AsyncConnection | None = None
        self._readers = asyncio.Semaphore(_READERS)
        # SQLite has one writer at a time, and its own way of waiting is not fair.
        self._writer = asyncio.Lock()

    async def open(self) -> None:
        """
        Connect and bring the tables up to date; `backup` names the copy of a taken-over file.

        A database of the Node oye-proxy is copied first, then migrated in place.
        """
        scripts = await asyncio.to_thread(migrations.load)
        if self.path is None:
            self._engine = sqlite.engine_in_memory(uuid.uuid4().hex)
            with self._translated():
                self._anchor = await self._engine.connect()
        else:
            with self._translated():
                self.backup = await asyncio.to_thread(_prepare, self.path, datetime.now(UTC))
            self._engine = sqlite.engine_for_file(self.path)
        try:
            async with self.writing() as connection:
                await connection.run_sync(migrations.upgrade, scripts, self._where)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close all connections; a database in memory is gone then."""
        engine, self._engine = self._engine, None
        anchor, self._anchor = self._anchor, None
        if anchor is not None:
            await anchor.close()
        if engine is not None:
            await engine.dispose()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection for queries that see one state of the database."""
        engine = self._opened
        async with self._turn(self._readers):
            with self._translated():
                async with engine.begin() as connection:
                    yield connection

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection whose changes are committed at the end, or none of them."""
        engine = self._opened
        async with self._turn(self._writer):
            with self._translated():
                async with engine.connect() as connection:
                    await connection.execution_options(**{sqlite.WRITES: True})
                    async with connection.begin():
                        yield connection

    async def check(self) -> None:
        """Raise StorageError unless the database answers."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def size(self) -> int:
        """Return the bytes that the database takes on disk; 0 when it is in memory."""
        return 0 if self.path is None else await asyncio.to_thread(_size, self.path)

    @property
    def dialect(self) -> Dialect:
        """The SQL dialect in use."""
        return self._opened.dialect

    def upsert(
        self, table: Table, values: dict[str, Any], update: Sequence[str] | None = None
    ) -> Insert:
        """Insert a row, or update the columns named when its primary key exists (default: all)."""
        statement = _INSERTS[self.dialect.name](table).values(values)
        keys = [column.name for column in table.primary_key]
        changed = [name for name in values if name not in keys] if update is None else update
        if not changed:
            return statement.on_conflict_do_nothing(index_elements=keys)  # type: ignore[no-any-return]  # one of two dialects
        return statement.on_conflict_do_update(  # type: ignore[no-any-return]  # one of two dialects
            index_elements=keys, set_={name: statement.excluded[name] for name in changed}
        )

    @contextlib.asynccontextmanager
    async def _turn(self, gate: asyncio.Lock | asyncio.Semaphore) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                await gate.acquire()
        except TimeoutError:
            raise StorageError(
                f"the database {self._where} does not answer: see whether its disk works"
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

    @property
    def _where(self) -> str:
        return "in memory" if self.path is None else str(self.path)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, *sqlite.ERRORS) as error:
            raise StorageError(self._sentence(error)) from error
        except OSError as error:
            raise StorageError(
                f"the database {self._where} cannot be used:"
                f" {error.strerror or error} ({error.filename or self._where})"
            ) from error

    def _sentence(self, error: Exception) -> str:
        cause = error.driver_exception if isinstance(error, DBAPIError) else error
        known = sqlite.sentence(cause, self._where)
        return known or f"the database {self._where} failed: {cause}"


def database_path(settings: StorageSettings) -> Path:
    """Return the file of the database."""
    return settings.db_path or settings.data_dir / "db" / "oye-proxy.db"


def _prepare(path: Path, now: datetime) -> Path | None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return sqlite.back_up_node_file(path, now)


def _size(path: Path) -> int:
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
