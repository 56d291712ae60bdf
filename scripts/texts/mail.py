"""Print the file of one language that the proxy reads for its mails."""

import json
import sys

import texts


def translation(language: str) -> str:
    """Return the JSON of one language."""
    tree = texts.read(language).get("mail", {})
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(translation(sys.argv[1]))
