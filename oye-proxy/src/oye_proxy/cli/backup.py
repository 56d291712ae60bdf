"""`oye-proxy backup` and `oye-proxy restore`: all data in one file, and back."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oye_proxy.app import present_database
from oye_proxy.cli.options import add_command, add_storage, run_loop, settings_of
from oye_proxy.cli.progress import Progress
from oye_proxy.secrets_file import read_secrets
from oye_proxy.settings import Settings, StorageSettings
from oye_proxy.storage.archive import ArchiveReader, Manifest
from oye_proxy.storage.backup import back_up
from oye_proxy.storage.database import Database
from oye_proxy.storage.restore import Replacement, restore


def add_to(commands: Any) -> None:
    """Add both commands."""
    backup = add_command(
        commands, "backup", "write all data to a file, while the proxy runs or not", _backup
    )
    backup.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="file to write (default: oye-proxy-<time>.zip here)",
    )
    add_storage(backup)
    back = add_command(
        commands, "restore", "bring back the data of a backup, while the proxy is stopped", _restore
    )
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument(
        "--force", action="store_true", help="replace data that is there; it is kept aside"
    )
    add_storage(back)


def _backup(parsed: argparse.Namespace) -> int:
    settings = settings_of(parsed)
    now = datetime.now(UTC)
    file = parsed.file or Path(f"oye-proxy-{now:%Y%m%d-%H%M%S}.zip")
    manifest = run_loop(_write(settings, file, now))
    print(f"{file} written: {_rows(manifest)}.")
    if manifest.secrets is None:
        print(
            "There was no secrets.json: a proxy that starts from this backup gets a new identity."
        )
    print("It holds passwords' hashes and keys: keep it where only you can read it.")
    return 0


async def _write(settings: Settings, file: Path, now: datetime) -> Manifest:
    storage = settings.storage
    database = await attached(storage)
    try:
        secrets = await asyncio.to_thread(read_secrets, storage.data_dir)
        with Progress() as progress:
            return await back_up(database, secrets, file, now, progress.tell)
    finally:
        await database.close()


async def attached(storage: StorageSettings) -> Database:
    """Connect to a database that is there, without changing it; the caller closes it."""
    database = await present_database(storage)
    await database.attach()
    return database


def _restore(parsed: argparse.Namespace) -> int:
    settings = settings_of(parsed)
    now = datetime.now(UTC)
    aside = f".before-restore-{now:%Y%m%d-%H%M%S}"
    replacement = Replacement(force=parsed.force, aside=aside, now=now)
    manifest, kept = run_loop(_read(settings, parsed.file, replacement))
    print(f"{parsed.file} of {manifest.created} restored: {_rows(manifest)}.")
    if kept is not None:
        print(f"What was there before is in {kept}; delete it when you do not need it any more.")
    return 0


async def _read(
    settings: Settings, file: Path, replacement: Replacement
) -> tuple[Manifest, Path | None]:
    archive = await asyncio.to_thread(ArchiveReader, file)
    try:
        with Progress() as progress:
            kept = await restore(archive, settings.storage, replacement, progress.tell)
    finally:
        archive.close()
    return archive.manifest, kept


def _rows(manifest: Manifest) -> str:
    rows = sum(part.rows for part in manifest.tables.values())
    return f"{rows} rows in {len(manifest.tables)} tables, version {manifest.version}"
