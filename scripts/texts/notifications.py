"""Print the file of one language from which the app takes its notifications."""

import json
import sys

import texts


def translation(language: str) -> str:
    """Return the JSON of one language; what is missing is said in English."""
    tree = texts.read(language)["app"].get("notifications", {})
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(translation(sys.argv[1]))
