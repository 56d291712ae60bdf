"""What a handshake must say; all else is refused before anybody is dialled."""

import asyncio
from typing import Any

import pytest
from tests.proxy.transport.conftest import Starter, refused, request

from oye_proxy.simulator.scripted import (
    ScriptedCsms,
)


async def test_other_paths_are_not_found(proxy: Any, csms: ScriptedCsms) -> None:
    proxy.admit(csms.url)
    for path in ("/", "/other", "/ocpp/", "/ocpp/1.6", "/ocpp/a%00b", "/ocpp/" + 129 * "x"):
        refusal = await refused(proxy, path, subprotocols=[])
        assert 404 == refusal.status
        assert b'"code": "handshake_refused"' in refusal.body
    assert [] == csms.requests


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Upgrade: websocket", "Connection: keep-alive"],
        ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 12"],
        ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"],
        [
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: abc",
        ],
    ],
)
async def test_a_bad_handshake_is_refused_before_the_dial(
    proxy: Any, csms: ScriptedCsms, lines: list[str]
) -> None:
    proxy.admit(csms.url)

    line = await request(proxy, "GET /ocpp/CP1 HTTP/1.1", "Host: x", *lines)

    assert b"HTTP/1.1 400 Bad Request\r\n" == line
    assert [] == csms.requests


async def test_a_path_that_is_not_percent_encoded_is_refused(proxy: Any) -> None:
    """The library that accepts refuses it before we see it."""
    line = await request(
        proxy,
        "GET /ocpp/é HTTP/1.1",
        "Host: x",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    )

    assert b"400 Bad Request\r\n" == line.partition(b" ")[2]


async def test_strict_rules_are_an_option(start_proxy: Starter) -> None:
    proxy = await start_proxy(
        charger={
            "strict_version_path": True,
            "require_subprotocol": True,
            "id_pattern": "CP-[0-9]+",
        }
    )
    wrong = await refused(proxy, "/ocpp/2.0.1/CP-1", subprotocols=["ocpp1.6"])
    missing = await refused(proxy, "/ocpp/CP-1", subprotocols=[])
    pattern = await refused(proxy, "/ocpp/CP-1x")
    await (await proxy.connect("/ocpp/1.6/CP-1")).close()

    assert (400, True) == (wrong.status, b"Invalid Sec-WebSocket-Protocol" in wrong.body)
    assert (400, True) == (missing.status, b"Missing Sec-WebSocket-Protocol" in missing.body)
    assert 404 == pattern.status


async def test_a_header_that_cannot_be_sent_on_does_not_part_charger_and_csms(
    proxy: Any, csms: ScriptedCsms
) -> None:
    proxy.admit(csms.url)
    host, port = proxy.url.removeprefix("ws://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        b"Sec-WebSocket-Protocol: ocpp1.6\r\nSec-WebSocket-Protocol: \xff, ocpp2.1\r\n"
        b"User-Agent: Box\xff\r\n\r\n"
    )
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()

    assert b"HTTP/1.1 101 Switching Protocols\r\n" == line
    assert (None, ["ocpp1.6", "ocpp2.1"]) == (
        csms.requests[0].header("User-Agent"),
        csms.requests[0].subprotocols,
    )
