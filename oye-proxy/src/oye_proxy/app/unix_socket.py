"""A unix socket for a server in front: its group may connect, nobody else."""

import contextlib
import errno
import os
import socket
import stat
from pathlib import Path

from oye_proxy.errors import SettingsError

MODE = 0o660


def bind_unix(path: Path, setting: str) -> socket.socket:
    """
    Bind, but do not listen yet; raise SettingsError, which names the setting.

    What a process that is gone left behind is replaced; what another one uses, or what is no
    socket, stays.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(path)
        made.bind(str(path))
        path.chmod(MODE)
    except OSError as error:
        made.close()
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise SettingsError(f"{setting}: cannot listen on {path}: {reason}") from error
    return made


def remove(path: Path) -> None:
    """Take a socket's name away; whoever replaced it with something else keeps that."""
    with contextlib.suppress(OSError):
        if stat.S_ISSOCK(path.lstat().st_mode):
            path.unlink()


def _remove_stale(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise OSError(errno.EEXIST, "no socket")
        if _is_served(path):
            raise OSError(errno.EADDRINUSE, "another process listens")
        path.unlink()


def _is_served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)  # noqa: FBT003 - socket's own signature
        try:
            probe.connect(str(path))
        except BlockingIOError:
            return True
        except ConnectionRefusedError:
            return False
    return True
