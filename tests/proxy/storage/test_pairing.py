"""Which frames belong together."""

from datetime import UTC, datetime

import pytest

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import Call, parse
from oye_proxy.storage.frame_rows import NewFrame
from oye_proxy.storage.pairing import is_answer, is_request, pair_key, receiver_of, sender_of

CHARGER, CSMS, PROXY = Peer.CHARGER, Peer.CSMS, Peer.PROXY
AT = datetime(2026, 11, 21, tzinfo=UTC)
CALL = parse('[2,"m-1","Heartbeat",{}]')
RESULT = parse('[3,"m-1",{}]')


def row(
    source: Peer, target: Peer, *, answer: bool, replay: bool = False, injection: str | None = None
) -> NewFrame:
    assert isinstance(CALL, Call)
    frame = RESULT if answer else CALL
    return NewFrame.of(
        "CP1",
        Record(
            source=source,
            target=target,
            data=frame.text,
            frame=frame,
            call=CALL if answer else None,
            injection=injection,
            note="replay" if replay else None,
        ),
        AT,
    )


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        (row(CHARGER, CSMS, answer=False), row(CSMS, CHARGER, answer=True)),
        (row(CHARGER, PROXY, answer=False), row(PROXY, CHARGER, answer=True)),
        (row(CSMS, CHARGER, answer=False), row(CHARGER, CSMS, answer=True)),
        (row(CSMS, PROXY, answer=False), row(PROXY, CSMS, answer=True)),
        (
            row(PROXY, CHARGER, answer=False, injection="m-1"),
            row(CHARGER, PROXY, answer=True, injection="m-1"),
        ),
        (row(PROXY, CSMS, answer=False, replay=True), row(CSMS, PROXY, answer=True, replay=True)),
        (row(PROXY, CSMS, answer=False), row(CSMS, PROXY, answer=True)),
    ],
)
def test_a_call_and_its_answer_have_one_key_whoever_asked(
    asks: NewFrame, answers: NewFrame
) -> None:
    assert pair_key(asks) == pair_key(answers)
    assert is_request(asks)
    assert not is_answer(asks)
    assert is_answer(answers)
    assert not is_request(answers)


def test_the_two_sides_may_use_one_message_id() -> None:
    keys = {
        pair_key(row(CHARGER, CSMS, answer=False)),
        pair_key(row(CSMS, CHARGER, answer=False)),
        pair_key(row(PROXY, CHARGER, answer=False, injection="m-1")),
        pair_key(row(PROXY, CSMS, answer=False, replay=True)),
    }

    assert 4 == len(keys)


@pytest.mark.parametrize(
    ("frame", "sender", "receiver"),
    [
        (row(CHARGER, CSMS, answer=False), CHARGER, CSMS),
        (row(CSMS, CHARGER, answer=True), CSMS, CHARGER),
        (row(PROXY, CHARGER, answer=False, injection="x"), PROXY, CHARGER),
        (row(CHARGER, PROXY, answer=True, injection="x"), CHARGER, PROXY),
        (row(PROXY, CHARGER, answer=True), PROXY, CHARGER),
        (row(PROXY, CSMS, answer=True), PROXY, CSMS),
        (row(PROXY, CSMS, answer=False, replay=True), PROXY, CSMS),
        (row(CSMS, PROXY, answer=True, replay=True), CSMS, PROXY),
        (row(PROXY, CSMS, answer=False), PROXY, CSMS),
    ],
)
def test_who_sent_a_frame_and_who_got_it(frame: NewFrame, sender: Peer, receiver: Peer) -> None:
    assert (sender, receiver) == (sender_of(frame), receiver_of(frame))


def test_an_answer_without_a_call_stands_alone() -> None:
    lonely = NewFrame.of(
        "CP1", Record(source=CSMS, target=CHARGER, data=RESULT.text, frame=RESULT), AT
    )

    assert not is_answer(lonely)
    assert not is_request(lonely)
