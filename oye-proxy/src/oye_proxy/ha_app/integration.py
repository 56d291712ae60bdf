"""
Home Assistant's copy of the integration, kept by the app with manners.

Only a copy that the app itself put there, and nobody changed since, is ever replaced: its marker
says so, with the hash of every file. A copy of the Marketplace, or of the owner, stays as it is.
The new copy is made beside the old one, outside `custom_components`, and takes its place by a
rename; what an end of power leaves behind is mended at the next start.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from oye_proxy.ha_app.remarks import quoted

MARKER: Final = ".oye-app.json"
STAGE: Final = ".oye-stage-"
FOLDER: Final = "custom_components"
DOMAIN: Final = "oye"

_IGNORED: Final = "__pycache__"
_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:\.?(dev|a|b|rc)\.?(\d+))?", re.ASCII)
_STEPS: Final = ("dev", "a", "b", "rc", None)


class Marker(Struct, frozen=True):
    """Whose copy it is, and what it was made of."""

    app: str
    version: str
    files: dict[str, str]


class Change(StrEnum):
    """What was done."""

    INSTALLED = "installed"
    UPDATED = "updated"
    CURRENT = "current"
    LEFT = "left"


class Outcome(Struct, frozen=True):
    """What was done, and the sentence for it; `version` is that of the copy in place."""

    change: Change
    version: str | None
    text: str


def keep_integration(bundle: Path, homeassistant: Path, app: str) -> Outcome:
    """Install or update the copy of the app with the slug `app`, if it may; raise OSError."""
    if not homeassistant.is_dir():
        return Outcome(
            Change.LEFT, None, f"not installed, {homeassistant} is not there: Supervisor maps it"
        )
    target = homeassistant / FOLDER / DOMAIN
    _mend(homeassistant, target)
    ours = Marker(app, version_of(bundle) or "", dict(_hashes(bundle)))
    if target.parent.is_symlink() or target.is_symlink():
        return Outcome(
            Change.LEFT, None, f"left alone, a link is on the way to {target}: update it yourself"
        )
    if not target.exists():
        _put(bundle, homeassistant, target, ours)
        return Outcome(Change.INSTALLED, ours.version, f"installed {ours.version}")
    present = version_of(target)
    reason = _reason_to_leave(target, ours)
    if reason is not None:
        text = f"left alone at {present or 'an unknown version'}, {reason} (ours: {ours.version})"
        return Outcome(Change.LEFT, present, text)
    if _marker(target) == ours:
        return Outcome(Change.CURRENT, present, f"{ours.version} is in place")
    _put(bundle, homeassistant, target, ours)
    return Outcome(Change.UPDATED, ours.version, f"updated from {present} to {ours.version}")


def version_of(folder: Path) -> str | None:
    """Return the version in the manifest; None when there is none that can be read."""
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=dict[str, Any])
    except (OSError, ValueError, RecursionError):
        return None
    version = manifest.get("version")
    return version if isinstance(version, str) else None


def _reason_to_leave(target: Path, ours: Marker) -> str | None:
    """Return why a copy is not touched; None when it is ours, unchanged and not newer."""
    if not target.is_dir():
        return "it is no folder"
    if not (target / MARKER).exists():
        return "the app did not install it"
    marker = _marker(target)
    if marker is None:
        return f"its {MARKER} is damaged"
    if marker.app != ours.app:
        return f"the app {quoted(marker.app)} keeps it"
    present = dict(_hashes(target))
    if present != marker.files:
        return f"{_difference(present, marker.files)} since the app installed it"
    there, here = _order(marker.version), _order(ours.version)
    if there is None or here is None or there > here:
        return "it is newer than the app's"
    return None


def _difference(present: dict[str, str], marked: dict[str, str]) -> str:
    name = min(dict(present.items() ^ marked.items()))
    if name not in present:
        return f"{quoted(name)} was removed"
    return f"{quoted(name)} was {'changed' if name in marked else 'added'}"


def _order(version: str) -> tuple[int, ...] | None:
    found = _VERSION.fullmatch(version)
    if found is None:
        return None
    major, minor, patch, step, number = found.groups()
    return int(major), int(minor), int(patch), _STEPS.index(step), int(number or 0)


def _marker(target: Path) -> Marker | None:
    path = target / MARKER
    try:
        return None if path.is_symlink() else msgspec.json.decode(path.read_bytes(), type=Marker)
    except (OSError, ValueError, RecursionError):
        return None


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    """Return every file but the marker; what is no file has a hash that no file has."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if _IGNORED in inside.parts or inside == Path(MARKER):
            continue
        if path.is_symlink():
            yield inside.as_posix(), "link"
        elif path.is_file():
            yield inside.as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()
        elif not path.is_dir():
            yield inside.as_posix(), "special"


def _put(bundle: Path, homeassistant: Path, target: Path, marker: Marker) -> None:
    """Make the new copy aside and let it take the place of the old one."""
    stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=homeassistant))
    try:
        new = stage / "new"
        shutil.copytree(bundle, new, ignore=shutil.ignore_patterns(_IGNORED), symlinks=True)
        (new / MARKER).write_bytes(msgspec.json.format(msgspec.json.encode(marker)) + b"\n")
        for path in (*new.rglob("*"), new):
            path.chmod(0o755 if path.is_dir() else 0o644)
            _sync(path)
        target.parent.mkdir(mode=0o755, exist_ok=True)
        _exchange(new, target, stage / "old")
        _sync(target.parent)
    finally:
        _mend(homeassistant, target)
    _sync(homeassistant)


def _exchange(new: Path, target: Path, old: Path) -> None:
    if target.exists():
        target.rename(old)
    new.rename(target)


def _mend(homeassistant: Path, target: Path) -> None:
    """Put back a copy that lost its place to a swap that was not finished; clear the stages."""
    for stage in homeassistant.glob(f"{STAGE}*"):
        if stage.is_symlink() or not stage.is_dir():
            continue
        old = stage / "old"
        if old.is_dir() and not target.exists():
            old.rename(target)
        shutil.rmtree(stage)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
