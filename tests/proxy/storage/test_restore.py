"""What a backup held is there again, in whichever kind of database; a failure changes nothing."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, text
from tests.proxy.storage.rich import HEAD, Content, content_at, filled
from tests.proxy.storage.test_archive import manifest_changed, rewrite
from tests.proxy.storage.test_backup import NOW, SECRETS, backed_up

from oye_proxy.errors import MigrationError, StorageError
from oye_proxy.settings import Secret, StorageSettings
from oye_proxy.storage.archive import ArchiveReader
from oye_proxy.storage.claim import claimed
from oye_proxy.storage.database import Database, database_path
from oye_proxy.storage.models import config, logs
from oye_proxy.storage.restore import Replacement, restore
from oye_proxy.tasks import in_threads

ASIDE = ".before-restore-x"


@pytest.fixture(params=["file", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> StorageSettings:
    folder = tmp_path / "target"
    if request.param == "file":
        return StorageSettings(data_dir=folder)
    url = request.getfixturevalue("postgresql_url")
    return StorageSettings(data_dir=folder, database_url=url)


@pytest.fixture(params=["file", "postgresql"])
async def backup(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Path, Content]]:
    """Make a backup of a filled database of each kind."""
    storage = StorageSettings(data_dir=tmp_path / "source")
    server = name = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        name = server.create()
        storage = StorageSettings(database_url=server.url(name))
    database = Database(storage)
    await database.open()
    rows = await filled(database)
    await backed_up(database, tmp_path / "b.zip")
    await database.close()
    yield tmp_path / "b.zip", rows
    if server is not None:
        server.drop(name)


@pytest.fixture
async def file_backup(tmp_path: Path) -> Path:
    database = Database(StorageSettings(data_dir=tmp_path / "source"))
    await database.open()
    await filled(database)
    await backed_up(database, tmp_path / "b.zip")
    await database.close()
    return tmp_path / "b.zip"


async def restored(path: Path, target: StorageSettings, *, force: bool = False) -> Path | None:
    archive = await asyncio.to_thread(ArchiveReader, path)
    try:
        return await restore(archive, target, Replacement(force, ASIDE, NOW), lambda *_: None)
    finally:
        archive.close()


async def add(storage: StorageSettings, key: str) -> None:
    database = Database(storage)
    await database.open()
    async with database.writing() as connection:
        await connection.execute(insert(config).values(key=key, value="mine"))
    await database.close()


async def test_everything_is_there_again(
    backup: tuple[Path, Content], target: StorageSettings
) -> None:
    path, rows = backup

    assert await restored(path, target) is None
    assert rows == await content_at(target)
    assert SECRETS == (target.data_dir / "secrets.json").read_bytes()


async def test_ids_go_on_where_they_were(file_backup: Path, target: StorageSettings) -> None:
    manifest_changed(
        file_backup, lambda manifest: manifest["tables"]["logs"].update(lastId=2**40 + 5000)
    )
    await restored(file_backup, target)
    database = Database(target)
    await database.open()
    async with database.writing() as connection:
        row = {"charge_point_id": "a", "direction": "b", "payload": "", "timestamp": 1}
        added = await connection.execute(insert(logs).values(row).returning(logs.c.id))

        assert 2**40 + 5001 == added.scalar_one()
    await database.close()


async def test_an_older_backup_is_brought_up_to_date(
    tmp_path: Path, target: StorageSettings
) -> None:
    old = Database(StorageSettings(db_path=tmp_path / "old.db"))
    await old.attach()
    rows = await filled(old, "0001")
    await backed_up(old, tmp_path / "b.zip")
    await old.close()
    await restored(tmp_path / "b.zip", target)
    database = Database(target)
    await database.open()
    async with database.reading() as connection:
        found = await connection.execute(text("SELECT version_num FROM alembic_version"))
        assert HEAD == found.scalar_one()
        keys = list((await connection.execute(text("SELECT key FROM config"))).scalars())
    await database.close()

    assert sorted(row[0] for row in rows["config"]) == sorted(keys)


async def test_data_is_replaced_only_by_force_and_kept_aside(
    file_backup: Path, target: StorageSettings
) -> None:
    await add(target, "kept")
    (target.data_dir / "secrets.json").parent.mkdir(exist_ok=True)
    (target.data_dir / "secrets.json").write_text("{}")
    before = await content_at(target)
    with pytest.raises(StorageError, match="holds data: --force replaces it"):
        await restored(file_backup, target)

    assert before == await content_at(target)

    kept = await restored(file_backup, target, force=True)
    after = await content_at(target)

    assert kept is not None
    assert before != after
    assert b"{}" == (target.data_dir / f"secrets.json{ASIDE}").read_bytes()
    if target.database_url is None:
        assert before == await content_at(StorageSettings(db_path=kept))
    else:
        await restored(kept, target, force=True)
        assert before == await content_at(target)


async def test_what_a_killed_proxy_left_in_the_log_is_kept_too(
    file_backup: Path, tmp_path: Path
) -> None:
    target = StorageSettings(data_dir=tmp_path / "target")
    await add(target, "first")
    path = database_path(target)
    log = path.with_name(f"{path.name}-wal")
    leave_in_the_log(path, log)
    kept = await restored(file_backup, target, force=True)

    assert kept is not None
    found = await content_at(StorageSettings(db_path=kept))
    assert {"first", "second"} == {row[0] for row in found["config"]}
    assert not log.exists()


def leave_in_the_log(path: Path, log: Path) -> None:
    """Write a row that is in the log alone, as a kill leaves it."""
    other = sqlite3.connect(path)
    other.execute("INSERT INTO config (key, value) VALUES ('second', 'in the log')")
    other.commit()
    octets, logged = path.read_bytes(), log.read_bytes()
    other.close()
    path.write_bytes(octets)
    log.write_bytes(logged)


@pytest.mark.parametrize(
    "octets", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 9000]
)
async def test_a_damaged_database_can_be_replaced(
    file_backup: Path, tmp_path: Path, octets: bytes
) -> None:
    target = StorageSettings(data_dir=tmp_path / "target")
    path = database_path(target)
    path.parent.mkdir(parents=True)
    path.write_bytes(octets)
    with pytest.raises(StorageError, match="holds data: --force"):
        await restored(file_backup, target)
    kept = await restored(file_backup, target, force=True)

    assert kept is not None
    assert octets == kept.read_bytes()
    assert await content_at(target)


async def test_a_proxy_that_runs_is_not_disturbed(file_backup: Path, tmp_path: Path) -> None:
    target = StorageSettings(data_dir=tmp_path / "target")
    async with in_threads(claimed(database_path(target))):
        with pytest.raises(StorageError, match="is in use by another OYE"):
            await restored(file_backup, target, force=True)

    assert not database_path(target).exists()


async def test_a_proxy_that_runs_on_the_server_is_not_disturbed(
    file_backup: Path, tmp_path: Path, postgresql_url: Secret
) -> None:
    target = StorageSettings(data_dir=tmp_path / "target", database_url=postgresql_url)
    proxy = Database(target)
    await proxy.open()
    with pytest.raises(StorageError, match=r"is in use by OYE \(1 connections\): stop every proxy"):
        await restored(file_backup, target)
    await proxy.close()

    await restored(file_backup, target)


async def test_a_proxy_cannot_start_on_the_server_meanwhile(
    tmp_path: Path, postgresql_url: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.storage.postgresql._MIGRATION_LOCK_SECONDS", 0.01)
    target = StorageSettings(data_dir=tmp_path, database_url=postgresql_url)
    one, two, third = (Database(target) for _ in range(3))
    await one.attach()
    await third.attach()
    async with one.alone():
        with pytest.raises(StorageError, match="is being migrated by another OYE: wait for it"):
            await two.open()
        with pytest.raises(StorageError, match="is being changed by another OYE: wait for it"):
            async with third.alone():
                pass
    await third.close()
    await one.close()


async def test_a_backup_of_a_newer_version_is_refused(
    file_backup: Path, target: StorageSettings
) -> None:
    manifest_changed(file_backup, lambda manifest: manifest.update(revision="9999"))
    with pytest.raises(MigrationError, match=r"the backup was written by a newer version of OYE"):
        await restored(file_backup, target)


def row_added(name: str, line: bytes) -> Any:
    """Return a change of the members that adds a row and lets the manifest agree with it."""
    from hashlib import sha256  # noqa: PLC0415

    def change(members: dict[str, bytes]) -> None:
        manifest = msgspec.json.decode(members["manifest.json"])
        part = manifest["tables"][name]
        octets = members[f"tables/{name}.jsonl"] = members[f"tables/{name}.jsonl"] + line
        part.update(bytes=len(octets), rows=part["rows"] + 1, sha256=sha256(octets).hexdigest())
        members["manifest.json"] = msgspec.json.encode(manifest)

    return change


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'["a"]\n', "a row that does not fit the table config"),
        (b'["a",{"b":1},null]\n', "a row that does not fit the table config"),
        (b'["a",null,null]\n', "failed: "),
        (b"garbage\n", "a row that does not fit the table config"),
    ],
)
async def test_a_row_that_does_not_fit_leaves_what_was_there(
    file_backup: Path, target: StorageSettings, line: bytes, words: str
) -> None:
    await add(target, "kept")
    before = await content_at(target)
    rewrite(file_backup, row_added("config", line))
    with pytest.raises(StorageError, match=words):
        await restored(file_backup, target, force=True)

    assert before == await content_at(target)
    assert not (target.data_dir / "secrets.json").exists()
    if target.database_url is None:
        assert {"oye-proxy.db", "oye-proxy.db.lock"} == {
            file.name for file in database_path(target).parent.iterdir()
        }


async def test_tables_of_other_names_or_columns_are_refused(
    file_backup: Path, target: StorageSettings
) -> None:
    manifest_changed(
        file_backup, lambda manifest: manifest["tables"]["config"].update(columns=["key", "x", "y"])
    )
    with pytest.raises(StorageError, match="does not have the tables of its version"):
        await restored(file_backup, target)


async def test_a_disk_without_room_is_told_before(
    file_backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(StorageError, match="where only 0 MB are free: make room"):
        await restored(file_backup, StorageSettings(data_dir=tmp_path / "target"))


async def test_strangers_tables_on_the_server_are_left_alone(
    file_backup: Path, tmp_path: Path, postgresql_url: Secret
) -> None:
    target = StorageSettings(data_dir=tmp_path / "target", database_url=postgresql_url)
    database = Database(target)
    await database.attach()
    async with database.changing() as connection:
        await connection.execute(text("CREATE TABLE config (mine INTEGER)"))
    await database.close()
    with pytest.raises(MigrationError, match=r"tables that are not OYE's \(config\)"):
        await restored(file_backup, target, force=True)


async def test_a_database_in_memory_cannot_be_restored(file_backup: Path) -> None:
    with pytest.raises(StorageError, match="in memory cannot be restored"):
        await restored(file_backup, StorageSettings(memory=True))
