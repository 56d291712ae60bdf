"""What transactions of 2.x are taken for: their events, numbers, EVSE and tag."""

from datetime import timedelta
from typing import Any

import msgspec
from tests.proxy.ocppj.facts.charging import NOW, at, facts_of, last_one, meters, open_one

from oye_proxy.ocppj.facts import transactions
from oye_proxy.ocppj.facts.model import Event, StartedBy, Status
from oye_proxy.ocppj.facts.payloads import TagAnswer, TransactionEvent
from oye_proxy.ocppj.facts.state import State


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
