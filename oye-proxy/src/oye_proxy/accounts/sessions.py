"""
Login sessions of the console: a random cookie each, stored as its hash, for a bounded time.

A session ends when it was not used for the idle time, when it is as old as it may get, when
somebody ends it, and when its user's password changes or its user goes. It survives a restart of
the proxy.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.accounts.last_uses import LastUses
from oye_proxy.accounts.principals import Principal, Scope
from oye_proxy.accounts.rules import new_secret, secret_hash
from oye_proxy.settings import ApiSettings
from oye_proxy.storage.sessions import SessionRow, SessionStore

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
        self._uses = LastUses("sessions", store.touch, clock)

    async def close(self) -> None:
        """Store when sessions were used last."""
        await self._uses.close()

    async def open(self, username: str, client: str, user_agent: str) -> OpenedSession:
        """Begin a session of a user who has just signed in."""
        now = self._wall()
        await self._uses.write()
        await self._store.delete_expired(now - self.idle, now - self.lifetime)
        token = new_secret()
        row = await self._store.add(
            username, secret_hash(token), now, _plain(client), _plain(user_agent)
        )
        return OpenedSession(token, row)

    async def identify(self, token: str) -> Principal | None:
        """Return whose session this is; None when it is over, or never was."""
        unwritten = self._uses.unwritten()
        row = await self._store.by_hash(secret_hash(token))
        now = self._wall()
        if row is None or self.ends_at(_present(row, unwritten)) <= now:
            return None
        self._uses.note(row.id, now)
        return Principal(row.username, Scope.ADMIN, "user", row.id)

    def ends_at(self, row: SessionRow) -> datetime:
        """Return when a session ends unless it is used before."""
        return min(row.last_used + self.idle, row.created_at + self.lifetime)

    async def all(self) -> list[SessionRow]:
        """Return every session that is not over, the newest first."""
        unwritten = self._uses.unwritten()
        rows = [_present(row, unwritten) for row in await self._store.all()]
        now = self._wall()
        return [row for row in rows if self.ends_at(row) > now]

    async def end(self, session_id: int) -> bool:
        """End a session; return whether there was one."""
        return await self._store.delete(session_id)

    async def end_all(self, username: str | None) -> int:
        """End the sessions of a user, or of everybody; return how many there were."""
        return await self._store.delete_of(username)


def _present(row: SessionRow, unwritten: Mapping[int, datetime]) -> SessionRow:
    """Return the row with a use that is not written yet."""
    return replace(row, last_used=max(row.last_used, unwritten.get(row.id, row.last_used)))


def _plain(text: str) -> str:
    """Keep what a person can read of a text that a stranger chose."""
    return "".join(one for one in text if one.isprintable())[:_MAX_TEXT]
