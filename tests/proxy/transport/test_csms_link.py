import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from tests.proxy.transport.conftest import Inbox

from oye_proxy.settings import CsmsSettings
from oye_proxy.simulator.scripted import ScriptedCsms, ScriptedPeer
from oye_proxy.transport.csms import CsmsDialer
from oye_proxy.transport.csms_link import CsmsLink
from oye_proxy.transport.ports import CsmsTarget, Hello


async def dial(csms: ScriptedCsms) -> CsmsLink:
    dialer = CsmsDialer(CsmsSettings(), max_frame=1000)
    return await dialer.dial(CsmsTarget(url=csms.url), Hello(raw_id="CP1"))


@contextlib.asynccontextmanager
async def connected(csms: ScriptedCsms) -> AsyncIterator[tuple[CsmsLink, Inbox, ScriptedPeer]]:
    link = await dial(csms)
    yield link, Inbox(link), await csms.next_connection()
    link.abort()
    await link.wait_closed()


async def test_messages_pass_in_order_text_and_binary(csms: ScriptedCsms) -> None:
    async with connected(csms) as (link, inbox, peer):
        link.send("é[2]")
        link.send(b"\x00")
        await peer.send_parts("[3,", '"é', '"]')
        await peer.send_bytes(b"\xff")

        assert ["é[2]", b"\x00"] == [await peer.receive(), await peer.receive()]
        assert ['[3,"é"]', b"\xff"] == [await inbox.next(), await inbox.next()]
        assert 2 == link.messages_received


async def test_messages_before_the_start_are_kept(csms: ScriptedCsms) -> None:
    link = await dial(csms)
    peer = await csms.next_connection()
    for number in range(600):
        await peer.send_text(str(number))

    inbox = Inbox(link)
    await peer.close(4001, "after")

    assert [str(number) for number in range(600)] == [await inbox.next() for _ in range(600)]
    assert (4001, "after") == await inbox.end()
    await link.wait_closed()


async def test_a_close_before_the_start_is_told_after_the_messages(csms: ScriptedCsms) -> None:
    link = await dial(csms)
    peer = await csms.next_connection()
    await peer.send_text("last words")
    await peer.close(4001, "early")
    await link.wait_closed()

    inbox = Inbox(link)

    assert ("last words", (4001, "early")) == (await inbox.next(), await inbox.end())


async def test_pings_are_answered_and_pongs_counted(csms: ScriptedCsms) -> None:
    async with connected(csms) as (link, inbox, peer):
        link.ping()
        link.send("after the ping")
        await peer.receive()
        await peer.send_ping()
        await peer.send_text("after the pong")
        await inbox.next()
        link.send("after the pong")
        await peer.receive()

        assert 1 == link.pongs_received
        assert (1, 1) == (peer.pings, peer.pongs)


async def test_a_close_of_the_csms_is_told_once_with_code_and_reason(csms: ScriptedCsms) -> None:
    async with connected(csms) as (link, inbox, peer):
        await peer.close(4002, "bye")

        assert (4002, "bye") == await inbox.end()
        assert 4002 == peer.close_code
        link.send("too late")


@pytest.mark.parametrize("code", [None, 1006])
async def test_no_code_and_no_close_frame_are_told_apart(
    csms: ScriptedCsms, code: int | None
) -> None:
    async with connected(csms) as (_link, inbox, peer):
        if code is None:
            await peer.close(None)
        else:
            await peer.abort()

        assert (code or 1005, "") == await inbox.end()


async def test_our_close_reaches_the_csms_and_is_not_told(csms: ScriptedCsms) -> None:
    async with connected(csms) as (link, inbox, peer):
        link.close(1008, "é" * 100)

        assert 1008 == await peer.wait_ended()
        assert "é" * 61 == peer.close_reason
        await link.wait_closed()
        assert not inbox.ended.done()


async def test_a_csms_that_does_not_answer_the_close_is_dropped(
    csms: ScriptedCsms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.transport.csms_link.CLOSE_TIMEOUT", 0.01)
    async with connected(csms) as (link, _inbox, peer):
        peer.stop_reading()
        link.close(1000, "")
        async with asyncio.timeout(5):
            await link.wait_closed()


async def test_a_frame_above_the_maximum_closes_1009(csms: ScriptedCsms) -> None:
    async with connected(csms) as (_link, inbox, peer):
        await peer.send_text(1000 * "x")
        assert 1000 * "x" == await inbox.next()
        await peer.send_text(1001 * "x")

        assert 1009 == await peer.wait_ended()
        assert 1009 == (await inbox.end())[0]


async def test_invalid_utf_8_closes_1007(csms: ScriptedCsms) -> None:
    """RFC 6455 8.1."""
    async with connected(csms) as (_link, inbox, peer):
        await peer.send_text("\udcff")

        assert 1007 == await peer.wait_ended()
        assert 1007 == (await inbox.end())[0]
        assert inbox.messages.empty()
