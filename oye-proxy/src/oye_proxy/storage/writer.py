"""
The way of frames into the store: a bounded queue, and one task that writes batches.

`offer` never waits. When the database is slow or away the oldest frames are dropped and counted,
and the writer tries again until it is back.
"""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain, islice, repeat

from msgspec.structs import astuple, fields
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.errors import StorageError
from oye_proxy.metrics import Metrics
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_rows import NewFrame
from oye_proxy.storage.models import logs
from oye_proxy.tasks import cancel, spawn

FLUSH_SECONDS = 0.15
BATCH_ROWS = 10_000
STOP_SECONDS = 3.0
# Frames can have megabytes: their number alone would not bound the memory.
QUEUE_CHARACTERS = 64 * 1024 * 1024
BATCH_CHARACTERS = 8 * 1024 * 1024

# A batch is cut into these, and what is left is one statement more; each size is prepared once. A
# busy event loop takes tens of milliseconds for the few steps of a statement, whatever its size;
# databases take 32766 values.
_STATEMENT_ROWS = (2300, 250, 60, 20)
# What one statement removes of the rows that newer ones replace.
_REPLACED_ROWS = 500
_SILENT_SECONDS = 10.0
_RETRY_SECONDS = 0.5
_RETRY_SECONDS_MAX = 30.0
_COLUMNS = [field.name for field in fields(NewFrame)]
_NUMBER = re.compile(r"\$(\d+)")

_logger = logging.getLogger(__name__)


class FrameWriter:
    """
    Writes frames in batches; `start` and `stop` it in the event loop that offers them.

    `on_trouble` hears a sentence when frames cannot be stored, and None when they can again;
    `on_change` how many more or fewer are stored.
    """

    def __init__(
        self,
        database: Database,
        limit: int,
        metrics: Metrics,
        on_trouble: Callable[[str | None], None] = lambda _sentence: None,
        on_change: Callable[[int], None] = lambda _by: None,
    ) -> None:
        self.trouble: str | None = None
        self._database = database
        self._limit = limit
        self._metrics = metrics
        self._on_trouble = on_trouble
        self._on_change = on_change
        self._queue: deque[NewFrame] = deque()
        self._characters = 0
        self._some = asyncio.Event()
        self._full = asyncio.Event()
        self._stop = asyncio.Event()
        self._statements: dict[int, str] = {}
        self._task: asyncio.Task[None] | None = None
        self._writing = 0
        self._settled = 0
        self._progress = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many frames are not yet in the database."""
        return len(self._queue)

    def offer(self, frame: NewFrame) -> None:
        """Queue a frame; when the queue is full its oldest frame is dropped and counted."""
        queue = self._queue
        queue.append(frame)
        self._characters += len(frame.payload)
        waiting = len(queue)
        if waiting == 1:
            self._some.set()
        elif waiting == BATCH_ROWS:
            self._full.set()
        if waiting > self._limit or self._characters > QUEUE_CHARACTERS:
            self._shorten()

    def forget(self, charge_point_id: str) -> None:
        """Drop what is queued of a charger that is deleted."""
        kept = [frame for frame in self._queue if frame.charge_point_id != charge_point_id]
        self._queue.clear()
        self._queue.extend(kept)
        self._characters = sum(len(frame.payload) for frame in kept)

    def start(self) -> None:
        """Begin to write."""
        self._task = spawn(self._run(), name="frame writer")

    async def flush(self, seconds: float) -> None:
        """Have what waits now written at once; wait for that, but not while there is trouble."""
        due = self._settled + self._writing + len(self._queue)
        try:
            async with asyncio.timeout(seconds):
                while self._settled < due and self.trouble is None and self._task is not None:
                    self._full.set()
                    await self._progress.wait()
        except TimeoutError:
            pass

    async def stop(self) -> None:
        """Write what is queued, for a few seconds at most; the rest is dropped and counted."""
        self._stop.set()
        self._some.set()
        self._full.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=STOP_SECONDS)
            await cancel(self._task)
        if self._queue:
            _logger.warning("%d frames were not stored before the end", len(self._queue))
            self._metrics.records_dropped.add(len(self._queue))
            self._queue.clear()
            self._characters = 0

    async def _run(self) -> None:
        delay = _RETRY_SECONDS
        while self._queue or not self._stop.is_set():
            await self._some.wait()
            await self._gather()
            batch = self._take()
            try:
                await self._write(batch)
            except StorageError as error:
                self._take_back(batch)
                self._report(f"{error}; the next attempt follows in {delay:g} s")
                await _either(self._stop, delay)
                delay = min(delay * 2, _RETRY_SECONDS_MAX)
            except asyncio.CancelledError:
                self._take_back(batch)
                raise
            else:
                delay = _RETRY_SECONDS
                self._settle()
                self._recover()

    async def _gather(self) -> None:
        """Wait until a batch is worth its transaction."""
        hurry = self._full.is_set() or self._stop.is_set()
        if len(self._queue) < BATCH_ROWS and not hurry:
            await _either(self._full, FLUSH_SECONDS)
        self._full.clear()

    def _take(self) -> list[NewFrame]:
        batch: list[NewFrame] = []
        room = BATCH_CHARACTERS
        while self._queue and len(batch) < BATCH_ROWS and room > 0:
            batch.append(self._queue.popleft())
            room -= len(batch[-1].payload)
        self._characters -= BATCH_CHARACTERS - room
        self._writing = len(batch)
        if not self._queue and not self._stop.is_set():
            self._some.clear()
        return batch

    def _settle(self) -> None:
        """Tell those who wait for it that a batch is stored."""
        self._settled += self._writing
        self._writing = 0
        self._progress.set()
        self._progress = asyncio.Event()

    def _take_back(self, batch: list[NewFrame]) -> None:
        self._writing = 0
        self._queue.extendleft(reversed(batch))
        self._characters += sum(len(frame.payload) for frame in batch)
        self._some.set()
        self._shorten()

    def _shorten(self) -> None:
        """Drop the oldest frames until the queue is within its bounds."""
        while len(self._queue) > self._limit or self._characters > QUEUE_CHARACTERS:
            self._characters -= len(self._queue.popleft().payload)
            self._metrics.records_dropped.add()
            if self.trouble is None:
                self._report("the database is too slow: the oldest waiting frames are dropped")

    async def _write(self, batch: list[NewFrame]) -> None:
        silence = asyncio.get_running_loop().call_later(
            _SILENT_SECONDS, self._report, "the database does not answer; frames wait for it"
        )
        try:
            stored = await self._insert(batch)
        except StorageError as error:
            if not error.refused:
                raise
            # One row that the database refuses must not hold up all others.
            stored = await self._insert_singly(batch)
        finally:
            silence.cancel()
        self._metrics.records_stored.add(stored)

    async def _insert(self, batch: list[NewFrame]) -> int:
        batch, replaced = _without_replaced(batch)
        sizes = list(_sizes(len(batch)))
        for rows in {*sizes} - self._statements.keys():
            # The largest takes tens of milliseconds.
            await asyncio.to_thread(self._compile, rows)
        gone = 0
        async with self._database.writing() as connection:
            for first in range(0, len(replaced), _REPLACED_ROWS):
                keys = replaced[first : first + _REPLACED_ROWS]
                former = delete(logs).where(logs.c.latest_of.in_(keys))
                gone += (await connection.execute(former)).rowcount
            frames = iter(batch)
            for rows in sizes:
                await self._execute(connection, list(islice(frames, rows)))
        self._on_change(len(batch) - gone)
        return len(batch)

    async def _insert_singly(self, batch: list[NewFrame]) -> int:
        stored = 0
        for frame in batch:
            try:
                stored += await self._insert([frame])
            except StorageError as error:
                self._metrics.records_dropped.add()
                _logger.warning("a frame was refused by the database and is dropped: %s", error)
        return stored

    async def _execute(self, connection: AsyncConnection, frames: list[NewFrame]) -> None:
        values = tuple(chain.from_iterable(map(astuple, frames)))
        await connection.exec_driver_sql(self._statements[len(frames)], values)

    def _compile(self, rows: int) -> None:
        """
        Keep the SQL of this number of rows, in the database's dialect.

        The places of one row are repeated, and numbered on where they have numbers: to compile all
        of them would hold the interpreter's lock for a second.
        """
        one_row = insert(logs).values([dict.fromkeys(_COLUMNS)])
        head, places = str(one_row.compile(dialect=self._database.dialect)).split(" VALUES ")
        repeated = [
            _NUMBER.sub(lambda found, row=row: f"${int(found[1]) + row * len(_COLUMNS)}", places)  # type: ignore[misc]  # the row of this turn
            for row in range(rows)
        ]
        self._statements[rows] = f"{head} VALUES {', '.join(repeated)}"

    def _report(self, sentence: str) -> None:
        if self.trouble is None:
            _logger.warning("frames are not stored: %s", sentence)
        self.trouble = sentence
        self._on_trouble(sentence)

    def _recover(self) -> None:
        # A queue that is still half full would be in trouble again at once.
        if self.trouble is not None and len(self._queue) <= self._limit // 2:
            _logger.info("frames are stored again")
            self.trouble = None
            self._on_trouble(None)


def _sizes(rows: int) -> Iterator[int]:
    """Cut so many rows into statements."""
    for size in _STATEMENT_ROWS:
        yield from repeat(size, rows // size)
        rows %= size
    if rows:
        yield rows


def _without_replaced(batch: list[NewFrame]) -> tuple[list[NewFrame], list[str]]:
    """Leave out what a later frame of the batch replaces; return too what all of it replaces."""
    newest: dict[str, NewFrame] = {}
    for frame in batch:
        if frame.latest_of is not None:
            newest[frame.latest_of] = frame
    if not newest:
        return batch, []
    kept = [frame for frame in batch if frame.latest_of is None or newest[frame.latest_of] is frame]
    return kept, list(newest)


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event or the time, whatever comes first; never return at once."""
    if event.is_set():
        await asyncio.sleep(min(seconds, _RETRY_SECONDS))
        return
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
