"""
The claim on a database file: one proxy at a time.

It is a lock of the operating system on a file beside the database: it ends with the process that
has it, however that ends. The lock file stays, since to delete it would let two processes in.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from oye_proxy.errors import StorageError


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Keep other processes from claiming this database; raise StorageError when one has it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(lock_file(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def lock_file(path: Path) -> Path:
    """Return the lock file of a database; two names of one database have the same."""
    real = path.resolve()
    return real.with_name(f"{real.name}.lock")


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        found = os.pread(descriptor, 20, 0)
        who = f" (process {int(found)})" if found.isdigit() else ""
        raise StorageError(
            f"the database {path} is in use by another OYE{who}: stop that one first"
        ) from None
    # The number only helps a person: a full disk must not matter.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
