"""Print the file of one language that Supervisor reads: the app's options and ports."""

import sys

import yaml

import texts

NOTE = "# Made from translations/ by scripts/sync; do not edit.\n"
LINE_LENGTH = 100
# Supervisor drops everything else.
PARTS = ("configuration", "network")


def translation(language: str) -> str:
    """Return the YAML of one language."""
    app = texts.read(language)["app"]
    tree = {part: app[part] for part in PARTS}
    return NOTE + yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=LINE_LENGTH)


if __name__ == "__main__":
    sys.stdout.write(translation(sys.argv[1]))
