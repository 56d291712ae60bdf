"""
A copy of the SQLite database for Home Assistant's backup, and its way back.

A backup runs while the proxy writes, so the live file is left out of it, and a whole copy made
before takes its place. After a restore there is the copy and no database: the copy becomes it.
All of it lies in the proxy's own folder, where root does nothing: the command drops to the proxy's
account first.
"""

import contextlib
import os
import sqlite3
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import quote

from oye_proxy.errors import StorageError
from oye_proxy.ha_app.files import PRIVATE, Owner, make_folder

_BUSY_SECONDS: Final = 30.0


class Restored(StrEnum):
    """What became of a snapshot at the start."""

    NOTHING = "nothing"
    USED = "used"
    LEFT_OVER = "left over"


def take(database: Path, snapshot: Path) -> bool:
    """Copy the database while it is used; False when there is none. Raise StorageError."""
    if not database.is_file():
        return False
    fresh = snapshot.with_name(f".{snapshot.name}.new")
    try:
        make_folder(snapshot.parent, 0o700)
        fresh.unlink(missing_ok=True)
        _copy(database, fresh)
        fresh.chmod(PRIVATE)
        _sync(fresh)
        fresh.replace(snapshot)
        _sync(snapshot.parent)
    except (sqlite3.Error, OSError) as error:
        fresh.unlink(missing_ok=True)
        raise StorageError(
            f"the database was not copied, so there is no backup: {error}"
        ) from error
    return True


def drop(snapshot: Path) -> None:
    """Delete the copy."""
    snapshot.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        snapshot.parent.rmdir()


def put_back(database: Path, snapshot: Path) -> Restored:
    """Make the copy the database when there is none; else delete what a backup left over."""
    if not snapshot.is_file():
        return Restored.NOTHING
    if database.exists():
        drop(snapshot)
        return Restored.LEFT_OVER
    make_folder(database.parent, 0o700)
    # What SQLite keeps beside a file belongs to that file alone.
    for suffix in ("-wal", "-shm"):
        database.with_name(f"{database.name}{suffix}").unlink(missing_ok=True)
    snapshot.replace(database)
    _sync(database.parent)
    drop(snapshot)
    return Restored.USED


def become(owner: Owner) -> None:
    """Give up root's rights for good."""
    if owner.user is None or owner.group is None:
        return
    os.setgroups([])
    os.setgid(owner.group)
    os.setuid(owner.user)


def _copy(database: Path, fresh: Path) -> None:
    """Copy in one step: a reader of a moment, while the proxy goes on writing."""
    uri = f"file:{quote(str(database))}?mode=rw"
    with (
        contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as source,
        contextlib.closing(sqlite3.connect(fresh)) as target,
    ):
        source.backup(target)
        # One file that needs nothing beside it.
        target.execute("PRAGMA journal_mode = DELETE").fetchone()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
