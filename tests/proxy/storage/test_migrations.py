import asyncio

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, delete, insert, inspect

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
