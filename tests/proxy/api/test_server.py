"""Every request, however odd, gets a JSON answer with the headers of the API."""

import asyncio
import io
import json
from typing import Any

import aiohttp
import pytest
from tests.proxy.api.conftest import ADMIN, Api, basic
from tests.proxy.api.memory import MemoryHub
from yarl import URL

from oye_proxy.api.server import SECURITY_HEADERS


async def raw(api: Api, request: bytes) -> tuple[int, dict[str, str], Any]:
    """Send bytes as they are; return status, headers and JSON."""
    url = URL(api.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value
            for name, _, value in (line.partition(": ") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return int(head[0].split()[1]), headers, json.loads(body or b"null")
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/api", 404, "not_found"),
        ("GET", "/api/chargers/a/b", 404, "not_found"),
        ("GET", "/api/%63hargers", 404, "not_found"),
        ("GET", "/../etc/passwd", 404, "not_found"),
        ("GET", "/ocpp/CP1", 404, "not_found"),
        ("GET", "/a%0Ab", 404, "not_found"),
        ("DELETE", "/api/chargers", 405, "method_not_allowed"),
        ("PATCH", "/", 405, "method_not_allowed"),
        ("BREW", "/api/info", 400, "invalid_request"),
        ("OPTIONS", "/api/info", 405, "method_not_allowed"),
        ("GET", "/api/live", 426, "upgrade_required"),
        ("GET", "/api/chargers/%FF", 400, "invalid_request"),
        ("GET", "/api/chargers/~!", 400, "invalid_request"),
        ("GET", "/api/chargers/~_w", 400, "invalid_request"),
        ("GET", "/api/chargers/none", 404, "charger_unknown"),
        ("GET", "/api/chargers/%00", 404, "charger_unknown"),
    ],
)
async def test_what_http_refuses_is_json_too(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    answered, body = await api.ask(method, path)

    assert (status, code) == (answered, body["code"])
    assert body["error"]


async def test_a_wrong_method_is_told_the_right_ones(api: Api) -> None:
    async with api.session.put(f"{api.url}/api/config") as response:
        assert "GET,POST" == response.headers["Allow"]


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"garbage\r\n\r\n", 400, "invalid_request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", 400, "invalid_request"),
        (b"GET /\xff HTTP/1.1\r\nHost: h\r\n\r\n", 400, "invalid_request"),
        (b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 404, "not_found"),
        (b"GET http://h/nothing HTTP/1.1\r\nHost: h\r\n\r\n", 404, "not_found"),
        (
            b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            400,
            "invalid_request",
        ),
        (
            b"POST /api/config HTTP/1.1\r\nHost: h\r\nExpect: tea\r\nContent-Length: 2\r\n\r\n{}",
            417,
            "expectation_failed",
        ),
        (
            b"GET /api/info HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
            400,
            "invalid_request",
        ),
    ],
)
async def test_what_cannot_be_parsed_is_answered_in_json(
    api: Api, caplog: pytest.LogCaptureFixture, request_bytes: bytes, status: int, code: str
) -> None:
    answered, _, body = await raw(api, request_bytes)

    assert (status, code) == (answered, body["code"])
    assert [] == caplog.records


async def test_expect_continue_is_answered_before_the_body(api: Api) -> None:
    status, _ = await api.ask("POST", "/api/config", {"defaultIdTag": "TAG"}, expect100=True)

    assert 200 == status


async def test_headers_guard_browsers_and_name_no_server(api: Api) -> None:
    for path in ("/", "/health", "/api/info", "/nothing"):
        async with api.session.get(f"{api.url}{path}") as response:
            assert SECURITY_HEADERS == {name: response.headers[name] for name in SECURITY_HEADERS}
            assert "Server" not in response.headers


async def test_a_large_body_is_refused(api: Api) -> None:
    large = io.BytesIO(b'{"action": "DataTransfer", "payload": {"data": "' + b"x" * 1_100_000)
    url = f"{api.url}/api/inject/CP1"
    async with api.session.post(url, data=large, headers=basic(*ADMIN)) as response:
        answer = response.status, (await response.json())["code"]

    assert (413, "payload_too_large") == answer


async def test_head_is_get_without_a_body(api: Api) -> None:
    async with api.session.head(f"{api.url}/api/info", headers=basic(*ADMIN)) as response:
        assert (200, b"") == (response.status, await response.read())


@pytest.mark.parametrize(
    "path",
    [
        "/ocpp/CP1",
        "/ocpp/2.0.1/CP%2F1",
        "/ocpp/a%0Ab",
        "/a/b/ocpp/%F0%9F%94%8C?x=1",
        "/apiary/ocpp/CP1",
        "/",
        "/ocpp/%FF",
        "/ocpp/{CP}",
    ],
)
async def test_upgrades_outside_the_api_are_chargers(api: Api, path: str) -> None:
    """The charger's handler gets the raw path, whatever it holds."""
    request = f"GET {path} HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n"
    url = URL(api.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(request.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    expected = path.partition("?")[0].encode()
    seen = await reader.readexactly(len(expected))
    writer.close()
    await writer.wait_closed()

    assert head.startswith(b"HTTP/1.1 418 ")
    assert expected == seen
    assert [] == [name for name in SECURITY_HEADERS if f"\r\n{name}:".encode() in head]


@pytest.mark.parametrize("path", ["/api/nothing", "/api/live/CP1", "/api"])
async def test_upgrades_below_the_api_are_no_chargers(api: Api, path: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await api.session.ws_connect(f"{api.url}{path}")

    assert 404 == refused.value.status


async def test_a_bug_is_logged_once_and_told_nobody(
    api: Api, hub: MemoryHub, caplog: pytest.LogCaptureFixture
) -> None:
    hub.chargers = None  # type: ignore[assignment]  # a bug
    status, body = await api.ask("GET", "/api/chargers")

    assert (500, {"error": "Internal Server Error", "code": "internal_error"}) == (status, body)
    assert ["GET /api/chargers failed"] == [record.message for record in caplog.records]
