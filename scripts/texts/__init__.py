"""Every text that a person reads, once per language: the files in `translations/`."""

from pathlib import Path
from typing import Any

import yaml

SOURCES = Path(__file__).parents[2] / "translations"
LANGUAGES = ("en", "de", "nl", "fr", "es", "it", "sv", "da", "nb", "pl")


def read(language: str) -> dict[str, Any]:
    """Return the texts of one language: a tree for each part that shows them."""
    texts: dict[str, Any] = yaml.safe_load((SOURCES / f"{language}.yaml").read_text())
    return texts
