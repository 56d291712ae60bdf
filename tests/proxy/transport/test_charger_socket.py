import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from oye_proxy.errors import AdmissionError
from oye_proxy.simulator.scripted import HandshakeRefusedError, ScriptedCharger
from oye_proxy.transport.charger_socket import ChargerSocket, accept, check_handshake


class Site:
    """Accepts WebSockets and keeps what comes on each."""

    def __init__(self) -> None:
        self.max_frame = 100_000
        self.compression = False
        self.sockets: list[ChargerSocket] = []
        self.messages: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.ends: asyncio.Queue[tuple[int, str]] = asyncio.Queue()
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        try:
            check_handshake(request)
        except AdmissionError as error:
            return web.Response(status=error.status)
        response, socket = await accept(
            request,
            subprotocol="ocpp1.6",
            max_frame=self.max_frame,
            compression=self.compression,
        )
        self.sockets.append(socket)
        socket.start(
            self.messages.put_nowait, lambda code, reason: self.ends.put_nowait((code, reason))
        )
        await socket.wait_closed()
        return response

    async def message(self) -> str | bytes:
        return await asyncio.wait_for(self.messages.get(), 5)

    async def end(self) -> tuple[int, str]:
        return await asyncio.wait_for(self.ends.get(), 5)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    one = Site()
    app = web.Application()
    app.router.add_get("/", one.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    one.url = f"ws://{host}:{port}/"
    yield one
    for socket in one.sockets:
        socket.abort()
    await runner.cleanup()


@pytest.fixture
async def charger(site: Site) -> AsyncIterator[ScriptedCharger]:
    async with await ScriptedCharger.connect(site.url) as one:
        yield one


SIZES = [0, 1, 125, 126, 65_535, 65_536, 100_000]


@pytest.mark.parametrize("size", SIZES)
async def test_every_length_of_frame_passes(
    site: Site, charger: ScriptedCharger, size: int
) -> None:
    """RFC 6455 5.2; a message as large as the maximum is not too large."""
    await charger.send_text(size * "a")
    site.sockets[0].send(size * "b")
    await charger.send_bytes(size * b"c")
    site.sockets[0].send(size * b"d")

    assert [size * "a", size * b"c"] == [await site.message(), await site.message()]
    assert [size * "b", size * b"d"] == [await charger.receive(), await charger.receive()]


async def test_a_fragmented_message_arrives_whole(site: Site, charger: ScriptedCharger) -> None:
    await charger.send_parts('[2,"é', '",', "1]")

    assert '[2,"é",1]' == await site.message()


async def test_a_frame_that_arrives_byte_by_byte_is_one(
    site: Site, charger: ScriptedCharger
) -> None:
    for byte in b"\x81\x82\x00\x00\x00\x00hi":
        await charger.send_raw(bytes([byte]))
        await asyncio.sleep(0)

    assert "hi" == await site.message()


async def test_pings_are_answered_with_their_payload_and_pongs_counted(
    site: Site, charger: ScriptedCharger
) -> None:
    await charger.send_ping(b"are you there")
    site.sockets[0].ping()
    site.sockets[0].send("x")
    await charger.receive()
    await charger.send_text("y")
    await site.message()

    assert (1, 1) == (charger.pings, charger.pongs)
    assert 1 == site.sockets[0].pongs_received


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\x81\x02hi", 1002),  # not masked
        (b"\xc1\x80\x00\x00\x00\x00", 1002),  # RSV1 without an extension
        (b"\x83\x80\x00\x00\x00\x00", 1002),  # opcode 3
        (b"\x80\x80\x00\x00\x00\x00", 1002),  # continues nothing
        (b"\x89\xfe\x00\x7e\x00\x00\x00\x00", 1002),  # a ping too long
        (b"\x81\x82\x00\x00\x00\x00\xc3\x28", 1007),  # not UTF-8
        (b"\x88\x81\x00\x00\x00\x00\x03", 1002),  # half a close code
    ],
)
async def test_a_broken_frame_is_answered_with_its_code(
    site: Site, charger: ScriptedCharger, raw: bytes, code: int
) -> None:
    await charger.send_raw(raw)

    assert code == await charger.wait_ended()
    assert code == (await site.end())[0]
    assert site.messages.empty()


async def test_a_message_too_large_is_told_by_name(site: Site, charger: ScriptedCharger) -> None:
    await charger.send_text(100_001 * "x")

    assert (1009, "Payload too large") == (await charger.wait_ended(), charger.close_reason)
    assert (1009, "Payload too large") == await site.end()


@pytest.mark.parametrize(
    ("raw", "told", "answered"),
    [
        (b"\x88\x80\x00\x00\x00\x00", 1005, 1005),
        (b"\x88\x82\x00\x00\x00\x00\x03\xe8", 1000, 1000),
        (b"\x88\x82\x00\x00\x00\x00\x0f\xa1", 4001, 4001),
        (b"\x88\x82\x00\x00\x00\x00\x03\xee", 1006, 1005),
        (b"\x88\x82\x00\x00\x00\x00\x13\x88", 5000, 1005),
    ],
)
async def test_a_close_is_answered_with_its_code(
    site: Site, charger: ScriptedCharger, raw: bytes, told: int, answered: int
) -> None:
    """RFC 6455 5.5.1; codes that no peer may send are not sent back."""
    await charger.send_raw(raw)

    assert (told, "") == await site.end()
    assert answered == await charger.wait_ended()


async def test_a_reason_is_answered_like_its_code(site: Site, charger: ScriptedCharger) -> None:
    """A CSMS's own library does so, and a charger may show it."""
    await charger.send_raw(b"\x88\x86\x00\x00\x00\x00\x0f\xa1done")

    assert (4001, "done") == await site.end()
    assert (4001, "done") == (await charger.wait_ended(), charger.close_reason)


async def test_our_close_is_told_to_nobody_and_nothing_follows(
    site: Site, charger: ScriptedCharger
) -> None:
    socket = site.sockets[0]
    socket.close(4000, "enough")
    socket.send("too late")
    socket.ping()

    assert (4000, "enough") == (await charger.wait_ended(), charger.close_reason)
    await socket.wait_closed()
    assert [] == charger.messages
    assert site.ends.empty()


async def test_a_peer_that_does_not_answer_the_close_is_dropped(
    site: Site, charger: ScriptedCharger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.transport.charger_socket.CLOSE_TIMEOUT", 0.01)
    charger.stop_reading()
    socket = site.sockets[0]
    for _ in range(100):
        socket.send(100_000 * "x")
    socket.close(1000, "")

    await asyncio.wait_for(socket.wait_closed(), 5)
    await charger.abort()


async def test_a_lost_connection_is_1006(site: Site, charger: ScriptedCharger) -> None:
    await charger.abort()

    assert (1006, "") == await site.end()


async def test_life_is_any_frame(site: Site, charger: ScriptedCharger) -> None:
    socket = site.sockets[0]

    assert await socket.is_alive(5)
    charger.stop_reading()
    assert not await socket.is_alive(0.01)
    await charger.abort()
    await site.end()
    assert not await socket.is_alive(0.01)


async def test_a_paused_charger_waits_and_loses_nothing(
    site: Site, charger: ScriptedCharger
) -> None:
    socket = site.sockets[0]
    socket.pause()
    await charger.send_text("x")
    socket.send("y")
    await charger.receive()
    assert site.messages.empty()
    socket.resume()

    assert "x" == await site.message()


@pytest.mark.parametrize("compression", [False, True])
async def test_compression_is_agreed_only_when_asked_for(site: Site, *, compression: bool) -> None:
    site.compression = compression
    texts = [100 * "a", 20_000 * "b", 80_000 * "c"]
    async with await ScriptedCharger.connect(site.url, compression=True) as charger:
        assert compression == ("sec-websocket-extensions" in charger.response_headers)
        for text in texts:
            await charger.send_text(text)
            site.sockets[0].send(text)

        assert texts == [await site.message() for _ in texts]
        assert texts == [await charger.receive() for _ in texts]


async def test_a_charger_that_leaves_before_the_101_is_told() -> None:
    """The caller then closes the upstream."""
    left = asyncio.Event()
    errors: list[Exception] = []

    async def wait_and_accept(request: web.Request) -> web.StreamResponse:
        transport = request.transport
        while transport is not None and not transport.is_closing():  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0)
        try:
            await accept(request, subprotocol=None, max_frame=0, compression=False)
        except ConnectionError as error:
            errors.append(error)
        left.set()
        return web.Response()

    app = web.Application()
    app.router.add_get("/", wait_and_accept)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    with pytest.raises((TimeoutError, HandshakeRefusedError)):
        await ScriptedCharger.connect(f"ws://{host}:{port}/", timeout=0.05)
    await asyncio.wait_for(left.wait(), 5)
    await runner.cleanup()

    assert 1 == len(errors)
