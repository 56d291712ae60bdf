import asyncio

import pytest

from oye_proxy.simulator.scripted import (
    Handshake,
    HandshakeRefusedError,
    ScriptedCharger,
    ScriptedCsms,
    basic_authorization,
)
from oye_proxy.tasks import spawn


async def test_the_request_is_recorded_with_raw_path_and_headers() -> None:
    async with ScriptedCsms() as csms:
        header = basic_authorization("CP/1", b"\x00\xff:secret")
        charger = await ScriptedCharger.connect(
            f"{csms.url}/ocpp/CP%2F1?a=b",
            subprotocols=["ocpp2.1", "ocpp2.0.1"],
            headers=[header, ("User-Agent", "Charger/1")],
        )
        request = await csms.next_request()
        await charger.close()

    assert "/ocpp/CP%2F1?a=b" == request.path
    assert ["ocpp2.1", "ocpp2.0.1"] == request.subprotocols
    assert "Basic Q1AvMTo" == str(request.header("authorization"))[:13]
    assert "Charger/1" == request.header("User-Agent")
    assert request.header("Origin") is None


@pytest.mark.parametrize(
    ("chosen", "expected"), [("ocpp2.0.1", "ocpp2.0.1"), (None, None), ("*", "ocpp2.1")]
)
async def test_the_subprotocol_is_the_scripts_choice(
    chosen: str | None, expected: str | None
) -> None:
    async with ScriptedCsms() as csms:
        csms.handshake = Handshake(subprotocol=chosen)
        charger = await ScriptedCharger.connect(csms.url, subprotocols=["ocpp2.1", "ocpp2.0.1"])
        async with charger:
            assert expected == charger.subprotocol


async def test_no_subprotocol_can_be_offered() -> None:
    async with ScriptedCsms() as csms, await ScriptedCharger.connect(csms.url, subprotocols=[]):
        assert (await csms.next_request()).header("Sec-WebSocket-Protocol") is None


@pytest.mark.parametrize(
    ("status", "name", "value"),
    [
        (401, "WWW-Authenticate", 'Basic realm="OCPP"'),
        (403, "X-Reason", "no"),
        (429, "Retry-After", "30"),
        (503, "Retry-After", "40"),
        (302, "Location", "ws://127.0.0.1:1/elsewhere"),
    ],
)
async def test_a_handshake_can_be_refused(status: int, name: str, value: str) -> None:
    async with ScriptedCsms() as csms:
        csms.plan(Handshake(status=status, headers=((name, value),), body=b"sorry"))
        with pytest.raises(HandshakeRefusedError) as caught:
            await ScriptedCharger.connect(csms.url)
        async with await ScriptedCharger.connect(csms.url) as charger:
            assert charger.is_open, "a plan holds for one handshake"

    assert status == caught.value.status
    assert value == caught.value.headers[name.lower()]
    assert b"sorry" == caught.value.body


async def test_a_held_handshake_is_answered_upon_release() -> None:
    async with ScriptedCsms() as csms:
        csms.hold()
        connecting = spawn(ScriptedCharger.connect(csms.url), name="connect")
        await csms.next_request()
        assert [] == csms.connections

        csms.release()
        charger = await connecting
        await charger.close()

    assert 1 == len(csms.connections)


async def test_a_silent_csms_answers_nothing_and_stops_cleanly() -> None:
    async with ScriptedCsms() as csms:
        csms.handshake = Handshake(silent=True)
        with pytest.raises(TimeoutError):
            await ScriptedCharger.connect(csms.url, timeout=0.02)

    assert 1 == csms.tcp_connections


async def test_early_frames_travel_with_the_request() -> None:
    """A charger may send before it has seen the end of its handshake; nothing is lost."""
    async with ScriptedCsms() as csms:
        charger = await ScriptedCharger.connect(csms.url, early_texts=["first", "second"])
        async with charger:
            connection = await csms.next_connection()

            assert "first" == await connection.receive()
            assert "second" == await connection.receive()


async def test_extra_headers_of_the_101_can_be_read() -> None:
    async with ScriptedCsms() as csms:
        csms.handshake = Handshake(headers=(("X-Server", "mine"),))
        async with await ScriptedCharger.connect(csms.url) as charger:
            assert "mine" == charger.response_headers["x-server"]


async def test_compression_is_negotiated_on_request() -> None:
    async with ScriptedCsms() as csms:
        csms.handshake = Handshake(compression=True)
        async with await ScriptedCharger.connect(csms.url, compression=True) as charger:
            await charger.send_text("x" * 1000)
            connection = await csms.next_connection()

            assert "permessage-deflate" in charger.response_headers["sec-websocket-extensions"]
            assert "x" * 1000 == await connection.receive()


async def test_a_stopped_csms_keeps_its_port_for_the_next_start() -> None:
    csms = ScriptedCsms()
    await csms.start()
    charger = await ScriptedCharger.connect(csms.url)
    port = csms.port

    await csms.stop()
    ended_with = await charger.wait_ended()
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await ScriptedCharger.connect(csms.url)
    await csms.start()
    async with await ScriptedCharger.connect(csms.url) as again:
        assert again.is_open
    await csms.stop()

    assert 1006 == ended_with
    assert port == csms.port


async def test_what_is_no_http_gets_no_answer() -> None:
    async with ScriptedCsms() as csms:
        reader, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"nonsense\r\n\r\n")
        answer = await reader.read()
        writer.close()

    assert b"" == answer
    assert [] == csms.requests


async def test_a_client_that_leaves_in_its_request_is_forgotten() -> None:
    async with ScriptedCsms() as csms:
        _, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"GET / HTTP/1.1\r\n")
        writer.close()
        await writer.wait_closed()

    assert [] == csms.requests
