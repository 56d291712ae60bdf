"""The sentences of notifications, in the language that Home Assistant speaks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

ENGLISH: Final = "en"

_FOLDER: Final = Path(__file__).parent / "translations"


def sentence(language: str, key: str, values: Mapping[str, str]) -> str:
    """Return a sentence; in English where the language does not have it."""
    template = _sentences(language).get(key) or _sentences(ENGLISH)[key]
    return template.format_map(values)


def languages() -> frozenset[str]:
    """Return the languages that there are."""
    return frozenset(path.stem for path in _FOLDER.glob("*.json"))


def _sentences(language: str) -> dict[str, str]:
    """Return the sentences of a language; of `de` for `de-CH`, of none for one without a file."""
    for name in (language, language.partition("-")[0]):
        # The name comes from outside: it is looked up, and never made into a path.
        if name in languages():
            content = (_FOLDER / f"{name}.json").read_bytes()
            return msgspec.json.decode(content, type=dict[str, str])
    return {}
