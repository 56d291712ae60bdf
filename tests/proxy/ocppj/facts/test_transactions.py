"""What transactions of 1.6 are taken for: their start, energy, end and tag."""

from datetime import timedelta
from typing import Any

import msgspec
from tests.proxy.ocppj.facts.charging import NOW, at, facts_of, last_one, meters, open_one

from oye_proxy.ocppj.facts import transactions
from oye_proxy.ocppj.facts.model import (
    ENERGY,
    Event,
    SampleFacts,
    StartedBy,
    Status,
    TransactionFacts,
)
from oye_proxy.ocppj.facts.payloads import StartTransaction, StopTransaction, TagAnswer
from oye_proxy.ocppj.facts.state import State


def starts(state: State, transaction_id: Any, answer: Any = None, **more: Any) -> list[Event]:
    payload = {"connectorId": 1, "idTag": "04AABB", "meterStart": 1000, "timestamp": at(0)} | more
    answer = {"transactionId": transaction_id} | (answer or {"idTagInfo": {"status": "Accepted"}})
    request = msgspec.convert(payload, StartTransaction)
    answered = msgspec.convert(answer, TagAnswer)
    return list(transactions.on_start_answer(state, request, answered, NOW))


def stops(state: State, transaction_id: Any, **more: Any) -> list[Event]:
    payload = {"transactionId": transaction_id, "timestamp": at(3600)} | more
    return list(transactions.on_stop(state, msgspec.convert(payload, StopTransaction), NOW))


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
