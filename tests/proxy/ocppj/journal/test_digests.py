"""Repetitions have one digest, everything else has another (docs/OCPP.md, de-duplication)."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.frames import Call, build_call, parse
from oye_proxy.ocppj.journal.digests import digest_of
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion

START = {"connectorId": 1, "idTag": "ABC", "meterStart": 10, "timestamp": "2026-07-01T12:00:00Z"}
STOP = {"transactionId": 7, "meterStop": 90, "timestamp": "2026-07-01T13:00:00Z"}
EVENT = {
    "eventType": "Updated",
    "seqNo": 3,
    "timestamp": "2026-07-01T12:30:00Z",
    "transactionInfo": {"transactionId": "t-1"},
}


def _digest(action: str, payload: Any, version: OcppVersion = V1_6, message_id: str = "7") -> str:
    return digest_of(version, build_call(message_id, action, payload))


def _digest_of_text(text: str, version: OcppVersion = V1_6) -> str:
    call = parse(text)
    assert isinstance(call, Call)
    return digest_of(version, call)


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        (V1_6, "StartTransaction", START),
        (V1_6, "StopTransaction", STOP),
        (V1_6, "MeterValues", {"connectorId": 1, "meterValue": []}),
        (V2_0_1, "TransactionEvent", EVENT),
    ],
)
def test_a_repetition_under_another_message_id_is_the_same_event(
    version: OcppVersion, action: str, payload: Any
) -> None:
    """A charger that restarts counts its ids anew."""
    first = _digest(action, payload, version, "1")

    assert first == _digest(action, payload, version, "2")
    assert re.fullmatch("[0-9a-f]{32}", first)


def test_a_start_is_told_by_its_facts_alone() -> None:
    """What else it holds, and how it is spelled, does not matter."""
    spelled = (
        '[2,"9","StartTransaction", {"timestamp":"2026-07-01T12:00:00Z", "reservationId":5,'
        ' "meterStart" : 10, "idTag":"\\u0041BC", "connectorId":1}]'
    )

    assert _digest("StartTransaction", START) == _digest_of_text(spelled)


@pytest.mark.parametrize(
    "change",
    [
        {"connectorId": 2},
        {"idTag": "ABD"},
        {"meterStart": 11},
        {"timestamp": "2026-07-01T12:00:01Z"},
    ],
)
def test_a_start_with_another_fact_is_another_start(change: dict[str, Any]) -> None:
    assert _digest("StartTransaction", START) != _digest("StartTransaction", START | change)


def test_a_stop_is_told_by_its_facts_alone() -> None:
    assert _digest("StopTransaction", STOP) == _digest("StopTransaction", STOP | {"reason": "EV"})


@pytest.mark.parametrize(
    "change", [{"transactionId": 8}, {"meterStop": 91}, {"timestamp": "2026-07-01T13:00:01Z"}]
)
def test_a_stop_with_another_fact_is_another_stop(change: dict[str, Any]) -> None:
    assert _digest("StopTransaction", STOP) != _digest("StopTransaction", STOP | change)


@pytest.mark.parametrize(
    "change",
    [
        {"seqNo": 4},
        {"transactionInfo": {"transactionId": "t-2"}},
        {"timestamp": "2026-07-01T12:31:00Z"},
    ],
)
def test_other_content_under_the_same_sequence_number_is_another_event(
    change: dict[str, Any],
) -> None:
    """P2 block E 1.3.2.1: `seqNo` counts events, so content that differs is kept."""
    event = _digest("TransactionEvent", EVENT, V2_0_1)

    assert event != _digest("TransactionEvent", EVENT | change, V2_0_1)


@pytest.mark.parametrize("unreadable", [None, True, [], {"a": 1}])
def test_unreadable_facts_fall_back_to_the_payload(unreadable: Any) -> None:
    odd = START | {"timestamp": unreadable}

    assert _digest("StartTransaction", odd) == _digest("StartTransaction", odd, V1_6, "8")
    assert _digest("StartTransaction", odd) != _digest("StartTransaction", odd | {"idTag": "X"})
    assert _digest("StartTransaction", odd) != _digest("StartTransaction", START)


def test_a_missing_fact_and_an_empty_one_differ() -> None:
    missing = {name: START[name] for name in START if name != "timestamp"}

    assert _digest("StartTransaction", missing) != _digest(
        "StartTransaction", missing | {"timestamp": ""}
    )


def test_a_number_and_its_text_differ() -> None:
    assert _digest("StopTransaction", STOP) != _digest(
        "StopTransaction", STOP | {"meterStop": "90"}
    )


@pytest.mark.parametrize(
    "payload_text", ['{"idTag":"\\ud800"}', "[]", '"text"', "7", "[" * 4_000, "garbage", ""]
)
def test_any_payload_has_a_digest(payload_text: str) -> None:
    plain = build_call("7", "StartTransaction", {})
    call = Call(
        message_id=plain.message_id,
        text=plain.text,
        payload_text=payload_text,
        action="StartTransaction",
    )

    assert digest_of(V1_6, plain) != digest_of(V1_6, call)
    assert digest_of(V1_6, call) == digest_of(V1_6, call)


ACTIONS = ["StartTransaction", "StopTransaction", "MeterValues", "A", "', '{}"]
PAYLOADS = st.one_of(
    st.just(START),
    st.just(STOP),
    st.fixed_dictionaries(
        {
            name: st.one_of(st.none(), st.integers(0, 2), st.text("'\", a", max_size=3))
            for name in START
        }
    ),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3)),
)


@given(st.tuples(st.sampled_from(OcppVersion), st.sampled_from(ACTIONS)), st.data(), PAYLOADS)
def test_two_versions_or_two_actions_never_have_one_digest(
    first: tuple[OcppVersion, str], data: st.DataObject, payload: Any
) -> None:
    second = data.draw(st.tuples(st.sampled_from(OcppVersion), st.sampled_from(ACTIONS)))

    same = _digest(first[1], payload, first[0]) == _digest(second[1], payload, second[0])

    assert (first == second) == same
