"""What no handler ever sees is answered in JSON, without a word about the proxy's insides."""

import asyncio

import msgspec
import pytest
from aiohttp import web
from tests.proxy.api.conftest import ADMIN, Api, basic, serve
from tests.proxy.api.memory import MemoryHub
from yarl import URL

from oye_proxy.api.keys import Dependencies


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nBad Header: x\r\n\r\n",
        b"GET http://h:99999999/ HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /é HTTP/1.1\r\nHost: h\r\n\r\n".encode(),
        b"GET /ocpp/\xff HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
async def test_garbage_is_answered_and_the_connection_ends(
    api: Api, caplog: pytest.LogCaptureFixture, request_bytes: bytes
) -> None:
    url = URL(api.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(request_bytes)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")

    assert b"aiohttp" not in head

    assert b" 400 " in head.partition(b"\r\n")[0]
    assert b'{"error":"The request cannot be read","code":"invalid_request"}' == body
    assert [] == caplog.records


BODY_OF_100 = (
    b"POST /api/config HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\nAuthorization: "
    + basic(*ADMIN)["Authorization"].encode()
    + b"\r\n\r\n{"
)


async def test_who_leaves_in_the_middle_is_no_fault_of_ours(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    url = URL(api.url)
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(BODY_OF_100)
    await writer.drain()
    writer.transport.abort()
    status, _ = await api.ask("GET", "/api/info")

    assert 200 == status
    assert [] == [record for record in caplog.records if record.levelname == "ERROR"]


async def test_an_answer_that_breaks_off_ends_the_connection_and_is_logged_once(
    dependencies: Dependencies, hub: MemoryHub, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_off(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"begun")
        raise ValueError("a bug")

    broken = msgspec.structs.replace(dependencies, charger_handler=break_off)
    answer = b""
    async for api in serve(broken, hub):
        url = URL(api.url)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(b"GET /x HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()

    assert b"begun" in answer
    assert b"error" not in answer
    assert ["/x failed after its answer had begun"] == [one.message for one in caplog.records]
