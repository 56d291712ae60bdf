from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from oye_proxy.storage import migrations
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import metadata


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
                {index["name"] for index in inspector.get_indexes(table)},
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
    async with database.reading() as connection:
        made = (
            await connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'logs'"))
        ).scalar_one()

    assert "AUTOINCREMENT" in made
