"""`oye-proxy cleanup`: what the proxy does every day, by hand."""

import asyncio
from pathlib import Path

from sqlalchemy import insert
from tests.proxy.cli.conftest import Run

from oye_proxy.hub.storage_policy import StorageChoice, StoragePolicy
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import logs

NOW = 4_000_000_000


async def fill(data_dir: Path, choice: StorageChoice, *times: int, payload: str = "[]") -> None:
    """Store a frame of one charger at each of these times, and the owner's choice."""
    settings = StorageSettings(data_dir=data_dir)
    database = Database(settings)
    await database.open()
    rows = [
        {"charge_point_id": "CP1", "direction": "UPSTREAM", "payload": payload, "timestamp": time}
        for time in times
    ]
    if rows:
        async with database.writing() as connection:
            await connection.execute(insert(logs), rows)
    await StoragePolicy(ConfigStore(database), settings).change(choice)
    await database.close()


def test_it_says_what_it_did(run: Run, data_dir: Path) -> None:
    asyncio.run(fill(data_dir, StorageChoice()))
    result = run("cleanup")
    first, second = result.out.splitlines()

    assert 0 == result.code
    assert "0 frames deleted, 0 left." == first
    assert second.startswith("The database takes 0.")


def test_frames_go_that_are_too_many_or_too_old(run: Run, data_dir: Path) -> None:
    asyncio.run(fill(data_dir, StorageChoice(retention_count=3), 1, 2, *[NOW] * 4))

    assert "3 frames deleted, 3 left." == run("cleanup").out.splitlines()[0]


def test_the_oldest_go_when_the_database_is_too_large(run: Run, data_dir: Path) -> None:
    choice = StorageChoice(max_bytes=16 * 1024 * 1024, retention_count=10**6)
    asyncio.run(fill(data_dir, choice, *[NOW] * 200, payload="x" * 100_000))
    result = run("cleanup")
    left = int(result.out.splitlines()[0].split()[3])

    assert 0 == result.code
    assert 120 < left < 170


def test_compacting_gives_the_room_back(run: Run, data_dir: Path) -> None:
    asyncio.run(fill(data_dir, StorageChoice(), *[1] * 50, payload="x" * 100_000))
    file = data_dir / "db/oye-proxy.db"
    before = file.stat().st_size
    result = run("cleanup", "--compact")

    assert (0, "50 frames deleted, 0 left.") == (result.code, result.out.splitlines()[0])
    assert before - 4_000_000 > file.stat().st_size


def test_compacting_needs_a_proxy_that_is_stopped(run: Run, data_dir: Path) -> None:
    asyncio.run(fill(data_dir, StorageChoice()))

    async def serve_meanwhile() -> int:
        database = Database(StorageSettings(data_dir=data_dir))
        async with database.served():
            return (await asyncio.to_thread(run, "cleanup", "--compact")).code

    assert 1 == asyncio.run(serve_meanwhile())
