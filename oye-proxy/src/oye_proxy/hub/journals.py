"""
What the journals of all chargers have for the disk, written by one task.

```
append settle drop link ─► waiting ─► one durable commit ─► done(True)      fetch ─► read behind it
```

While a commit waits for the disk, all that comes gathers for the next one: a disk that takes ten
milliseconds sustains a hundred commits a second, and any number of entries in each. A charger whose
entry cannot be written hears so at once and keeps its message; all else waits for the database.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from oye_proxy.errors import StorageError
from oye_proxy.ocppj.journal.entries import Entry, Settlement, TransactionLink
from oye_proxy.storage.journal import JournalBatch
from oye_proxy.tasks import cancel, spawn

# A charger tries a message only so often: what is refused it while the database rests counts.
RETRY_SECONDS = 1.0
STOP_SECONDS = 3.0
FETCHED_ENTRIES = 64
WAITING_WRITES = 100_000
WAITING_CHARACTERS = 256 * 1024 * 1024
BATCH_WRITES = 1000
BATCH_CHARACTERS = 8 * 1024 * 1024

Done: TypeAlias = Callable[[bool], None]
Fetched: TypeAlias = Callable[[list[Entry]], None]

_logger = logging.getLogger(__name__)


class Journals(Protocol):
    """The part of the store that is used here."""

    async def commit(self, batch: JournalBatch) -> None:
        """Store a batch, all or nothing, on disk at the end."""

    async def pending(self, charge_point_id: str, *, after: int, limit: int) -> list[Entry]:
        """Return the next entries that are pending."""

    async def forget(self, charge_point_id: str) -> None:
        """Delete the journal of a charger."""


class JournalKeeper:
    """
    Takes what must be written and never waits; `start` and `stop` it in the loop that calls it.

    What waits is bounded: beyond that the oldest is lost and said. `trouble` is told when the
    database fails and when it works again.
    """

    def __init__(
        self,
        store: Journals,
        trouble: Callable[[str | None], None],
        *,
        retry_seconds: float = RETRY_SECONDS,
        limit: int = WAITING_WRITES,
    ) -> None:
        self._store = store
        self._troubles = _Troubles(trouble)
        self._retry_seconds = retry_seconds
        self._limit = limit
        self._number = 0
        self._characters = 0
        self._lost = 0
        self._waiting: deque[_Write] = deque()
        self._taken: deque[_Write] = deque()
        self._fetches: deque[_Fetch] = deque()
        self._rests = False
        self._turn = asyncio.Lock()
        self._some = asyncio.Event()
        self._readable = asyncio.Event()
        self._stop = asyncio.Event()
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    @property
    def waiting(self) -> int:
        """How many writes are not yet on disk."""
        return len(self._waiting) + len(self._taken)

    def start(self) -> None:
        """Begin to write and to read."""
        self._tasks = (
            spawn(self._write(), name="journal writer"),
            spawn(self._read(), name="journal reader"),
        )

    def append(self, charge_point_id: str, entry: Entry, done: Done | None) -> None:
        """Write an entry; `done` hears whether it is on disk, and without it it is tried again."""
        write = self._next(charge_point_id, entry, len(entry.text) + len(entry.answer), done)
        if done is not None and (self._rests or self._stop.is_set()):
            asyncio.get_running_loop().call_soon(_tell, done, False)  # noqa: FBT003
        else:
            self._put(write)

    def settle(self, charge_point_id: str, settlement: Settlement) -> None:
        """Write what became of an entry."""
        texts = (settlement.sent, settlement.response)
        characters = sum(len(text) for text in texts if text is not None)
        self._put(self._next(charge_point_id, settlement, characters))

    def drop(self, charge_point_id: str, sequences: Iterable[int]) -> None:
        """Delete entries."""
        self._put(self._next(charge_point_id, _Dropped(tuple(sequences))))

    def link(self, charge_point_id: str, link: TransactionLink) -> None:
        """Write what is known of a transaction's two ids."""
        self._put(self._next(charge_point_id, link))

    def fetch(self, charge_point_id: str, after: int, done: Fetched) -> None:
        """Read the next pending entries, with all that was put before; retried until it works."""
        self._fetches.append(_Fetch(self._number, charge_point_id, after, done))
        self._readable.set()

    async def forget(self, charge_point_id: str) -> None:
        """Delete the journal of a charger and what waits for it; raise StorageError."""
        async with self._turn:
            gone = [each for each in self._waiting if each.charge_point_id == charge_point_id]
            kept = [each for each in self._waiting if each.charge_point_id != charge_point_id]
            self._waiting = deque(kept)
            self._characters -= sum(each.characters for each in gone)
            self._fetches = deque(
                each for each in self._fetches if each.charge_point_id != charge_point_id
            )
            _tell_all(gone, on_disk=False)
            await self._store.forget(charge_point_id)

    async def stop(self) -> None:
        """Write what waits, for a bounded time; who is not on disk then hears so."""
        self._stop.set()
        self._some.set()
        if self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=STOP_SECONDS)
        await cancel(*self._tasks)
        left = [*self._taken, *self._waiting]
        self._taken.clear()
        self._waiting.clear()
        self._fetches.clear()
        if left:
            _logger.warning("%d changes of journals could not be written before the end", len(left))
        _tell_all(left, on_disk=False)

    # What waits

    def _next(
        self, charge_point_id: str, change: "_Change", characters: int = 0, done: Done | None = None
    ) -> "_Write":
        self._number += 1
        return _Write(self._number, charge_point_id, change, characters, done)

    def _put(self, write: "_Write") -> None:
        self._waiting.append(write)
        self._characters += write.characters
        self._some.set()
        while len(self._waiting) > self._limit or self._characters > WAITING_CHARACTERS:
            oldest = self._waiting.popleft()
            self._characters -= oldest.characters
            self._lost += 1
            asyncio.get_running_loop().call_soon(_tell_all, [oldest])

    def _take(self) -> None:
        """Take the next batch."""
        room = BATCH_CHARACTERS
        while self._waiting and len(self._taken) < BATCH_WRITES and room > 0:
            write = self._waiting.popleft()
            room -= write.characters
            self._characters -= write.characters
            self._taken.append(write)

    def _give_back(self) -> None:
        """Let what has no time fail and the rest wait, in its order."""
        attempted = [each for each in self._taken if each.done is not None]
        failed = [*attempted, *(each for each in self._waiting if each.done is not None)]
        kept = [each for each in (*self._taken, *self._waiting) if each.done is None]
        self._taken.clear()
        self._waiting = deque(kept)
        self._characters = sum(each.characters for each in kept)
        for each in attempted:
            # The commit may have worked although its answer was lost: nobody may replay this.
            if isinstance(each.change, Entry):
                self.drop(each.charge_point_id, [each.change.sequence])
        _tell_all(failed, on_disk=False)

    # The writer

    async def _write(self) -> None:
        while self._waiting or not self._stop.is_set():
            await self._some.wait()
            self._some.clear()
            while self._waiting:
                try:
                    async with self._turn:
                        self._take()
                        await self._commit(list(self._taken))
                except StorageError as error:
                    self._rests = True
                    self._give_back()
                    self._troubles.begin("writes", str(error))
                    if self._stop.is_set():
                        return
                    await self._rest()
                    self._rests = False
                else:
                    self._recovered()
                self._readable.set()

    def _recovered(self) -> None:
        self._troubles.end("writes")
        if self._lost:
            _logger.warning("%d changes of journals were lost: too many waited", self._lost)
            self._lost = 0

    async def _commit(self, writes: Sequence["_Write"]) -> None:
        """Commit what was taken; a write that is refused fails alone."""
        if not writes:
            return
        try:
            await self._store.commit(_batch(writes))
        except StorageError as error:
            if not error.refused:
                raise
            await self._commit_without_refused(writes, error)
        except Exception as error:
            # A mistake of ours in one entry must not end the journals of all chargers.
            _logger.exception("a change of a journal cannot be written")
            await self._commit_without_refused(writes, error)
        else:
            self._finish(writes, on_disk=True)

    async def _commit_without_refused(self, writes: Sequence["_Write"], error: Exception) -> None:
        if len(writes) == 1:
            charge_point_id = writes[0].charge_point_id
            _logger.warning("a change of %s's journal is not written: %s", charge_point_id, error)
            self._finish(writes, on_disk=False)
            return
        middle = len(writes) // 2
        await self._commit(writes[:middle])
        await self._commit(writes[middle:])

    def _finish(self, writes: Sequence["_Write"], *, on_disk: bool) -> None:
        for _ in writes:
            self._taken.popleft()
        _tell_all(writes, on_disk=on_disk)

    async def _rest(self) -> None:
        """Wait before the next attempt; the end does not wait."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._retry_seconds):
                await self._stop.wait()

    # The reader

    async def _read(self) -> None:
        while True:
            await self._readable.wait()
            self._readable.clear()
            while self._fetches and self._is_written(self._fetches[0].number):
                fetch = self._fetches.popleft()
                try:
                    entries = await self._store.pending(
                        fetch.charge_point_id, after=fetch.after, limit=FETCHED_ENTRIES
                    )
                except StorageError as error:
                    self._fetches.appendleft(fetch)
                    self._troubles.begin("reads", str(error))
                    await asyncio.sleep(self._retry_seconds)
                else:
                    self._troubles.end("reads")
                    _tell(fetch.done, entries)

    def _is_written(self, number: int) -> bool:
        """Tell whether everything up to this write is on disk, or given up."""
        first = next(iter(self._taken or self._waiting), None)
        return first is None or first.number > number


class _Dropped(Struct, frozen=True):
    """Entries that are no more."""

    sequences: tuple[int, ...]


_Change: TypeAlias = Entry | Settlement | TransactionLink | _Dropped


class _Write(Struct, frozen=True):
    """One change; `number` says when it came."""

    number: int
    charge_point_id: str
    change: _Change
    characters: int
    done: Done | None


class _Fetch(Struct, frozen=True):
    """Who wants to read; `number` is that of the last write before it."""

    number: int
    charge_point_id: str
    after: int
    done: Fetched


class _Troubles:
    """Tells of the first trouble and each next one, and once of the end of all."""

    def __init__(self, tell: Callable[[str | None], None]) -> None:
        self._tell = tell
        self._present: set[str] = set()

    def begin(self, who: str, sentence: str) -> None:
        """Note that something fails."""
        self._present.add(who)
        self._tell(sentence)

    def end(self, who: str) -> None:
        """Note that it works."""
        if who in self._present:
            self._present.discard(who)
            if not self._present:
                self._tell(None)


def _batch(writes: Iterable[_Write]) -> JournalBatch:
    entries, links, settlements, dropped = [], [], [], []
    for write in writes:
        charge_point_id = write.charge_point_id
        match write.change:
            case Entry() as entry:
                entries.append((charge_point_id, entry))
            case TransactionLink() as link:
                links.append((charge_point_id, link))
            case Settlement() as settlement:
                settlements.append((charge_point_id, settlement))
            case _Dropped(sequences=sequences):
                dropped += [(charge_point_id, sequence) for sequence in sequences]
    return JournalBatch(entries=entries, links=links, settlements=settlements, dropped=dropped)


def _tell_all(writes: Iterable[_Write], *, on_disk: bool = False) -> None:
    for write in writes:
        if write.done is not None:
            _tell(write.done, on_disk)


def _tell(done: Callable[[Any], None], what: object) -> None:
    try:
        done(what)
    except Exception:
        # It is one charger's; the others wait for their own.
        _logger.exception("who waited for a journal failed")
