"""
Replace one value in the exact text of a frame and leave every other character as it is.

A frame is never written anew: number formats, order of keys, white space, escapes and signatures
are data. The text is checked to be JSON as a whole, then the value's position is looked up by
hopping from bracket to bracket, its characters are replaced, and the result is read again. Where
that is not safe, RewriteError says why, and the frame goes on unchanged.
"""

import json
import re
from collections.abc import Iterator
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
    comma = "" if _after_space(text, inside) == "}" else ","
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
_SCALAR: Final = re.compile(r"[^\s,\]}]+")
_STRING_OR_BRACKET: Final = re.compile(rf"{_STRING.pattern}|[][{{}}]")

# P4/Q4 7.1: what is signed stays as it is.
_SIGNED_ACTION: Final = "-Signed"
_SIGNED_NAMES: Final = frozenset({"SignedData", "signedMeterValue"})


class _Member(msgspec.Struct, frozen=True, gc=False):
    """A member of an object: its name without escapes, and where its value is."""

    name: str
    start: int
    end: int


def _locate(text: str, path: Path) -> tuple[int, int]:
    """Return where the value at `path` starts and ends."""
    _check(text)
    start = _skip_space(text, 0)
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


def _check(text: str) -> None:
    """Refuse what is not JSON, or nested so deeply that nobody can read it."""
    try:
        _strict.decode(text)
    except (ValueError, RecursionError):
        raise RewriteError("the text is not JSON, or is nested too deeply") from None


def _no_number(_: str) -> NoReturn:
    raise ValueError


# Numbers are not converted: they may have more digits than Python reads.
_strict: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_number)


# What follows reads texts that are JSON.


def _refuse_signed_action(text: str, start: int) -> None:
    if text[start] != "[":
        return
    for index, item in enumerate(_items(text, start)):
        if index == _ACTION:
            if text[item] == '"' and _string(text, item).endswith(_SIGNED_ACTION):
                raise RewriteError("a signed message must not be changed")
            return


_ACTION: Final = 2


def _item(text: str, start: int, index: int) -> int:
    if text[start] == "[":
        for found, item in enumerate(_items(text, start)):
            if found == index:
                return item
    raise RewriteError(f"the text has no element {index}")


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


def _items(text: str, start: int) -> Iterator[int]:
    """Yield where the elements of the array at `start` start."""
    position = _skip_space(text, start + 1)
    while text[position] != "]":
        yield position
        position = _next(text, _end(text, position))


def _members(text: str, start: int) -> Iterator[_Member]:
    """Yield the members of the object at `start`; raise RewriteError when there is none."""
    if text[start] != "{":
        raise RewriteError("the text has no object where one is expected")
    position = _skip_space(text, start + 1)
    while text[position] != "}":
        colon = _skip_space(text, _end(text, position))
        value = _skip_space(text, colon + 1)
        end = _end(text, value)
        yield _Member(_string(text, position), value, end)
        position = _next(text, end)


def _next(text: str, position: int) -> int:
    """Go from the end of a value to the next one, or to the closing bracket."""
    position = _skip_space(text, position)
    return _skip_space(text, position + 1) if text[position] == "," else position


def _end(text: str, start: int) -> int:
    """Return where the value at `start` ends."""
    if text[start] not in "[{":
        return _match(_STRING if text[start] == '"' else _SCALAR, text, start)
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text, start):
        mark = text[found.start()]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
            if not depth:
                return found.end()
    raise AssertionError("JSON closes its brackets")


def _string(text: str, start: int) -> str:
    """Return what the string at `start` says, whatever its escapes."""
    token = text[start : _match(_STRING, text, start)]
    if "\\" not in token:
        return token[1:-1]
    value: str = _strict.decode(token)
    return value


def _after_space(text: str, position: int) -> str:
    return text[_skip_space(text, position)]


def _skip_space(text: str, position: int) -> int:
    return _match(_SPACE, text, position)


def _match(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    assert found is not None, "the text is JSON"  # noqa: S101 - for mypy
    return found.end()


def _token(value: str) -> str:
    return msgspec.json.encode(value).decode()


def _spelled(path: Path) -> str:
    return "/".join(map(str, path))
