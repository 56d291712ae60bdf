"""
One database file in the place of another, at once; the old one gets another name first.

What SQLite keeps beside a file belongs to that file alone: it would damage another one.
"""

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import quote

from oye_proxy.storage.migrations import VERSION_TABLE

_BESIDE = ("-wal", "-shm")


def holds_data(path: Path) -> bool:
    """Say whether a file is worth keeping: all but an empty database is."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with contextlib.closing(
            sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True)
        ) as db:
            names = [name for (name,) in db.execute(_TABLE_NAMES, (VERSION_TABLE,))]
            quoted = ['"' + name.replace('"', '""') + '"' for name in names]
            return any(db.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in quoted)  # noqa: S608 - quoted
    except sqlite3.Error:
        return True


def put_in_place(temporary: Path, path: Path, aside: str) -> Path | None:
    """Replace the file at once; what was there gets another name first."""
    kept = None
    if holds_data(path):
        _settle(path)
        kept = path.with_name(f"{path.name}{aside}")
        for suffix in ("", "-wal"):
            if (old := path.with_name(f"{path.name}{suffix}")).exists():
                _link(old, kept.with_name(f"{kept.name}{suffix}"))
        shutil.copymode(path, temporary)
    # What belongs to the old file would damage the new one.
    for suffix in _BESIDE:
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)
    return kept


def remove(path: Path) -> None:
    """Delete a database file with what is beside it."""
    for suffix in ("", *_BESIDE):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Bring what a killed proxy left in the log into the file, if it can be read."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _link(old: Path, new: Path) -> None:
    try:
        new.hardlink_to(old)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links.
        shutil.copy2(old, new)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_TABLE_NAMES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> ?"
)
