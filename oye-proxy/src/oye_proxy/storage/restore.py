"""
The way back from a backup: into a database file or a server, of whichever kind it came from.

A file is filled under another name and put in its place when it is complete. On a server all
happens in one transaction. Either way a failure leaves what was there.
"""

import asyncio
import contextlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from msgspec import Struct
from sqlalchemy import MetaData, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.errors import StorageError
from oye_proxy.secrets_file import read_secrets, restore_secrets
from oye_proxy.settings import StorageSettings
from oye_proxy.storage import content, emptying, migrations
from oye_proxy.storage.archive import ArchiveReader
from oye_proxy.storage.backup import back_up
from oye_proxy.storage.content import Tell
from oye_proxy.storage.database import Database
from oye_proxy.storage.file_swap import holds_data, put_in_place, remove

Transaction = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class Replacement(Struct, frozen=True):
    """What to do with data that is there: nothing without `force`, else keep it under `aside`."""

    force: bool
    aside: str
    now: datetime


async def restore(
    archive: ArchiveReader, storage: StorageSettings, replacement: Replacement, tell: Tell
) -> Path | None:
    """Fill the database that the settings name; return where its old content is kept."""
    if storage.memory:
        raise StorageError("a database in memory cannot be restored: unset storage.memory")
    await asyncio.to_thread(archive.check)
    scripts = await asyncio.to_thread(migrations.load)
    manifest = archive.manifest
    migrations.check_known(scripts, manifest.revision, "the backup")
    schema = await asyncio.to_thread(migrations.schema_at, scripts, manifest.revision)
    _check_tables(archive, schema)
    filling = _Filling(archive, scripts, schema, tell)
    database = Database(storage)
    if database.path is not None:
        async with database.alone():
            try:
                path = await asyncio.to_thread(database.path.resolve)
                kept = await _into_file(filling, path, replacement)
            except OSError as error:
                reason = error.strerror or error
                raise StorageError(
                    f"the database {database.where} cannot be replaced: {reason} ({error.filename})"
                ) from error
            await _restore_secrets(archive, storage, replacement)
            return kept
    await database.attach()
    try:
        async with database.alone():
            kept = await _into_server(filling, database, storage, replacement)
            await _restore_secrets(archive, storage, replacement)
            return kept
    finally:
        await database.close()


class _Filling:
    """The rows of one backup on their way."""

    def __init__(
        self, archive: ArchiveReader, scripts: ScriptDirectory, schema: MetaData, tell: Tell
    ) -> None:
        self.archive = archive
        self.scripts = scripts
        self._schema = schema
        self._tell = tell

    async def run(self, transaction: Transaction) -> None:
        """Make the tables of the backup's revision, fill them, and bring them up to date."""
        revision = self.archive.manifest.revision
        async with transaction() as connection:
            await emptying.make(connection, self.scripts, self._schema, revision)
        for table in self._schema.sorted_tables:
            await self._fill(transaction, table)
        async with transaction() as connection:
            await connection.run_sync(migrations.run, self.scripts, migrations.HEAD)

    async def _fill(self, transaction: Transaction, table: Table) -> None:
        part = self.archive.manifest.tables[table.name]
        lines = self.archive.lines(table.name)
        done = 0
        while batch := await asyncio.to_thread(_take, lines, table):
            async with transaction() as connection:
                await content.add(
                    connection, table, content.fitted(connection.dialect, table, batch)
                )
            done += len(batch)
            self._tell(table.name, done, part.rows)
        async with transaction() as connection:
            await content.set_last_id(connection, table, part.last_id)
        if done != part.rows:
            raise StorageError(f"only {done} of {part.rows} rows of {table.name} came back")


async def _into_file(filling: _Filling, path: Path, replacement: Replacement) -> Path | None:
    if not replacement.force and await asyncio.to_thread(holds_data, path):
        raise StorageError(_held(f"the database {path}"))
    await asyncio.to_thread(_check_room, filling.archive, path.parent)
    temporary = path.with_name(f".{path.name}.restoring")
    await asyncio.to_thread(remove, temporary)
    database = Database(StorageSettings(db_path=temporary))
    try:
        await database.attach()
        try:
            await filling.run(database.changing)
        finally:
            await database.close()
        return await asyncio.to_thread(put_in_place, temporary, path, replacement.aside)
    finally:
        await asyncio.to_thread(remove, temporary)


async def _into_server(
    filling: _Filling, database: Database, storage: StorageSettings, replacement: Replacement
) -> Path | None:
    async with database.lasting() as connection:
        tables = await emptying.tables_of(connection, filling.scripts, database.where)
        held = await emptying.hold_rows(connection, tables)
    kept = None
    if held:
        if not replacement.force:
            raise StorageError(_held(f"the database {database.where}"))
        kept = storage.data_dir / f"oye-proxy{replacement.aside}.zip"
        await asyncio.to_thread(_make_folder, storage.data_dir)
        secrets = await asyncio.to_thread(read_secrets, storage.data_dir)
        await back_up(database, secrets, kept, replacement.now, lambda *_: None)
    async with database.changing() as connection:
        await emptying.drop(connection, tables)
        await filling.run(lambda: contextlib.nullcontext(connection))
    return kept


async def _restore_secrets(
    archive: ArchiveReader, storage: StorageSettings, replacement: Replacement
) -> None:
    secrets = await asyncio.to_thread(archive.secrets)
    if secrets is not None:
        aside = replacement.aside
        await asyncio.to_thread(restore_secrets, storage.data_dir, secrets, aside)


def _check_tables(archive: ArchiveReader, schema: MetaData) -> None:
    found = {name: part.columns for name, part in archive.manifest.tables.items()}
    expected = {
        table.name: [column.name for column in table.columns] for table in schema.sorted_tables
    }
    if found != expected:
        raise StorageError("the backup does not have the tables of its version: use another one")


def _take(lines: Iterator[bytes], table: Table) -> list[content.Values]:
    batch: list[content.Values] = []
    size = 0
    while len(batch) < content.BATCH_ROWS and size < content.BATCH_CHARACTERS:
        line = next(lines, None)
        if line is None:
            break
        size += len(line)
        try:
            batch.append(content.from_line(table, line))
        except (ValueError, RecursionError) as error:
            raise StorageError(
                f"the backup has a row that does not fit the table {table.name}: use another one"
            ) from error
    return batch


def _check_room(archive: ArchiveReader, folder: Path) -> None:
    needed = sum(part.bytes for part in archive.manifest.tables.values())
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise StorageError(
            f"the backup needs about {needed // _MEGA + 1} MB in {folder}, where only"
            f" {free // _MEGA} MB are free: make room"
        )


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _held(what: str) -> str:
    return f"{what} holds data: --force replaces it, and keeps what was there under another name"


_MEGA = 1_000_000
