"""The database with what is kept in it, opened for the time that it is used."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from oye_proxy.accounts import Accounts, Passwords
from oye_proxy.errors import StorageError
from oye_proxy.features.journal_retention import JournalRetention
from oye_proxy.features.retention import Retention
from oye_proxy.features.space import SpaceWatch
from oye_proxy.hub.issues import IssueBoard, IssueKey, Severity
from oye_proxy.hub.storage_policy import StoragePolicy
from oye_proxy.settings import Settings, StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_count import FrameCount
from oye_proxy.storage.journal import JournalStore
from oye_proxy.storage.pruning import FramePruner
from oye_proxy.storage.space import measure
from oye_proxy.storage.tokens import TokenStore
from oye_proxy.storage.users import UserStore


async def present_database(storage: StorageSettings) -> Database:
    """Return a database that is there, not yet open; raise StorageError when there is none."""
    if storage.memory:
        raise StorageError(
            "a database in memory lives in the proxy alone: there is nothing to read"
        )
    database = Database(storage)
    if database.path is not None and not await asyncio.to_thread(database.path.is_file):
        raise StorageError(f"there is no database {database.path}: name its folder with --data-dir")
    return database


@asynccontextmanager
async def database_of(settings: Settings, *, create: bool = False) -> AsyncIterator[Database]:
    """
    Open the database, migrated to this version; raise StorageError.

    Only who means to begin one may `create` it: a mistyped folder must not look like lost data.
    """
    storage = settings.storage
    database = Database(storage) if create else await present_database(storage)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def unserved_database_of(
    settings: Settings, *, create: bool = False
) -> AsyncIterator[Database]:
    """Open the database for changes that a proxy would not see; raise StorageError beside one."""
    async with database_of(settings, create=create) as database, database.alone():
        yield database


@asynccontextmanager
async def served_database_of(settings: Settings) -> AsyncIterator[Database]:
    """Open the database to serve from it; a file has one proxy at a time."""
    database = Database(settings.storage)
    async with database.served():
        await database.open()
        try:
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def accounts_of(database: Database) -> AsyncIterator[Accounts]:
    """Open users and tokens."""
    passwords = Passwords()
    accounts = Accounts(UserStore(database), TokenStore(database), passwords)
    try:
        yield accounts
    finally:
        await accounts.close()
        passwords.close()


_ERROR = Severity.ERROR


class StorageTrouble:
    """Whoever writes, or watches the room, tells it what is wrong with the database."""

    def __init__(self) -> None:
        self.board: IssueBoard | None = None
        self._troubles: dict[str, tuple[Severity, str]] = {}

    def tell(self, who: str, sentence: str | None, *, warning: bool = False) -> None:
        """Raise the issue, or withdraw it when nobody has trouble any more; errors come first."""
        if sentence is None:
            self._troubles.pop(who, None)
        else:
            self._troubles[who] = (Severity.WARNING if warning else Severity.ERROR, sentence)
        if self.board is None:
            return
        if self._troubles:
            severity, reason = min(self._troubles.values(), key=lambda each: each[0] is not _ERROR)
            self.board.report(
                IssueKey.STORAGE_TROUBLE,
                None,
                datetime.now(UTC),
                severity=severity,
                reason=reason,
            )
        else:
            self.board.withdraw(IssueKey.STORAGE_TROUBLE, None)


def start_retention(
    settings: StorageSettings,
    database: Database,
    policy: StoragePolicy,
    trouble: StorageTrouble,
    count: FrameCount,
    stack: AsyncExitStack,
) -> SpaceWatch:
    """Keep the stored frames and the journal within their bounds; return what measures them."""
    pruner = FramePruner(database, count.changed)
    space = SpaceWatch(
        partial(measure, database),
        pruner,
        count,
        lambda: policy.limits.max_bytes,
        on_size=partial(trouble.tell, "size"),
        on_disk=partial(trouble.tell, "disk"),
    )
    retention = Retention(
        pruner,
        lambda: policy.limits,
        cleanup_interval=timedelta(hours=settings.cleanup_interval_hours),
    )
    for feature in (retention, space, JournalRetention(JournalStore(database))):
        feature.start()
        stack.push_async_callback(feature.stop)
    return space
