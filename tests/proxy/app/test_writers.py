"""Frames, chargers and journal on their way to the database of a whole proxy."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable
from pathlib import Path

from tests.proxy.app.conftest import BOOT, ask, connect, settings, until

from oye_proxy.app import Running, running
from oye_proxy.ocppj.frames import CallResult


async def test_a_broken_database_is_an_issue_and_delays_no_charger(tmp_path: Path) -> None:
    """Promise 4."""
    path = tmp_path / "db/oye-proxy.db"
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:

        async def in_trouble() -> bool:
            # A disk of the machine that is almost full is another trouble.
            return "no such table" in (await ask(proxy, "/api/state"))[1]

        # In a thread: a write in progress needs the loop to end.
        await asyncio.to_thread(alter, path, "ALTER TABLE logs RENAME TO lost")
        answer = await charger.send_call("BootNotification", BOOT)
        await until(in_trouble)
        await asyncio.to_thread(alter, path, "ALTER TABLE lost RENAME TO logs")
        await until(lambda: _not(in_trouble()))

    assert isinstance(answer, CallResult)


async def test_the_count_of_frames_follows_what_comes_in(tmp_path: Path) -> None:
    """It is no older than the writer's batch, after a start with a filled database too."""
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
        await until(lambda: _frames_are(proxy, 0))
        await charger.send_call("BootNotification", BOOT)
        await until(lambda: _frames_are(proxy, 2))
    async with running(settings(tmp_path)) as again:
        await until(lambda: _frames_are(again, 2))


def alter(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


async def _not(condition: Awaitable[bool]) -> bool:
    return not await condition


async def test_what_was_told_is_on_disk_after_the_stop(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
        await charger.send_call("BootNotification", BOOT)
    async with running(settings(tmp_path)) as proxy:
        _, logs = await ask(proxy, "/api/logs")
        _, chargers = await ask(proxy, "/api/state")

    assert "BootNotification" in logs
    assert '"vendor":"OYE"' in chargers


async def _frames_are(proxy: Running, expected: int) -> bool:
    health = json.loads((await ask(proxy, "/api/health"))[1])
    return bool(expected == health["database"]["frames"])
