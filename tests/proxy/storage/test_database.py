import asyncio
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from oye_proxy.errors import MigrationError, StorageError
from oye_proxy.settings import StorageSettings
from oye_proxy.storage import database as module
from oye_proxy.storage.database import Database, database_path
from oye_proxy.storage.models import config


async def keys(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(config.c.key))).scalars())


def test_the_file_stands_in_the_data_folder_unless_it_is_named(tmp_path: Path) -> None:
    named = StorageSettings(data_dir=tmp_path, db_path=tmp_path / "other.db")

    assert tmp_path / "db/oye-proxy.db" == database_path(StorageSettings(data_dir=tmp_path))
    assert tmp_path / "other.db" == database_path(named)


async def test_what_is_written_is_read_on_another_connection(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(config).values(key="a", value="1"))

    assert ["a"] == await keys(database)


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(config).values(key="a", value="1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert [] == await keys(database)


async def test_writers_wait_for_each_other(database: Database) -> None:
    async def write(key: str) -> None:
        async with database.writing() as connection:
            await connection.execute(select(config))
            await connection.execute(insert(config).values(key=key, value="1"))

    await asyncio.gather(*(write(str(number)) for number in range(20)))

    assert 20 == len(await keys(database))


async def test_writers_get_their_turn_in_order(database: Database) -> None:
    order: list[int] = []

    async def write(number: int) -> None:
        for _ in range(3):
            async with database.writing() as connection:
                await connection.execute(select(config))
                order.append(number)

    await asyncio.gather(*(write(number) for number in range(3)))

    assert [0, 1, 2] * 3 == order


async def test_many_readers_leave_room_for_a_writer(file_database: Database) -> None:
    release = asyncio.Event()
    reading: list[int] = []
    full = asyncio.Event()

    async def read(number: int) -> None:
        async with file_database.reading() as connection:
            await connection.execute(select(config))
            reading.append(number)
            if len(reading) == module._READERS:
                full.set()
            await release.wait()

    readers = [asyncio.ensure_future(read(number)) for number in range(20)]
    await full.wait()
    async with file_database.writing() as connection:
        await connection.execute(insert(config).values(key="a", value="1"))

    assert module._READERS == len(reading)

    release.set()
    await asyncio.gather(*readers)

    assert 20 == len(reading)


async def test_a_database_that_hangs_is_named(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TURN_SECONDS", 0.001)
    async with database.writing():
        with pytest.raises(StorageError, match="does not answer: see whether"):
            async with database.writing():
                pass

    async with database.writing():
        pass


async def test_upsert_replaces_by_primary_key(database: Database) -> None:
    async with database.writing() as connection:
        for value in ("1", "2"):
            row = {"key": "a", "value": value, "updated_at": 1}
            await connection.execute(database.upsert(config, row))
        await connection.execute(database.upsert(config, {"key": "a", "value": "3"}, update=()))

    async with database.reading() as connection:
        assert ["2"] == list((await connection.execute(select(config.c.value))).scalars())


async def test_a_file_survives_and_is_in_wal_mode(tmp_path: Path) -> None:
    database = Database(StorageSettings(data_dir=tmp_path / "a?b%c #d"))
    for _ in range(2):
        await database.open()
        async with database.writing() as connection:
            await connection.execute(database.upsert(config, {"key": "a", "value": "1"}))
            pragmas = {
                name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
                for name in (
                    "journal_mode",
                    "synchronous",
                    "wal_autocheckpoint",
                    "foreign_keys",
                    "busy_timeout",
                )
            }
        await database.check()
        size = await database.size()
        await database.close()

        assert size > 0
        assert {
            "journal_mode": "wal",
            "synchronous": 1,
            "wal_autocheckpoint": 10000,
            "foreign_keys": 1,
            "busy_timeout": 3000,
        } == pragmas


async def test_two_databases_in_memory_are_two() -> None:
    first, second = (Database(StorageSettings(memory=True)) for _ in range(2))
    await first.open()
    await second.open()
    async with first.writing() as connection:
        await connection.execute(insert(config).values(key="a", value="1"))

    assert [] == await keys(second)
    assert 0 == await first.size()

    await first.close()
    await second.close()


async def test_a_closed_database_says_so(database: Database) -> None:
    await database.close()

    with pytest.raises(StorageError, match="closed"):
        await database.check()


async def test_a_query_that_fails_is_a_storage_error(database: Database) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        async with database.reading() as connection:
            await connection.execute(text("SELECT 1 FROM nowhere"))


async def opening_fails_with(database: Database) -> str:
    with pytest.raises(StorageError) as caught:
        await database.open()
    with pytest.raises(StorageError, match="closed"):
        await database.check()
    message = str(caught.value)
    assert "\n" not in message
    return message


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes" * 100)

    message = await opening_fails_with(Database(StorageSettings(db_path=path)))

    assert f"the file {path} is not a database: move it away, or restore it from a backup" == (
        message
    )


async def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    database = Database(StorageSettings(data_dir=tmp_path))
    await database.open()
    await database.close()
    assert database.path is not None
    octets = bytearray(database.path.read_bytes())
    octets[100:4096] = b"\xff" * (4096 - 100)
    database.path.write_bytes(octets)

    assert "is damaged: move it away, or restore it from a backup" in (
        await opening_fails_with(Database(StorageSettings(data_dir=tmp_path)))
    )


async def test_a_locked_database_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oye_proxy.storage.sqlite._BUSY_SECONDS", 0.01)
    database = Database(StorageSettings(data_dir=tmp_path))
    await database.open()
    await database.close()
    assert database.path is not None
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    message = await opening_fails_with(Database(StorageSettings(data_dir=tmp_path)))
    other.close()

    assert "is locked by another program: end it (is OYE running twice?)" in message


async def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    message = await opening_fails_with(Database(StorageSettings(data_dir=tmp_path / "data")))

    assert "Not a directory" in message
    assert str(tmp_path / "data") in message


@pytest.fixture
def read_only_folder(tmp_path: Path) -> Iterator[Path]:
    """Mount a small read-only disk: root ignores permission bits."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "none", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.chmod(0o500)
        try:
            (folder / "probe").touch()
        except OSError:
            yield folder
            folder.chmod(0o700)
            return
        pytest.skip("neither a mount nor permission bits make a folder read-only here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_read_only_disk_is_named(read_only_folder: Path) -> None:
    in_folder = await opening_fails_with(Database(StorageSettings(data_dir=read_only_folder)))
    as_file = await opening_fails_with(Database(StorageSettings(db_path=read_only_folder / "o.db")))

    assert "cannot be used: Read-only file system" in in_folder
    assert "cannot be opened: make its folder writable, or choose another one" in as_file


async def test_a_newer_database_stops_the_start(tmp_path: Path) -> None:
    database = Database(StorageSettings(data_dir=tmp_path))
    await database.open()
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()

    with pytest.raises(MigrationError, match=r"newer version of OYE \(revision 9999\): start that"):
        await database.open()


async def test_a_stranger_s_tables_stop_the_start(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    theirs = sqlite3.connect(path)
    theirs.execute("CREATE TABLE config (mine INTEGER)")
    theirs.close()

    with pytest.raises(MigrationError, match=r"not OYE's \(config\): choose another one"):
        await Database(StorageSettings(db_path=path)).open()
