"""`oye-proxy import-seed`: the data of a Node oye-proxy into a database that may be in use."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

from oye_proxy.app import unserved_database_of
from oye_proxy.cli.options import add_command, add_storage, run_loop, settings_of
from oye_proxy.cli.progress import Progress
from oye_proxy.errors import StorageError
from oye_proxy.settings import Settings
from oye_proxy.storage.node_file import NodeFile
from oye_proxy.storage.node_import import Imported, import_node


def add_to(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "import-seed",
        "take over a database of the Node oye-proxy, while the proxy is stopped",
        _import,
    )
    command.add_argument("file", type=Path, metavar="FILE", help="its SQLite file")
    add_storage(command)


def _import(parsed: argparse.Namespace) -> int:
    imported = run_loop(_run(settings_of(parsed), parsed.file))
    print(
        f"{imported.frames} frames, {imported.chargers} chargers, {imported.limits} limits of known"
        f" chargers and {imported.config} settings came along; what was here stays."
    )
    if imported.newer:
        print(
            f"Up to {imported.newer} frames are newer than the first import of this file: they stay"
            " behind, since their place among the others is taken."
        )
    if imported.unreadable:
        print(f"{imported.unreadable} rows could not be read and stay behind.")
    if imported.users:
        print(
            "Users stay behind: their passwords are unsalted hashes, which are easily guessed."
            " Make them anew:"
        )
        for name in imported.users:
            print(f"  oye-proxy users add {name!r}")
    return 0


async def _run(settings: Settings, path: Path) -> Imported:
    file = await asyncio.to_thread(NodeFile, path)
    try:
        async with unserved_database_of(settings, create=True) as database:
            if database.path is not None and await asyncio.to_thread(path.samefile, database.path):
                raise StorageError(f"{path} is OYE's database now: there is nothing to import")
            with Progress() as progress:
                return await import_node(database, file, progress.tell)
    finally:
        file.close()
