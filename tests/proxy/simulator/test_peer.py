from collections.abc import AsyncIterator

import pytest

from oye_proxy.ocppj.frames import Call, CallError, CallResult
from oye_proxy.simulator.scripted import (
    ConnectionEndedError,
    ScriptedCharger,
    ScriptedCsms,
    ScriptedPeer,
)

Pair = tuple[ScriptedCharger, ScriptedPeer]


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with (
        ScriptedCsms() as csms,
        await ScriptedCharger.connect(f"{csms.url}/ocpp/CP1") as charger,
    ):
        yield charger, await csms.next_connection()


async def test_texts_arrive_exactly_as_sent(pair: Pair) -> None:
    charger, csms = pair

    await charger.send_text('[2, "a" ,"Heartbeat",{ }]')
    await csms.send_text("\u00e9\n not a frame")

    assert '[2, "a" ,"Heartbeat",{ }]' == await csms.receive()
    assert "\u00e9\n not a frame" == await charger.receive()


async def test_binary_messages_stay_binary(pair: Pair) -> None:
    charger, csms = pair

    await charger.send_bytes(b"\x00\xff")

    assert b"\x00\xff" == await csms.receive()


async def test_fragments_are_one_message(pair: Pair) -> None:
    charger, csms = pair

    await charger.send_parts("[2,", '"a","Heartbeat"', ",{}]")

    assert '[2,"a","Heartbeat",{}]' == await csms.receive()


async def test_an_answer_is_found_among_other_messages(pair: Pair) -> None:
    """Messages that nobody asked for yet keep their place."""
    charger, csms = pair
    await charger.send_text('[2,"c-1","Heartbeat",{}]')
    await charger.send_text('[3,"s-1",{"status":"Accepted"}]')

    answer = await csms.send_call("Reset", {"type": "Soft"}, message_id="s-1")

    assert isinstance(answer, CallResult)
    assert {"status": "Accepted"} == answer.payload
    assert '[2,"c-1","Heartbeat",{}]' == await csms.receive()


async def test_answer_next_answers_under_the_calls_own_token(pair: Pair) -> None:
    charger, csms = pair
    await charger.send_text('[2,17,"Heartbeat",{}]')

    call = await csms.answer_next({"currentTime": "now"})

    assert "Heartbeat" == call.action
    assert '[3,17,{"currentTime":"now"}]' == await charger.receive()


async def test_a_refusal_is_a_callerror(pair: Pair) -> None:
    charger, csms = pair

    await csms.send_text('[2,"s-1","Reset",{}]')
    call = await charger.receive_call("Reset")
    await charger.refuse(call, "NotSupported", "no")

    assert '[4,"s-1","NotSupported","no",{}]' == await csms.receive()


async def test_a_responder_answers_at_once_or_leaves_the_call(pair: Pair) -> None:
    charger, csms = pair

    def respond(call: Call) -> dict[str, str] | None:
        return {"status": "Accepted"} if call.action == "Reset" else None

    charger.responder = respond
    answer = await csms.send_call("Reset", {"type": "Hard"})
    await csms.send_text('[2,"s-2","ClearCache",{}]')

    assert isinstance(answer, CallResult)
    assert "ClearCache" == (await charger.receive_call()).action
    assert ["Reset", "ClearCache"] == [call.action for call in charger.calls]


async def test_a_callerror_is_an_answer(pair: Pair) -> None:
    charger, csms = pair
    await charger.send_text('[4,"s-1","GenericError","",{}]')

    answer = await csms.send_call("Reset", {}, message_id="s-1")

    assert isinstance(answer, CallError)
    assert "GenericError" == answer.code


async def test_waiting_has_a_deadline(pair: Pair) -> None:
    charger, _ = pair

    with pytest.raises(TimeoutError, match="no such message within"):
        await charger.receive(timeout=0.01)


async def test_close_code_and_reason_reach_the_other_side(pair: Pair) -> None:
    charger, csms = pair

    await csms.close(4001, "go away")

    assert 4001 == await charger.wait_ended()
    assert "go away" == charger.close_reason
    with pytest.raises(ConnectionEndedError, match="4001"):
        await charger.receive()


async def test_a_close_frame_without_code_is_1005(pair: Pair) -> None:
    charger, csms = pair

    await charger.close(None)

    assert 1005 == await csms.wait_ended()


async def test_an_abort_is_1006(pair: Pair) -> None:
    charger, csms = pair

    await charger.abort()

    assert 1006 == await csms.wait_ended()
    assert not csms.is_open


async def test_a_half_open_peer_reads_nothing_until_it_resumes(pair: Pair) -> None:
    charger, csms = pair
    charger.stop_reading()
    await csms.send_text("one")

    with pytest.raises(TimeoutError):
        await charger.receive(timeout=0.02)
    charger.resume_reading()

    assert "one" == await charger.receive()


async def test_closing_a_half_open_peer_ends_in_time(pair: Pair) -> None:
    charger, csms = pair
    charger.stop_reading()

    await csms.close(timeout=0.02)

    assert 1006 == csms.close_code


async def test_pings_are_counted_and_answered_unless_told_otherwise(pair: Pair) -> None:
    charger, csms = pair

    await csms.send_ping(b"1")
    await csms.send_text("after the first ping")
    await charger.receive()
    charger.answers_pings = False
    await csms.send_ping(b"2")
    await csms.send_text("after the second ping")
    await charger.receive()
    await charger.send_text("last")
    await csms.receive()

    assert 2 == charger.pings
    assert 1 == csms.pongs


async def test_an_unmasked_frame_is_a_protocol_error(pair: Pair) -> None:
    """RFC 6455 5.1: a server closes the connection upon a frame that is not masked."""
    charger, _ = pair

    await charger.send_unmasked('[2,"a","Heartbeat",{}]')

    assert 1002 == await charger.wait_ended()


async def test_raw_bytes_go_below_the_protocol(pair: Pair) -> None:
    charger, csms = pair

    await csms.send_raw(b"\x81\x05hello")

    assert "hello" == await charger.receive()
