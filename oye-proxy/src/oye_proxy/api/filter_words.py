"""The words of a filter: split at spaces, held together by quotation marks, each with its place."""

from typing import Final

from msgspec import Struct

from oye_proxy.errors import InvalidRequestError

MAX_WORDS: Final = 50


class Word(Struct, frozen=True):
    """One word; `bare` is how much of its beginning stood outside quotation marks."""

    text: str
    position: int
    excludes: bool
    bare: int


def split_words(text: str) -> list[Word]:
    """Return the words or raise InvalidRequestError; a backslash takes a quotation mark in."""
    words: list[Word] = []
    index = 0
    while index < len(text):
        if text[index].isspace():
            index += 1
            continue
        word, index = _word(text, index)
        words.append(word)
    if len(words) > MAX_WORDS:
        raise refusal(words[MAX_WORDS].position, f"more than {MAX_WORDS} words")
    return words


def refusal(position: int, reason: str) -> InvalidRequestError:
    """Return the error for what stands at a position, counted from 1."""
    return InvalidRequestError(f"filter: at character {position}: {reason}")


def _word(text: str, start: int) -> tuple[Word, int]:
    excludes = text[start] == "-" and start + 1 < len(text) and not text[start + 1].isspace()
    index = start + excludes
    parts: list[str] = []
    bare: int | None = None
    while index < len(text) and not text[index].isspace():
        if text[index] == '"':
            bare = len(parts) if bare is None else bare
            index = _quoted(text, index, parts)
        else:
            parts.append(text[index])
            index += 1
    word = "".join(parts)
    return Word(word, start + 1, excludes, len(word) if bare is None else bare), index


def _quoted(text: str, start: int, parts: list[str]) -> int:
    """Take in what stands between two quotation marks; return the place behind."""
    index = start + 1
    while index < len(text):
        character = text[index]
        if character == '"':
            return index + 1
        if character == "\\" and text[index + 1 : index + 2] in {'"', "\\"}:
            index += 1
            character = text[index]
        parts.append(character)
        index += 1
    raise refusal(start + 1, "the quotation mark is not closed")
