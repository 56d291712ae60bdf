"""Each frame is counted and handed on; no charger can invent a label."""

import pytest
from tests.proxy.hub.conftest import ACTIONS, START

from oye_proxy.hub.frames import FrameRecorder
from oye_proxy.hub.storage_policy import StorageChoice, StoragePolicy
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.commands import InjectionState, Peer, Record
from oye_proxy.ocppj.frames import Call, parse
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.directions import Direction
from oye_proxy.storage.selection import Keep, KeepRule, Preset
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
    assert sum(counted) == recorder.metrics.last_minute.value


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


async def test_what_the_owner_leaves_out_is_counted_and_not_stored(recorder: Recorder) -> None:
    """The choice counts from its moment on, without a restart."""
    database = Database(StorageSettings(memory=True))
    await database.open()
    policy = StoragePolicy(ConfigStore(database), StorageSettings())
    recorder.recorder.follow(policy)
    heartbeat = '[2,"1","Heartbeat",{}]'

    recorder.record(Peer.CHARGER, Peer.CSMS, heartbeat)
    await policy.change(StorageChoice(preset=Preset.SELECTIVE))
    recorder.record(Peer.CHARGER, Peer.CSMS, heartbeat)
    recorder.record(Peer.CSMS, Peer.CHARGER, '[3,"1",{}]', call=heartbeat)
    recorder.record(Peer.CHARGER, Peer.CSMS, '[2,"2","StatusNotification",{}]')
    no_frame = Record(source=Peer.CHARGER, target=Peer.CSMS, data="no frame")
    recorder.recorder.record("CP1", no_frame, START)
    await policy.change(StorageChoice())
    recorder.record(Peer.CHARGER, Peer.CSMS, heartbeat)
    await database.close()

    assert ["Heartbeat", "StatusNotification", None, "Heartbeat"] == [
        frame.action for frame in recorder.writer._queue
    ]
    assert 5 == recorder.metrics.inbound.value


async def test_a_rule_may_name_a_direction(recorder: Recorder) -> None:
    database = Database(StorageSettings(memory=True))
    await database.open()
    policy = StoragePolicy(ConfigStore(database), StorageSettings())
    recorder.recorder.follow(policy)
    rule = KeepRule(action="Heartbeat", direction=Direction.DOWNSTREAM, keep=Keep.NONE)
    await policy.change(StorageChoice(preset=Preset.CUSTOM, rules=(rule,)))
    await database.close()

    recorder.record(Peer.CHARGER, Peer.CSMS, '[2,"1","Heartbeat",{}]')
    recorder.record(Peer.CSMS, Peer.CHARGER, '[3,"1",{}]', call='[2,"1","Heartbeat",{}]')

    assert ["UPSTREAM"] == [frame.direction for frame in recorder.writer._queue]


async def test_the_last_of_a_kind_is_marked_for_the_writer(recorder: Recorder) -> None:
    database = Database(StorageSettings(memory=True))
    await database.open()
    policy = StoragePolicy(ConfigStore(database), StorageSettings())
    recorder.recorder.follow(policy)
    rule = KeepRule(action="Heartbeat", keep=Keep.LAST)
    await policy.change(StorageChoice(preset=Preset.CUSTOM, rules=(rule,)))
    await database.close()

    recorder.record(Peer.CHARGER, Peer.CSMS, '[2,"1","Heartbeat",{}]')
    recorder.record(Peer.CHARGER, Peer.CSMS, '[2,"1","StatusNotification",{}]')

    assert ["UPSTREAM Heartbeat CP1", None] == [frame.latest_of for frame in recorder.writer._queue]
