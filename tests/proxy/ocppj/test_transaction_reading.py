"""Frames as they pass, and what each changes in the record of its transaction."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.facts import Facts, StartedBy
from oye_proxy.ocppj.frames import CallError, MessageId, build_call, build_error, build_result
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange, Verdict
from oye_proxy.ocppj.transaction_reading import ANSWERED_CALLS, CALLS, read_change
from oye_proxy.ocppj.transaction_samples import Sample
from oye_proxy.ocppj.versions import OcppVersion

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENERGY = "Energy.Active.Import.Register"
START = {
    "connectorId": 1,
    "idTag": "CARD-1234",
    "meterStart": 1000,
    "timestamp": "2026-05-04T18:00:00Z",
}
STOP = {"transactionId": 7, "meterStop": 6000, "timestamp": "2026-05-04T19:00:00Z"}
STARTED = {
    "eventType": "Started",
    "timestamp": "2026-05-04T18:00:00Z",
    "triggerReason": "Authorized",
    "seqNo": 0,
    "transactionInfo": {"transactionId": "t-1"},
    "evse": {"id": 2, "connectorId": 3},
    "idToken": {"idToken": "CARD-1234", "type": "ISO14443"},
}


class Passing:
    """Frames pass: the facts read each, then its change is read."""

    def __init__(self, version: OcppVersion) -> None:
        self.version = version
        self.facts = Facts()
        self.now = NOW

    def call(self, action: str, payload: Any, source: Peer = Peer.CHARGER) -> Any:
        call = build_call("m", action, payload)
        target = Peer.CSMS if source is Peer.CHARGER else Peer.CHARGER
        return self._pass(Record(source=source, target=target, data=call.text, frame=call))

    def answer(
        self,
        action: str,
        payload: Any,
        answer: Any,
        source: Peer = Peer.CSMS,
        target: Peer = Peer.CHARGER,
    ) -> Any:
        call = build_call("m", action, payload)
        frame = answer if isinstance(answer, CallError) else build_result(MessageId.of("m"), answer)
        return self._pass(
            Record(source=source, target=target, data=frame.text, frame=frame, call=call)
        )

    def _pass(self, record: Record) -> TransactionChange | None:
        self.facts.observe(record, self.version, self.now)
        return read_change(record, self.facts, self.version, self.now)


@pytest.fixture
def old() -> Passing:
    return Passing(OcppVersion.V1_6)


@pytest.fixture
def new() -> Passing:
    return Passing(OcppVersion.V2_0_1)


def accepted(transaction_id: int = 7) -> dict[str, Any]:
    return {"transactionId": transaction_id, "idTagInfo": {"status": "Accepted"}}


def refusal() -> CallError:
    return build_error(MessageId.of("m"), "InternalError", "")


def test_the_answer_to_a_start_begins_a_record(old: Passing) -> None:
    """The CSMS owns the ids of 1.6 (C16 5.11)."""
    assert old.call("StartTransaction", START) is None
    change = old.answer("StartTransaction", START, accepted())

    assert (
        TransactionChange(
            kind=ChangeKind.START,
            at=NOW,
            transaction_id="7",
            csms_transaction_id="7",
            ocpp_version="1.6",
            evse_id=1,
            connector_id=1,
            id_tag="CARD-1234",
            id_tag_status="Accepted",
            started_at=NOW,
            meter_start_wh=1000.0,
            energy_wh=0.0,
            started_by=StartedBy.LOCAL,
            start_verdict=Verdict(NOW),
        )
        == change
    )


def test_an_id_given_again_while_it_seems_to_run_is_another_start(
    old: Passing, new: Passing
) -> None:
    """A charger lost its power, and its CSMS, or the charger itself (2.x), counts from 1 anew."""
    old.answer("StartTransaction", START, accepted())
    new.call("TransactionEvent", STARTED | {"meterValue": register(1000)})
    old.now = new.now = NOW + HOUR
    later = {"timestamp": "2026-05-04T19:00:00Z"}
    again = old.answer("StartTransaction", START | later | {"meterStart": 1500}, accepted())
    anew = new.call("TransactionEvent", STARTED | later | {"meterValue": register(1500)})
    same = old.answer("StartTransaction", START, accepted())

    assert (ChangeKind.START, NOW + HOUR, 1500.0) == (
        again.kind,
        again.started_at,
        again.meter_start_wh,
    )
    assert (ChangeKind.START, NOW + HOUR, 1500.0) == (
        anew.kind,
        anew.started_at,
        anew.meter_start_wh,
    )
    assert NOW == same.started_at


def test_a_start_that_the_proxy_answered_waits_for_the_csms(old: Passing) -> None:
    change = old.answer("StartTransaction", START, accepted(1_000_000_001), Peer.PROXY)

    assert (ChangeKind.START, "1000000001", None, None) == (
        change.kind,
        change.transaction_id,
        change.csms_transaction_id,
        change.start_verdict,
    )


def test_the_answer_to_its_replay_is_a_verdict(old: Passing) -> None:
    """The charger's id does not stand in it: tag, connector, register and time tell."""
    old.answer("StartTransaction", START, accepted(1_000_000_001), Peer.PROXY)
    old.now = NOW + HOUR
    change = old.answer("StartTransaction", START, accepted(57), target=Peer.PROXY)

    assert (
        TransactionChange(
            kind=ChangeKind.VERDICT,
            at=NOW + HOUR,
            transaction_id=None,
            csms_transaction_id="57",
            ocpp_version="1.6",
            evse_id=1,
            id_tag="CARD-1234",
            id_tag_status="Accepted",
            started_at=NOW,
            meter_start_wh=1000.0,
            start_verdict=Verdict(NOW + HOUR),
        )
        == change
    )


def test_a_time_without_sense_finds_no_start(old: Passing) -> None:
    change = old.answer(
        "StartTransaction", START | {"timestamp": "1970"}, accepted(57), target=Peer.PROXY
    )

    assert None is change.started_at


@pytest.mark.parametrize("target", [Peer.CHARGER, Peer.PROXY])
def test_callerrors_of_the_csms_are_refusals(old: Passing, target: Peer) -> None:
    start = old.answer("StartTransaction", START, refusal(), target=target)
    stop = old.answer("StopTransaction", STOP, refusal(), target=target)

    assert Verdict(NOW, "InternalError") == start.start_verdict
    assert (Verdict(NOW, "InternalError"), "7") == (stop.stop_verdict, stop.transaction_id)


def test_a_stop_ends_the_record_and_its_answer_acknowledges(old: Passing) -> None:
    old.answer("StartTransaction", START, accepted())
    old.now = NOW + HOUR
    data = [
        {
            "timestamp": "2026-05-04T19:00:00Z",
            "sampledValue": [{"value": "6000", "context": "Transaction.End"}],
        }
    ]
    stop = old.call("StopTransaction", STOP | {"idTag": "OTHER", "transactionData": data})
    answer = old.answer("StopTransaction", STOP, {})

    assert (ChangeKind.STOP, "7", NOW + HOUR, "Local", 6000.0, 5000.0, "OTHER") == (
        stop.kind,
        stop.transaction_id,
        stop.stopped_at,
        stop.reason,
        stop.meter_stop_wh,
        stop.energy_wh,
        stop.stop_id_tag,
    )
    assert (Sample(NOW + HOUR, ENERGY, 6000.0, "", "Wh", "Transaction.End"),) == stop.samples
    assert ("7", Verdict(NOW + HOUR)) == (answer.transaction_id, answer.stop_verdict)


def test_an_answer_of_the_proxy_acknowledges_nothing(old: Passing, new: Passing) -> None:
    assert old.answer("StopTransaction", STOP, {}, Peer.PROXY) is None
    assert new.answer("TransactionEvent", STARTED, {}, Peer.PROXY) is None


def test_the_stop_of_an_id_that_ended_before_takes_nothing_from_that_end(old: Passing) -> None:
    old.answer("StartTransaction", START, accepted())
    old.call("StopTransaction", STOP)
    old.now = NOW + 48 * HOUR
    again = old.call("StopTransaction", STOP | {"timestamp": "2026-05-06T18:00:00Z"})

    assert (None, None, NOW + 48 * HOUR) == (again.started_at, again.energy_wh, again.stopped_at)


def meter_values(transaction_id: Any, value: str, connector_id: int = 1) -> dict[str, Any]:
    sampled = [{"value": value}, {"value": "11", "measurand": "Power.Active.Import", "unit": "kW"}]
    return {
        "connectorId": connector_id,
        "transactionId": transaction_id,
        "meterValue": [{"timestamp": "2026-05-04T18:30:00Z", "sampledValue": sampled}],
    }


def test_meter_values_bring_register_and_samples(old: Passing) -> None:
    old.answer("StartTransaction", START, accepted())
    old.now = NOW + HOUR
    change = old.call("MeterValues", meter_values(7, "3500"))

    assert (ChangeKind.UPDATE, "7", 1, 3500.0, NOW, "CARD-1234") == (
        change.kind,
        change.transaction_id,
        change.evse_id,
        change.register_wh,
        change.started_at,
        change.id_tag,
    )
    half = NOW + HOUR / 2
    assert (
        Sample(half, ENERGY, 3500.0, "", "Wh"),
        Sample(half, "Power.Active.Import", 11000.0, "", "W"),
    ) == change.samples


@pytest.mark.parametrize("none", [0, -1, None])
def test_values_without_an_id_belong_to_what_runs_on_the_connector(
    old: Passing, none: int | None
) -> None:
    assert old.call("MeterValues", meter_values(none, "1")) is None
    old.answer("StartTransaction", START, accepted())

    assert "7" == old.call("MeterValues", meter_values(none, "1")).transaction_id
    assert old.call("MeterValues", meter_values(none, "1", connector_id=2)) is None
    assert old.call("MeterValues", meter_values(none, "1", connector_id=0)) is None


def test_values_of_an_unknown_id_adopt(old: Passing) -> None:
    change = old.call("MeterValues", meter_values(99, "1"))

    assert ("99", None, False) == (change.transaction_id, change.started_at, change.gap)


def event(kind: str, seq_no: int, **more: Any) -> dict[str, Any]:
    moment = f"2026-05-04T18:{seq_no:02}:00Z"
    return {
        "eventType": kind,
        "timestamp": moment,
        "triggerReason": "MeterValuePeriodic",
        "seqNo": seq_no,
        "transactionInfo": {"transactionId": "t-1"},
    } | more


def register(value: float) -> list[dict[str, Any]]:
    return [{"timestamp": "2026-05-04T18:00:00Z", "sampledValue": [{"value": value}]}]


def test_a_transaction_of_2_x_begins_with_started(new: Passing) -> None:
    """The charger makes the ids (P2 E01.FR.08)."""
    change = new.call("TransactionEvent", STARTED | {"meterValue": register(1000)})

    assert (
        TransactionChange(
            kind=ChangeKind.START,
            at=NOW,
            transaction_id="t-1",
            ocpp_version="2.0.1",
            evse_id=2,
            connector_id=3,
            id_tag="CARD-1234",
            id_tag_type="ISO14443",
            started_at=NOW,
            meter_start_wh=1000.0,
            register_wh=1000.0,
            energy_wh=0.0,
            started_by=StartedBy.LOCAL,
            samples=(Sample(NOW, ENERGY, 1000.0, "", "Wh"),),
        )
        == change
    )


def test_events_of_2_x_run_to_the_end(new: Passing) -> None:
    new.call("TransactionEvent", STARTED | {"meterValue": register(1000)})
    new.now = NOW + HOUR
    updated = new.call("TransactionEvent", event("Updated", 3, offline=True))
    ended = new.call(
        "TransactionEvent",
        event(
            "Ended",
            4,
            triggerReason="StopAuthorized",
            idToken={"idToken": "OTHER", "type": "ISO14443"},
            transactionInfo={"transactionId": "t-1", "stoppedReason": "EVDisconnected"},
            meterValue=[
                {
                    "timestamp": "2026-05-04T18:04:00Z",
                    "sampledValue": [{"value": 4000, "context": "Transaction.End"}],
                }
            ],
        ),
    )

    assert (ChangeKind.UPDATE, True, True, NOW, "CARD-1234") == (
        updated.kind,
        updated.gap,
        updated.offline,
        updated.started_at,
        updated.id_tag,
    )
    assert (ChangeKind.STOP, "EVDisconnected", 4000.0, 3000.0, "OTHER", 2, "CARD-1234") == (
        ended.kind,
        ended.reason,
        ended.meter_stop_wh,
        ended.energy_wh,
        ended.stop_id_tag,
        ended.evse_id,
        ended.id_tag,
    )


def test_an_end_whose_start_nobody_saw_has_its_register(new: Passing) -> None:
    ended = new.call("TransactionEvent", event("Ended", 4, meterValue=register(4000)))

    assert (ChangeKind.STOP, None, 4000.0) == (ended.kind, ended.started_at, ended.meter_stop_wh)


def test_only_started_and_ended_are_worth_a_verdict(new: Passing) -> None:
    new.call("TransactionEvent", STARTED)
    told = {"idTokenInfo": {"status": "Blocked"}}
    started = new.answer("TransactionEvent", STARTED, told)
    updated = new.answer("TransactionEvent", event("Updated", 1), {})
    judged = new.answer("TransactionEvent", event("Updated", 1), told, Peer.PROXY)
    ended = new.answer("TransactionEvent", event("Ended", 2), {}, target=Peer.PROXY)
    refused = new.answer("TransactionEvent", event("Ended", 2), refusal())

    assert (Verdict(NOW), "Blocked") == (started.start_verdict, started.id_tag_status)
    assert updated is None
    assert (ChangeKind.UPDATE, "Blocked") == (judged.kind, judged.id_tag_status)
    assert (Verdict(NOW), None) == (ended.stop_verdict, ended.start_verdict)
    assert Verdict(NOW, "InternalError") == refused.stop_verdict


def test_a_remote_start_tells_whose_wish_it_was(new: Passing) -> None:
    new.facts.note_remote_start("CARD-1234", 5, StartedBy.OWNER, NOW)
    info = {"transactionInfo": {"transactionId": "t-1", "remoteStartId": 5}}
    change = new.call("TransactionEvent", STARTED | info)

    assert (StartedBy.OWNER, 5) == (change.started_by, change.remote_start_id)


def test_what_the_csms_asks_and_others_answer_changes_nothing(old: Passing) -> None:
    assert old.call("StopTransaction", STOP, Peer.CSMS) is None
    assert old.call("Heartbeat", {}) is None
    assert old.answer("Heartbeat", {}, {}) is None
    assert old.answer("Heartbeat", {}, refusal()) is None
    assert old.answer("StartTransaction", START, {}) is None


_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
_NAMES = st.sampled_from(
    ["transactionId", "timestamp", "meterValue", "transactionInfo", "eventType", "evse", "idToken"]
)


@given(st.sampled_from(sorted(CALLS | ANSWERED_CALLS)), st.dictionaries(_NAMES, _VALUES))
def test_no_payload_is_too_odd(action: str, payload: dict[str, Any]) -> None:
    for version in OcppVersion:
        passing = Passing(version)
        passing.call(action, payload)
        passing.answer(action, payload, payload)
        passing.answer(action, payload, refusal(), target=Peer.PROXY)
