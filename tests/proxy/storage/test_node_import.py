"""The Node oye-proxy's data in any database, also in one that is in use."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert
from tests.proxy.storage.test_node_file import made

from oye_proxy.errors import StorageError
from oye_proxy.storage.chargers import ChargerStore
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.frames import FrameQuery, FrameStore
from oye_proxy.storage.models import chargers, logs
from oye_proxy.storage.node_file import NodeFile
from oye_proxy.storage.node_import import Imported, import_node
from oye_proxy.storage.users import UserStore

OURS = {
    "charge_point_id": "CP-001",
    "direction": "UPSTREAM",
    "payload": "ours",
    "timestamp": 1800000000,
}


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[NodeFile]:
    file = await asyncio.to_thread(made, tmp_path / "node.db")
    yield file
    file.close()


async def imported(database: Database, file: NodeFile) -> Imported:
    return await import_node(database, file, lambda *_: None)


async def frames(database: Database) -> list[tuple[int, str | bytes, int]]:
    found = await FrameStore(database).search(FrameQuery())
    return [(frame.id, frame.payload, frame.timestamp) for frame in found]


async def test_config_chargers_limits_and_frames_come_along(
    database: Database, file: NodeFile
) -> None:
    result = await imported(database, file)
    known = await ChargerStore(database).all()

    assert (1, 1, 2, 0) == (result.config, result.chargers, result.frames, result.unreadable)
    assert {"targetCsmsUrl": "wss://csms.example/ocpp"} == await ConfigStore(database).all()
    assert [("CP-001", 16.0)] == [(row.charge_point_id, row.max_power) for row in known]
    assert [
        (42, '[3,"1",{}]', 1700000002),
        (41, '[2,"1","Heartbeat",{}]', 1700000001),
    ] == await frames(database)


async def test_users_stay_behind_and_are_named(database: Database, file: NodeFile) -> None:
    result = await imported(database, file)

    assert ["admin"] == result.users
    assert [] == await UserStore(database).all()


async def test_ids_go_on_behind_those_that_came(database: Database, file: NodeFile) -> None:
    await imported(database, file)
    async with database.writing() as connection:
        added = await connection.execute(insert(logs).values(OURS).returning(logs.c.id))

        assert 43 == added.scalar_one()


async def test_what_is_there_stays_and_comes_after_what_is_older(
    database: Database, file: NodeFile
) -> None:
    """Retention deletes the smallest ids first: those of the file, not the newest."""
    await ConfigStore(database).set({"targetCsmsUrl": "wss://mine/ocpp"})
    async with database.writing() as connection:
        await connection.execute(insert(logs), [OURS, OURS])
        row = {"charge_point_id": "CP-001", "status": "OFFLINE", "last_seen": 1, "name": "Garage"}
        await connection.execute(insert(chargers).values(row))
    result = await imported(database, file)
    known = await ChargerStore(database).all()

    assert (0, 0, 1, 2) == (result.config, result.chargers, result.limits, result.frames)
    assert {"targetCsmsUrl": "wss://mine/ocpp"} == await ConfigStore(database).all()
    assert [("Garage", 16.0)] == [(row.name, row.max_power) for row in known]
    assert [
        (2, "ours", 1800000000),
        (1, "ours", 1800000000),
        (0, '[3,"1",{}]', 1700000002),
        (-1, '[2,"1","Heartbeat",{}]', 1700000001),
    ] == await frames(database)


async def test_a_second_run_imports_nothing_twice(
    database: Database, file: NodeFile, tmp_path: Path
) -> None:
    await imported(database, file)
    before = await frames(database)
    await ChargerStore(database).set_max_power("CP-001", None)
    again = await imported(database, file)
    node = sqlite3.connect(tmp_path / "node.db")
    node.execute("INSERT INTO logs VALUES (43, 'CP-001', 'UPSTREAM', 'later', 1700000003)")
    node.commit()
    node.close()
    later = await imported(database, file)

    assert (0, 0, 0, 0, 0) == (
        again.config,
        again.chargers,
        again.limits,
        again.frames,
        again.newer,
    )
    assert (0, 1) == (later.frames, later.newer)
    assert before == await frames(database)
    assert [None] == [row.max_power for row in await ChargerStore(database).all()]


async def test_two_installations_can_be_imported(
    database: Database, file: NodeFile, tmp_path: Path
) -> None:
    statement = "INSERT INTO knex_migrations (name) VALUES ('other')"
    other = await asyncio.to_thread(made, tmp_path / "other.db", statement)
    await imported(database, file)
    result = await imported(database, other)
    other.close()

    assert 2 == result.frames
    assert [42, 41, 0, -1] == [number for number, *_ in await frames(database)]


async def test_a_failure_leaves_nothing(database: Database, file: NodeFile) -> None:
    def fail(*_: object) -> None:
        raise StorageError("in the middle")

    with pytest.raises(StorageError, match="in the middle"):
        await import_node(database, file, fail)

    assert ([], {}) == (await frames(database), await ConfigStore(database).all())
    assert 2 == (await imported(database, file)).frames
