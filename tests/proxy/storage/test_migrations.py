import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, delete, insert, inspect, text
from tests.proxy.storage.rich import HEAD, Content, content_of, filled

from oye_proxy.errors import MigrationError
from oye_proxy.settings import StorageSettings
from oye_proxy.storage import migrations
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import logs, metadata


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_models_equal_the_migrated_schema(database: Database) -> None:
    async with database.reading() as connection:
        assert [] == await connection.run_sync(differences)


async def test_primary_keys_and_indices_equal_as_well(database: Database) -> None:
    def keys(connection: Connection) -> dict[str, tuple[list[str], set[str | None]]]:
        inspector = inspect(connection)
        return {
            table: (
                inspector.get_pk_constraint(table)["constrained_columns"],
                {
                    index["name"]
                    for index in inspector.get_indexes(table)
                    if "duplicates_constraint" not in index
                },
            )
            for table in metadata.tables
        }

    async with database.reading() as connection:
        migrated = await connection.run_sync(keys)

    assert {
        name: (
            [column.name for column in table.primary_key],
            {index.name for index in table.indexes},
        )
        for name, table in metadata.tables.items()
    } == migrated


def test_there_is_one_line_of_revisions_and_it_can_be_read() -> None:
    scripts = migrations.load()

    assert 1 == len(scripts.get_heads())
    assert 1 == len(scripts.get_bases())


async def test_ids_of_rows_never_come_back(database: Database) -> None:
    """Clients hold ids as cursors."""
    row = {"charge_point_id": "CP1", "direction": "UPSTREAM", "payload": "", "timestamp": 1}
    given = []
    for _ in range(2):
        async with database.writing() as connection:
            added = await connection.execute(insert(logs).values(row).returning(logs.c.id))
            given.append(added.scalar_one())
            await connection.execute(delete(logs))

    assert given[0] < given[1]


async def test_processes_that_start_together_migrate_once(
    storage_settings: StorageSettings,
) -> None:
    if storage_settings.memory:
        return
    databases = [Database(storage_settings) for _ in range(3)]
    await asyncio.gather(*(database.open() for database in databases))
    for database in databases:
        await database.check()
        await database.close()


# Dies when all revisions have run, before they are committed.
KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from oye_proxy.settings import Secret, StorageSettings
from oye_proxy.storage import migrations
from oye_proxy.storage.database import Database

def upgrade(connection, scripts, where):
    whole(connection, scripts, where)
    os.kill(os.getpid(), signal.SIGKILL)

whole, migrations.upgrade = migrations.upgrade, upgrade
name = sys.argv[1]
there = {"database_url": Secret(name)} if "://" in name else {"db_path": Path(name)}
asyncio.run(Database(StorageSettings(**there)).open())
"""
REVISIONS = [revision.revision for revision in migrations.load().walk_revisions()][::-1]


@pytest.fixture(params=["file", "postgresql"])
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> StorageSettings:
    """Name a database that stays when it is closed."""
    if request.param == "postgresql":
        return StorageSettings(database_url=request.getfixturevalue("postgresql_url"))
    return StorageSettings(db_path=tmp_path / "o.db")


async def made(storage: StorageSettings, revision: str) -> Content:
    """Make a database of a released version, with rows in all its tables."""
    database = Database(storage)
    await database.attach()
    try:
        return await filled(database, revision)
    finally:
        await database.close()


async def read(storage: StorageSettings, revision: str) -> tuple[str, Content]:
    """Return the revision of a database, and what is in the tables and columns of another one."""
    database = Database(storage)
    await database.attach()
    try:
        async with database.reading() as connection:
            version = await connection.execute(text("SELECT version_num FROM alembic_version"))
            present: str = version.scalar_one()
        return present, await content_of(database, revision)
    finally:
        await database.close()


@pytest.mark.parametrize("revision", REVISIONS)
async def test_all_data_of_each_earlier_version_is_kept(
    lasting: StorageSettings, revision: str
) -> None:
    """From the first schema on; a revision that drops or changes a column says so here."""
    rows = await made(lasting, revision)
    database = Database(lasting)
    await database.open()
    await database.close()

    assert (HEAD, rows) == await read(lasting, revision)


async def test_a_database_that_was_brought_up_to_date_has_the_schema_of_a_new_one(
    lasting: StorageSettings,
) -> None:
    await made(lasting, REVISIONS[0])
    database = Database(lasting)
    await database.open()
    async with database.reading() as connection:
        assert [] == await connection.run_sync(differences)
    await database.close()


async def test_a_migration_that_is_killed_leaves_what_was_there(lasting: StorageSettings) -> None:
    """`kill -9` just before the end; the next start does it again."""
    first = REVISIONS[0]
    rows = await made(lasting, first)
    where = lasting.database_url.reveal() if lasting.database_url else str(lasting.db_path)
    command = [sys.executable, "-c", KILLED, where]
    ended = subprocess.run(command, check=False, timeout=50)  # noqa: ASYNC221 - nothing else runs

    assert -signal.SIGKILL == ended.returncode
    assert (first, rows) == await read(lasting, first)

    database = Database(lasting)
    await database.open()
    await database.close()

    assert (HEAD, rows) == await read(lasting, first)


async def test_a_migration_that_fails_leaves_what_was_there(
    lasting: StorageSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = REVISIONS[0]
    rows = await made(lasting, first)

    def fail(connection: Connection, scripts: object, target: str) -> None:
        run(connection, scripts, target)  # type: ignore[arg-type]  # handed on
        raise MigrationError("at the very end")

    run = migrations.run
    monkeypatch.setattr(migrations, "run", fail)
    with pytest.raises(MigrationError, match="at the very end"):
        await Database(lasting).open()
    monkeypatch.undo()

    assert (first, rows) == await read(lasting, first)


def test_a_revision_tells_its_tables_without_the_program_that_made_them() -> None:
    tables = migrations.schema_at(migrations.load(), REVISIONS[0]).tables

    assert {"logs", "chargers", "config", "auth_users"} < set(tables)
    assert migrations.VERSION_TABLE not in tables
