"""
The claim on a database file: one proxy at a time.

It is a lock of the operating system on a file beside the database: it ends with the process that
has it, however that ends. The lock file stays, since to delete it would let two processes in.
"""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from oye_proxy.errors import StorageError


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Keep other processes from claiming this database; raise StorageError when one has it."""
    descriptor = _open(path)
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def lock_file(path: Path) -> Path:
    """Return the lock file of a database; two names of one database have the same."""
    real = path.resolve()
    return real.with_name(f"{real.name}.lock")


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(lock_file(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno not in _ADVICE:
            raise
        raise StorageError(
            f"the folder {path.parent} of the database {_ADVICE[error.errno]}"
        ) from error


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


_READ_ONLY = "cannot be written to: make it writable for OYE, or choose another one"
_FULL = "is on a disk that is full: make room on it"
_ADVICE = {
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
}
