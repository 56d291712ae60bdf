"""
What a release needs to know of a checkout; GitHub calls it, with nothing but Python.

    python3 scripts/release check 1.2.3     fail unless everything is of that version
    python3 scripts/release describe        print the app's description for the image
    python3 scripts/release notes 1.2.3     print what the changelog says of that version
    python3 scripts/release stable IMAGE    name the image that the store downloads
"""

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


def main(arguments: list[str], root: Path = ROOT) -> str:
    """Run one command and return what it prints; raise SystemExit with a sentence."""
    match arguments:
        case ["check", version]:
            return check(root, version)
        case ["describe"]:
            return f"description={_value(root / 'oye-proxy/config.yaml', 'description')}\n"
        case ["notes", version]:
            return notes(root, version)
        case ["stable", image]:
            return stable(root, image)
        case _:
            raise SystemExit(__doc__)


def check(root: Path, version: str) -> str:
    """Compare all versions; a release also has its date in the changelog."""
    project = tomllib.loads((root / "oye-proxy/pyproject.toml").read_text())["project"]
    manifest = json.loads((root / "custom_components/oye/manifest.json").read_text())
    found = {
        "oye-proxy/config.yaml": _value(root / "oye-proxy/config.yaml", "version"),
        "oye-proxy/pyproject.toml": project["version"],
        "custom_components/oye/manifest.json": manifest["version"],
    }
    wrong = [f"{name} says {other}" for name, other in found.items() if other != version]
    heading = _headings(root)[0]
    if heading[0] != version or not DATED.fullmatch(heading[1]):
        wrong.append(f"the changelog begins with {' - '.join(heading)} instead of a date")
    if wrong:
        raise SystemExit(f"This is no release {version}: {'; '.join(wrong)}.")
    return ""


def notes(root: Path, version: str) -> str:
    """Return the section of the changelog."""
    sections = re.split(r"(?m)^## ", (root / "oye-proxy/CHANGELOG.md").read_text())[1:]
    for section in sections:
        heading, _, text = section.partition("\n")
        if heading.partition(" - ")[0] == version:
            return f"{text.strip()}\n"
    raise SystemExit(f"The changelog does not know {version}.")


def stable(root: Path, image: str) -> str:
    """Write the branch's difference: the image to download, and a name to tell the stores apart."""
    config = root / "oye-proxy/config.yaml"
    repository = root / "repository.yaml"
    config.write_text(f"{config.read_text()}image: {image}\n")
    name = _value(repository, "name")
    repository.write_text(
        repository.read_text().replace(f"name: {name}\n", f"name: {name} (stable)\n", 1)
    )
    return ""


def _headings(root: Path) -> list[tuple[str, str]]:
    lines = re.findall(r"(?m)^## (.*)$", (root / "oye-proxy/CHANGELOG.md").read_text())
    return [(version, date) for version, _, date in (line.partition(" - ") for line in lines)]


def _value(path: Path, key: str) -> str:
    """Return a value of the first level that stands on one line."""
    found = re.search(rf'(?m)^{key}: "?(.*?)"?$', path.read_text())
    if found is None:
        raise SystemExit(f"{path} has no {key}.")
    return found[1]


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
