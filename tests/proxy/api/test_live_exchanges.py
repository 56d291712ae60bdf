"""Which exchanges a live client is told of, and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.api import live_exchanges
from oye_proxy.api.frame_filter import FrameFilter, parse_filter
from oye_proxy.api.live_exchanges import LiveExchanges
from oye_proxy.storage.frame_rows import NewFrame

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
ALL = FrameFilter()


def frame(
    message_type: int | None, message_id: str = "m-1", after: float = 0.0, **values: Any
) -> NewFrame:
    moment = AT + timedelta(seconds=after)
    row: dict[str, Any] = {
        "charge_point_id": "CP1",
        "direction": "DOWNSTREAM" if message_type in {3, 4} else "UPSTREAM",
        "payload": f'[{message_type},"{message_id}"]',
        "timestamp": int(moment.timestamp()),
        "at_us": round(moment.timestamp() * 1_000_000),
        "message_type": message_type,
        "message_id": message_id,
        "action": "Heartbeat",
        "peer": "charger",
        **values,
    }
    return NewFrame(**row)


def wanted(text: str) -> FrameFilter:
    return parse_filter(text, AT)


def test_an_exchange_is_told_and_told_again_with_its_answer() -> None:
    exchanges = LiveExchanges()
    call = exchanges.take(frame(2), ALL)
    whole = exchanges.take(frame(3, after=0.5), ALL)

    assert call is not None
    assert whole is not None
    assert whole.answer is not None
    assert call.key == whole.key
    assert (None, 500.0) == (call.answer, whole.answer.latency_ms)


@pytest.mark.parametrize("text", ["latency>2s", "is:error", "yes"])
def test_one_that_matches_by_its_answer_is_told_then(text: str) -> None:
    exchanges = LiveExchanges()
    assert exchanges.take(frame(2), wanted(text)) is None
    answer = frame(4, after=3.0, payload='[4,"m-1","Yes","",{}]')

    told = exchanges.take(answer, wanted(text))
    assert told is not None
    assert told.answer is not None


def test_one_that_was_told_gets_its_answer_whatever_the_filter_says_of_it() -> None:
    """Else it would stay unanswered before the client's eyes."""
    exchanges = LiveExchanges()
    assert exchanges.take(frame(2), wanted("is:unanswered")) is not None

    assert exchanges.take(frame(3), wanted("is:unanswered")) is not None


def test_one_that_does_not_match_is_never_told() -> None:
    exchanges = LiveExchanges()

    assert exchanges.take(frame(2), wanted("action:Reset")) is None
    assert exchanges.take(frame(3), wanted("action:Reset")) is None
    assert exchanges.take(frame(None, action=None), wanted("action:Reset")) is None


def test_what_stands_alone_is_told_and_an_answer_to_what_nobody_saw_is_not() -> None:
    exchanges = LiveExchanges()

    assert exchanges.take(frame(None, action=None), ALL) is not None
    assert exchanges.take(frame(3, action=None), ALL) is not None
    assert exchanges.take(frame(3), ALL) is None


def test_a_late_answer_marks_the_exchange() -> None:
    exchanges = LiveExchanges()
    exchanges.take(frame(2), ALL)
    exchanges.take(frame(4), ALL)

    late = exchanges.take(frame(3, late=True), ALL)
    assert late is not None
    assert late.late


def test_the_oldest_calls_are_forgotten_by_number_and_by_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_exchanges, "OPEN_EXCHANGES", 2)
    monkeypatch.setattr(live_exchanges, "OPEN_BYTES", 100)
    exchanges = LiveExchanges()
    for name in "abc":
        exchanges.take(frame(2, name), ALL)
    assert exchanges.take(frame(3, "a"), ALL) is None
    assert exchanges.take(frame(3, "b"), ALL) is not None

    exchanges.take(frame(2, "d", payload="x" * 95), ALL)
    assert exchanges.take(frame(3, "c"), ALL) is None
    exchanges.take(frame(2, "e", payload="x" * 1000), ALL)
    assert exchanges.take(frame(3, "d"), ALL) is None
    assert exchanges.take(frame(3, "e"), ALL) is None


def test_an_id_that_is_used_again_and_again_takes_no_more_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_exchanges, "OPEN_BYTES", 100)
    exchanges = LiveExchanges()
    for _ in range(50):
        exchanges.take(frame(2), ALL)

    assert exchanges.take(frame(3), ALL) is not None


def test_all_can_be_forgotten() -> None:
    exchanges = LiveExchanges()
    exchanges.take(frame(2), ALL)
    exchanges.forget()

    assert exchanges.take(frame(3), ALL) is None
