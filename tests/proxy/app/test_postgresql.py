"""The whole proxy on a PostgreSQL that stops and returns."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.proxy.app.conftest import AUTH, BOOT, ask, connect, settings
from tests.proxy.postgresql import PostgresqlServer

from oye_proxy.app import running
from oye_proxy.errors import StorageError
from oye_proxy.ocppj.frames import CallResult
from oye_proxy.settings import CsmsSettings, Secret, StorageSettings
from oye_proxy.simulator.peer import ScriptedPeer
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms


async def test_what_was_told_is_there_after_a_restart(
    tmp_path: Path, postgresql_url: Secret
) -> None:
    storage = StorageSettings(data_dir=tmp_path, database_url=postgresql_url)
    given = settings(tmp_path, storage=storage)
    async with running(given) as proxy, await connect(proxy) as charger:
        answer = await charger.send_call("BootNotification", BOOT)
    async with running(settings(tmp_path, storage=storage)) as proxy:
        _, logs = await ask(proxy, "/api/logs")
        _, state = await ask(proxy, "/api/state")
        _, health = await ask(proxy, "/api/health")

    assert isinstance(answer, CallResult)
    assert "BootNotification" in logs
    assert '"vendor":"OYE"' in state
    assert '"postgresql"' in health
    assert not (tmp_path / "db").exists()


async def test_one_that_is_away_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    url = Secret("postgresql://oye:hidden@127.0.0.1:1/oye")
    storage = StorageSettings(data_dir=tmp_path, database_url=url)
    with pytest.raises(StorageError, match="cannot be reached: start PostgreSQL there"):
        async with running(settings(tmp_path, storage=storage)):
            pass


async def test_one_that_stops_delays_no_frame_and_is_used_when_it_returns(
    tmp_path: Path, postgresql: PostgresqlServer, postgresql_url: Secret
) -> None:
    """Promise 4, and nothing that waited is lost."""
    storage = StorageSettings(data_dir=tmp_path, database_url=postgresql_url)
    async with AsyncExitStack() as stack:
        csms = await stack.enter_async_context(ScriptedCsms())
        forwarding = CsmsSettings(url=f"{csms.url}/ocpp")
        given = settings(tmp_path, storage=storage, csms=forwarding)
        proxy = await stack.enter_async_context(running(given))
        charger = await stack.enter_async_context(await connect(proxy))
        link = await csms.next_connection()
        session = await stack.enter_async_context(aiohttp.ClientSession(headers=AUTH))
        live = await stack.enter_async_context(
            session.ws_connect(f"http://127.0.0.1:{proxy.port}/api/live")
        )
        postgresql.stop()
        try:
            answers = [await exchange(charger, link) for _ in range(3)]
            await told(live, lambda issues: "start PostgreSQL there" in str(issues))
            answers.append(await exchange(charger, link))
        finally:
            postgresql.start()
        await told(live, lambda issues: issues == [])
        _, logs = await ask(proxy, "/api/logs")

    assert [True] * 4 == [isinstance(answer, CallResult) for answer in answers]
    assert 4 == logs.count("[2,") == logs.count("[3,")


async def exchange(charger: ScriptedCharger, link: ScriptedPeer) -> object:
    """Let a CALL of the charger and its answer pass."""
    asking = asyncio.ensure_future(charger.send_call("Heartbeat", {}))
    await link.answer_next({"currentTime": "2026-11-21T10:00:00Z"}, "Heartbeat")
    return await asking


async def told(
    live: aiohttp.ClientWebSocketResponse, wanted: Callable[[list[dict[str, Any]]], bool]
) -> None:
    """Wait until the live view tells issues that are wanted."""
    async with asyncio.timeout(30):
        while True:
            message = await live.receive_json()
            if message["type"] == "issues" and wanted(message["issues"]):
                return
