"""What a person is told at start, one sentence each, as loud as the option `log_level` lets it."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from oye_proxy.logs import LEVELS, Redaction, escaped
from oye_proxy.settings import LogLevel

LONGEST = 120


class Remark(Struct, frozen=True):
    """One sentence; a warning says what is wrong and what to do."""

    text: str
    level: LogLevel = LogLevel.WARNING


class Lines:
    """Prints remarks of the wanted level, one line each, for the app's log."""

    def __init__(self, level: LogLevel, write: Callable[[str], object]) -> None:
        self._least = LEVELS[level]
        self._write = write
        self._redaction = Redaction()

    def say(self, *texts: str) -> None:
        """Print facts."""
        self.tell(Remark(text, LogLevel.INFO) for text in texts)

    def tell(self, remarks: Iterable[Remark]) -> None:
        """Print remarks; a warning begins with its level."""
        for remark in remarks:
            number = LEVELS[remark.level]
            if number >= self._least:
                loud = number > LEVELS[LogLevel.INFO]
                prefix = f"{remark.level.value}: " if loud else ""
                self._write(escaped(self._redaction.apply(f"{prefix}{remark.text}")))


def quoted(value: object) -> str:
    """Return a value that somebody typed, short and in quotes, for a sentence."""
    text = value if isinstance(value, str) else repr(value)
    return f'"{text if len(text) <= LONGEST else text[:LONGEST] + "…"}"'
