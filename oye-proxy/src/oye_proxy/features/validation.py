"""
Validation in `warn`: payloads are checked against the official schemas after they were sent.

A check costs 2 to 10 µs, but it holds the interpreter's lock: a thread alone would not keep it off
the way of frames. So it has a budget as well: `BATCH` frames, then `PAUSE_SECONDS` of rest, which
is 800 frames a second for a percent of one core. Up to that rate every frame is checked; above it
what comes while the queue is full is skipped. It is counted, and so are payloads above `LARGEST`.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from oye_proxy.hub.events import FramePassed, LiveEvent
from oye_proxy.hub.registry import Hub
from oye_proxy.metrics import OTHER, Metrics
from oye_proxy.ocppj.commands import Peer
from oye_proxy.ocppj.frames import Call, CallResult, SendFrame
from oye_proxy.ocppj.schemas import Schemas, Violation
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.tasks import cancel, spawn

QUEUE_FRAMES: Final = 1_000
BATCH: Final = 16
PAUSE_SECONDS: Final = 0.02
LARGEST: Final = 65_536

# Each frame comes by here: these are made once.
_CHARGER, _PROXY = Peer.CHARGER, Peer.PROXY
_REQUESTS = (Call, SendFrame)
_CHECKED = (Call, CallResult, SendFrame)

_logger = logging.getLogger(__name__)


class _Job(Struct, frozen=True, gc=False):
    charge_point_id: str
    version: OcppVersion
    action: str
    frame: Call | CallResult | SendFrame
    inbound: bool


class SchemaWatch:
    """Checks what charger and CSMS say, and counts what breaks its schema."""

    def __init__(self, hub: Hub, schemas: Schemas, metrics: Metrics) -> None:
        self._hub = hub
        self._schemas = schemas
        self._metrics = metrics
        self._queue: deque[_Job] = deque()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin to check what passes."""
        self._unsubscribe = self._hub.subscribe(self._notice, FramePassed)
        self._task = spawn(self._run(), name="validation")

    async def stop(self) -> None:
        """End; what waits is not checked any more."""
        self._unsubscribe()
        await cancel(self._task)

    async def check_waiting(self) -> None:
        """Check the frames that wait longest, as many as one batch holds."""
        jobs = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
        for job, violation in await asyncio.to_thread(self._check, jobs):
            self._tell(job, violation)

    def _notice(self, event: LiveEvent) -> None:
        if not isinstance(event, FramePassed):
            return
        if len(self._queue) >= QUEUE_FRAMES:
            self._metrics.validations_skipped.add()
            return
        record = event.record
        frame = record.frame
        call = record.call if isinstance(frame, CallResult) else frame
        # What the proxy says has its own tests.
        if record.source is _PROXY or not isinstance(frame, _CHECKED):
            return
        if not isinstance(call, _REQUESTS):
            return
        bridge = self._hub.bridge(event.charge_point_id)
        if bridge is None or bridge.version is None:
            return
        if len(frame.payload_text) > LARGEST:
            self._metrics.validations_skipped.add()
            return
        inbound = record.source is _CHARGER
        self._queue.append(_Job(event.charge_point_id, bridge.version, call.action, frame, inbound))
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self.check_waiting()
                await asyncio.sleep(PAUSE_SECONDS)

    def _check(self, jobs: list[_Job]) -> list[tuple[_Job, Violation]]:
        """Run on a thread of the pool; nothing here is shared with the event loop."""
        found = ((job, self._violation(job)) for job in jobs)
        return [(job, violation) for job, violation in found if violation is not None]

    def _violation(self, job: _Job) -> Violation | None:
        check = self._schemas.validate_call
        if isinstance(job.frame, CallResult):
            check = self._schemas.validate_result
        return check(job.version, job.action, job.frame.payload)

    def _tell(self, job: _Job, violation: Violation) -> None:
        """Count with labels that no peer can invent."""
        known = job.action in self._schemas.actions(job.version)
        self._metrics.schema_failures.add(
            "inbound" if job.inbound else "outbound",
            "response" if isinstance(job.frame, CallResult) else "request",
            job.action if known else OTHER,
            job.version.value,
            violation.cause.value,
        )
        _logger.debug(
            "! %s: %s of the %s breaks its schema: %s",
            job.charge_point_id,
            job.action if known else "an unknown action",
            "charger" if job.inbound else "CSMS",
            violation.message,
        )
