"""Each frame on its way to the store, counted as it passes."""

from datetime import datetime

from oye_proxy.hub.storage_policy import StoragePolicy
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.commands import InjectionState, Peer, Record
from oye_proxy.ocppj.error_codes import cause_of
from oye_proxy.ocppj.frames import Call, CallError, SendFrame
from oye_proxy.storage.directions import direction_of
from oye_proxy.storage.frame_rows import NewFrame, as_latest
from oye_proxy.storage.selection import Keep, Selection
from oye_proxy.storage.writer import FrameWriter

OTHER = "other"

# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CHARGER = Peer.CHARGER
_ALL, _LAST, _NONE = Keep.ALL, Keep.LAST, Keep.NONE
_REQUESTS = (Call, SendFrame)


class FrameRecorder:
    """Counts a frame and hands it to the writer; never waits."""

    def __init__(self, writer: FrameWriter, metrics: Metrics, actions: frozenset[str]) -> None:
        self._writer = writer
        self._metrics = metrics
        self._actions = actions
        self._selection: Selection | None = None

    def follow(self, policy: StoragePolicy) -> None:
        """Store what the owner chose, and chooses from now on."""

        def select() -> None:
            selection = policy.selection
            self._selection = None if selection.keeps_all else selection

        policy.subscribe(select)
        select()

    def record(self, charge_point_id: str, record: Record, at: datetime) -> None:
        """Take one frame."""
        if record.source is _CHARGER:
            self._metrics.inbound.add()
        elif record.target is _CHARGER:
            self._metrics.outbound.add()
        if isinstance(record.frame, CallError):
            self._count_error(record, record.frame)
        keep = _ALL if self._selection is None else self._keep(self._selection, record)
        if keep is not _NONE:
            frame = NewFrame.of(charge_point_id, record, at)
            self._writer.offer(as_latest(frame) if keep is _LAST else frame)

    def forget(self, charge_point_id: str) -> None:
        """Drop the frames of a charger that is deleted."""
        self._writer.forget(charge_point_id)

    def settled(self, state: InjectionState, action: str | None) -> None:
        """Count the end of an injection."""
        self._metrics.injections.add(state.value)
        if state is InjectionState.TIMED_OUT:
            self._metrics.timeouts.add("outbound", self._label(action))

    def _keep(self, selection: Selection, record: Record) -> Keep:
        """Return what is stored of such frames; an answer goes with its CALL."""
        call = record.frame if isinstance(record.frame, _REQUESTS) else record.call
        action = None if call is None else call.action
        return selection.keep(action, direction_of(record)._value_)

    def _count_error(self, record: Record, error: CallError) -> None:
        """Count with labels that no charger can invent."""
        cause = cause_of(error.code)
        self._metrics.error_codes.add(
            cause.value if cause is not None else OTHER,
            "inbound" if record.source is Peer.CHARGER else "outbound",
            self._label(record.call.action if record.call is not None else None),
        )

    def _label(self, action: str | None) -> str:
        """Return an action that OCPP knows, as it is."""
        return action if action in self._actions else OTHER
