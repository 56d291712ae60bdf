"""Links for a new password by the SHA-256 of their token; a token is never stored."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import auth_users, password_resets
from oye_proxy.storage.times import to_seconds
from oye_proxy.storage.users import end_access, replace_password


class ResetStore:
    """The table of links for a new password."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, username: str, token_hash: str, now: datetime) -> None:
        """Add a link."""
        row = {"username": username, "token_hash": token_hash, "created_at": to_seconds(now)}
        async with self._database.writing() as connection:
            await connection.execute(password_resets.insert().values(row))

    async def count_since(self, username: str, moment: datetime) -> int:
        """Return how many links a user got since then."""
        query = (
            select(func.count())
            .select_from(password_resets)
            .where(
                password_resets.c.username == username,
                password_resets.c.created_at >= to_seconds(moment),
            )
        )
        async with self._database.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def knows(self, token_hash: str, made_since: datetime) -> bool:
        """Tell whether a link is in force."""
        query = select(exists().where(*_in_force(token_hash, made_since)))
        async with self._database.reading() as connection:
            return bool((await connection.execute(query)).scalar())

    async def redeem(self, token_hash: str, made_since: datetime, password_hash: str) -> str | None:
        """
        Use a link up: set the password and end all access of its user, whose name is returned.

        Return None when the link is not in force: of two who use it at once one succeeds.
        """
        used = (
            delete(password_resets)
            .where(*_in_force(token_hash, made_since))
            .returning(password_resets.c.username)
        )
        async with self._database.writing() as connection:
            username: str | None = (await connection.execute(used)).scalar_one_or_none()
            if username is not None:
                await replace_password(connection, username, password_hash)
                await end_access(connection, username)
        return username

    async def delete_older(self, moment: datetime) -> None:
        """Forget the links that were made before."""
        old = password_resets.c.created_at < to_seconds(moment)
        async with self._database.writing() as connection:
            await connection.execute(delete(password_resets).where(old))


def _in_force(token_hash: str, made_since: datetime) -> tuple[ColumnElement[bool], ...]:
    users = select(auth_users.c.username).where(auth_users.c.disabled.is_not(True))
    return (
        password_resets.c.token_hash == token_hash,
        password_resets.c.created_at >= to_seconds(made_since),
        password_resets.c.username.in_(users),
    )
