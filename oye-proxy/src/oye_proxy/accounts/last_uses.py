"""When tokens, accounts and sessions were used last: known at once, written now and then."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, Generic, TypeVar

from oye_proxy.errors import StorageError
from oye_proxy.tasks import spawn

K = TypeVar("K")

_WRITE_SECONDS: Final = 60.0


class LastUses(Generic[K]):
    """Notes uses, and has them written at most once a minute; `close` it at the end."""

    def __init__(
        self,
        what: str,
        store: Callable[[Mapping[K, datetime]], Awaitable[None]],
        clock: Callable[[], float],
    ) -> None:
        self._name = f"last use of {what}"
        self._store = store
        self._clock = clock
        self._unwritten: dict[K, datetime] = {}
        self._written_at = clock()
        self._writing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Write what is left."""
        if self._writing is not None:
            await asyncio.wait([self._writing])
        await self.write()

    def note(self, key: K, moment: datetime) -> None:
        """Note a use."""
        self._unwritten[key] = moment
        if self._clock() - self._written_at >= _WRITE_SECONDS:
            self._written_at = self._clock()
            self._writing = spawn(self.write(), name=self._name)

    def unwritten(self) -> Mapping[K, datetime]:
        """Return what is not written yet; ask before you read the rows, which have all others."""
        return self._unwritten

    async def write(self) -> None:
        """Write at once."""
        written = dict(self._unwritten)
        if not written:
            return
        try:
            await self._store(written)
        except StorageError:
            # The writer of frames tells of a database that is away; these times can be late.
            return
        self._unwritten = {
            key: moment for key, moment in self._unwritten.items() if written.get(key) != moment
        }
