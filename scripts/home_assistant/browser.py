"""Home Assistant's pages in a real browser."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, to_builtins

from home_assistant.client import Client
from home_assistant.instance import ENVIRONMENT
from home_assistant.network import Network
from home_assistant.program import run

_PROGRAM: Final = Path(__file__).with_name("photograph.py")


class Shot(Struct, frozen=True):
    """A page by its path, a text that it shows when it is ready, and where its picture goes."""

    path: str
    text: str
    file: str


async def photograph(
    client: Client,
    network: Network,
    *shots: Shot,
    width: int = 1300,
    height: int = 900,
    dark: bool = False,
) -> list[str]:
    """Take the pictures as this user; return the errors of scripts and cards in them."""
    for shot in shots:
        Path(shot.file).parent.mkdir(parents=True, exist_ok=True)
    task: dict[str, Any] = {
        "browser": _browser(),
        "url": client.url,
        "client_id": client.client_id,
        "tokens": dict(client.tokens),
        "pages": [to_builtins(shot) for shot in shots],
        "width": width,
        "height": height,
        "dark": dark,
    }
    # The tokens are in no command line.
    environment = {"PATH": "/usr/bin:/bin", "HOME": tempfile.gettempdir(), "TASK": json.dumps(task)}
    said = await run([str(ENVIRONMENT / "bin/python"), str(_PROGRAM)], network, environment)
    troubles: list[str] = json.loads(said.splitlines()[-1])
    return troubles


def why_no_browser() -> str | None:
    """Return why pages cannot be shown; None when they can."""
    if _browser() is None:
        return "Chromium is not installed (apt install chromium)"
    return None


def _browser() -> str | None:
    found = (shutil.which(name, path="/usr/bin") for name in ("chromium", "google-chrome"))
    return next(filter(None, found), None)
