"""The tables of OYE in a database that is to be filled: found, counted, dropped."""

from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import DropTable

from oye_proxy.storage import content, migrations, takeover
from oye_proxy.storage.backup import known_schema


async def tables_of(
    connection: AsyncConnection, scripts: ScriptDirectory, where: str
) -> list[Table]:
    """Return the tables of OYE; raise StorageError when they are somebody else's."""
    if await connection.run_sync(migrations.revision_of) is None:
        await connection.run_sync(takeover.refuse_strangers, where)
        return []
    _, schema = await known_schema(connection, scripts, where)
    names = [*schema.tables, migrations.UNFINISHED]
    present = MetaData()
    await connection.run_sync(present.reflect, only=lambda name, _: name in names)
    return present.sorted_tables


async def hold_rows(connection: AsyncConnection, tables: list[Table]) -> bool:
    """Say whether there is anything in them."""
    for table in tables:
        if await content.count(connection, table):
            return True
    return False


async def drop(connection: AsyncConnection, tables: list[Table]) -> None:
    """Drop them, and the note of their revision."""
    for table in reversed(tables):
        await connection.execute(DropTable(table))
    await connection.execute(text(f"DROP TABLE IF EXISTS {migrations.VERSION_TABLE}"))


async def make(
    connection: AsyncConnection, scripts: ScriptDirectory, schema: MetaData, revision: str
) -> None:
    """Make the tables of a revision, without the rows that a revision may bring."""
    await connection.run_sync(migrations.run, scripts, revision)
    for table in reversed(schema.sorted_tables):
        await connection.execute(table.delete())
