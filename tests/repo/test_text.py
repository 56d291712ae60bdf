"""What no file may hold: paths of one machine, addresses of an index, its authors' tools."""

import json
import re
from pathlib import Path

# Each pattern is split so that this file does not name what it forbids.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.*~-])/(?:w"
    r"ork|r"
    r"oot|Us"
    r"ers|ho"
    r"me/(?!assistant))/",
    "a local index": r"/o" r"pt/(?:pypi|wheels)",
    "an index address": r"py" r"pi\.org/simple|python" r"hosted\.org|registry\." r"npmjs\.org",
    "an index option": r"--(?:extra-)?index" r"-url|--find" r"-links",
    "who or what wrote it": r"\bClau" r"de\b|\bLL" r"Ms?\b|\bhelper ses" r"sion",
}


def test_no_file_names_what_only_one_machine_knows(root: Path, tracked: list[Path]) -> None:
    """A clone works anywhere and tells nothing about where it was made."""
    patterns = {what: re.compile(pattern) for what, pattern in FORBIDDEN.items()} | {
        "this checkout": re.compile(re.escape(f"{root}/"))
    }
    found = [
        f"{path}:{number}: {what}"
        for path in tracked
        for number, line in enumerate(_text(root / path).splitlines(), start=1)
        for what, pattern in patterns.items()
        if pattern.search(line)
    ]

    assert [] == found


def test_text_files_have_unix_lines_and_end_with_one(root: Path, tracked: list[Path]) -> None:
    texts = {path: _text(root / path) for path in tracked}
    wrong = [
        str(path)
        for path, text in texts.items()
        if "\r" in text or (text and not text.endswith("\n"))
    ]

    assert [] == wrong


def test_npm_locks_name_no_registry(root: Path, tracked: list[Path]) -> None:
    """`omit-lockfile-registry-resolved=true` stands beside each lock."""
    locks = [path for path in tracked if path.name == "package-lock.json"]
    resolved = [
        f"{path}: {name}"
        for path in locks
        for name, package in json.loads(_text(root / path))["packages"].items()
        if "resolved" in package
    ]

    assert [] == resolved


def _text(path: Path) -> str:
    """Read a file as text; a binary file reads as empty."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode()
