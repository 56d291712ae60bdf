"""Draw the pictures, or tell which are not as drawn."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from icons import png
from icons.canvas import Drawing
from icons.drawings import icon, logo, trimmed_logo

ROOT = Path(__file__).parents[2]
BRAND = "custom_components/oye/brand"

# Where a picture goes, what it shows, how many pixels it is wide.
PICTURES: tuple[tuple[str, Callable[[], Drawing], int], ...] = (
    ("oye-proxy/icon.png", icon, 128),
    ("oye-proxy/logo.png", logo, 250),
    (f"{BRAND}/icon.png", icon, 256),
    (f"{BRAND}/icon@2x.png", icon, 512),
    (f"{BRAND}/dark_icon.png", partial(icon, dark=True), 256),
    (f"{BRAND}/dark_icon@2x.png", partial(icon, dark=True), 512),
    (f"{BRAND}/logo.png", trimmed_logo, 318),
    (f"{BRAND}/logo@2x.png", trimmed_logo, 636),
    (f"{BRAND}/dark_logo.png", partial(trimmed_logo, dark=True), 318),
    (f"{BRAND}/dark_logo@2x.png", partial(trimmed_logo, dark=True), 636),
)


def main() -> int:
    """Return 1 when a picture is stale and only a check was wanted."""
    parser = argparse.ArgumentParser(prog="icons", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    stale = 0
    for name, draw, width in PICTURES:
        picture = draw().pixels(width)
        path = ROOT / name
        if path.is_file() and png.decode(path.read_bytes()) == picture:
            continue
        if check:
            print(f"{name} is stale: run scripts/sync")
            stale = 1
        else:
            path.write_bytes(png.encode(*picture))
    return stale


if __name__ == "__main__":
    sys.exit(main())
