"""A backup is one moment of all tables, taken while others write."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from tests.proxy.storage.rich import HEAD, filled

from oye_proxy.errors import MigrationError, StorageError
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.archive import ArchiveReader, Manifest
from oye_proxy.storage.backup import back_up
from oye_proxy.storage.content import to_line
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import config, logs

NOW = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)
SECRETS = b'{"instanceId": "1"}'


async def backed_up(database: Database, path: Path) -> Manifest:
    return await back_up(database, SECRETS, path, NOW, lambda *_: None)


def lines(path: Path) -> dict[str, list[bytes]]:
    reader = ArchiveReader(path)
    try:
        reader.check()
        return {table: sorted(reader.lines(table)) for table in reader.manifest.tables}
    finally:
        reader.close()


async def test_all_rows_of_all_tables_are_in_it(database: Database, tmp_path: Path) -> None:
    rows = await filled(database)
    manifest = await backed_up(database, tmp_path / "b.zip")

    assert (HEAD, "2026-11-21T10:00:00+00:00") == (manifest.revision, manifest.created)
    assert {
        name: sorted(to_line(row) + b"\n" for row in batch) for name, batch in rows.items()
    } == await asyncio.to_thread(lines, tmp_path / "b.zip")


async def test_it_is_one_moment_of_all_tables(database: Database, tmp_path: Path) -> None:
    """Each transaction writes a row here and one there; none of them is in it by half."""
    stop = asyncio.Event()

    async def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            async with database.writing() as connection:
                await connection.execute(insert(config).values(key=str(number), value="1"))
                row = {"charge_point_id": "a", "direction": "b", "payload": "", "timestamp": 1}
                await connection.execute(insert(logs).values(row))

    writer = asyncio.ensure_future(write())
    counts = []
    for _ in range(5):
        tables = (await backed_up(database, tmp_path / "b.zip")).tables
        counts.append((tables["config"].rows, tables["logs"].rows))
    stop.set()
    await writer

    assert [first for first, _ in counts] == [second for _, second in counts]
    assert 0 < counts[-1][0]


async def test_progress_is_told(database: Database, tmp_path: Path) -> None:
    await filled(database, rows=3)
    told: list[tuple[str, int, int]] = []
    await back_up(database, None, tmp_path / "b.zip", NOW, lambda *step: told.append(step))

    assert ("config", 3, 3) in told


async def test_a_database_of_an_older_version_is_not_changed_by_it(tmp_path: Path) -> None:
    """The backup before an upgrade is made with the new program or the old one."""
    database = Database(StorageSettings(db_path=tmp_path / "old.db"))
    await database.attach()
    await filled(database, "0001")
    manifest = await backed_up(database, tmp_path / "b.zip")
    async with database.reading() as connection:
        found = await connection.execute(text("SELECT version_num FROM alembic_version"))
        assert "0001" == found.scalar_one()
    await database.close()

    assert "0001" == manifest.revision


async def test_an_empty_database_has_no_backup(tmp_path: Path) -> None:
    database = Database(StorageSettings(db_path=tmp_path / "o.db"))
    await database.attach()
    with pytest.raises(StorageError, match="holds nothing of OYE: start OYE with it once"):
        await backed_up(database, tmp_path / "b.zip")
    await database.close()

    assert not (tmp_path / "b.zip").exists()


async def test_a_newer_database_has_none_either(database: Database, tmp_path: Path) -> None:
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="newer version of OYE"):
        await backed_up(database, tmp_path / "b.zip")

    assert not (tmp_path / "b.zip").exists()
