"""
The filter for frames, as people write it: `charger:CP1 -action:Heartbeat is:error latency>2s`.

It judges exchanges: a CALL with its answer, or a frame that stands alone. Words of one kind are
alternatives, different kinds narrow, `-` in front excludes. What has no kind is text to be found in
one of the frames, regardless of case. The same filter holds for what is stored and what passes.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from oye_proxy.api.filter_words import Word, refusal, split_words
from oye_proxy.ocppj.actions import CHARGER_ACTIONS, CSMS_ACTIONS
from oye_proxy.ocppj.commands import Peer
from oye_proxy.storage.directions import Direction


class Mark(StrEnum):
    """What `is:` asks of an exchange."""

    ERROR = "error"
    INJECTED = "injected"
    LATE = "late"
    UNANSWERED = "unanswered"
    MALFORMED = "malformed"


class Traits(Struct, frozen=True, kw_only=True):
    """What a filter looks at of an exchange; `latency` in seconds once there is an answer."""

    charge_point_id: str
    action: str | None
    sender: Peer
    receiver: Peer
    directions: tuple[str, ...]
    marks: frozenset[Mark]
    latency: float | None
    moment: datetime
    payloads: tuple[str, ...]


class Comparison(Struct, frozen=True):
    """How long an answer took, compared; in seconds."""

    sign: str
    seconds: float

    def holds(self, latency: float | None) -> bool:
        """Say whether a latency fulfils it; none never does."""
        return latency is not None and _SIGNS[self.sign](latency, self.seconds)


class FrameFilter(Struct, frozen=True):
    """A parsed filter; the empty one matches everything."""

    wanted: dict[str, tuple[str, ...]] = {}
    unwanted: dict[str, tuple[str, ...]] = {}
    texts: tuple[str, ...] = ()
    unwanted_texts: tuple[str, ...] = ()
    latencies: tuple[Comparison, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it matches everything."""
        return self == FrameFilter()

    def only(self, kind: str) -> str | None:
        """Return the one value that is wanted of a kind, None when none or several are."""
        values = self.wanted.get(kind, ())
        return values[0] if len(values) == 1 else None

    def matches(self, traits: Traits) -> bool:
        """Say whether an exchange is wanted."""
        return (
            (self.since is None or traits.moment >= self.since)
            and (self.until is None or traits.moment <= self.until)
            and all(_has(traits, kind, words) for kind, words in self.wanted.items())
            and not any(_has(traits, kind, words) for kind, words in self.unwanted.items())
            and all(comparison.holds(traits.latency) for comparison in self.latencies)
            and self._has_texts(traits)
        )

    def _has_texts(self, traits: Traits) -> bool:
        if not self.texts and not self.unwanted_texts:
            return True
        folded = [payload.casefold() for payload in traits.payloads]
        return all(any(text in one for one in folded) for text in self.texts) and not any(
            text in one for text in self.unwanted_texts for one in folded
        )


def parse_filter(text: str, now: datetime) -> FrameFilter:
    """Read a filter or raise InvalidRequestError; `1h` and the like are counted back from now."""
    reading = _Reading(now)
    for word in split_words(text):
        reading.take(word)
    return reading.filter()


class _Reading:
    """A filter while it is read."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._words: dict[bool, dict[str, list[str]]] = {False: {}, True: {}}
        self._texts: dict[bool, list[str]] = {False: [], True: []}
        self._latencies: list[Comparison] = []
        self._since: datetime | None = None
        self._until: datetime | None = None

    def take(self, word: Word) -> None:
        """Understand one word."""
        bare = word.text[: word.bare]
        found = _KIND.match(bare)
        if _COMPARED.match(bare):
            self._compare(word)
        elif found is None:
            self._texts[word.excludes].append(word.text.casefold())
        else:
            self._condition(word, found[1], word.text[found.end() :])

    def filter(self) -> FrameFilter:
        """Return what was read."""
        return FrameFilter(
            wanted={kind: tuple(values) for kind, values in self._words[False].items()},
            unwanted={kind: tuple(values) for kind, values in self._words[True].items()},
            texts=tuple(self._texts[False]),
            unwanted_texts=tuple(self._texts[True]),
            latencies=tuple(self._latencies),
            since=self._since,
            until=self._until,
        )

    def _condition(self, word: Word, kind: str, value: str) -> None:
        if kind not in _VALUES and kind not in _TIMES:
            raise refusal(
                word.position,
                f"{kind}: is no condition; known are {_listed([*_VALUES, *_TIMES])}."
                " Put a text that has a colon in quotation marks",
            )
        if not value:
            raise refusal(word.position, f"{kind}: needs a value right behind the colon")
        if kind in _TIMES:
            self._bound(word, kind, value)
            return
        read = _VALUES[kind](value)
        if read is None:
            raise refusal(word.position, f"{kind}: is one of {_listed(_CHOICES[kind])}")
        self._words[word.excludes].setdefault(kind, []).append(read)

    def _bound(self, word: Word, kind: str, value: str) -> None:
        moment = _moment(value, self._now)
        if moment is None or word.excludes:
            raise refusal(
                word.position, f"{kind}: needs a time such as 2026-11-21T10:00Z, or 1h for an hour"
            )
        if kind == "since":
            self._since = moment if self._since is None else max(moment, self._since)
        else:
            self._until = moment if self._until is None else min(moment, self._until)

    def _compare(self, word: Word) -> None:
        found = _LATENCY.fullmatch(word.text)
        if found is None or word.excludes:
            raise refusal(word.position, "write a latency as latency>2s or latency<100ms")
        seconds = float(found["number"]) * _SECONDS[found["unit"]]
        self._latencies.append(Comparison(found["sign"], seconds))


def _has(traits: Traits, kind: str, words: tuple[str, ...]) -> bool:
    match kind:
        case "charger":
            return traits.charge_point_id in words
        case "action":
            return traits.action in words
        case "from":
            return traits.sender in words
        case "to":
            return traits.receiver in words
        case "direction":
            return any(direction in words for direction in traits.directions)
        case _:
            return any(mark in words for mark in traits.marks)


def _choice(kind: str, *, upper: bool = False) -> Callable[[str], str | None]:
    def read(value: str) -> str | None:
        spelt = value.upper() if upper else value.lower()
        return spelt if spelt in _CHOICES[kind] else None

    return read


def _action(value: str) -> str:
    """Return an action as OCPP spells it; one that OCPP does not know stays as it is."""
    return _ACTIONS.get(value.lower(), value)


def _moment(value: str, now: datetime) -> datetime | None:
    ago = _DURATION.fullmatch(value)
    try:
        if ago is not None:
            return now - timedelta(seconds=float(ago["number"]) * _SECONDS[ago["unit"]])
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


_CHOICES: Final = {
    "from": [peer.value for peer in Peer],
    "to": [peer.value for peer in Peer],
    "direction": [direction.value for direction in Direction],
    "is": [mark.value for mark in Mark],
}
_VALUES: Final[Mapping[str, Callable[[str], str | None]]] = MappingProxyType(
    {
        "charger": str,
        "action": _action,
        "from": _choice("from"),
        "to": _choice("to"),
        "is": _choice("is"),
        "direction": _choice("direction", upper=True),
    }
)
_TIMES: Final = ("since", "until")
_ACTIONS: Final = {
    action.lower(): action
    for table in (CHARGER_ACTIONS, CSMS_ACTIONS)
    for actions in table.values()
    for action in actions
}
_SIGNS: Final[Mapping[str, Callable[[float, float], bool]]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)
_SECONDS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_NUMBER: Final = r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,6})?)(?P<unit>ms|s|m|h|d)"
_DURATION: Final = re.compile(_NUMBER)
_LATENCY: Final = re.compile(rf"latency(?P<sign>[<>]=?){_NUMBER}")
_COMPARED: Final = re.compile(r"latency[<>]")
_KIND: Final = re.compile(r"([A-Za-z]+):")
