"""What differs between the databases; the rest of the storage does not know which one it has."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

# The option of a connection whose commits are on disk when they return.
DURABLE = "oye_durable"

Reading = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class Backend(Protocol):
    """One kind of database; what it raises is translated by its `sentence`."""

    @property
    def where(self) -> str:
        """The database in words, for sentences."""

    @property
    def hint(self) -> str:
        """What to look at when it does not answer."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What it raises beside the errors of SQLAlchemy and of the operating system."""

    @property
    def reads(self) -> dict[str, Any]:
        """The options of a connection that only reads."""

    @property
    def writes(self) -> dict[str, Any]:
        """The options of a connection that writes."""

    @property
    def patience(self) -> float | None:
        """The seconds that a transaction may take; None where the database itself bounds it."""

    async def prepare(self, now: datetime) -> Path | None:
        """Do what comes before the first connection; return the backup that was made."""

    async def open(self) -> AsyncEngine:
        """Make the engine."""

    async def close(self, engine: AsyncEngine) -> None:
        """Close all connections, within seconds."""

    async def begin_migration(self, connection: AsyncConnection) -> None:
        """Keep other processes from migrating at the same time, until the transaction ends."""

    def served(self) -> AbstractAsyncContextManager[None]:
        """Keep a second proxy out where there can be only one; raise StorageError if it is in."""

    def alone(self, lasting: Reading) -> AbstractAsyncContextManager[None]:
        """Keep every proxy out; raise StorageError while one is in. The engine is made before."""

    async def size(self, reading: Reading) -> int:
        """Return the bytes that the database takes."""

    async def used(self, reading: Reading) -> int:
        """Return the bytes of it that hold something; the rest is there for new rows."""

    async def compact(self, engine: AsyncEngine) -> None:
        """Give the room that deleted rows left back to the disk."""

    def sentence(self, error: BaseException) -> str | None:
        """Say in one sentence what is wrong and what to do; None when that is not known."""

    def refuses_row(self, error: BaseException) -> bool:
        """Return whether the row is at fault, and not the moment."""
