"""What waits for a live client, with the clock in the test's hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests.proxy.api.conftest import record
from tests.proxy.api.memory import charger_state

from oye_proxy.api.frame_filter import parse_filter
from oye_proxy.api.live_messages import LiveMessage
from oye_proxy.api.live_queue import EVENTS_WAITING, FRAMES_WAITING, LiveQueue
from oye_proxy.errors import ChargerUnknownError
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.events import (
    ChargerChanged,
    ChargerRemoved,
    FramePassed,
    IssuesChanged,
    News,
)
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import parse

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HEARTBEAT = record('[2,"m-1","Heartbeat",{}]')
ANSWER = Record(
    source=Peer.CSMS,
    target=Peer.CHARGER,
    data='[3,"m-1",{}]',
    frame=parse('[3,"m-1",{}]'),
    call=HEARTBEAT.frame,  # type: ignore[arg-type]  # it is a Call
)


@pytest.fixture
def states() -> dict[str, ChargerState]:
    return {"CP1": charger_state("CP1"), "CP2": charger_state("CP2")}


@pytest.fixture
def queue(states: dict[str, ChargerState]) -> LiveQueue:
    def find(charge_point_id: str) -> ChargerState:
        if charge_point_id not in states:
            raise ChargerUnknownError("gone")
        return states[charge_point_id]

    return LiveQueue(find)


def shown(messages: list[LiveMessage]) -> list[tuple[Any, ...]]:
    """Return number, type and the one member that tells messages apart."""
    decoded = [
        {**message, **message.get("exchange", {})}
        for message in msgspec.json.decode(msgspec.json.encode(messages))
    ]
    return [
        (
            message["seq"],
            message["type"],
            message["charger"]["name"]
            if message["type"] == "charger"
            else next(
                message[key]
                for key in ("event", "chargePointId", "issues", "dropped", "code")
                if key in message
            ),
        )
        for message in decoded
    ]


def news(event: str = "boot") -> News:
    return News(event=event, charge_point_id="CP1", time=AT, data={})


def passed(number: int = 1, the_record: Record = HEARTBEAT) -> FramePassed:
    return FramePassed(
        charge_point_id="CP1", time=AT + timedelta(seconds=number), record=the_record
    )


def test_nothing_is_due_in_the_beginning(queue: LiveQueue) -> None:
    assert queue.due is None
    assert [] == queue.take(0.0)


def test_a_charger_is_told_at_once_then_once_a_second_with_its_newest_state(
    queue: LiveQueue, states: dict[str, ChargerState]
) -> None:
    queue.offer(ChargerChanged("CP1"), 10.0)
    assert 10.0 == queue.due
    assert [(1, "charger", None)] == shown(queue.take(10.0))

    for tenth in range(1, 8):
        states["CP1"] = charger_state("CP1", name=f"change {tenth}")
        queue.offer(ChargerChanged("CP1"), 10 + tenth / 10)

    assert 11.0 == queue.due
    assert [] == queue.take(10.9)
    assert [(2, "charger", "change 7")] == shown(queue.take(11.0))
    assert queue.due is None


def test_chargers_do_not_wait_for_each_other(queue: LiveQueue) -> None:
    queue.offer(ChargerChanged("CP1"), 10.0)
    queue.take(10.0)
    queue.offer(ChargerChanged("CP1"), 10.5)
    queue.offer(ChargerChanged("CP2"), 10.5)

    assert 10.5 == queue.due
    assert ["CP2"] == [message.charger.charge_point_id for message in queue.take(10.5)]  # type: ignore[union-attr]
    assert 11.0 == queue.due


def test_a_charger_that_rests_longer_is_told_at_once_again(queue: LiveQueue) -> None:
    queue.offer(ChargerChanged("CP1"), 10.0)
    queue.take(10.0)
    queue.offer(ChargerChanged("CP1"), 60.0)

    assert 60.0 == queue.due


def test_a_removed_charger_is_not_told_of_again(
    queue: LiveQueue, states: dict[str, ChargerState]
) -> None:
    queue.offer(ChargerChanged("CP1"), 10.0)
    queue.offer(ChargerRemoved("CP1"), 10.0)
    del states["CP2"]
    queue.offer(ChargerChanged("CP2"), 10.0)

    assert [(1, "charger_removed", "CP1")] == shown(queue.take(10.0))


def test_a_charger_that_came_back_is_told_after_its_removal(queue: LiveQueue) -> None:
    queue.offer(ChargerRemoved("CP1"), 10.0)
    queue.offer(ChargerChanged("CP1"), 10.0)

    assert [(1, "charger_removed", "CP1"), (2, "charger", None)] == shown(queue.take(10.0))


def test_the_newest_list_of_issues_replaces_the_waiting_one(queue: LiveQueue) -> None:
    queue.offer(IssuesChanged(()), 10.0)
    queue.offer(IssuesChanged(()), 10.0)

    assert [(1, "issues", [])] == shown(queue.take(10.0))


def test_news_keep_their_order_and_are_never_coalesced(queue: LiveQueue) -> None:
    queue.offer(news("connected"), 10.0)
    queue.offer(news("boot"), 10.0)
    queue.offer(news("boot"), 10.0)

    assert [(1, "event", "connected"), (2, "event", "boot"), (3, "event", "boot")] == shown(
        queue.take(10.0)
    )


def test_too_many_waiting_news_end_the_connection(queue: LiveQueue) -> None:
    for _ in range(EVENTS_WAITING):
        queue.offer(news(), 10.0)
    assert not queue.overflowed
    queue.offer(news(), 10.0)

    assert queue.overflowed
    assert EVENTS_WAITING == len(queue.take(10.0))


def test_frames_pass_only_for_who_asked(queue: LiveQueue) -> None:
    queue.offer(passed(), 10.0)
    assert queue.due is None
    queue.subscribe_frames(parse_filter("", AT))
    queue.offer(passed(), 10.0)

    assert 10.0 == queue.due
    (message,) = msgspec.json.decode(msgspec.json.encode(queue.take(10.0)))
    assert ("frame", 1, "2026-11-21T12:00:01Z", "Heartbeat") == (
        message["type"],
        message["seq"],
        message["exchange"]["time"],
        message["exchange"]["action"],
    )


def test_an_answer_replaces_the_waiting_exchange_and_comes_after_one_that_was_sent(
    queue: LiveQueue,
) -> None:
    queue.subscribe_frames(parse_filter("", AT))
    queue.offer(passed(), 10.0)
    queue.offer(passed(2, ANSWER), 10.05)
    (whole,) = msgspec.json.decode(msgspec.json.encode(queue.take(10.1)))
    assert 1000 == whole["exchange"]["answer"]["latencyMs"]

    queue.offer(passed(3), 11.0)
    (call,) = msgspec.json.decode(msgspec.json.encode(queue.take(11.0)))
    queue.offer(passed(5, ANSWER), 12.0)
    (again,) = msgspec.json.decode(msgspec.json.encode(queue.take(12.0)))
    assert call["exchange"]["answer"] is None
    assert call["exchange"]["key"] == again["exchange"]["key"]
    assert 2000 == again["exchange"]["answer"]["latencyMs"]


def test_a_filter_holds_from_then_on(queue: LiveQueue) -> None:
    queue.subscribe_frames(parse_filter("", AT))
    queue.offer(passed(), 10.0)
    queue.subscribe_frames(parse_filter("action:BootNotification", AT))
    queue.offer(passed(), 10.0)
    assert [] == queue.take(20.0)
    queue.subscribe_frames(parse_filter("action:Heartbeat", AT))
    queue.offer(passed(), 20.0)
    queue.unsubscribe_frames()
    queue.offer(passed(), 20.0)

    assert [] == queue.take(30.0)
    assert queue.due is None


def test_the_oldest_frames_are_dropped_and_a_gap_says_so(queue: LiveQueue) -> None:
    queue.subscribe_frames(parse_filter("", AT))
    for number in range(FRAMES_WAITING + 3):
        queue.offer(passed(number), 10.0)
    gap, first, *_ = msgspec.json.decode(msgspec.json.encode(queue.take(11.0)))

    assert {
        "type": "gap",
        "seq": 1,
        "dropped": 3,
        "firstTime": "2026-11-21T12:00:00Z",
        "lastTime": "2026-11-21T12:00:02Z",
    } == gap
    assert ("frame", 2, "2026-11-21T12:00:03Z") == (
        first["type"],
        first["seq"],
        first["exchange"]["time"],
    )
    assert not queue.overflowed
    queue.offer(passed(), 12.0)
    assert [(FRAMES_WAITING + 2, "frame", "CP1")] == shown(queue.take(13.0))


@pytest.mark.parametrize("data", [b"\xff\x00", '["\ud800"]', "", "["])
def test_an_odd_frame_is_told_of_too(queue: LiveQueue, data: str | bytes) -> None:
    queue.subscribe_frames(parse_filter("", AT))
    queue.offer(passed(1, msgspec.structs.replace(HEARTBEAT, data=data, frame=None)), 10.0)

    assert [(1, "frame", "CP1")] == shown(queue.take(11.0))


@pytest.mark.parametrize(
    "fill",
    [
        lambda queue: queue.offer(news(), 1.0),
        lambda queue: queue.offer(IssuesChanged(()), 1.0),
        lambda queue: queue.offer(ChargerRemoved("CP1"), 1.0),
        lambda queue: queue.complain("What?", "invalid_request", 1.0),
    ],
)
def test_what_cannot_be_coalesced_is_due_at_once(
    queue: LiveQueue, fill: Callable[[LiveQueue], None]
) -> None:
    fill(queue)

    assert 1.0 == queue.due
    assert 1 == len(queue.take(1.0))
    assert queue.due is None


def test_messages_go_out_in_batches(queue: LiveQueue) -> None:
    """The first after a pause at once, the others together, ten times a second at most."""
    queue.offer(news("first"), 10.0)
    assert 10.0 == queue.due
    queue.take(10.0)
    queue.offer(news("second"), 10.01)
    queue.offer(news("third"), 10.02)

    assert 10.1 == queue.due
    assert [(2, "event", "second"), (3, "event", "third")] == shown(queue.take(10.1))
    queue.offer(news("later"), 20.0)
    assert 20.0 == queue.due
