"""The database of a whole proxy, and its failures."""

import asyncio
import sqlite3
from collections.abc import Awaitable
from pathlib import Path

import pytest
from tests.proxy.app.conftest import BOOT, ask, connect, settings, until

from oye_proxy.app import running
from oye_proxy.errors import StorageError
from oye_proxy.ocppj.frames import CallResult
from oye_proxy.settings import (
    StorageSettings,
)


async def test_the_first_user_is_made_once(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as first:
        pass
    async with running(settings(tmp_path)) as second:
        pass

    assert ("admin", None) == first.first_user
    assert second.first_user is None


async def test_the_database_can_be_in_memory(tmp_path: Path) -> None:
    in_memory = StorageSettings(data_dir=tmp_path, memory=True)
    async with running(settings(tmp_path, storage=in_memory)) as proxy:
        status, _ = await ask(proxy, "/health")

    assert 200 == status
    assert not (tmp_path / "db").exists()


async def test_a_database_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    async with running(settings(tmp_path)):
        pass
    with sqlite3.connect(tmp_path / "db/oye-proxy.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StorageError):
        async with running(settings(tmp_path)):
            pass


async def test_a_broken_database_is_an_issue_and_delays_no_charger(tmp_path: Path) -> None:
    """Promise 4."""
    path = tmp_path / "db/oye-proxy.db"
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:

        async def in_trouble() -> bool:
            return '"storage_trouble"' in (await ask(proxy, "/api/state"))[1]

        # In a thread: a write in progress needs the loop to end.
        await asyncio.to_thread(alter, path, "ALTER TABLE logs RENAME TO lost")
        answer = await charger.send_call("BootNotification", BOOT)
        await until(in_trouble)
        await asyncio.to_thread(alter, path, "ALTER TABLE lost RENAME TO logs")
        await until(lambda: _not(in_trouble()))

    assert isinstance(answer, CallResult)


def alter(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


async def _not(condition: Awaitable[bool]) -> bool:
    return not await condition
