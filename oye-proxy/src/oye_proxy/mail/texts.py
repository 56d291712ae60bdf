"""The texts of mails, one file a language; `scripts/sync` makes them from `translations/`."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

FOLDER: Final = Path(__file__).parent / "texts"
LAST_RESORT: Final = "en"


class MailText(Struct, frozen=True):
    """One mail; `{name}` and the like stand for its values."""

    subject: str
    body: str


MailTexts: TypeAlias = Mapping[str, Mapping[str, MailText]]


def load_mail_texts(folder: Path = FOLDER) -> MailTexts:
    """Read the texts by language and mail; this waits for the disk."""
    return {
        path.stem: msgspec.json.decode(path.read_bytes(), type=dict[str, MailText])
        for path in sorted(folder.glob("*.json"))
    }


def text_in(texts: MailTexts, mail: str, languages: Iterable[str | None]) -> MailText:
    """Return a mail in the first of the languages that has it, else in English."""
    for language in languages:
        found = texts.get((language or "").partition("-")[0].lower(), {}).get(mail)
        if found is not None:
            return found
    return texts[LAST_RESORT][mail]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put the values in; what a value holds is not looked at again."""
    parts = text.split("{")
    done = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        known = bool(closed) and name in values
        done.append(values[name] + rest if known else "{" + part)
    return "".join(done)
