"""Everything that is true of PostgreSQL alone: its address, its time-outs, what its errors mean."""

import asyncio
import contextlib
import logging
import socket
import ssl
import weakref
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # it has no stubs of its own
from sqlalchemy import URL, Connection, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from oye_proxy.errors import StorageError
from oye_proxy.settings import DatabaseUrl, Tls
from oye_proxy.storage.backend import DURABLE, Reading

_CONNECTIONS = 6
_CONNECT_SECONDS = 5.0
_TRANSACTION_SECONDS = 30.0
_CLOSE_SECONDS = 1.0
_NAME = "oye-proxy"
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = :name AND pid <> ALL(:ours)"
)
_MIGRATION_LOCK = 0x6F79652D70726F78  # "oye-prox"
_MIGRATION_LOCK_SECONDS = 60.0

_ROW_INDEX_BYTES = 310
_USED = """
    SELECT pg_database_size(current_database()) AS size,
        pg_total_relation_size('logs') AS frames,
        coalesce(pg_stat_get_live_tuples('logs'::regclass), 0) AS live,
        (SELECT reltuples FROM pg_class WHERE oid = 'logs'::regclass) AS estimate,
        (SELECT avg(pg_column_size(one.*)) FROM (SELECT * FROM logs ORDER BY id LIMIT 500) AS one)
            AS row_bytes
"""

_ERRORS: tuple[type[Exception], ...] = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

_logger = logging.getLogger(__name__)


class Postgresql:
    """A database on a PostgreSQL server."""

    errors: Final = _ERRORS
    # A reader sees one state of the database, as in SQLite.
    reads: Final[dict[str, Any]] = {
        "isolation_level": "REPEATABLE READ",
        "postgresql_readonly": True,
    }
    writes: Final[dict[str, Any]] = {}
    patience: Final = _TRANSACTION_SECONDS
    hint: Final = "see whether PostgreSQL and the network to it work"

    def __init__(self, url: DatabaseUrl) -> None:
        self.where = url.name
        self._url = url
        self._connections: weakref.WeakSet[Any] = weakref.WeakSet()

    async def prepare(self, _now: datetime) -> Path | None:
        """Do nothing: PostgreSQL makes its own backups."""
        return None

    async def open(self) -> AsyncEngine:
        """Make the engine; nothing is opened yet."""
        url = self._url
        engine = create_async_engine(
            URL.create(
                "postgresql+asyncpg",
                username=url.user,
                host=url.host,
                port=url.port,
                database=url.database,
            ),
            connect_args={
                # An empty one keeps the driver from looking for another in files.
                "password": "" if url.password is None else url.password.reveal(),
                "timeout": _CONNECT_SECONDS,
                "ssl": await asyncio.to_thread(_tls, url),
                # Compiling the queries of asyncpg itself takes longer than running them.
                "server_settings": {"application_name": _NAME, "jit": "off"},
            },
            poolclass=AsyncAdaptedQueuePool,
            pool_size=_CONNECTIONS,
            max_overflow=0,
        )
        event.listen(engine.sync_engine, "connect", self._opened)
        event.listen(engine.sync_engine, "checkout", _refuse_closed)
        event.listen(engine.sync_engine, "begin", _begin)
        return engine

    async def close(self, engine: AsyncEngine) -> None:
        """Close all connections; cut those that a dead server would keep open."""
        # Here and not by the pool, which logs what goes wrong as a fault of its own.
        connections = list(self._connections)
        if not all(await asyncio.gather(*map(_says_goodbye, connections))):
            _logger.warning("the database %s was left without a goodbye: no answer", self.where)
        for connection in connections:
            connection.terminate()
        await engine.dispose()

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Do nothing: several proxies may share a server."""
        yield

    @contextlib.asynccontextmanager
    async def alone(self, lasting: Reading) -> AsyncIterator[None]:
        """
        Keep proxies from starting, by the lock that each takes then.

        Those that run are known by the name that their connections have.
        """
        async with lasting() as connection:
            await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            taken = text(f"SELECT pg_try_advisory_xact_lock({_MIGRATION_LOCK})")
            if not (await connection.execute(taken)).scalar_one():
                raise StorageError(
                    f"the database {self.where} is being changed by another OYE: wait for it"
                )
            ours = [each.get_server_pid() for each in self._connections if not each.is_closed()]
            found = await connection.execute(_OTHERS, {"name": _NAME, "ours": ours})
            if others := found.scalar_one():
                raise StorageError(
                    f"the database {self.where} is in use by OYE ({others} connections):"
                    " stop every proxy that uses it first"
                )
            await self._check_encoding(connection)
            yield

    async def begin_migration(self, connection: AsyncConnection) -> None:
        """Wait until no other process migrates."""
        milliseconds = round(_MIGRATION_LOCK_SECONDS * 1000)
        await connection.execute(text(f"SET LOCAL lock_timeout = {milliseconds}"))
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        await self._check_encoding(connection)

    async def _check_encoding(self, connection: AsyncConnection) -> None:
        encoding = (await connection.execute(text("SHOW server_encoding"))).scalar_one()
        if encoding != "UTF8":
            raise StorageError(
                f"the database {self.where} stores texts as {encoding}:"
                " create one with ENCODING 'UTF8'"
            )

    async def size(self, reading: Reading) -> int:
        """Return the bytes on the server's disk."""
        async with reading() as connection:
            found = await connection.execute(text("SELECT pg_database_size(current_database())"))
            return int(found.scalar_one())

    async def used(self, reading: Reading) -> int:
        """
        Return about how many bytes hold something.

        Deleted frames leave files as large as they were; so the frames are counted by what the
        server knows of their number, and by the size of some.
        """
        async with reading() as connection:
            found = (await connection.execute(text(_USED))).one()
            rows = found.live or max(found.estimate, 0)
            if not rows:
                rows = (await connection.execute(text("SELECT count(*) FROM logs"))).scalar_one()
        frames = min(found.frames, int(rows * ((found.row_bytes or 0) + _ROW_INDEX_BYTES)))
        return int(found.size - found.frames + frames)

    async def compact(self, engine: AsyncEngine) -> None:
        """Write the frames anew without their gaps; they cannot be read or written meanwhile."""
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM FULL logs"))

    def sentence(self, error: BaseException) -> str | None:
        """Say in one sentence what is wrong and what to do; None when that is not known."""
        state = getattr(error, "sqlstate", None)
        problem = _PROBLEMS.get(state or "") or _KINDS.get((state or "")[:2])
        if problem is None:
            problem = next((text for kind, text in _CAUSES if isinstance(error, kind)), None)
        if problem is None:
            return None
        return problem.format(
            where=self.where,
            host=self._url.host,
            user=self._url.user or "",
            database=self._url.database,
            error=getattr(error, "verify_message", None) or error,
        )

    def refuses_row(self, error: BaseException) -> bool:
        """Return whether the row is at fault, and not the moment."""
        return (getattr(error, "sqlstate", None) or "")[:2] in ("22", "23", "54")

    def _opened(self, connection: Any, _record: object) -> None:
        self._connections.add(connection.driver_connection)


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(DURABLE, False):
        # Whatever the server's owner thinks best for the rest.
        connection.exec_driver_sql("SET LOCAL synchronous_commit = on")


async def _says_goodbye(connection: Any) -> bool:
    """Close a connection; return whether the server took part."""
    try:
        await connection.close(timeout=_CLOSE_SECONDS)
    except _ERRORS:
        return False
    return True


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Let the pool replace a connection that the server has closed, without asking the server."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError("closed by the server")


def _tls(url: DatabaseUrl) -> ssl.SSLContext | bool:
    """Read files only here: the driver's own modes would read them inside the event loop."""
    match url.tls:
        case Tls.DISABLE:
            return False
        case Tls.REQUIRE:
            unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            unverified.check_hostname = False
            unverified.verify_mode = ssl.CERT_NONE
            return unverified
        case Tls.VERIFY_FULL:
            try:
                return ssl.create_default_context(cafile=url.ca_file)
            except OSError as error:
                raise StorageError(
                    f"the file {url.ca_file} (sslrootcert) holds no usable CA:"
                    f" {error.strerror or error}"
                ) from error


_AWAY = "the database {where} cannot be reached: start PostgreSQL there, or correct the address"
_PROBLEMS = {
    "28P01": "the database {where} refuses the password of {user}: correct user and password",
    "28000": "the database {where} does not let {user} in: correct the user, or pg_hba.conf there",
    "3D000": "there is no database {where}: create it (CREATE DATABASE), or correct its name",
    "42501": (
        "the user {user} may not do that in the database {where}: let it own the database"
        " (ALTER DATABASE ... OWNER TO)"
    ),
    "53100": "the disk of the database {where} is full: make room on it",
    "53300": "the database {where} takes no more connections: raise max_connections there",
    "25006": "the database {where} is read-only: use the address of the primary server",
    "55P03": "the database {where} is being migrated by another OYE: wait for it, or end it",
    "57P03": "the database {where} is starting or stopping: wait until it has",
}
_KINDS = {"08": _AWAY, "57": "the database {where} was stopped: start PostgreSQL there"}
_CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        (
            "the certificate of the database {where} is not trusted ({error}): name its CA with"
            " sslrootcert, or use the host that it names"
        ),
    ),
    (socket.gaierror, "there is no host {host} for the database {where}: correct the address"),
    (
        TimeoutError,
        "the database {where} does not answer: see whether PostgreSQL and the network to it work",
    ),
    (asyncpg.PostgresConnectionError, _AWAY),
    (ConnectionError, _AWAY),
    (FileNotFoundError, _AWAY),
    (OSError, "the database {where} cannot be reached: {error}"),
)
