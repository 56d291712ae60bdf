"""
Take secrets out of a frame's copy that is stored or shown; the forwarded frame stays as it is.

Redacted are the value of each setting whose name speaks of a password or an authorization key,
members that hold passwords, and the user info and query values of every URL. The rest of the text
keeps every character.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from oye_proxy.ocppj.commands import Record
from oye_proxy.ocppj.frames import Call, SendFrame

SHOWN = "***"

# The traffic of every minute; its payloads have no place for a secret.
_PLAIN_ACTIONS = frozenset(
    {
        "Authorize",
        "BootNotification",
        "Heartbeat",
        "MeterValues",
        "StartTransaction",
        "StatusNotification",
        "StopTransaction",
        "TransactionEvent",
    }
)

_REQUESTS = (Call, SendFrame)
_NAMES = ("authorizationkey", "password", "passphrase", "secret")
_SECRET_NAME = re.compile("|".join(_NAMES), re.IGNORECASE)
# A name can hide behind \u escapes, and the slashes of a URL behind `\/`.
_SUSPICIOUS = (*_NAMES, "://", r":\/", r":/\/", r"\u00", '"vpn"')

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(rf'{_STRING}|[\[\]{{}}]|[^\s:,\[\]{{}}"]+', re.DOTALL)
# From the colon of the scheme on. Here and below lengths are bounded: no text takes long to search.
_URL = re.compile(
    r"""(?P<scheme>:(?:\\?/){2})
        (?P<user>[^\s/?\#"@]{0,128}:(?!\d+/)[^\s"]{0,256}@ | [^\s/?\#"]{0,256}@)?
        (?P<place>[^\s?\#"]*)
        (?P<query>\?[^\s\#"]*)?""",
    re.VERBOSE,
)
_QUERY_VALUE = re.compile(r"(?<=[?&])([^=&]*=)?[^&]+")
_UNTIL_QUOTE = r'"[^"\\]*(?:\\.[^"\\]*)*"?'
_BROKEN_VALUE = re.compile(
    rf"""("(?:value|attributeValue|[^"\\]{{0,64}}(?:{_SECRET_NAME.pattern})[^"\\]{{0,64}})"
          \s{{0,64}}:\s{{0,64}}){_UNTIL_QUOTE}""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


def redact(record: Record) -> str | bytes:
    """Return the record's text without secrets; the very same object when it holds none."""
    if _action(record) in _PLAIN_ACTIONS:
        return record.data
    if isinstance(record.data, str):
        return redact_text(record.data)
    # Latin-1 maps each byte to one character and back.
    text = record.data.decode("latin-1")
    redacted = redact_text(text)
    return record.data if redacted is text else redacted.encode("latin-1")


def redact_text(text: str) -> str:
    """Return a JSON text, or what was meant to be one, without secrets."""
    lower = text.lower()
    if not any(part in lower for part in _SUSPICIOUS):
        return text
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (ValueError, UnicodeError, RecursionError):
        return redact_url(_BROKEN_VALUE.sub(rf'\1"{SHOWN}"', text))
    return _spliced(text)


def redact_url(url: str) -> str:
    """Return a URL, or a text with URLs in it, without user info and query values."""
    return _URL.sub(_without_secrets, url)


class _Value(NamedTuple):
    """A JSON value: where its text stands; a string's content, else what a container holds."""

    start: int
    end: int
    text: str | None = None
    members: tuple[tuple[str, "_Value"], ...] = ()
    items: tuple["_Value", ...] = ()

    def member(self, name: str) -> "_Value | None":
        return next((value for key, value in self.members if key == name), None)


def _action(record: Record) -> str | None:
    call = record.frame if isinstance(record.frame, _REQUESTS) else record.call
    return None if call is None else call.action


def _spliced(text: str) -> str:
    """Replace the tokens that hold secrets, and nothing else."""
    replaced: dict[int, tuple[int, str]] = {}
    for value in _values(text):
        if value.text is not None:
            cleaned = _cleaned(value.text)
            if cleaned != value.text:
                replaced.setdefault(value.start, (value.end, json.dumps(cleaned)))
        for secret in _secrets_of(value):
            replaced[secret.start] = (secret.end, f'"{SHOWN}"')
    pieces, position = [], 0
    for start, (end, token) in sorted(replaced.items()):
        if start >= position:
            pieces += [text[position:start], token]
            position = end
    return "".join([*pieces, text[position:]]) if pieces else text


def _cleaned(text: str) -> str:
    """Redact inside a string: a URL, or JSON within JSON as DataTransfer carries it."""
    return redact_text(text) if text.lstrip()[:1] in ("{", "[") else redact_url(text)


def _secrets_of(value: _Value) -> Iterator[_Value]:
    """Yield the members of an object that are secret by their name or by their neighbour's."""
    named = value.member("key") or (value.member("variable") or value).member("name")
    if named is not None and _SECRET_NAME.search(named.text or ""):
        for name, member in value.members:
            if name in ("value", "attributeValue"):
                yield member
            if name == "variableAttribute":
                yield from (found for item in member.items if (found := item.member("value")))
    for name, member in value.members:
        if member.text is not None and _SECRET_NAME.search(name):
            yield member
        if name == "vpn" and (key := member.member("key")):
            yield key


def _values(text: str) -> Iterator[_Value]:
    """Yield each value of a JSON text, containers after what they hold."""
    open_values: list[tuple[int, list[_Value]]] = []
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        match text[start]:
            case "[" | "{":
                open_values.append((start, []))
                continue
            case "]":
                start, held = open_values.pop()
                value = _Value(start, end, items=tuple(held))
            case "}":
                start, held = open_values.pop()
                names = [name.text or "" for name in held[::2]]
                value = _Value(start, end, members=tuple(zip(names, held[1::2], strict=True)))
            case '"':
                value = _Value(start, end, text=msgspec.json.decode(token[0], type=str))
            case _:
                value = _Value(start, end)
        if open_values:
            open_values[-1][1].append(value)
        yield value


def _without_secrets(url: re.Match[str]) -> str:
    user = f"{SHOWN}@" if url["user"] else ""
    query = _QUERY_VALUE.sub(lambda part: f"{part[1] or ''}{SHOWN}", url["query"] or "")
    return f"{url['scheme']}{user}{url['place']}{query}"
