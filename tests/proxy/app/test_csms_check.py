"""The test of a CSMS's address, with real handshakes."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from oye_proxy.app.csms_check import TESTS_A_MINUTE, CsmsCheck, _reason
from oye_proxy.errors import CsmsUnreachableError, InvalidRequestError, TooManyRequestsError
from oye_proxy.settings import CsmsSettings
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.state import State
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.tasks import spawn
from oye_proxy.transport.csms import CsmsDialer
from oye_proxy.transport.own_address import OwnAddress


@pytest.fixture
def check(database: Database) -> CsmsCheck:
    state = State(ConfigStore(database), OwnAddress("", 9))
    return CsmsCheck(CsmsDialer(CsmsSettings(dial_timeout=5), max_frame=65_536), state)


async def answering(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    """Serve one handler for all paths; yield its address."""
    application = web.Application()
    application.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"ws://127.0.0.1:{runner.addresses[0][1]}/ocpp"
    await runner.cleanup()


async def test_a_csms_that_lets_the_charger_in(check: CsmsCheck, csms: SimulatedCsms) -> None:
    result = await check(csms.url, "CP 1/x")

    assert (True, True, 101, "CP 1/x") == (
        result.reached,
        result.accepted,
        result.http_status,
        result.charge_point_id,
    )
    assert (result.subprotocol or "nothing") in result.message


async def test_it_hangs_up_with_a_close_frame_and_sends_no_other(check: CsmsCheck) -> None:
    heard: list[object] = []
    left = asyncio.Event()

    async def listen(request: web.Request) -> web.StreamResponse:
        websocket = web.WebSocketResponse(protocols=["ocpp1.6"])
        await websocket.prepare(request)
        heard.extend([message async for message in websocket])
        heard.append(websocket.close_code)
        left.set()
        return websocket

    async for url in answering(listen):
        assert "ocpp1.6" == (await check(url, None)).subprotocol
        await left.wait()
        assert [1000] == heard


async def test_without_an_id_one_is_made_up(check: CsmsCheck, csms: SimulatedCsms) -> None:
    assert (await check(csms.url, None)).charge_point_id.startswith("OYE-TEST-")


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "it asks for credentials"), (404, "it does not know this charger"), (410, "no reason")],
)
async def test_a_refusal_is_told_in_words(check: CsmsCheck, status: int, said: str) -> None:
    async def refuse(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    async for url in answering(refuse):
        result = await check(url, None)

        assert (True, False, status) == (result.reached, result.accepted, result.http_status)
        assert said in result.message


async def test_what_cannot_be_reached_is_told_without_credentials(check: CsmsCheck) -> None:
    result = await check("ws://owner:hunter2@127.0.0.1:1/ocpp?key=hunter3", None)

    assert (False, False, None) == (result.reached, result.accepted, result.http_status)
    assert result.message.startswith("The CSMS cannot be reached: ")
    assert "hunter" not in result.message


async def test_a_server_without_tls_is_told(check: CsmsCheck, csms: SimulatedCsms) -> None:
    result = await check(csms.url.replace("ws://", "wss://"), None)

    assert not result.reached
    assert result.message.startswith("The CSMS cannot be reached: ")


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong"), "TLS failed"),
        (socket.gaierror(-2, "unknown"), "nobody knows the name"),
        (ConnectionRefusedError(), "nothing listens"),
        (TimeoutError(), "no answer in time"),
        (ConnectionResetError(), "closed the connection"),
        (EOFError(), "closed the connection"),
        (ValueError(), "wss://***@x"),
    ],
)
def test_the_reason_is_told_in_words(cause: Exception, said: str) -> None:
    error = CsmsUnreachableError("wss://owner:hunter2@x: odd")
    error.__cause__ = cause

    assert said in _reason(error)
    assert "hunter2" not in _reason(error)


@pytest.mark.parametrize("url", ["http://127.0.0.1", "127.0.0.1", "ws://", "file:///etc/passwd"])
async def test_only_websockets_are_dialled(check: CsmsCheck, url: str) -> None:
    with pytest.raises(InvalidRequestError):
        await check(url, None)


async def test_one_test_at_a_time(check: CsmsCheck) -> None:
    asked = asyncio.Event()
    answer = asyncio.Event()

    async def wait(_request: web.Request) -> web.StreamResponse:
        asked.set()
        await answer.wait()
        return web.Response(status=404)

    async for url in answering(wait):
        first = spawn(check(url, None), name="first test")
        await asked.wait()
        with pytest.raises(TooManyRequestsError, match="under way"):
            await check(url, None)
        answer.set()
        assert (await first).reached


async def test_only_so_many_a_minute(check: CsmsCheck) -> None:
    for _ in range(TESTS_A_MINUTE):
        await check("ws://127.0.0.1:1", None)

    with pytest.raises(TooManyRequestsError, match="wait a minute"):
        await check("ws://127.0.0.1:1", None)
