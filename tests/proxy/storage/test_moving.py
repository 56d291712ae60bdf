"""All rows of one database in another one: nothing lost, nothing twice, whatever kills it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from tests.proxy.postgresql import PostgresqlServer
from tests.proxy.storage.rich import HEAD, content_at, content_of, filled

from oye_proxy.errors import MigrationError, StorageError
from oye_proxy.settings import Secret, StorageSettings
from oye_proxy.storage import content
from oye_proxy.storage.claim import claimed
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import config, logs
from oye_proxy.storage.moving import Moved, move
from oye_proxy.tasks import in_threads

FRAME = {"charge_point_id": "a", "direction": "b", "payload": "x", "timestamp": 1}

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from oye_proxy.settings import Secret, StorageSettings
from oye_proxy.storage import content
from oye_proxy.storage.database import Database
from oye_proxy.storage.moving import move

content.BATCH_ROWS = content._FETCH_ROWS = 10

def tell(table, done, total):
    if table == "logs" and done >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    source = Database(StorageSettings(db_path=Path(sys.argv[1])))
    name = sys.argv[2]
    there = {"database_url": Secret(name)} if "://" in name else {"db_path": Path(name)}
    target = Database(StorageSettings(**there))
    await source.attach()
    await target.attach()
    await move(source, target, tell)

asyncio.run(main())
"""


def _storage(request: pytest.FixtureRequest, kind: str, path: Path) -> Iterator[StorageSettings]:
    if kind == "file":
        yield StorageSettings(db_path=path)
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    name = server.create()
    yield StorageSettings(database_url=server.url(name))
    server.drop(name)


@pytest.fixture(params=["file", "postgresql"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StorageSettings]:
    yield from _storage(request, request.param, tmp_path / "source.db")


@pytest.fixture(params=["file", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StorageSettings]:
    yield from _storage(request, request.param, tmp_path / "new" / "target.db")


@pytest.fixture
async def file_source(tmp_path: Path) -> StorageSettings:
    """Make a file with a table that takes many batches."""
    storage = StorageSettings(db_path=tmp_path / "source.db")
    database = Database(storage)
    await database.open()
    await filled(database)
    async with database.writing() as connection:
        await connection.execute(insert(logs), [FRAME] * 200)
    await database.close()
    return storage


async def moved(source: StorageSettings, target: StorageSettings) -> Moved:
    old, new = Database(source), Database(target)
    await old.attach()
    await new.attach()
    try:
        return await move(old, new, lambda *_: None)
    finally:
        await old.close()
        await new.close()


async def execute(storage: StorageSettings, statement: str) -> None:
    database = Database(storage)
    await database.attach()
    async with database.changing() as connection:
        await connection.execute(text(statement))
    await database.close()


async def test_everything_is_in_the_new_database(
    source: StorageSettings, target: StorageSettings
) -> None:
    database = Database(source)
    await database.open()
    rows = await filled(database)
    async with database.changing() as connection:
        schema_rows = {name: len(batch) for name, batch in rows.items()}
        await content.set_last_id(connection, logs, 2**41)
    await database.close()
    result = await moved(source, target)

    assert (schema_rows, 0, False) == (result.rows, result.altered, result.resumed)
    assert rows == await content_at(target) == await content_at(source)

    new = Database(target)
    await new.open()
    async with new.writing() as connection:
        added = await connection.execute(insert(logs).values(FRAME).returning(logs.c.id))
        assert 2**41 + 1 == added.scalar_one()
    await new.close()


async def test_an_older_database_is_brought_up_to_date_and_stays_as_it_was(
    tmp_path: Path, target: StorageSettings
) -> None:
    source = StorageSettings(db_path=tmp_path / "old.db")
    database = Database(source)
    await database.attach()
    rows = await filled(database, "0001")
    await database.close()
    await moved(source, target)
    new, old = Database(target), Database(source)
    await new.open()
    await old.attach()
    async with new.reading() as reading:
        version = text("SELECT version_num FROM alembic_version")
        assert HEAD == (await reading.execute(version)).scalar_one()
    async with old.reading() as reading:
        assert "0001" == (await reading.execute(version)).scalar_one()

    assert rows == await content_of(old, "0001")
    await new.close()
    await old.close()


async def test_a_killed_move_goes_on_where_it_was(
    file_source: StorageSettings, target: StorageSettings
) -> None:
    """`kill -9` at three points; meanwhile no proxy takes the half for the whole."""
    where = target.database_url.reveal() if target.database_url else str(target.db_path)
    for after in (10, 70, 150):
        command = [sys.executable, "-c", KILLED, str(file_source.db_path), where, str(after)]
        assert -9 == subprocess.run(command, check=False, timeout=50).returncode  # noqa: ASYNC221 - nothing else runs
        with pytest.raises(MigrationError, match="is not complete yet: repeat the command"):
            await Database(target).open()
    result = await moved(file_source, target)

    assert result.resumed
    assert 212 == result.rows["logs"]
    assert await content_at(file_source) == await content_at(target)


async def test_a_source_that_changed_in_between_is_noticed(
    file_source: StorageSettings, target: StorageSettings
) -> None:
    where = target.database_url.reveal() if target.database_url else str(target.db_path)
    command = [sys.executable, "-c", KILLED, str(file_source.db_path), where, "70"]
    assert -9 == subprocess.run(command, check=False, timeout=50).returncode  # noqa: ASYNC221 - nothing else runs
    await execute(file_source, "UPDATE config SET value = 'other'")

    with pytest.raises(StorageError, match=r"table config has 12 rows .* or their content differs"):
        await moved(file_source, target)


async def test_a_move_from_another_database_is_not_mixed_in(
    file_source: StorageSettings, tmp_path: Path
) -> None:
    target = StorageSettings(db_path=tmp_path / "target.db")
    command = [sys.executable, "-c", KILLED, str(file_source.db_path), str(target.db_path), "70"]
    assert -9 == subprocess.run(command, check=False, timeout=50).returncode  # noqa: ASYNC221 - nothing else runs
    other = Database(StorageSettings(db_path=tmp_path / "other.db"))
    await other.open()
    await other.close()

    with pytest.raises(StorageError, match=r"is half filled from .*source\.db: finish that move"):
        await moved(StorageSettings(db_path=tmp_path / "other.db"), target)
    with pytest.raises(StorageError, match="is not complete itself"):
        await moved(target, StorageSettings(db_path=tmp_path / "third.db"))


async def test_a_database_with_other_data_is_refused(
    file_source: StorageSettings, target: StorageSettings
) -> None:
    database = Database(target)
    await database.open()
    async with database.writing() as connection:
        await connection.execute(insert(config).values(key="mine", value="1"))
    await database.close()

    with pytest.raises(StorageError, match="holds other data: name an empty one"):
        await moved(file_source, target)
    assert [["mine", "1", None]] == (await content_at(target))["config"]


async def test_a_database_that_was_made_but_never_used_is_filled(
    file_source: StorageSettings, target: StorageSettings
) -> None:
    await content_at(target)
    await moved(file_source, target)

    assert await content_at(file_source) == await content_at(target)


async def test_a_second_move_is_refused(file_source: StorageSettings, tmp_path: Path) -> None:
    """It would be one more of everything."""
    target = StorageSettings(db_path=tmp_path / "target.db")
    await moved(file_source, target)

    with pytest.raises(StorageError, match="holds other data"):
        await moved(file_source, target)


@pytest.mark.parametrize("name", ["source.db", "target.db"])
async def test_a_proxy_that_runs_on_either_is_named(
    file_source: StorageSettings, tmp_path: Path, name: str
) -> None:
    target = StorageSettings(db_path=tmp_path / "target.db")
    async with in_threads(claimed(tmp_path / name)):
        with pytest.raises(StorageError, match=rf"{name} is in use by another OYE \(process"):
            await moved(file_source, target)


async def test_one_database_is_not_moved_into_itself(file_source: StorageSettings) -> None:
    with pytest.raises(StorageError, match="is both the old and the new database"):
        await moved(file_source, file_source)


async def test_texts_that_postgresql_does_not_store_are_changed_and_counted(
    file_source: StorageSettings, postgresql_url: Secret
) -> None:
    """SQLite bounds no text."""
    last = "(SELECT max(id) FROM logs)"
    await execute(
        file_source,
        f"UPDATE logs SET payload = 'a' || char(0) || 'b' WHERE id = {last}",  # noqa: S608 - ours
    )
    long = "INSERT INTO config (key, value) VALUES (replace(hex(zeroblob(200)), '0', 'k'), '1')"
    await execute(file_source, long)
    target = StorageSettings(database_url=postgresql_url)
    result = await moved(file_source, target)
    found = await content_at(target)

    assert 2 == result.altered
    assert "a?b" in {row[3] for row in found["logs"]}
    assert "k" * 255 in {row[0] for row in found["config"]}
