"""
`secrets.json` in the data folder: what is random and made once.

Written whole and at once, readable by its owner alone.
"""

import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from oye_proxy.errors import StorageError

FILE_NAME = "secrets.json"

# Threads change one member each.
_changing = threading.Lock()


class RetiredToken(Struct, frozen=True):
    """A former token of Home Assistant's integration, in force until its end."""

    token: str
    until: datetime


class Secrets(Struct, frozen=True, rename="camel"):
    """What the file holds. Members that are not ours are kept."""

    instance_id: str
    integration_token: str | None = None
    retired_tokens: tuple[RetiredToken, ...] = ()
    mail_password: str | None = None
    mail_seed: str | None = None


def load_secrets(data_dir: Path) -> Secrets:
    """Read the file, made now if it is missing or lacks a member; raise StorageError."""
    path = data_dir / FILE_NAME
    try:
        present = _read(path)
        merged = _fresh() | present
        if merged != present:
            data_dir.mkdir(parents=True, exist_ok=True)
            _write(path, merged, replace=bool(present))
            merged = _read(path)
        path.chmod(0o600)
        return msgspec.convert(merged, Secrets)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be used: {error.strerror}; make it and its folder writable for OYE"
        ) from error
    except (ValueError, RecursionError) as error:
        raise StorageError(
            f"{path} is damaged: restore it from a backup, or delete it to get a new identity"
        ) from error


def keep_integration_token(
    data_dir: Path, token: str, retired: Sequence[RetiredToken] = ()
) -> None:
    """Put the token of Home Assistant's integration, and its former ones, into a file."""
    _change(data_dir, {"integrationToken": token, "retiredTokens": msgspec.to_builtins(retired)})


def keep_mail_secrets(data_dir: Path, password: str | None, seed: str | None) -> None:
    """Put the password at the mail server, and the settings taken over last, into a file."""
    _change(data_dir, {"mailPassword": password, "mailSeed": seed})


def read_secrets(data_dir: Path) -> bytes | None:
    """Return the content of the file as it is, for a backup; None when there is none."""
    path = data_dir / FILE_NAME
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error


def restore_secrets(data_dir: Path, content: bytes, aside: str) -> None:
    """Put the file of a backup in its place; another one stays, with `aside` behind its name."""
    path = data_dir / FILE_NAME
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_bytes() != content:
            shutil.copy2(path, path.with_name(f"{FILE_NAME}{aside}"))
        _put_whole(path, content, replace=True)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error


def _change(data_dir: Path, members: dict[str, object]) -> None:
    path = data_dir / FILE_NAME
    try:
        with _changing:
            _write(path, _read(path) | members, replace=True)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error


def _fresh() -> dict[str, object]:
    return {"instanceId": str(uuid.uuid4())}


def _read(path: Path) -> dict[str, object]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, object])
    except FileNotFoundError:
        return {}


def _write(path: Path, members: dict[str, object], *, replace: bool) -> None:
    _put_whole(path, msgspec.json.format(msgspec.json.encode(members)) + b"\n", replace=replace)


def _put_whole(path: Path, content: bytes, *, replace: bool) -> None:
    """Write beside the file and put it in its place; a file that another process made stays."""
    handle, name = tempfile.mkstemp(prefix=f".{FILE_NAME}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(name).replace(path)
        else:
            _put(Path(name), path)
    finally:
        Path(name).unlink(missing_ok=True)


def _put(new: Path, path: Path) -> None:
    try:
        path.hardlink_to(new)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links: the last of several first starts wins.
        new.replace(path)
