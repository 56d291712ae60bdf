"""
Copy the integration into the app, which brings it to Home Assistant.

Supervisor builds from the app's folder alone. With --check, only tell what differs.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "custom_components/oye"
COPY = ROOT / "oye-proxy/rootfs/usr/share/oye/custom_components/oye"
IGNORED = "__pycache__"


def stale(source: Path = SOURCE, copy: Path = COPY) -> list[str]:
    """Name what differs: changed, missing or left over."""
    wanted, present = dict(_files(source)), dict(_files(copy))
    return sorted({name for name, _ in wanted.items() ^ present.items()})


def make(source: Path = SOURCE, copy: Path = COPY) -> None:
    """Make the copy anew."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns(IGNORED))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if path.is_file() and IGNORED not in inside.parts:
            yield inside.as_posix(), path.read_bytes()


def _main() -> int:
    differing = stale()
    if "--check" not in sys.argv[1:]:
        if differing:
            make()
        return 0
    for name in differing:
        print(f"{(COPY / name).relative_to(ROOT)} is stale: run scripts/sync")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(_main())
