"""
Replace one value in the exact text of a frame and leave every other character as it is.

A frame is never written anew: number formats, order of keys, white space, escapes and signatures
are data. The text is checked to be JSON as a whole, then the value's position is looked up step by
step, its characters are replaced, and the result is read again. Where that is not safe,
RewriteError says why, and the frame goes on unchanged.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NoReturn, TypeAlias

import msgspec

from oye_proxy.errors import RewriteError

# From the outermost array or object inwards: indexes of arrays, names of members.
Path: TypeAlias = tuple[int | str, ...]

PAYLOAD: Final[Path] = (3,)
ANSWER_PAYLOAD: Final[Path] = (2,)


def replace(text: str, path: Path, value: str) -> str:
    """
    Replace the value at `path` by `value`, itself a JSON text, and return the new text.

    Raise RewriteError when the text is not JSON, has nothing at `path`, names a part of the path
    twice, or when the value is signed.
    """
    start, end = _locate(text, path)
    return _spliced(text, start, end, path, value)


def put(text: str, path: Path, name: str, value: str) -> str:
    """
    Replace the member `name` of the object at `path`, or insert it as the first one.

    Raise RewriteError as `replace` does.
    """
    start, _ = _locate(text, path)
    if any(member.name == name for member in _members(text, start)):
        return replace(text, (*path, name), value)
    inside = start + 1
    key = f"{_token(name)}:"
    comma = "" if text[_skip(_SPACE, text, inside)] == "}" else ","
    opened = f"{text[:inside]}{key}{comma}{text[inside:]}"
    start = inside + len(key)
    return _spliced(opened, start, start, (*path, name), value)


def with_message_id(text: str, message_id: str) -> str:
    """Give a frame another message id: a replay whose own id is taken; raise RewriteError."""
    return replace(text, (1,), _token(message_id))


def offline(call_text: str) -> str:
    """Say in a TransactionEvent that it happened offline (E04.FR.03); raise RewriteError."""
    return put(call_text, PAYLOAD, "offline", "true")


def messages_in_queue(answer_text: str) -> str:
    """
    Say in the answer to GetTransactionStatus that messages wait (E14.FR.04); raise RewriteError.

    An answer does not name its action: whether it was a signed one, its caller knows.
    """
    return put(answer_text, ANSWER_PAYLOAD, "messagesInQueue", "true")


_SPACE: Final = re.compile(r"[ \t\n\r]*")
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_NAME: Final = re.compile(rf"{_STRING.pattern}{_SPACE.pattern}:{_SPACE.pattern}")
_COMMA: Final = re.compile(rf"{_SPACE.pattern}(?:,{_SPACE.pattern})?")

# Signed meter values: what is signed stays as it is.
_SIGNED_NAMES: Final = frozenset({"SignedData", "signedMeterValue"})


class _Member(msgspec.Struct, frozen=True, gc=False):
    """A member of an object: its name without escapes, and where its value starts."""

    name: str
    start: int


def _locate(text: str, path: Path) -> tuple[int, int]:
    """Return where the value at `path` starts and ends."""
    start = _skip(_SPACE, text, 0)
    if _skip(_SPACE, text, _end(text, start)) != len(text):
        raise RewriteError(_NOT_JSON)
    _refuse_signed_action(text, start)
    for step in path:
        start = _item(text, start, step) if isinstance(step, int) else _member(text, start, step)
    return start, _end(text, start)


def _spliced(text: str, start: int, end: int, path: Path, value: str) -> str:
    """Put `value` in the place of the characters, and see that it is all that stands there."""
    result = f"{text[:start]}{value}{text[end:]}"
    if _locate(result, path) != (start, start + len(value)):
        raise RewriteError(f"{_spelled(path)} cannot be replaced: the new text is not one value")
    return result


def _end(text: str, start: int) -> int:
    """Return where the JSON value at `start` ends."""
    try:
        return _strict.raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        raise RewriteError(_NOT_JSON) from None


_NOT_JSON: Final = "the text is not JSON, or is nested too deeply"


def _no_number(_: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise ValueError


# Unlike msgspec it tells where a value ends. Numbers are not converted: they may have more digits
# than Python reads.
_strict: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_number)


# What follows reads texts that are JSON.


def _refuse_signed_action(text: str, start: int) -> None:
    action = _element(text, start, 2)
    if action is not None and text[action] == '"' and _string(text, action).endswith("-Signed"):
        # P4/Q4 7.1: the signature covers the message.
        raise RewriteError("a signed message must not be changed")


def _item(text: str, start: int, index: int) -> int:
    item = _element(text, start, index)
    if item is None:
        raise RewriteError(f"the text has no element {index}")
    return item


def _member(text: str, start: int, name: str) -> int:
    members = list(_members(text, start))
    if name in _SIGNED_NAMES or any(_says_signed(text, member) for member in members):
        raise RewriteError(f"{name} is part of signed data, which must not be changed")
    found = [member.start for member in members if member.name == name]
    if not found:
        raise RewriteError(f"the text has no {name} where it is expected")
    if len(found) > 1:
        raise RewriteError(f"{name} occurs twice: nobody knows which one counts")
    return found[0]


def _says_signed(text: str, member: _Member) -> bool:
    """Tell whether this is the `format` of a signed meter value (C16 7.46 ValueFormat)."""
    return (
        member.name == "format"
        and text[member.start] == '"'
        and _string(text, member.start) == "SignedData"
    )


def _element(text: str, start: int, index: int) -> int | None:
    """Return where an element of the array at `start` starts; None when there is none."""
    return next(islice(_items(text, start), index, None), None) if text[start] == "[" else None


def _items(text: str, start: int) -> Iterator[int]:
    """Yield where the elements of the array at `start` start."""
    position = _skip(_SPACE, text, start + 1)
    while text[position] != "]":
        yield position
        position = _skip(_COMMA, text, _end(text, position))


def _members(text: str, start: int) -> Iterator[_Member]:
    """Yield the members of the object at `start`; raise RewriteError when there is none."""
    if text[start] != "{":
        raise RewriteError("the text has no object where one is expected")
    position = _skip(_SPACE, text, start + 1)
    while text[position] != "}":
        value = _skip(_NAME, text, position)
        yield _Member(_string(text, position), value)
        position = _skip(_COMMA, text, _end(text, value))


def _string(text: str, start: int) -> str:
    """Return what the string at `start` says, whatever its escapes."""
    value: str = _strict.raw_decode(text, start)[0]
    return value


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    assert found is not None, "the text is JSON"  # noqa: S101 - for mypy
    return found.end()


def _token(value: str) -> str:
    return msgspec.json.encode(value).decode()


def _spelled(path: Path) -> str:
    return "/".join(map(str, path))
