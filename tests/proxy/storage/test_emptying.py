"""The tables of OYE in a database that is to be filled."""

import asyncio

import pytest
from sqlalchemy import inspect, text
from tests.proxy.storage.rich import HEAD, filled

from oye_proxy.errors import MigrationError
from oye_proxy.storage import emptying, migrations
from oye_proxy.storage.database import Database


async def test_tables_are_found_and_dropped(database: Database) -> None:
    scripts = await asyncio.to_thread(migrations.load)
    async with database.changing() as connection:
        await connection.execute(text("CREATE TABLE theirs (a INTEGER)"))
        tables = await emptying.tables_of(connection, scripts, database.where)
        assert not await emptying.hold_rows(connection, tables)
    await filled(database)
    async with database.changing() as connection:
        assert await emptying.hold_rows(connection, tables)
        await emptying.drop(connection, tables)
        left = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        assert [] == await emptying.tables_of(connection, scripts, database.where)

    assert ["theirs"] == left


async def test_they_are_made_empty(database: Database) -> None:
    scripts = await asyncio.to_thread(migrations.load)
    schema = await asyncio.to_thread(migrations.schema_at, scripts, HEAD)
    async with database.changing() as connection:
        await emptying.drop(connection, await emptying.tables_of(connection, scripts, ""))
        await emptying.make(connection, scripts, schema, HEAD)
        tables = await emptying.tables_of(connection, scripts, database.where)

        assert set(schema.tables) == {table.name for table in tables}
        assert not await emptying.hold_rows(connection, tables)


@pytest.mark.parametrize("name", ["logs", "knex_migrations"])
async def test_strangers_are_not_touched(database: Database, name: str) -> None:
    scripts = await asyncio.to_thread(migrations.load)
    async with database.changing() as connection:
        await emptying.drop(connection, await emptying.tables_of(connection, scripts, ""))
        await connection.execute(text(f"CREATE TABLE {name} (a INTEGER)"))
        with pytest.raises(MigrationError, match="OYE"):
            await emptying.tables_of(connection, scripts, database.where)
