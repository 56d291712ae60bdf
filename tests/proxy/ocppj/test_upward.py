"""What the CSMS owes an answer to, and what waits for its link."""

from oye_proxy.ocppj.frames import Call, Fault, MalformedError, SendFrame, build_call, parse
from oye_proxy.ocppj.upward import Upward, UpwardQueue

A = build_call("a", "Heartbeat", {})
B = build_call("b", "Heartbeat", {})


def a_queue() -> UpwardQueue:
    return UpwardQueue(limit=2, call_timeout=30)


def a_send() -> SendFrame:
    frame = parse('[6,"s","NotifyPeriodicEventStream",{}]')
    assert isinstance(frame, SendFrame)
    return frame


def test_an_answer_finds_its_call_once() -> None:
    queue = a_queue()
    queue.sent(A, A.text, 0)

    assert A == queue.answered("a")
    assert queue.answered("a") is None


def test_what_is_held_keeps_the_order_of_arrival_and_its_opcode() -> None:
    queue = a_queue()
    noise = MalformedError(Fault.NOT_JSON)
    queue.hold(A, b"A", 0)
    queue.hold(None, "raw", 0)
    queue.hold(a_send(), "S", 0)
    queue.hold(noise, "~", 0)
    queue.hold(B, "B", 0)

    assert [b"A", "raw", "S", "~", "B"] == [held.data for held in queue.take_held()]
    assert [] == queue.take_held()


def test_what_is_held_again_goes_behind_and_stays_what_it_was() -> None:
    """It was sent once: should it be answered here, the CSMS may know of it."""
    queue = a_queue()
    queue.sent(A, "spliced", 3)
    queue.hold_unanswered(4)
    (taken,) = queue.take_held()
    queue.hold(B, B.text, 5)
    queue.hold_again(taken)

    assert [Upward(B, B.text, 5), Upward(A, "spliced", 3, sent_at=3)] == queue.take_held()


def test_the_csms_may_answer_the_newest_call_until_its_time_is_up() -> None:
    queue = a_queue()
    before = queue.owed_until()
    queue.sent(A, A.text, 1)
    queue.sent(B, B.text, 2)
    owed = queue.owed_until()
    queue.answered("b")

    assert (0.0, 32, 31) == (before, owed, queue.owed_until())


def test_its_time_begins_when_it_gets_a_call_that_was_held() -> None:
    queue = a_queue()
    queue.sent(A, A.text, 10, arrived=1)

    assert 40 == queue.owed_until()


def test_it_says_when_there_is_no_room_for_more() -> None:
    queue = a_queue()

    assert [True, True, False] == [queue.hold(A, A.text, 0) for _ in range(3)]


def test_unanswered_calls_are_held_before_later_ones() -> None:
    """A repeated CALL may keep its id (J16-E 3.1, P4-E 4.6, Q4 4.1.4)."""
    queue = a_queue()
    queue.sent(A, A.text, 0)
    queue.hold_unanswered(1)
    queue.hold(B, B.text, 2)

    assert [(A.text, 0), (B.text, None)] == [
        (held.data, held.sent_at) for held in queue.take_held()
    ]


def test_a_flapping_link_does_not_make_a_call_younger() -> None:
    """The charger gives a CALL up `call_timeout` after it sent it, whatever became of the link."""
    queue = a_queue()
    queue.sent(A, A.text, 0)
    for now in (10, 20, 30):
        queue.hold_unanswered(now)
        (held,) = queue.take_held()
        queue.sent(A, A.text, now, arrived=held.at)
    queue.hold_unanswered(31)

    assert [] == queue.take_held()


def test_take_held_tells_what_was_held_and_since_when() -> None:
    queue = a_queue()
    queue.hold(A, A.text, 7)

    (held,) = queue.take_held()

    assert isinstance(held.frame, Call)
    assert (A, A.text, 7) == (held.frame, held.data, held.at)
    assert [] == queue.take_held()
