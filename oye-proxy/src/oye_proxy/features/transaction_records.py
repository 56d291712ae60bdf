"""
Records of transactions, made from the frames that pass.

Each frame is looked at by its action first, and only what tells of a transaction is read. Meter
values that come faster than there is time for wait until there is, or until something else is told
of their charger, so that they delay no frame. What changes waits in a bounded queue; the hub's
keeper writes it in batches, and again when the database was away. After a restart the next frame of
a transaction finds its record in the database.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, Protocol

from msgspec.structs import replace

from oye_proxy.errors import StorageError
from oye_proxy.features.late_reports import LateReports
from oye_proxy.features.transaction_queue import ChangeQueue, Waiting
from oye_proxy.hub.events import ChargerRemoved, FramePassed, LiveEvent
from oye_proxy.hub.keeper import Keeper
from oye_proxy.hub.registry import Hub
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.ocppj.transaction_reading import ANSWERED_CALLS, CALLS, read_change
from oye_proxy.ocppj.transaction_samples import PACED, ReadingBudget, SamplePace

# Starts and ends are written at once; the more of the rest comes together, the less it costs.
FLUSH_SECONDS: Final = 5.0
# A batch is prepared in the event loop: a large one would hold up frames, a small one costs more.
BATCH: Final = 10

# Reports of all chargers that are read as they come; a read takes some 30 µs.
READS_AT_ONCE: Final = 1000
READS_PER_SECOND: Final = 500
LATE_SECONDS: Final = 0.05

_KEY = ("transactions",)
_CHARGER = Peer.CHARGER

_logger = logging.getLogger(__name__)


class Transactions(Protocol):
    """The part of the store that this feature uses."""

    async def write(self, changes: Sequence[Waiting]) -> None:
        """Store changes in their order, all or none; what is stored already stays."""


class TransactionRecords:
    """Records transactions while it is started; `stop` leaves the last of it to the keeper."""

    def __init__(
        self,
        hub: Hub,
        store: Transactions,
        keeper: Keeper,
        *,
        sample_interval: timedelta,
        queue: ChangeQueue | None = None,
    ) -> None:
        self._hub = hub
        self._store = store
        self._keeper = keeper
        self._sample_interval = sample_interval
        self._queue = ChangeQueue() if queue is None else queue
        self._late = LateReports()
        self._budget = ReadingBudget(READS_AT_ONCE, READS_PER_SECOND)
        self._reading: asyncio.TimerHandle | None = None
        self._paces: dict[str, SamplePace] = {}
        self._flushing: asyncio.TimerHandle | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Listen."""
        self._unsubscribe = self._hub.subscribe(self._notice, FramePassed, ChargerRemoved)

    async def stop(self) -> None:
        """Listen no more; what waits is written when the keeper stops."""
        self._hub.catch_up()
        self._unsubscribe()
        if self._reading is not None:
            self._reading.cancel()
        self._record_all(self._late.take_some(len(self._late)))
        self.flush()

    def flush(self) -> None:
        """Hand what waits to the keeper."""
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        if self._queue:
            self._keeper.put(_KEY, self._write)

    def note(self, charge_point_id: str, change: TransactionChange) -> None:
        """Take a change that no frame told."""
        self._queue.put(charge_point_id, change)
        self._flush_soon()

    def _notice(self, event: LiveEvent) -> None:
        if isinstance(event, FramePassed):
            if _tells(event.record):
                self._read(event)
        elif isinstance(event, ChargerRemoved):
            self._paces.pop(event.charge_point_id, None)
            self._late.take(event.charge_point_id)
            self._queue.forget(event.charge_point_id)

    def _read(self, event: FramePassed) -> None:
        charge_point_id, frame = event.charge_point_id, event.record.frame
        pace = self._paces.get(charge_point_id)
        if pace is None:
            pace = self._paces[charge_point_id] = SamplePace(self._sample_interval)
        if isinstance(frame, Call) and frame.action in PACED:
            if not pace.is_due(frame, event.time):
                return
            if frame.action == "MeterValues" and self._is_late(event):
                self._late.put(event)
                self._read_later()
                return
        self._record_all([*self._late.take(charge_point_id), event])

    def _is_late(self, report: FramePassed) -> bool:
        return self._late.has(report.charge_point_id) or not self._budget.spend(report.time)

    def _read_later(self) -> None:
        if self._reading is None and self._late:
            loop = asyncio.get_running_loop()
            self._reading = loop.call_later(LATE_SECONDS, self._read_some)

    def _read_some(self) -> None:
        self._reading = None
        self._hub.catch_up()
        self._record_all(self._late.take_some(int(READS_PER_SECOND * LATE_SECONDS)))
        self._read_later()

    def _record_all(self, events: Sequence[FramePassed]) -> None:
        for event in events:
            self._record(event)

    def _record(self, event: FramePassed) -> None:
        charge_point_id = event.charge_point_id
        charger = self._hub.find(charge_point_id)
        version = None if charger.bridge is None else charger.bridge.version
        change = read_change(event.record, charger.facts, version, event.time)
        if change is None:
            return
        samples = self._paces[charge_point_id].keep(change.evse_id, change.samples)
        self._queue.put(charge_point_id, replace(change, samples=samples))
        if change.kind is not ChangeKind.UPDATE:
            self.flush()
        else:
            self._flush_soon()

    def _flush_soon(self) -> None:
        if self._flushing is None:
            loop = asyncio.get_running_loop()
            self._flushing = loop.call_later(FLUSH_SECONDS, self.flush)

    async def _write(self) -> None:
        batch = self._queue.take(BATCH)
        try:
            await self._store.write(batch)
        except StorageError as error:
            if not error.refused:
                self._queue.take_back(batch)
                raise
            await self._write_singly(batch)
        except BaseException:
            self._queue.take_back(batch)
            raise
        self._tell_losses()
        if self._queue:
            self._keeper.put(_KEY, self._write)

    def _tell_losses(self) -> None:
        if self._queue.lost:
            _logger.warning(
                "%d samples and changes of transactions were lost: the database was away",
                self._queue.lost,
            )
            self._queue.lost = 0
        if self._late.lost:
            _logger.warning(
                "%d meter values were not kept as samples: they came too fast", self._late.lost
            )
            self._late.lost = 0

    async def _write_singly(self, batch: list[Waiting]) -> None:
        """One change that the database refuses must not hold up all others."""
        while batch:
            try:
                await self._store.write(batch[:1])
            except StorageError as error:
                if not error.refused:
                    self._queue.take_back(batch)
                    raise
                _logger.warning(
                    "%s: a change of a transaction is not stored: %s", batch[0][0], error
                )
            except BaseException:
                self._queue.take_back(batch)
                raise
            del batch[0]


def _tells(record: Record) -> bool:
    """Say whether a frame may tell of a transaction; each frame comes by here."""
    frame = record.frame
    if isinstance(frame, Call):
        return frame.action in CALLS and record.source is _CHARGER
    return record.call is not None and record.call.action in ANSWERED_CALLS
