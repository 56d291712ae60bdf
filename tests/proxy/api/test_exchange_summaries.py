"""Exchanges as the API tells them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from oye_proxy.api.exchange_models import ExchangeState
from oye_proxy.api.exchange_summaries import (
    key_of,
    milliseconds,
    state_of,
    summary_of,
    text_of,
    traits_of,
)
from oye_proxy.api.frame_filter import Mark
from oye_proxy.ocppj.commands import Peer
from oye_proxy.storage.exchanges import StoredExchange
from oye_proxy.storage.frame_rows import StoredFrame

AT = datetime(2026, 11, 21, 10, 0, 0, 250_000, tzinfo=UTC)


def frame(message_type: int | None = 2, **values: Any) -> StoredFrame:
    answers = message_type in {3, 4}
    fields: dict[str, Any] = {
        "id": 1,
        "charge_point_id": "CP1",
        "direction": "DOWNSTREAM" if answers else "UPSTREAM",
        "payload": '[2,"m-1","StatusNotification",{"connectorId":1,"status":"Charging"}]',
        "timestamp": 0,
        "at": AT,
        "message_type": message_type,
        "action": "StatusNotification",
        "message_id": "m-1",
        "injection": None,
        "peer": "csms" if answers else "charger",
        "rule": None,
        "late": False,
        **values,
    }
    return StoredFrame(**fields)


ANSWER = frame(3, id=4, payload='[3,"m-1",{}]', at=AT + timedelta(milliseconds=240))
REFUSAL = frame(4, id=5, payload='[4,"m-1","NotSupported","",{}]')


def test_a_call_and_its_answer_are_told_without_payloads() -> None:
    told = msgspec.json.decode(msgspec.json.encode(summary_of(StoredExchange(frame(), (ANSWER,)))))

    assert {
        "key": f"{int(AT.timestamp() * 1_000_000)}/m-1/CP1",
        "id": 1,
        "chargePointId": "CP1",
        "time": "2026-11-21T10:00:00.250000Z",
        "state": "answered",
        "sender": "charger",
        "receiver": "csms",
        "direction": "UPSTREAM",
        "messageType": 2,
        "action": "StatusNotification",
        "messageId": "m-1",
        "size": 68,
        "gist": "#1, Charging",
        "late": False,
        "injection": None,
        "rule": None,
        "answer": {
            "id": 4,
            "time": "2026-11-21T10:00:00.490000Z",
            "sender": "csms",
            "direction": "DOWNSTREAM",
            "messageType": 3,
            "size": 12,
            "gist": "",
            "latencyMs": 240.0,
            "late": False,
            "rule": None,
        },
    } == told


def test_what_is_not_stored_yet_has_no_row_and_the_same_key() -> None:
    passing = summary_of(StoredExchange(frame(id=0)))

    assert passing.id is None
    assert passing.key == summary_of(StoredExchange(frame(id=9))).key


@pytest.mark.parametrize(
    ("exchange", "state"),
    [
        (StoredExchange(frame()), ExchangeState.UNANSWERED),
        (StoredExchange(frame(), (ANSWER,)), ExchangeState.ANSWERED),
        (StoredExchange(frame(), (REFUSAL, ANSWER)), ExchangeState.ERROR),
        (StoredExchange(frame(6)), ExchangeState.SENT),
        (StoredExchange(frame(3, action=None)), ExchangeState.UNPAIRED),
        (StoredExchange(frame(None)), ExchangeState.MALFORMED),
    ],
)
def test_how_far_an_exchange_is(exchange: StoredExchange, state: ExchangeState) -> None:
    assert state == state_of(exchange)
    assert state == summary_of(exchange).state


def test_what_the_proxy_answered_went_no_further() -> None:
    answer = frame(3, direction="PROXY_RESPONSE", peer="charger")

    assert Peer.PROXY == summary_of(StoredExchange(frame(), (answer,))).receiver


def test_a_filter_sees_every_mark() -> None:
    call = frame(direction="INJECTION_REQUEST", injection="m-1")
    late = frame(4, direction="INJECTION_RESPONSE", late=True)

    assert {Mark.ERROR, Mark.INJECTED, Mark.LATE} == traits_of(StoredExchange(call, (late,))).marks
    assert {Mark.UNANSWERED} == traits_of(StoredExchange(frame())).marks
    assert {Mark.MALFORMED} == traits_of(StoredExchange(frame(None))).marks
    assert "m-1" == summary_of(StoredExchange(call)).injection


def test_a_clock_that_was_set_back_makes_no_latency_below_zero() -> None:
    early = frame(3, at=AT - timedelta(hours=1))

    assert 0.0 == traits_of(StoredExchange(frame(), (early,))).latency


def test_a_row_of_the_node_proxy_has_the_time_of_its_second() -> None:
    assert key_of(frame(at=None, timestamp=7)).startswith("7000000/")


@pytest.mark.parametrize(
    ("payload", "text"), [(b"\xff[]", "\ufffd[]"), ('["\ud800"]', '["?"]'), ("[]", "[]")]
)
def test_any_text_can_be_told(payload: str | bytes, text: str) -> None:
    odd = frame(None, payload=payload)

    assert text == text_of(odd)
    assert msgspec.json.encode(summary_of(StoredExchange(odd)))


def test_no_duration_is_no_number() -> None:
    assert milliseconds(None) is None
    assert 1.5 == milliseconds(timedelta(microseconds=1500))
