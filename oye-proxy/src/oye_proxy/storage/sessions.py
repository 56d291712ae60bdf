"""Login sessions of the console by the SHA-256 of their cookie; a cookie is never stored."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, bindparam, delete, insert, or_, select, update

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import auth_users, login_sessions
from oye_proxy.storage.times import from_seconds, to_seconds

MOST_OF_A_USER = 50


class SessionRow(Struct, frozen=True):
    """One login session."""

    id: int
    username: str
    created_at: datetime
    last_used: datetime
    remote_address: str
    user_agent: str


class SessionStore:
    """The table of login sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[SessionRow]:
        """Return every session, the newest first."""
        query = select(login_sessions).order_by(login_sessions.c.id.desc())
        async with self._database.reading() as connection:
            return [_session(row) for row in await connection.execute(query)]

    async def by_hash(self, token_hash: str) -> SessionRow | None:
        """Return the session with this SHA-256 whose user may sign in."""
        query = (
            select(login_sessions)
            .join(auth_users, auth_users.c.username == login_sessions.c.username)
            .where(login_sessions.c.token_hash == token_hash, auth_users.c.disabled.is_not(True))
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _session(row)

    async def add(
        self, username: str, token_hash: str, now: datetime, remote_address: str, user_agent: str
    ) -> SessionRow:
        """Add a session; a user's oldest one ends when there are too many."""
        values = {
            "username": username,
            "token_hash": token_hash,
            "created_at": to_seconds(now),
            "last_used": to_seconds(now),
            "remote_address": remote_address,
            "user_agent": user_agent,
        }
        mine = login_sessions.c.username == username
        kept = (
            select(login_sessions.c.id)
            .where(mine)
            .order_by(login_sessions.c.id.desc())
            .limit(MOST_OF_A_USER)
        )
        async with self._database.writing() as connection:
            statement = insert(login_sessions).values(values).returning(login_sessions)
            row = (await connection.execute(statement)).one()
            await connection.execute(
                delete(login_sessions).where(mine, login_sessions.c.id.not_in(kept))
            )
        return _session(row)

    async def touch(self, last_used: Mapping[int, datetime]) -> None:
        """Note when sessions were used last."""
        if not last_used:
            return
        statement = (
            update(login_sessions)
            .where(login_sessions.c.id == bindparam("session_id"))
            .values(last_used=bindparam("moment"))
        )
        moments = [
            {"session_id": key, "moment": to_seconds(time)} for key, time in last_used.items()
        ]
        async with self._database.writing() as connection:
            await connection.execute(statement, moments)

    async def delete(self, session_id: int) -> bool:
        """End a session; return whether there was one."""
        return bool(await self._delete(login_sessions.c.id == session_id))

    async def delete_of(self, username: str | None) -> int:
        """End the sessions of a user, or of everybody; return how many there were."""
        everybody = login_sessions.c.id.is_not(None)
        return await self._delete(
            everybody if username is None else login_sessions.c.username == username
        )

    async def delete_expired(self, unused_since: datetime, made_before: datetime) -> None:
        """Forget the sessions that are over."""
        await self._delete(
            or_(
                login_sessions.c.last_used < to_seconds(unused_since),
                login_sessions.c.created_at < to_seconds(made_before),
            )
        )

    async def _delete(self, condition: ColumnElement[bool]) -> int:
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(login_sessions).where(condition))
        return int(gone.rowcount)


def _session(row: Row[Any]) -> SessionRow:
    return SessionRow(
        id=row.id,
        username=row.username,
        created_at=from_seconds(row.created_at),
        last_used=from_seconds(row.last_used),
        remote_address=row.remote_address,
        user_agent=row.user_agent,
    )
