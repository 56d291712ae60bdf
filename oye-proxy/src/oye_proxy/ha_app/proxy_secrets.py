"""
What the app takes from the proxy's `secrets.json`.

The file lies in a folder that the proxy may write, and root reads it: no link is followed, and only
a regular file of the proxy's own is believed.
"""

import os
import stat
from pathlib import Path
from typing import Final

import msgspec

from oye_proxy.errors import StorageError
from oye_proxy.ha_app.files import Owner
from oye_proxy.secrets_file import FILE_NAME, Secrets

LARGEST: Final = 64 * 1024


def read_proxy_secrets(folder: Path, owner: Owner) -> Secrets:
    """Read identity and token; raise StorageError."""
    path = folder / FILE_NAME
    try:
        content = _read(folder, owner)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return msgspec.json.decode(content, type=Secrets)
    except (ValueError, RecursionError) as error:
        raise StorageError(f"{path} is damaged: {error}") from error


def _read(folder: Path, owner: Owner) -> bytes:
    within = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        # A pipe in its place would wait for a writer.
        handle = os.open(FILE_NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=within)
    finally:
        os.close(within)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or owner.user not in (None, found.st_uid):
            raise StorageError(f"{folder / FILE_NAME} is not the proxy's own file")
        return file.read(LARGEST)
