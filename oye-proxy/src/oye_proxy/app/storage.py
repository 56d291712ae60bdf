"""The database with what is kept in it, opened for the time that it is used."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from oye_proxy.accounts import Accounts, Passwords
from oye_proxy.hub.issues import IssueBoard, IssueKey
from oye_proxy.settings import Settings
from oye_proxy.storage.database import Database
from oye_proxy.storage.tokens import TokenStore
from oye_proxy.storage.users import UserStore


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[Database]:
    """Open the database, migrated to this version; raise StorageError."""
    database = Database(settings.storage)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


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


class StorageTrouble:
    """Writer and keeper tell it when the database does not take what they have."""

    def __init__(self) -> None:
        self.board: IssueBoard | None = None
        self._troubles: dict[str, str] = {}

    def tell(self, who: str, sentence: str | None) -> None:
        """Raise the issue, or withdraw it when nobody has trouble any more."""
        if sentence is None:
            self._troubles.pop(who, None)
        else:
            self._troubles[who] = sentence
        if self.board is None:
            return
        if self._troubles:
            reason = next(iter(self._troubles.values()))
            self.board.report(IssueKey.STORAGE_TROUBLE, None, datetime.now(UTC), reason=reason)
        else:
            self.board.withdraw(IssueKey.STORAGE_TROUBLE, None)
