from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from oye_proxy.ocppj.facts import transactions
from oye_proxy.ocppj.facts.model import (
    ENERGY,
    ConnectorFacts,
    Event,
    SampleFacts,
    StartedBy,
    Status,
    TransactionFacts,
)
from oye_proxy.ocppj.facts.payloads import (
    MeterValues,
    StartTransaction,
    StopTransaction,
    TagAnswer,
    TransactionEvent,
)
from oye_proxy.ocppj.facts.state import State

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)


def at(seconds: float) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat()


def facts_of(state: State, evse_id: int = 1) -> ConnectorFacts:
    return next(one for one in state.view(NOW).connectors if one.evse_id == evse_id)


def open_one(state: State, evse_id: int = 1) -> TransactionFacts:
    transaction = facts_of(state, evse_id).transaction
    assert transaction is not None
    return transaction


def last_one(state: State, evse_id: int = 1) -> TransactionFacts:
    transaction = facts_of(state, evse_id).last_transaction
    assert transaction is not None
    return transaction


def starts(state: State, transaction_id: Any, answer: Any = None, **more: Any) -> list[Event]:
    payload = {"connectorId": 1, "idTag": "04AABB", "meterStart": 1000, "timestamp": at(0)} | more
    answer = {"transactionId": transaction_id} | (answer or {"idTagInfo": {"status": "Accepted"}})
    request = msgspec.convert(payload, StartTransaction)
    answered = msgspec.convert(answer, TagAnswer)
    return list(transactions.on_start_answer(state, request, answered, NOW))


def stops(state: State, transaction_id: Any, **more: Any) -> list[Event]:
    payload = {"transactionId": transaction_id, "timestamp": at(3600)} | more
    return list(transactions.on_stop(state, msgspec.convert(payload, StopTransaction), NOW))


def meters(state: State, register: Any, seconds: float = 60, **more: Any) -> None:
    context = more.pop("context", None)
    sampled = {"value": register, "context": context}
    values = [{"timestamp": at(seconds), "sampledValue": [sampled]}]
    payload = {"connectorId": 1, "meterValue": values} | more
    transactions.on_meter_values(state, msgspec.convert(payload, MeterValues), NOW)


def event(
    state: State, kind: str, seq_no: int | None = None, info: Any = None, **more: Any
) -> list[Event]:
    payload = {
        "eventType": kind,
        "seqNo": seq_no,
        "timestamp": at(seq_no or 0),
        "transactionInfo": {"transactionId": "t-1"} | (info or {}),
        "evse": {"id": 1, "connectorId": 1},
    } | more
    request = msgspec.convert(payload, TransactionEvent)
    return list(transactions.on_transaction_event(state, request, NOW))


def answers(state: State, id_token: str, status: str, trigger: str = "Authorized") -> list[Event]:
    payload = {
        "transactionInfo": {"transactionId": "t-1"},
        "idToken": {"idToken": id_token},
        "triggerReason": trigger,
    }
    return list(
        transactions.on_transaction_event_answer(
            state,
            msgspec.convert(payload, TransactionEvent),
            msgspec.convert({"idTokenInfo": {"status": status}}, TagAnswer),
            NOW,
        )
    )


def register_of_2_x(value: float, context: str = "Sample.Periodic") -> list[dict[str, Any]]:
    return [{"timestamp": at(0), "sampledValue": [{"value": value, "context": context}]}]


def test_an_id_given_again_with_another_time_is_another_transaction() -> None:
    """The charger lost its power and the end, and the CSMS counts from 1 anew."""
    state = State()
    starts(state, 1)
    told = starts(state, 1, timestamp=at(600), meterStart=2000)

    assert ["authorization", "transaction_started"] == [one.event for one in told]
    assert (NOW + timedelta(seconds=600), 2000.0) == (
        open_one(state).started_at,
        open_one(state).meter_start_wh,
    )
    assert (NOW, True, None) == (
        last_one(state).started_at,
        last_one(state).gap,
        last_one(state).stopped_at,
    )
    assert [] == starts(state, 1, timestamp=at(600), meterStart=2000)
    assert [] == starts(state, 1, timestamp="1970-01-01T00:00:00Z")


def test_a_started_again_with_another_time_is_another_transaction() -> None:
    """A station that counts its transactions from 1 after each boot (against E01.FR.08)."""
    state = State()
    event = {
        "eventType": "Started",
        "timestamp": at(0),
        "seqNo": 0,
        "transactionInfo": {"transactionId": "1"},
        "evse": {"id": 1},
    }

    def tell(**more: Any) -> list[str]:
        taken = msgspec.convert(event | more, TransactionEvent)
        return [one.event for one in transactions.on_transaction_event(state, taken, NOW)]

    assert ["transaction_started"] == tell()
    assert [] == tell()
    assert ["transaction_started"] == tell(timestamp=at(60))
    assert NOW + timedelta(seconds=60) == open_one(state).started_at
    assert NOW == last_one(state).started_at


def test_a_start_is_open_with_its_answer() -> None:
    """The CSMS makes the id in 1.6 (C16 4.8); ids are texts here."""
    state = State()
    events = starts(state, 77)

    assert ["authorization", "transaction_started"] == [one.event for one in events]
    assert TransactionFacts(
        transaction_id="77",
        id_tag="04AABB",
        id_tag_status="Accepted",
        started_at=NOW,
        started_by=StartedBy.LOCAL,
        meter_start_wh=1000.0,
        energy_wh=0.0,
    ) == open_one(state)


def test_a_refused_start_is_noted() -> None:
    """The charger may go on, or stop by itself: StopTransaction will tell (C16 5.11)."""
    state = State()
    events = starts(state, 77, {"idTagInfo": {"status": "Blocked"}})

    assert ["Blocked", "Blocked"] == [events[0].data["status"], events[1].data["idTagStatus"]]


def test_an_answer_without_id_opens_nothing() -> None:
    state = State()
    assert [] == starts(state, None)
    assert [] == starts(state, 5, connectorId=-1)
    assert [None] == [one.transaction for one in state.view(NOW).connectors]


def test_a_repeated_start_is_no_news() -> None:
    state = State()
    starts(state, 77)
    assert [] == starts(state, 77, {"idTagInfo": {"status": "Expired"}})
    assert "Expired" == open_one(state).id_tag_status


def test_energy_moves_with_the_register_and_is_never_negative() -> None:
    state = State()
    starts(state, 77)
    meters(state, "1250.5", 60, transactionId=77)
    assert 250.5 == open_one(state).energy_wh
    meters(state, "1300", 120)
    assert 300.0 == open_one(state).energy_wh, "no id, but its time"
    meters(state, "900", 180, transactionId=77)
    assert 0.0 == open_one(state).energy_wh


def test_samples_from_before_the_start_or_of_another_do_not_count() -> None:
    state = State()
    starts(state, 77, timestamp=at(300))
    meters(state, "1250", 60)
    assert 0.0 == open_one(state).energy_wh
    starts(state, 78)
    stops(state, 77)
    meters(state, "1900", 400, transactionId=77)
    assert ("78", 0.0) == (open_one(state).transaction_id, open_one(state).energy_wh)


def test_the_stop_ends_it() -> None:
    state = State()
    starts(state, 77)
    events = stops(state, 77, meterStop=5000, reason="EVDisconnected")

    assert [
        {
            "transactionId": "77",
            "idTag": "04AABB",
            "idTagName": None,
            "idTagType": None,
            "idTagStatus": "Accepted",
            "startedAt": "2026-05-04T18:00:00.000Z",
            "startedBy": "local",
            "remoteStartId": None,
            "meterStartWh": 1000.0,
            "meterStopWh": 5000.0,
            "energyWh": 4000.0,
            "chargingState": None,
            "seqNo": None,
            "gap": False,
            "offline": False,
            "stoppedAt": "2026-05-04T19:00:00.000Z",
            "reason": "EVDisconnected",
            "evseId": 1,
            "connectorId": 1,
        }
    ] == [one.data for one in events]
    assert (None, 4000.0, 5000.0) == (
        facts_of(state).transaction,
        last_one(state).energy_wh,
        facts_of(state).energy_wh,
    )


def test_a_reason_left_out_is_local() -> None:
    """C16 6.49: it MAY only be omitted when it is Local."""
    state = State()
    starts(state, 77)
    assert "Local" == stops(state, 77)[0].data["reason"]


def test_a_stop_below_the_start_keeps_the_energy_that_was_measured() -> None:
    state = State()
    starts(state, 77)
    meters(state, "1500", transactionId=77)
    stops(state, 77, meterStop=0)

    assert (500.0, 1500.0) == (last_one(state).energy_wh, facts_of(state).energy_wh)


def test_transaction_data_is_read() -> None:
    state = State()
    meters(state, "1100", 60, transactionId=77)
    begin = {"value": "1000", "context": "Transaction.Begin"}
    end = {"value": "1900", "context": "Transaction.End"}
    data = [
        {"timestamp": at(0), "sampledValue": [begin]},
        {"timestamp": at(90), "sampledValue": [end]},
    ]
    stops(state, 77, transactionData=data)

    assert (1000.0, 1900.0, 900.0) == (
        last_one(state).meter_start_wh,
        last_one(state).meter_stop_wh,
        last_one(state).energy_wh,
    )


def test_a_stop_of_an_unknown_id_is_news_once() -> None:
    """Unknown ids and -1 are valid (C16-E 3.18)."""
    state = State()
    events = stops(state, -1, meterStop=5)

    assert [("-1", True, None, None)] == [
        (
            one.data["transactionId"],
            one.data["gap"],
            one.data["energyWh"],
            one.data["evseId"],
        )
        for one in events
    ]
    assert [] == stops(state, -1, meterStop=5)
    assert [] == stops(state, None)


def test_an_unknown_transaction_is_adopted_from_meter_values() -> None:
    state = State()
    for none in (0, -1, None, ""):
        meters(state, "1000", 10, transactionId=none)
    assert facts_of(state).transaction is None

    meters(state, "1100", 60, transactionId=77)
    assert TransactionFacts(transaction_id="77", gap=True) == open_one(state)
    stops(state, 77, meterStop=1200)
    meters(state, "1200", 99, transactionId=77)
    assert facts_of(state).transaction is None, "what ended stays so"


def test_a_start_replaces_what_was_adopted() -> None:
    state = State()
    meters(state, "1100", 60, transactionId=77)
    assert ["authorization", "transaction_started"] == [one.event for one in starts(state, 77)]
    assert not open_one(state).gap


def test_the_next_start_displaces_one_whose_stop_is_late() -> None:
    state = State()
    starts(state, 77)
    starts(state, 78, meterStart=2000)
    assert ("78", "77", True, None) == (
        open_one(state).transaction_id,
        last_one(state).transaction_id,
        last_one(state).gap,
        last_one(state).stopped_at,
    )

    events = stops(state, 77, meterStop=1800)
    assert [("77", 800.0, 1)] == [
        (one.data["transactionId"], one.data["energyWh"], one.data["evseId"]) for one in events
    ]
    assert ("78", 800.0) == (open_one(state).transaction_id, last_one(state).energy_wh)


def test_a_status_alone_closes_nothing_and_ids_may_come_again() -> None:
    """Some CSMSs count from 1 after each restart."""
    state = State()
    for _ in range(2):
        starts(state, 1)
        connector = state.connector(1)
        assert connector is not None
        connector.set_status(Status.AVAILABLE, NOW)
        assert "1" == open_one(state).transaction_id
        assert 1 == len(stops(state, 1))


def test_a_transaction_keeps_its_whole_tag() -> None:
    """Open, displaced by the next one and ended; whoever shows it shortens it."""
    state = State()
    starts(state, 77, idTag="04AABBCC")
    starts(state, 78)
    assert ("04AABB", "04AABBCC") == (open_one(state).id_tag, last_one(state).id_tag)
    (ended,) = stops(state, 78)
    assert ("04AABB", "04AABB") == (last_one(state).id_tag, ended.data["idTag"])


def test_the_late_end_of_a_displaced_transaction_has_its_whole_tag() -> None:
    state = State()
    starts(state, 77, idTag="04AABBCC")
    starts(state, 78)

    assert ["04AABBCC"] == [one.data["idTag"] for one in stops(state, 77)]


def test_meter_values_of_no_connector() -> None:
    state = State()
    meters(state, "5", connectorId=None)
    meters(state, "5", connectorId=-4)
    assert [] == state.view(NOW).connectors

    meters(state, "7", connectorId=0, transactionId=5)
    assert SampleFacts(7.0, NOW + timedelta(minutes=1), "Wh") == state.view(NOW).samples[ENERGY]


def test_2_x_transaction() -> None:
    """Started with its register, Updated, Ended (E01, E02, E06)."""
    state = State()
    info = {"chargingState": "EVConnected"}
    events = event(
        state, "Started", 0, info, meterValue=register_of_2_x(100.0, "Transaction.Begin")
    )
    assert [("transaction_started", 1, 1)] == [
        (one.event, one.data["evseId"], one.data["connectorId"]) for one in events
    ]
    event(state, "Updated", 1, {"chargingState": "Charging"}, meterValue=register_of_2_x(150.0))
    assert (50.0, "Charging", 1, False) == (
        open_one(state).energy_wh,
        open_one(state).charging_state,
        open_one(state).seq_no,
        open_one(state).gap,
    )
    ended = event(
        state,
        "Ended",
        2,
        {"stoppedReason": "Remote"},
        meterValue=register_of_2_x(180.0, "Transaction.End"),
    )
    assert [(80.0, "Remote", 180.0)] == [
        (one.data["energyWh"], one.data["reason"], one.data["meterStopWh"]) for one in ended
    ]
    assert Status.FINISHING is facts_of(state).status
    assert [] == event(state, "Ended", 2)
    assert [] == event(state, "Updated", 3)


def test_gaps_in_the_numbers_are_marked() -> None:
    """`seqNo` rises by one per event (P2 block E 1.3.2.1); a repetition or a late one is no gap."""
    state = State()
    seen = []
    for seq_no in (0, 1, 1, 0, None, 2, 4, 5):
        event(state, "Updated" if seq_no else "Started", seq_no)
        seen.append(open_one(state).gap)

    assert [False, False, False, False, False, False, True, True] == seen
    assert 5 == open_one(state).seq_no


def test_2_x_adoption() -> None:
    state = State()
    assert [] == event(state, "Updated", 6, {"chargingState": "Charging"})
    assert (None, None, True) == (
        open_one(state).started_at,
        open_one(state).energy_wh,
        open_one(state).gap,
    )


def test_2_x_start_without_register_counts_from_the_one_that_is_known() -> None:
    state = State()
    meters(state, "1000", connectorId=None, evseId=1)
    event(state, "Started", 0, offline=True)
    event(state, "Updated", 1, meterValue=[{"sampledValue": [{"value": 1010}]}])
    assert 1000.0 == open_one(state).meter_start_wh
    assert open_one(state).offline


def test_a_transaction_moves_to_its_evse_when_it_is_told() -> None:
    """With TxStartPoint Authorized the EVSE is not known at the start."""
    state = State()
    state.count(2)
    event(state, "Started", 0, evse=None, idToken={"idToken": "04AABBCC"})
    assert [] == state.view(NOW).connectors
    event(state, "Updated", 1, evse={"id": 2, "connectorId": 1})
    assert ("t-1", "04AABBCC") == (open_one(state, 2).transaction_id, open_one(state, 2).id_tag)
    event(state, "Ended", 2, evse=None)
    assert "t-1" == last_one(state, 2).transaction_id


def test_without_evse_the_only_connector_is_meant() -> None:
    state = State()
    state.connector(1, 1)
    event(state, "Started", 0, evse=None)
    assert "t-1" == open_one(state).transaction_id


def test_an_end_of_another_leaves_the_open_one() -> None:
    state = State()
    event(state, "Started", 0)
    ended = event(state, "Ended", 9, {"transactionId": "t-0"})
    assert ["t-0"] == [one.data["transactionId"] for one in ended]
    assert "t-1" == open_one(state).transaction_id


def test_an_end_alone_is_kept() -> None:
    state = State()
    event(state, "Ended", 9, {"stoppedReason": "PowerLoss"})
    assert ("PowerLoss", True) == (last_one(state).reason, last_one(state).gap)


def test_2_x_ids_come_again_with_started_alone() -> None:
    state = State()
    event(state, "Started", 0)
    event(state, "Ended", 1)
    assert 1 == len(event(state, "Started", 0))


def test_2_x_attribution_may_come_after_the_start() -> None:
    """Cable first: the remote start is told with an Updated (F01)."""
    state = State()
    state.starts.note("04AABBCC", 5, StartedBy.OWNER, NOW)
    event(state, "Started", 0)
    assert StartedBy.LOCAL is open_one(state).started_by
    token = {"idToken": "04AABBCC", "type": "Central"}
    event(state, "Updated", 1, {"remoteStartId": 5}, idToken=token, triggerReason="RemoteStart")
    assert (StartedBy.OWNER, 5, "Central") == (
        open_one(state).started_by,
        open_one(state).remote_start_id,
        open_one(state).id_tag_type,
    )


def test_2_x_tag_without_authorize_is_told_once() -> None:
    """Some chargers repeat the tag with every event."""
    state = State()
    event(state, "Started", 0, idToken={"idToken": "04AABBCC"})
    assert [("04AABBCC", "Accepted", "start")] == [
        (one.data["idTag"], one.data["status"], one.data["source"])
        for one in answers(state, "04AABBCC", "Accepted")
    ]
    assert [] == answers(state, "04AABBCC", "Accepted")
    assert [] == answers(state, "04AABBCC", "Blocked", "StopAuthorized")
    assert "Blocked" == open_one(state).id_tag_status


def test_a_verdict_on_no_open_transaction_tells_nothing() -> None:
    assert [] == answers(State(), "04AABBCC", "Accepted")


def test_a_tag_that_stops_is_not_the_tag_that_started() -> None:
    state = State()
    event(state, "Started", 0)
    event(state, "Updated", 1, idToken={"idToken": "04AABBCC"}, triggerReason="StopAuthorized")
    assert open_one(state).id_tag is None


def test_events_that_name_no_transaction_or_an_absurd_evse() -> None:
    state = State()
    assert [] == event(state, "Started", 0, {"transactionId": None})
    assert [] == event(state, "Started", 0, evse={"id": -1})
    assert [] == event(state, "Started", 0, transactionInfo=None)
    assert [] == state.view(NOW).connectors
