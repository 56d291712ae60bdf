"""Print the file of one language that the proxy reads for its mails."""

import json
import re
import sys

import texts


def translation(language: str) -> str:
    """Return the JSON of one language."""
    tree = {
        name: mail | {"body": unwrapped(mail["body"])}
        for name, mail in texts.read(language).get("mail", {}).items()
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def unwrapped(body: str) -> str:
    """Make each paragraph one line, which mail programs break where their window ends."""
    return re.sub(r"(?<!\n)\n(?!\n|$)", " ", body)


if __name__ == "__main__":
    sys.stdout.write(translation(sys.argv[1]))
