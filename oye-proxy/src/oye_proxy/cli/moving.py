"""`oye-proxy migrate-database`: all data from one database into another."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from oye_proxy.cli.backup import attached
from oye_proxy.cli.options import add_command, run_loop
from oye_proxy.cli.progress import Progress
from oye_proxy.errors import StorageError
from oye_proxy.settings import Secret, StorageSettings, parse_database_url
from oye_proxy.storage.database import Database
from oye_proxy.storage.moving import Moved, move


def add_to(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "migrate-database",
        "copy all data into another database, while the proxy is stopped;"
        " the same command goes on where a killed one was",
        _move,
    )
    for name, text in (("from", "database to read"), ("to", "empty or new database to fill")):
        command.add_argument(
            f"{name}_database",
            metavar=name.upper(),
            help=f"{text}: a SQLite file, or postgresql+asyncpg://user@host/database;"
            " a password that is missing is asked for",
        )


def _move(parsed: argparse.Namespace) -> int:
    source, target = (_storage_of(name) for name in (parsed.from_database, parsed.to_database))
    moved, where = run_loop(_run(source, target))
    for table, rows in moved.rows.items():
        print(f"{table}: {rows} rows")
    if moved.altered:
        print(
            f"{moved.altered} rows had texts that the new database cannot hold:"
            " NUL characters became ?, the longest were cut."
        )
    print(f"All {sum(moved.rows.values())} rows are in {where} and compare equal.")
    print("Start OYE with it; the old database is as it was.")
    return 0


async def _run(source: StorageSettings, target: StorageSettings) -> tuple[Moved, str]:
    old = await attached(source)
    try:
        new = Database(target)
        await new.attach()
        try:
            with Progress() as progress:
                return await move(old, new, progress.tell), new.where
        finally:
            await new.close()
    finally:
        await old.close()


def _storage_of(name: str) -> StorageSettings:
    """Read an address or a path; raise SettingsError or StorageError."""
    if "://" in name:
        return StorageSettings(database_url=_with_password(name))
    path = Path(name).absolute()
    if path.is_dir():
        raise StorageError(f"{path} is a folder: name the file, such as {path}/db/oye-proxy.db")
    return StorageSettings(db_path=path)


def _with_password(address: str) -> Secret:
    """Ask for the password that an address lacks: other users of the machine see arguments."""
    url = parse_database_url(Secret(address))
    if url.user is None or url.password is not None or not sys.stdin.isatty():
        return Secret(address)
    password = getpass.getpass(f"Password of {url.user} for {url.name} (empty: none): ")
    parts = urlsplit(address)
    user, _, host = parts.netloc.rpartition("@")
    account = f"{user}:{quote(password, safe='')}" if password else user
    return Secret(parts._replace(netloc=f"{account}@{host}").geturl())
