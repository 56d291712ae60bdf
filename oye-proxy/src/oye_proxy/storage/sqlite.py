"""Everything that is true of SQLite alone: its address, its pragmas, how a transaction begins."""

import asyncio
import contextlib
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from oye_proxy.storage import takeover
from oye_proxy.storage.backend import DURABLE, Reading
from oye_proxy.storage.claim import claimed
from oye_proxy.tasks import in_threads

WRITES = "oye_writes"

# A statement that waits for a lock cannot be cancelled: with what is written at the end, this keeps
# the time until the process is gone below ten seconds.
_BUSY_SECONDS = 3.0
_BUSY_AGAIN_SECONDS = 0.05
_CONNECTIONS = 6


class Sqlite:
    """A database file, or one in memory when there is no path."""

    errors: Final[tuple[type[Exception], ...]] = (sqlite3.Error,)
    reads: Final[dict[str, Any]] = {}
    writes: Final[dict[str, Any]] = {WRITES: True}
    patience: Final = None
    hint: Final = "see whether its disk works"

    def __init__(self, path: Path | None) -> None:
        self.where = "in memory" if path is None else str(path)
        self._path = path
        self._anchor: AsyncConnection | None = None

    async def prepare(self, now: datetime) -> Path | None:
        """Make the folder; return the copy of a file of the Node oye-proxy."""
        return None if self._path is None else await asyncio.to_thread(_prepare, self._path, now)

    async def open(self) -> AsyncEngine:
        """Make the engine."""
        if self._path is not None:
            return engine_for_file(self._path)
        engine = engine_in_memory(uuid.uuid4().hex)
        self._anchor = await engine.connect()
        return engine

    async def close(self, engine: AsyncEngine) -> None:
        """Close all connections; a database in memory is gone then."""
        anchor, self._anchor = self._anchor, None
        if anchor is not None:
            await anchor.close()
        await engine.dispose()

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Claim the file; raise StorageError when another process has it."""
        if self._path is None:
            yield
            return
        async with in_threads(claimed(self._path)):
            yield

    def alone(self, _lasting: Reading) -> AbstractAsyncContextManager[None]:
        """Claim the file, as the one proxy does that may serve from it."""
        return self.served()

    async def begin_migration(self, connection: AsyncConnection) -> None:
        """Do nothing: to write is to be alone here."""

    async def size(self, _reading: Reading) -> int:
        """Return the bytes on disk; 0 in memory."""
        return 0 if self._path is None else await asyncio.to_thread(_size, self._path)

    async def used(self, reading: Reading) -> int:
        """Return the bytes of the pages that are not free."""
        async with reading() as connection:
            pages, free, size = [
                (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
                for name in ("page_count", "freelist_count", "page_size")
            ]
        return int((pages - free) * size)

    async def compact(self, engine: AsyncEngine) -> None:
        """Write the file anew without its free pages; nobody else may use it meanwhile."""
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None  # noqa: S101 - this connection is open
            await driver.execute("VACUUM")
            await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def sentence(self, error: BaseException) -> str | None:
        """Say in one sentence what is wrong and what to do; None when that is not known."""
        return sentence(error, self.where)

    def refuses_row(self, _error: BaseException) -> bool:
        """Return False: SQLAlchemy's own classes tell it."""
        return False


def engine_for_file(path: Path) -> AsyncEngine:
    """Make the engine of a database file in WAL mode; nothing is opened yet."""
    # A raw path as URL breaks on `?`, `#` and `%`; a file: URI takes them quoted.
    return _engine(f"file:{quote(str(path.absolute()))}", {}, wal=True)


def engine_in_memory(name: str) -> AsyncEngine:
    """Make the engine of a database that lives as long as one connection to it is open."""
    # The memdb file system lets all connections of a process share the database with locks that
    # honour the busy timeout; a shared cache would fail at once instead. It knows no WAL.
    return _engine(f"file:/{quote(name)}", {"vfs": "memdb"}, wal=False)


def back_up_node_file(path: Path, now: datetime) -> Path | None:
    """Copy a file of the Node oye-proxy to `<file>.bak-<date>`; None when it is none of its."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    with contextlib.closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as source:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        if source.execute(query, (takeover.MARK,)).fetchone() is None:
            return None
        backup = path.with_name(f"{path.name}.bak-{now:%Y%m%d-%H%M%S}")
        with contextlib.closing(sqlite3.connect(backup)) as target:
            source.backup(target)
    return backup


def sentence(error: BaseException, where: str) -> str | None:
    """Say in one sentence what is wrong and what to do; None when SQLite is not the cause."""
    if not isinstance(error, sqlite3.Error):
        return None
    name = getattr(error, "sqlite_errorname", None) or ""
    found = (text for key, text in _SENTENCES if name.startswith(key))
    return next((text.format(where=where) for text in found), None)


def _prepare(path: Path, now: datetime) -> Path | None:
    """Make the folder, and back up a file of the Node oye-proxy before it is changed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return back_up_node_file(path, now)


def _size(path: Path) -> int:
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _engine(address: str, query: dict[str, str], *, wal: bool) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=address, query={"uri": "true", **query}),
        connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None},
        poolclass=AsyncAdaptedQueuePool,
        pool_size=_CONNECTIONS,
        max_overflow=0,
    )

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        if wal:
            _make_wal(connection, cursor)
        for pragma in _FILE if wal else _MEMORY:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _make_wal(connection: Any, cursor: Any) -> None:
    """Make the file a WAL; two that do so with one new file refuse each other without a wait."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() >= deadline:
                raise
            connection.run_async(lambda _: asyncio.sleep(_BUSY_AGAIN_SECONDS))
        else:
            return


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    level = _FULL if options.get(DURABLE, False) else _NORMAL
    known = connection.info
    if known.get(_LEVEL, _NORMAL) != level:
        # When this fails half-way nobody knows the level, and the next transaction sets it.
        known[_LEVEL] = None
        connection.exec_driver_sql(f"PRAGMA {level}")
        known[_LEVEL] = level
    # A transaction that reads first and writes later cannot wait for the lock in between.
    immediate = options.get(WRITES, False)
    # A third of what an empty transaction costs would go to SQLAlchemy's own way to say this.
    driver: Any = connection.connection.dbapi_connection
    driver.run_async(lambda link: link.execute("BEGIN IMMEDIATE" if immediate else "BEGIN"))


# In WAL mode a commit waits for the disk at the full level only. The level can be changed between
# transactions; each sets the one it needs, when its connection has another.
_LEVEL = "oye_synchronous"
_NORMAL = "synchronous=NORMAL"
_FULL = "synchronous=FULL"

_FILE = (
    _NORMAL,
    # On macOS a disk is told to write its own cache too; elsewhere this says nothing.
    "fullfsync=ON",
    "wal_autocheckpoint=10000",
    # What a large transaction needed is given back after it.
    "journal_size_limit=67108864",
    "foreign_keys=ON",
)
_MEMORY = ("foreign_keys=ON",)

_SENTENCES = (
    (
        "SQLITE_BUSY",
        "the database {where} is locked by another program: end it (is OYE running twice?)",
    ),
    (
        "SQLITE_LOCKED",
        "the database {where} is locked by another program: end it (is OYE running twice?)",
    ),
    (
        "SQLITE_READONLY",
        "the database {where} is read-only: make the file and its folder writable for OYE",
    ),
    (
        "SQLITE_CANTOPEN",
        "the database {where} cannot be opened: make its folder writable, or choose another one",
    ),
    (
        "SQLITE_PERM",
        "the database {where} cannot be opened: make it readable and writable for OYE",
    ),
    (
        "SQLITE_NOTADB",
        "the file {where} is not a database: move it away, or restore it from a backup",
    ),
    (
        "SQLITE_CORRUPT",
        "the database {where} is damaged: move it away, or restore it from a backup",
    ),
    ("SQLITE_FULL", "the disk of the database {where} is full: make room on it"),
    # What all connections share is a file too, and the first thing that grows.
    ("SQLITE_IOERR_SHMSIZE", "the disk of the database {where} is full: make room on it"),
    (
        "SQLITE_IOERR",
        "the disk of the database {where} does not work: check it, and restore a backup if needed",
    ),
)
