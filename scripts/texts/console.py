"""Print the file of one language that the console reads: each text by its dotted name."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import texts


def translation(language: str) -> str:
    """Return the JSON of one language, as far as it is translated; English stands in."""
    tree = texts.read(language).get("console", {})
    return json.dumps(dict(_flat(tree)), ensure_ascii=False, indent=2) + "\n"


def _flat(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


if __name__ == "__main__":
    sys.stdout.write(translation(sys.argv[1]))
