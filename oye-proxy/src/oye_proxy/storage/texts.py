"""Texts that strangers chose, made such that every database takes them."""

import re

LENGTH = 255


def storable(text: str, length: int | None = LENGTH) -> str:
    """Bound a text, and keep it free of what databases do not store."""
    text = text[:length]
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "?").encode("utf-8", "replace").decode()


def escaped(text: str) -> str:
    """Return what every database stores, such that `unescaped` makes the same text of it again."""
    if text.isascii() and "\0" not in text and _MARK not in text:
        return text
    return _ODD.sub(lambda found: f"{_MARK}{ord(found[0]):04x}", text)


def unescaped(stored: str) -> str:
    """Return the text of which `escaped` made this."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), stored) if _MARK in stored else stored


# A control character for what cannot be shown; JSON has it only as `\u001a`.
_MARK = "\x1a"
_ODD = re.compile("[\0\x1a\ud800-\udfff]")
_ESCAPE = re.compile(f"{_MARK}([0-9a-f]{{4}})")
