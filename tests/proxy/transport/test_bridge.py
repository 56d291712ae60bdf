import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from oye_proxy.errors import ChargerNotConnectedError
from oye_proxy.ocppj.authorization import Authorizer
from oye_proxy.ocppj.commands import Notice, NoticeName, Peer, Record
from oye_proxy.ocppj.conversation import Conversation
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.settings import OnCsmsLoss
from oye_proxy.simulator.scripted import Handshake, ScriptedCsms
from oye_proxy.transport.bridge import Bridge

Starter = Callable[..., Awaitable[Any]]


CORPUS = [
    '[2,"1","Heartbeat",{}]',
    ' [ 2 ,\t"1" ,\n"Heartbeat" , { } ]\r\n',
    '[2,"1","MeterValues",{"v":1.0,"w":1e400,"x":-0,"y":12345678901234567890123,"z":0.10}]',
    '[2,"\\u00e9\\ud83d\\ude00","DataTransfer",{"data":"\\/\\u0000\\\\ é 😀"}]',
    '[2,"1","DataTransfer",{"a":1,"a":2,"A":3}]',
    "AT+CSQ\r\n",
    "",
    "[" * 1000,
    b"\x00\xff binary",
    b'[2,"1","Heartbeat",{}]',
    "x" * 70_000,
]


@pytest.mark.parametrize("data", CORPUS, ids=range(len(CORPUS)))
async def test_what_passes_is_equal_both_ways(
    proxy: Any, csms: ScriptedCsms, data: str | bytes
) -> None:
    """Promise 1: the characters that arrived, with the same opcode."""
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        peer = await csms.next_connection()
        for source, target in ((charger, peer), (peer, charger)):
            if isinstance(data, str):
                await source.send_text(data)
            else:
                await source.send_bytes(data)

            assert data == await target.receive()


async def test_order_is_kept_in_each_direction(proxy: Any, csms: ScriptedCsms) -> None:
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        peer = await csms.next_connection()
        texts = [str(number) for number in range(1000)]
        for text in texts:
            await charger.send_text(text)
            await peer.send_text(text)

        assert texts == [await peer.receive() for _ in texts]
        assert texts == [await charger.receive() for _ in texts]


async def test_every_frame_is_told_in_order(proxy: Any, csms: ScriptedCsms) -> None:
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        peer = await csms.next_connection()
        await charger.send_text("up")
        await peer.receive()
        await peer.send_text("down")
        await charger.receive()
        bridge = proxy.house.attached[0]

        assert [
            Record(source=Peer.CHARGER, target=Peer.CSMS, data="up"),
            Record(source=Peer.CSMS, target=Peer.CHARGER, data="down"),
        ] == proxy.house.records
        assert (1, 1, 0) == (bridge.frames_in, bridge.frames_out, bridge.injected)
        assert bridge.connected_at <= bridge.last_seen


async def test_pings_and_pongs_are_never_forwarded(proxy: Any, csms: ScriptedCsms) -> None:
    """Keep-alive is hop by hop (Q4 5.3, P4-E 4.10)."""
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        peer = await csms.next_connection()
        await charger.send_ping()
        await charger.send_text("x")
        await peer.receive()
        await peer.send_ping()
        await peer.send_text("y")
        await charger.receive()

        assert (0, 0, 1) == (peer.pings, charger.pings, charger.pongs)


# Injections and time


async def test_an_injection_reaches_the_charger_alone(proxy: Any, csms: ScriptedCsms) -> None:
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        peer = await csms.next_connection()
        bridge = proxy.house.attached[0]
        bridge.inject("p-1", "Reset", {})
        await charger.send_text("end")

        assert "p-1 Reset {} True" == await charger.receive()
        assert "end" == await peer.receive()
        assert 1 == bridge.injected
    with pytest.raises(ChargerNotConnectedError):
        bridge.inject("p-2", "Reset", {})


def converse(bridge: Bridge) -> Conversation:
    """Make the real conversation."""
    responder = Responder(Authorizer(IdTagCache()), lambda: 1_000_000_000)
    return Conversation(
        version=bridge.version,
        responder=responder,
        journal=Journal(),
        new_id=lambda: str(uuid.uuid4()),
        memory=InjectionMemory(),
        wall=lambda _now: datetime.now(UTC),
    )


async def test_the_csms_never_sees_an_injection_while_it_sends_commands_itself(
    proxy: Any, csms: ScriptedCsms
) -> None:
    """Promises 2 and 3, with the real conversation."""
    proxy.house.make_conversation = converse
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        peer = await csms.next_connection()
        await charger.send_text('[2,"b","BootNotification",{}]')
        await peer.receive()
        await peer.send_text('[3,"b",{"status":"Accepted","interval":300}]')
        await charger.receive()
        proxy.house.attached[0].inject("p-1", "GetConfiguration", {})
        injected = await charger.receive_call("GetConfiguration")
        await peer.send_text('[2,"c-1","Reset",{"type":"Soft"}]')
        await charger.answer(injected, {"configurationKey": []})
        await charger.answer_next({"status": "Accepted"}, "Reset")

        assert '[3,"c-1",{"status":"Accepted"}]' == await peer.receive()
        assert not any("p-1" in str(message) for message in peer.messages)


async def test_the_real_conversation_stands_in_without_a_csms(proxy: Any) -> None:
    proxy.house.make_conversation = converse
    async with await proxy.connect(early_texts=['[2,"1","Heartbeat",{}]']) as charger:
        assert str(await charger.receive()).startswith('[3,"1",{"currentTime":')


async def test_the_conversation_is_called_at_its_deadline(proxy: Any) -> None:
    async with await proxy.connect() as charger:
        await charger.send_text("later")

        assert "ticked" == await charger.receive()
        assert ["tick"] == proxy.house.attached[0].conversation.events


async def test_a_crash_of_one_conversation_touches_no_other(
    proxy: Any, csms: ScriptedCsms, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.admit(csms.url)
    async with await proxy.connect("/ocpp/CP2") as other:
        other_peer = await csms.next_connection()
        charger = await proxy.connect()
        peer = await csms.next_connection()
        with caplog.at_level(logging.ERROR):
            await charger.send_text("crash")

            assert (1011, 1011) == (await charger.wait_ended(), await peer.wait_ended())
        await other.send_text("still here")

        assert "still here" == await other_peer.receive()
        assert 1 == len(caplog.records)


async def test_a_crash_on_a_frame_of_the_csms_ends_the_connection(
    proxy: Any, csms: ScriptedCsms, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    with caplog.at_level(logging.CRITICAL):
        await peer.send_text("crash")

        assert (1011, 1011) == (await charger.wait_ended(), await peer.wait_ended())


@pytest.mark.parametrize("event", ["csms_opened", "csms_lost", "charger_lost", "tick"])
async def test_a_crash_at_any_event_ends_the_connection(
    proxy: Any, csms: ScriptedCsms, caplog: pytest.LogCaptureFixture, event: str
) -> None:
    caplog.set_level(logging.CRITICAL)
    proxy.house.crashes_at = event
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    if event == "csms_lost":
        await peer.abort()
    elif event == "tick":
        await charger.send_text("later")
    elif event == "charger_lost":
        await charger.close(1000)

    assert (1000 if event == "charger_lost" else 1011) == await charger.wait_ended()
    await peer.wait_ended()
    assert proxy.house.attached == proxy.house.detached


async def test_too_many_frames_a_second_raise_an_alert_and_pass(
    start_proxy: Starter, csms: ScriptedCsms
) -> None:
    """Section 19: 50/s with bursts of 200; never drop in relay."""
    proxy = await start_proxy(charger={"frames_per_second": 5.0})
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        peer = await csms.next_connection()
        for number in range(100):
            await charger.send_text(str(number))
        passed = [await peer.receive() for _ in range(100)]

    assert [str(number) for number in range(100)] == passed
    assert ["frame_rate"] == [notice.name for notice in proxy.house.notices]


# Close codes (3.7)


@pytest.mark.parametrize(
    ("code", "expected"), [(1000, 1000), (1001, 1001), (3000, 3000), (4999, 4999), (None, 1000)]
)
async def test_a_chargers_close_reaches_the_csms(
    proxy: Any, csms: ScriptedCsms, code: int | None, expected: int
) -> None:
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    reason = "because" if code else ""
    await charger.close(code, reason)

    assert (expected, reason) == (await peer.wait_ended(), peer.close_reason)
    assert (code or 1005) == charger.close_code


async def test_a_charger_without_a_close_frame_is_going_away(
    proxy: Any, csms: ScriptedCsms
) -> None:
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    await charger.abort()

    assert 1001 == await peer.wait_ended()
    assert ["csms_opened", "charger_lost"] == proxy.house.attached[0].conversation.events
    assert proxy.house.attached == proxy.house.detached


@pytest.mark.parametrize(("code", "expected"), [(1000, 1000), (4001, 4001), (None, 1000)])
async def test_a_close_of_the_csms_is_passed_on_under_close(
    start_proxy: Starter, csms: ScriptedCsms, code: int | None, expected: int
) -> None:
    proxy = await start_proxy(csms={"on_loss": OnCsmsLoss.CLOSE})
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    await peer.close(code)

    assert expected == await charger.wait_ended()


async def test_a_lost_csms_closes_the_charger_1001_under_close(
    start_proxy: Starter, csms: ScriptedCsms
) -> None:
    """LC 6.3."""
    proxy = await start_proxy(csms={"on_loss": OnCsmsLoss.CLOSE})
    proxy.admit(csms.url)
    charger = await proxy.connect()
    await (await csms.next_connection()).abort()

    assert 1001 == await charger.wait_ended()


async def test_a_csms_that_chose_nothing_and_closes_is_relayed(
    proxy: Any, csms: ScriptedCsms
) -> None:
    """3.1 item 4: answer without a subprotocol and relay the close that follows."""
    csms.handshake = Handshake(subprotocol=None)
    proxy.admit(csms.url)
    charger = await proxy.connect()
    await (await csms.next_connection()).close(1002, "no subprotocol")

    assert (1002, "no subprotocol") == (await charger.wait_ended(), charger.close_reason)


async def test_the_owner_may_disconnect_a_charger(proxy: Any, csms: ScriptedCsms) -> None:
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    await proxy.house.attached[0].close(1008, "Disabled")

    assert not peer.is_open
    assert (1008, "Disabled") == (await charger.wait_ended(), charger.close_reason)


# Sizes, silence, back-pressure


async def test_a_frame_too_big_closes_both_sides_1009(
    start_proxy: Starter, csms: ScriptedCsms
) -> None:
    proxy = await start_proxy(charger={"max_frame": 1000})
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    await charger.send_text(1000 * "x")
    assert 1000 * "x" == await peer.receive()
    await charger.send_text(1001 * "x")

    assert (1009, "Payload too large") == (await charger.wait_ended(), charger.close_reason)
    assert 1009 == await peer.wait_ended()
    assert [Notice(NoticeName.PAYLOAD_TOO_LARGE, {})] == proxy.house.notices


async def test_invalid_utf_8_closes_1007(proxy: Any, csms: ScriptedCsms) -> None:
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    await charger.send_text("\udcff")

    assert (1007, 1007) == (await charger.wait_ended(), await peer.wait_ended())
    assert [] == peer.messages


async def test_a_dead_charger_is_dropped_and_its_upstream_closed(
    start_proxy: Starter, csms: ScriptedCsms
) -> None:
    """3.4: dead when nothing came for ping_interval + ping_timeout."""
    proxy = await start_proxy(charger={"ping_interval": 0.1, "ping_timeout": 0.2})
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    charger.stop_reading()

    assert 1001 == await peer.wait_ended()
    await charger.abort()


async def test_a_charger_without_pongs_is_remembered_as_such(
    start_proxy: Starter, csms: ScriptedCsms
) -> None:
    proxy = await start_proxy(charger={"ping_interval": 0.1, "ping_timeout": 0.2})
    proxy.admit(csms.url)
    charger = await proxy.connect()
    charger.answers_pings = False
    await charger.send_text("boot")
    peer = await csms.next_connection()
    await peer.wait_ended()

    assert proxy.house.attached[0].no_pong
    await charger.abort()


@pytest.mark.parametrize("slow", ["charger", "csms"])
async def test_who_does_not_read_stops_the_other_side_alone(
    proxy: Any, csms: ScriptedCsms, slow: str
) -> None:
    """Section 19: at 1 MiB the other side is not read any more; nothing is lost."""
    proxy.admit(csms.url)
    async with await proxy.connect() as charger, await proxy.connect("/ocpp/CP2") as other:
        peer, other_peer = await csms.next_connection(), await csms.next_connection()
        source, sink = (peer, charger) if slow == "charger" else (charger, peer)
        sink.stop_reading()
        frame = 100_000 * "x"
        bridge = proxy.house.attached[0]
        for _ in range(1000):
            await asyncio.wait_for(source.send_text(frame), 5) if not bridge._brakes else None
            if any(brake.engaged for brake in bridge._brakes.values()):
                break
            await asyncio.sleep(0)
        await other.send_text("undisturbed")
        assert "undisturbed" == await other_peer.receive()

        sink.resume_reading()
        sent = len(proxy.house.records) - 1
        await source.send_text("last")
        received = [await sink.receive()]
        while received[-1] != "last":
            received.append(await sink.receive())

        assert len(received) >= sent
        assert {frame, "last"} == set(received)


async def test_no_progress_ends_the_slow_side(
    proxy: Any, csms: ScriptedCsms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.transport.brake.NO_PROGRESS_TIMEOUT", 0.05)
    proxy.admit(csms.url)
    charger = await proxy.connect()
    peer = await csms.next_connection()
    charger.stop_reading()
    bridge = proxy.house.attached[0]
    while not bridge._brakes:
        await peer.send_text(100_000 * "x")

    assert 1001 == await peer.wait_ended()
    await charger.abort()
