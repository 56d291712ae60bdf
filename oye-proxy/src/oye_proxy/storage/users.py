"""
People who may sign in; `accounts.py` makes and checks the hashes.

Whatever takes a password, an account or the right to use it away ends the account's login sessions
and its links for a new password in the same transaction.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import Row, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.errors import ConflictError
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import auth_users, login_sessions, password_resets
from oye_proxy.storage.times import from_seconds, to_seconds

_IN_USE = auth_users.c.disabled.is_not(True)


class UserRow(Struct, frozen=True):
    """One user; `generated_password` until a person has chosen one."""

    username: str
    password_hash: str
    created_at: datetime
    email: str | None = None
    language: str | None = None
    disabled: bool = False
    generated_password: bool = False
    last_login: datetime | None = None


class UserStore:
    """The table of users."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[UserRow]:
        """Return every user, by name."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(auth_users).order_by(auth_users.c.username))
            return [_user(row) for row in rows]

    async def get(self, username: str) -> UserRow | None:
        """Return one user."""
        query = select(auth_users).where(auth_users.c.username == username)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _user(row)

    async def named_or_reached(self, account: str) -> list[UserRow]:
        """Return who has this name, or this e-mail address however it is capitalised."""
        reached = func.lower(auth_users.c.email) == account.lower()
        query = select(auth_users).where(or_(auth_users.c.username == account, reached))
        async with self._database.reading() as connection:
            return [_user(row) for row in await connection.execute(query)]

    async def add(
        self,
        username: str,
        password_hash: str,
        email: str | None = None,
        language: str | None = None,
    ) -> bool:
        """Add a user; return False when the name is taken."""
        row = _values(username, password_hash) | {"email": email, "language": language}
        async with self._database.writing() as connection:
            added = await connection.execute(self._database.upsert(auth_users, row, update=()))
        return added.rowcount == 1

    async def add_first(
        self, username: str, password_hash: str, *, generated_password: bool = False
    ) -> bool:
        """Add a user if there is none at all; return whether it was added."""
        row = _values(username, password_hash) | {"generated_password": generated_password}
        async with self._database.writing() as connection:
            present = await connection.execute(select(func.count()).select_from(auth_users))
            if present.scalar_one():
                return False
            await connection.execute(auth_users.insert().values(row))
        return True

    async def set_password(
        self, username: str, password_hash: str, *, keep_session: int | None = None
    ) -> bool:
        """Replace the hash and end all sessions but one; return whether there is such a user."""
        async with self._database.writing() as connection:
            changed = await replace_password(connection, username, password_hash)
            if changed:
                await end_access(connection, username, keep_session=keep_session)
        return changed

    async def change(
        self,
        username: str,
        *,
        email: str | UnsetType | None = UNSET,
        language: str | UnsetType | None = UNSET,
        disabled: bool | UnsetType = UNSET,
    ) -> bool:
        """
        Change what is given; return whether there is such a user.

        Raise ConflictError instead of disabling the last user who may sign in.
        """
        given = {"email": email, "language": language, "disabled": disabled}
        values = {name: value for name, value in given.items() if value is not UNSET}
        mine = auth_users.c.username == username
        async with self._database.writing() as connection:
            if disabled is True:
                await _check_not_last(connection, username, "disabled")
            # A change of nothing still tells whether there is such a user.
            changed = await connection.execute(
                update(auth_users).where(mine).values({"username": username, **values})
            )
            if disabled is True:
                await end_access(connection, username)
            elif email is not UNSET:
                # A link that went to the former address must not open the account any more.
                await _end_resets(connection, username)
        return changed.rowcount == 1

    async def note_logins(self, moments: Mapping[str, datetime]) -> None:
        """Note when users signed in last."""
        if not moments:
            return
        async with self._database.writing() as connection:
            for username, moment in moments.items():
                mine = auth_users.c.username == username
                await connection.execute(
                    update(auth_users).where(mine).values(last_login=to_seconds(moment))
                )

    async def delete(self, username: str) -> bool:
        """
        Delete a user and all access; return whether there was one.

        Raise ConflictError instead of deleting the last user who may sign in.
        """
        async with self._database.writing() as connection:
            await _check_not_last(connection, username, "removed")
            gone = await connection.execute(
                delete(auth_users).where(auth_users.c.username == username)
            )
            await end_access(connection, username)
        return gone.rowcount == 1


async def replace_password(connection: AsyncConnection, username: str, password_hash: str) -> bool:
    """Replace the hash by that of a password which a person chose."""
    changed = await connection.execute(
        update(auth_users)
        .where(auth_users.c.username == username)
        .values(password_hash=password_hash, generated_password=False)
    )
    return changed.rowcount == 1


async def end_access(
    connection: AsyncConnection, username: str, *, keep_session: int | None = None
) -> None:
    """End the sessions of a user, but the one to be kept, and all links for a new password."""
    ended = delete(login_sessions).where(login_sessions.c.username == username)
    if keep_session is not None:
        ended = ended.where(login_sessions.c.id != keep_session)
    await connection.execute(ended)
    await _end_resets(connection, username)


async def _end_resets(connection: AsyncConnection, username: str) -> None:
    await connection.execute(delete(password_resets).where(password_resets.c.username == username))


async def _check_not_last(connection: AsyncConnection, username: str, what: str) -> None:
    """Lock the rows: two who go at once must see one another."""
    query = select(auth_users.c.username).where(_IN_USE).with_for_update()
    in_use: Collection[str] = (await connection.execute(query)).scalars().all()
    if set(in_use) == {username}:
        raise ConflictError(f"the last user cannot be {what}")


def _user(row: Row[Any]) -> UserRow:
    return UserRow(
        username=row.username,
        password_hash=row.password_hash,
        created_at=from_seconds(row.created_at),
        email=row.email,
        language=row.language,
        disabled=bool(row.disabled),
        generated_password=bool(row.generated_password),
        last_login=from_seconds(row.last_login),
    )


def _values(username: str, password_hash: str) -> dict[str, object]:
    now = to_seconds(datetime.now(UTC))
    return {"username": username, "password_hash": password_hash, "created_at": now}
