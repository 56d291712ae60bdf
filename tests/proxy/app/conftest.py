"""A whole proxy in this process, and what is asked of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from oye_proxy.app import Running
from oye_proxy.settings import (
    ApiSettings,
    CsmsSettings,
    Secret,
    ServerSettings,
    Settings,
    StorageSettings,
)
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.scripted import ScriptedCharger

BOOT = {"chargePointVendor": "OYE", "chargePointModel": "Test"}
AUTH = {"Authorization": aiohttp.encode_basic_auth("admin", "correct horse")}


@pytest.fixture
async def csms() -> AsyncIterator[SimulatedCsms]:
    csms = SimulatedCsms()
    await csms.start()
    yield csms
    await csms.stop()


def settings(data_dir: Path, **groups: Any) -> Settings:
    given = {
        "server": ServerSettings(host="127.0.0.1", port=0),
        "storage": StorageSettings(data_dir=data_dir),
        "api": ApiSettings(initial_admin_password=Secret("correct horse")),
        "csms": CsmsSettings(reconnect_delay=0.01),
    }
    return Settings(**(given | groups))


async def connect(proxy: Running, charge_point_id: str = "CP1") -> ScriptedCharger:
    return await ScriptedCharger.connect(f"ws://127.0.0.1:{proxy.port}/ocpp/{charge_point_id}")


async def ask(proxy: Running, path: str, **options: Any) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession(headers=AUTH) as session,
        session.request(
            options.pop("method", "GET"), f"http://127.0.0.1:{proxy.port}{path}", **options
        ) as response,
    ):
        return response.status, await response.text()


def issues_of_chargers(state: Any) -> list[Any]:
    """Return the issues without those of the machine, whose disk may be full."""
    return [issue for issue in state["issues"] if issue["chargePointId"] is not None]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - seen from outside, nothing tells
            await asyncio.sleep(0.01)
