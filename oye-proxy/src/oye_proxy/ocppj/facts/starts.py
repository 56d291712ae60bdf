"""Whose wish a start was, and which starts belong to a tag that was just presented."""

from datetime import datetime, timedelta

from msgspec import Struct

from oye_proxy.ocppj.facts.model import StartedBy
from oye_proxy.ocppj.recent import Latest

DEFAULT_WINDOW = timedelta(seconds=60)

_REMEMBERED = 16
_LONGEST_WINDOW = timedelta(hours=1)


class _RemoteStart(Struct, frozen=True):
    id_tag: str
    remote_start_id: int | None
    by: StartedBy
    at: datetime


class _Presentation(Struct, frozen=True):
    id_tag: str
    status: str
    at: datetime


class Starts:
    """Remembers the last remote starts and presented tags; tags compare without case (C16 3.9)."""

    def __init__(self) -> None:
        self._remote: Latest[_RemoteStart] = Latest(_REMEMBERED)
        self._presented: Latest[_Presentation] = Latest(_REMEMBERED)
        self._window = DEFAULT_WINDOW

    def set_window(self, seconds: float | None) -> None:
        """Take the charger's ConnectionTimeOut: how long a start may wait for its cable."""
        if seconds and seconds > 0:
            self._window = min(timedelta(seconds=min(seconds, 86400)), _LONGEST_WINDOW)

    def note(
        self, id_tag: str | None, remote_start_id: int | None, by: StartedBy, now: datetime
    ) -> None:
        """Remember a remote start; the newest word on the same start counts."""
        self.forget(id_tag, remote_start_id)
        self._remote.append(_RemoteStart(_key(id_tag), remote_start_id, by, now))

    def note_unless_known(
        self, id_tag: str | None, remote_start_id: int | None, by: StartedBy, now: datetime
    ) -> None:
        """Remember a remote start that may have been noted with more knowledge just before."""
        known = self._remote_start(_key(id_tag), remote_start_id)
        if known is None or now - known.at > self._window:
            self.note(id_tag, remote_start_id, by, now)

    def forget(self, id_tag: str | None, remote_start_id: int | None) -> None:
        """Drop a remote start: refused, used or replaced."""
        if known := self._remote_start(_key(id_tag), remote_start_id):
            self._remote.remove(known)

    def is_remote(self, id_tag: str | None, now: datetime) -> bool:
        """Whether a remote start with this tag is waiting."""
        return self._by_tag(_key(id_tag), now) is not None

    def attribute(
        self, id_tag: str | None, remote_start_id: int | None, now: datetime
    ) -> StartedBy:
        """Return whose wish a start was, and use up the remote start that explains it."""
        found = (
            self._by_tag(_key(id_tag), now)
            if remote_start_id is None
            else self._by_id(remote_start_id)
        )
        if found:
            self._remote.remove(found)
            return found.by
        return StartedBy.LOCAL if remote_start_id is None else StartedBy.OPERATOR

    def present(self, id_tag: str, status: str, now: datetime) -> None:
        """Remember a tag that was presented and what was said to it."""
        self._presented.append(_Presentation(_key(id_tag), status, now))

    def was_presented(self, id_tag: str, status: str, now: datetime) -> bool:
        """Whether a start belongs to a presentation before it, which it uses up."""
        key = _key(id_tag)
        for presented in reversed(self._presented):
            if presented.id_tag == key and now - presented.at <= self._window:
                self._presented.remove(presented)
                return presented.status == status
        return False

    def _remote_start(self, key: str, remote_start_id: int | None) -> _RemoteStart | None:
        return next(
            (
                start
                for start in reversed(self._remote)
                if (start.id_tag, start.remote_start_id) == (key, remote_start_id)
            ),
            None,
        )

    def _by_id(self, remote_start_id: int) -> _RemoteStart | None:
        return next(
            (start for start in reversed(self._remote) if start.remote_start_id == remote_start_id),
            None,
        )

    def _by_tag(self, key: str, now: datetime) -> _RemoteStart | None:
        return next(
            (
                start
                for start in reversed(self._remote)
                if key and start.id_tag == key and now - start.at <= self._window
            ),
            None,
        )


def _key(id_tag: str | None) -> str:
    return (id_tag or "").casefold()
