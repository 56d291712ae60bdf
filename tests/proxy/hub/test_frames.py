"""Each frame is counted and handed on; no charger can invent a label."""

import pytest
from tests.proxy.hub.conftest import ACTIONS, START

from oye_proxy.hub.frames import FrameRecorder
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.commands import InjectionState, Peer, Record
from oye_proxy.ocppj.frames import Call, parse
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.writer import FrameWriter


class Recorder:
    def __init__(self) -> None:
        self.metrics = Metrics()
        self.writer = FrameWriter(Database(StorageSettings(memory=True)), 100, self.metrics)
        self.recorder = FrameRecorder(self.writer, self.metrics, ACTIONS)

    def record(self, source: Peer, target: Peer, text: str, call: str | None = None) -> None:
        answered = parse(call) if call is not None else None
        assert answered is None or isinstance(answered, Call)
        record = Record(source=source, target=target, data=text, frame=parse(text), call=answered)
        self.recorder.record("CP1", record, START)


@pytest.fixture
async def recorder() -> Recorder:
    return Recorder()


@pytest.mark.parametrize(
    ("source", "target", "counted"),
    [
        (Peer.CHARGER, Peer.CSMS, (1, 0)),
        (Peer.CHARGER, Peer.PROXY, (1, 0)),
        (Peer.CSMS, Peer.CHARGER, (0, 1)),
        (Peer.PROXY, Peer.CHARGER, (0, 1)),
        (Peer.CSMS, Peer.PROXY, (0, 0)),
        (Peer.PROXY, Peer.CSMS, (0, 0)),
    ],
)
async def test_frames_of_chargers_are_counted_by_direction(
    recorder: Recorder, source: Peer, target: Peer, counted: tuple[int, int]
) -> None:
    recorder.record(source, target, '[2,"1","Heartbeat",{}]')

    assert counted == (recorder.metrics.inbound.value, recorder.metrics.outbound.value)
    assert 1 == recorder.writer.waiting


@pytest.mark.parametrize(
    ("code", "action", "label"),
    [
        ("NotSupported", "Reset", ("not_supported", "inbound", "Reset")),
        ("Invented42", "Invented42", ("other", "inbound", "other")),
    ],
)
async def test_errors_are_counted_with_labels_from_closed_sets(
    recorder: Recorder, code: str, action: str, label: tuple[str, str, str]
) -> None:
    error = f'[4,"1","{code}","",{{}}]'
    recorder.record(Peer.CHARGER, Peer.CSMS, error, call=f'[2,"1","{action}",{{}}]')

    found = list(recorder.metrics.error_codes.values)

    assert [label[1:]] == [one[1:] for one in found]
    assert ("other" == label[0]) is ("other" == found[0][0])


async def test_an_error_without_its_call_is_counted(recorder: Recorder) -> None:
    recorder.record(Peer.CSMS, Peer.CHARGER, '[4,"1","GenericError","",{}]')

    assert [("outbound", "other")] == [one[1:] for one in recorder.metrics.error_codes.values]


async def test_ends_of_injections_are_counted(recorder: Recorder) -> None:
    recorder.recorder.settled(InjectionState.ANSWERED, "Reset")
    recorder.recorder.settled(InjectionState.TIMED_OUT, "Invented42")
    recorder.recorder.settled(InjectionState.TIMED_OUT, None)

    assert {("answered",): 1, ("timed_out",): 2} == recorder.metrics.injections.values
    assert {("outbound", "other"): 2} == recorder.metrics.timeouts.values
