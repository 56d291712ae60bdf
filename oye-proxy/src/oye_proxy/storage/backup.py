"""
A backup of the database, taken while the proxy runs: all tables as they are at one moment.

It does not depend on the kind of database, so that it can be restored into another.
"""

import asyncio
import importlib.metadata
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.errors import StorageError
from oye_proxy.storage import content, migrations
from oye_proxy.storage.archive import (
    FORMAT,
    ArchiveWriter,
    Manifest,
    TablePart,
    part_of,
    writing_archive,
)
from oye_proxy.storage.content import Tell
from oye_proxy.storage.database import Database
from oye_proxy.tasks import in_threads


async def back_up(
    database: Database, secrets: bytes | None, target: Path, now: datetime, tell: Tell
) -> Manifest:
    """Write a backup of an attached database; raise StorageError and leave nothing."""
    scripts = await asyncio.to_thread(migrations.load)
    version = await asyncio.to_thread(importlib.metadata.version, "oye-proxy")
    async with database.lasting() as connection, in_threads(writing_archive(target)) as archive:
        revision, schema = await known_schema(connection, scripts, database.where)
        manifest = Manifest(
            format=FORMAT,
            version=version,
            revision=revision,
            created=now.isoformat(timespec="seconds"),
            database=connection.dialect.name,
            tables={
                str(table.name): await _write(connection, archive, table, tell)
                for table in schema.sorted_tables
            },
            secrets=None if secrets is None else part_of(secrets),
        )
        await asyncio.to_thread(archive.finish, manifest, secrets)
    return manifest


async def known_schema(
    connection: AsyncConnection, scripts: ScriptDirectory, where: str
) -> tuple[str, MetaData]:
    """Return revision and tables of a database; raise StorageError when they are not OYE's."""
    revision = await connection.run_sync(migrations.revision_of)
    if revision is None:
        raise StorageError(f"the database {where} holds nothing of OYE: start OYE with it once")
    migrations.check_known(scripts, revision, f"the database {where}")
    return revision, await asyncio.to_thread(migrations.schema_at, scripts, revision)


async def _write(
    connection: AsyncConnection, archive: ArchiveWriter, table: Table, tell: Tell
) -> TablePart:
    total = await content.count(connection, table)
    rows = 0
    async with in_threads(archive.table(table.name)) as part:
        async for batch in content.batches(connection, table):
            await asyncio.to_thread(part.write, [content.to_line(values) for values in batch])
            rows += len(batch)
            tell(table.name, rows, total)
        names = [str(column.name) for column in table.columns]
        return part.part(names, await content.last_id(connection, table))
