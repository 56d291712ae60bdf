"""The benchmark's two ends speak real WebSocket and real OCPP; what they measure is elsewhere."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp.web
import pytest

from benchmark.load import Fleet
from benchmark.wire import METER_VALUES_BYTES, SUBPROTOCOL, Csms, unmasked

TIMEOUT = 10


@pytest.fixture
async def csms_port() -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(Csms, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_chargers_get_the_answers_to_their_calls(csms_port: int) -> None:
    fleet = Fleet("CP", 3)
    async with asyncio.timeout(TIMEOUT):
        await fleet.connect(csms_port)
        await fleet.boot()
        sample = await fleet.closed_loop(0, 0.01, lambda: 0.0)
        await fleet.disconnect()

    assert sample.latencies
    assert fleet.answers_of_all_time > len(sample.latencies)


async def test_the_csms_answers_another_librarys_charger(csms_port: int) -> None:
    call = [2, "11111111-2222-4333-8444-555555555555", "Heartbeat", {}]
    async with (
        asyncio.timeout(TIMEOUT),
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"http://127.0.0.1:{csms_port}/ocpp/CP1", protocols=[SUBPROTOCOL]
        ) as charger,
    ):
        await charger.send_str(json.dumps(call, separators=(",", ":")))
        answer = await charger.receive_json()

    assert [3, call[1], {}] == answer


async def test_meter_values_are_one_message_of_600_bytes() -> None:
    received: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def read(request: aiohttp.web.Request) -> aiohttp.web.WebSocketResponse:
        socket = aiohttp.web.WebSocketResponse(protocols=[SUBPROTOCOL])
        await socket.prepare(request)
        text = await socket.receive_str()
        received.set_result(text)
        await socket.send_str(json.dumps([3, json.loads(text)[1], {}], separators=(",", ":")))
        await socket.receive()
        return socket

    app = aiohttp.web.Application()
    app.router.add_get("/ocpp/{charge_point_id}", read)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fleet = Fleet("CP", 1)
    async with asyncio.timeout(TIMEOUT):
        await fleet.connect(runner.addresses[0][1])
        await fleet.paced(1)
        text = await received
        await fleet.disconnect()
    await runner.cleanup()

    message_type, message_id, action, payload = json.loads(text)

    assert len(text.encode()) == METER_VALUES_BYTES
    assert (2, 36, "MeterValues") == (message_type, len(message_id), action)
    assert {"connectorId", "transactionId", "meterValue"} == set(payload)


def test_a_mask_is_taken_off() -> None:
    """RFC 6455 5.3."""
    assert b"Hello" == unmasked(bytes([0x7F, 0x9F, 0x4D, 0x51, 0x58]), b"\x37\xfa\x21\x3d")
