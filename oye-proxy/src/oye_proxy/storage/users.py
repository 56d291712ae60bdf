"""People who may sign in; `accounts.py` makes and checks the hashes."""

from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import delete, func, select, update

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import auth_users
from oye_proxy.storage.times import from_seconds, to_seconds


class UserRow(Struct, frozen=True):
    """One user."""

    username: str
    password_hash: str
    created_at: datetime


class UserStore:
    """The table of users."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[UserRow]:
        """Return every user, by name."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(auth_users).order_by(auth_users.c.username))
            return [
                UserRow(row.username, row.password_hash, from_seconds(row.created_at))
                for row in rows
            ]

    async def get(self, username: str) -> UserRow | None:
        """Return one user."""
        query = select(auth_users).where(auth_users.c.username == username)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        return UserRow(row.username, row.password_hash, from_seconds(row.created_at))

    async def add(self, username: str, password_hash: str) -> bool:
        """Add a user; return False when the name is taken."""
        row = _row(username, password_hash)
        async with self._database.writing() as connection:
            added = await connection.execute(self._database.upsert(auth_users, row, update=()))
        return added.rowcount == 1

    async def add_first(self, username: str, password_hash: str) -> bool:
        """Add a user if there is none at all; return whether it was added."""
        async with self._database.writing() as connection:
            present = await connection.execute(select(func.count()).select_from(auth_users))
            if present.scalar_one():
                return False
            await connection.execute(auth_users.insert().values(_row(username, password_hash)))
        return True

    async def set_password(self, username: str, password_hash: str) -> bool:
        """Replace the hash; return whether there is such a user."""
        statement = update(auth_users).where(auth_users.c.username == username)
        async with self._database.writing() as connection:
            changed = await connection.execute(statement.values(password_hash=password_hash))
        return changed.rowcount == 1

    async def delete(self, username: str) -> bool:
        """Delete a user; return whether there was one."""
        statement = delete(auth_users).where(auth_users.c.username == username)
        async with self._database.writing() as connection:
            gone = await connection.execute(statement)
        return gone.rowcount == 1


def _row(username: str, password_hash: str) -> dict[str, object]:
    now = to_seconds(datetime.now(UTC))
    return {"username": username, "password_hash": password_hash, "created_at": now}
