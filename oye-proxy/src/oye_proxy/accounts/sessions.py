"""
Login sessions of the console: a random cookie each, stored as its hash, for a bounded time.

A session ends when it was not used for the idle time, when it is as old as it may get, when
somebody ends it, and when its user's password changes or its user goes. It survives a restart of
the proxy.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from oye_proxy.accounts.principals import Principal, Scope
from oye_proxy.accounts.rules import new_secret, secret_hash
from oye_proxy.errors import StorageError
from oye_proxy.settings import ApiSettings
from oye_proxy.storage.sessions import SessionRow, SessionStore
from oye_proxy.tasks import spawn

_LAST_USED_SECONDS: Final = 60.0
_MAX_TEXT: Final = 255


class OpenedSession(Struct, frozen=True):
    """A new session and its cookie's value, which is told this once."""

    token: str
    row: SessionRow


class Sessions:
    """Opens sessions, recognises and ends them; `close` it at the end."""

    def __init__(
        self,
        store: SessionStore,
        settings: ApiSettings,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.idle = timedelta(hours=settings.session_idle_hours)
        self.lifetime = timedelta(days=settings.session_days)
        self._store = store
        self._wall = wall
        self._clock = clock
        self._used: dict[int, datetime] = {}
        self._used_written = clock()
        self._writing_used: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Store when sessions were used last."""
        if self._writing_used is not None:
            await asyncio.wait([self._writing_used])
        await self._write_used()

    async def open(self, username: str, client: str, user_agent: str) -> OpenedSession:
        """Begin a session of a user who has just signed in."""
        now = self._wall()
        await self._write_used()
        await self._store.delete_expired(now - self.idle, now - self.lifetime)
        token = new_secret()
        row = await self._store.add(
            username, secret_hash(token), now, _plain(client), _plain(user_agent)
        )
        return OpenedSession(token, row)

    async def identify(self, token: str) -> Principal | None:
        """Return whose session this is; None when it is over, or never was."""
        row = await self._store.by_hash(secret_hash(token))
        now = self._wall()
        if row is None or self.ends_at(self._present(row)) <= now:
            return None
        self._used[row.id] = now
        if self._clock() - self._used_written >= _LAST_USED_SECONDS:
            self._used_written = self._clock()
            self._writing_used = spawn(self._write_used(), name="last use of sessions")
        return Principal(row.username, Scope.ADMIN, "user", row.id)

    def ends_at(self, row: SessionRow) -> datetime:
        """Return when a session ends unless it is used before."""
        return min(row.last_used + self.idle, row.created_at + self.lifetime)

    async def all(self) -> list[SessionRow]:
        """Return every session that is not over, the newest first."""
        rows = [self._present(row) for row in await self._store.all()]
        now = self._wall()
        return [row for row in rows if self.ends_at(row) > now]

    async def end(self, session_id: int) -> bool:
        """End a session; return whether there was one."""
        return await self._store.delete(session_id)

    async def end_all(self, username: str | None) -> int:
        """End the sessions of a user, or of everybody; return how many there were."""
        return await self._store.delete_of(username)

    def _present(self, row: SessionRow) -> SessionRow:
        """Return the row with a use that is not written yet."""
        used = max(row.last_used, self._used.get(row.id, row.last_used))
        return SessionRow(
            row.id, row.username, row.created_at, used, row.remote_address, row.user_agent
        )

    async def _write_used(self) -> None:
        used, self._used = self._used, {}
        try:
            await self._store.touch(used)
        except StorageError:
            # The writer of frames tells of a database that is away; this time can be late.
            self._used = used | self._used


def _plain(text: str) -> str:
    """Keep what a person can read of a text that a stranger chose."""
    return "".join(one for one in text if one.isprintable())[:_MAX_TEXT]
