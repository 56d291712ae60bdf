"""
The filter for frames, as people write it: `charger:CP1 -action:Heartbeat "text"`.

Words of one kind are alternatives, different kinds narrow; `-` in front excludes. Anything without
a known kind is text to be found in the frame, regardless of case.
"""

import shlex
from collections.abc import Sequence

from msgspec import Struct

from oye_proxy.errors import InvalidRequestError
from oye_proxy.storage.frames import NewFrame

_KINDS = ("charger", "action", "direction")
MAX_WORDS = 50


class FrameFilter(Struct, frozen=True):
    """A parsed filter; the empty one matches every frame."""

    wanted: dict[str, tuple[str, ...]] = {}
    unwanted: dict[str, tuple[str, ...]] = {}
    texts: tuple[str, ...] = ()
    unwanted_texts: tuple[str, ...] = ()

    def matches(self, frame: NewFrame) -> bool:
        """Say whether a frame is wanted."""
        values = {
            "charger": frame.charge_point_id,
            "action": frame.action or "",
            "direction": frame.direction,
        }
        if any(values[kind] not in words for kind, words in self.wanted.items()):
            return False
        if any(values[kind] in words for kind, words in self.unwanted.items()):
            return False
        if not self.texts and not self.unwanted_texts:
            return True
        folded = frame.payload.casefold()
        return all(text in folded for text in self.texts) and not any(
            text in folded for text in self.unwanted_texts
        )


def parse_filter(text: str) -> FrameFilter:
    """Read a filter or raise InvalidRequestError; direction is written as in the rows."""
    wanted: dict[str, list[str]] = {}
    unwanted: dict[str, list[str]] = {}
    texts: list[str] = []
    unwanted_texts: list[str] = []
    for word in _words(text):
        excludes = word.startswith("-") and len(word) > 1
        meant = word[1:] if excludes else word
        kind, _, value = meant.partition(":")
        if value and kind in _KINDS:
            (unwanted if excludes else wanted).setdefault(kind, []).append(_spelt(kind, value))
        else:
            (unwanted_texts if excludes else texts).append(meant.casefold())
    return FrameFilter(
        wanted={kind: tuple(values) for kind, values in wanted.items()},
        unwanted={kind: tuple(values) for kind, values in unwanted.items()},
        texts=tuple(texts),
        unwanted_texts=tuple(unwanted_texts),
    )


def _words(text: str) -> Sequence[str]:
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.quotes = '"'
    lexer.escape = ""
    try:
        words = list(lexer)
    except ValueError:
        raise InvalidRequestError("filter: a quotation mark is not closed") from None
    if len(words) > MAX_WORDS:
        raise InvalidRequestError(f"filter: more than {MAX_WORDS} words")
    return words


def _spelt(kind: str, value: str) -> str:
    return value.upper() if kind == "direction" else value
