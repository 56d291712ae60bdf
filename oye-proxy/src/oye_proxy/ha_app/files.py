"""Files that appear whole, with their owner and mode from the first moment."""

import os
import pwd
import tempfile
from pathlib import Path

from msgspec import Struct

from oye_proxy.errors import SettingsError

PRIVATE = 0o600


class Owner(Struct, frozen=True):
    """To whom a file belongs; None leaves that as it is."""

    user: int | None = None
    group: int | None = None


NOBODY_ELSE = Owner()


def account(name: str | None) -> Owner:
    """Return the ids of an account, for root to hand files to; raise SettingsError."""
    if name is None or os.geteuid() != 0:
        return NOBODY_ELSE
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise SettingsError(f"--user {name}: there is no such account") from None
    return Owner(entry.pw_uid, entry.pw_gid)


def write_file(path: Path, content: bytes, mode: int, owner: Owner = NOBODY_ELSE) -> None:
    """Write beside the file and put it in its place."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            _give(file.fileno(), owner)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def make_folder(path: Path, mode: int, owner: Owner = NOBODY_ELSE) -> None:
    """Make a folder, or give one its mode and owner; raise OSError when a link is in its place."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _give(handle, owner)
        os.fchmod(handle, mode)
    finally:
        os.close(handle)


def _give(handle: int, owner: Owner) -> None:
    """Change the owner only where it is another one."""
    present = os.fstat(handle)
    user = present.st_uid if owner.user is None else owner.user
    group = present.st_gid if owner.group is None else owner.group
    if (user, group) != (present.st_uid, present.st_gid):
        os.fchown(handle, user, group)
