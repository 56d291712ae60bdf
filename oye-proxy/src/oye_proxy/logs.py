"""
Where log lines go, and what never gets there.

A line is handed to a thread through a bounded queue, so a slow disk stalls nothing. Before it is
written it loses its secrets, and control characters in it are escaped: nobody can forge a line.
"""

import copy
import json
import logging
import logging.handlers
import queue
import re
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, Protocol

from msgspec import Struct

from oye_proxy.errors import SettingsError
from oye_proxy.settings import LogFormat, LogLevel, LogSettings, Secret

FILE_NAME = "oye-proxy.log"
FILE_BYTES = 10 * 1024 * 1024
OLD_FILES = 5
QUEUE_LINES = 10_000
RECENT_LINES = 500

LEVELS = {
    LogLevel.TRACE: logging.DEBUG,
    LogLevel.DEBUG: logging.DEBUG,
    LogLevel.INFO: logging.INFO,
    LogLevel.NOTICE: logging.INFO,
    LogLevel.WARNING: logging.WARNING,
    LogLevel.ERROR: logging.ERROR,
    LogLevel.FATAL: logging.CRITICAL,
}

# The names of the levels that differ; `trace` and `notice` are others' words for two of them.
_SPOKEN_LEVELS = (
    LogLevel.DEBUG,
    LogLevel.INFO,
    LogLevel.WARNING,
    LogLevel.ERROR,
    LogLevel.FATAL,
)
_SHOWN = "***"
_OURS = "oye_proxy"


class Stream(Protocol):
    """A terminal, a pipe or a file."""

    def write(self, text: str, /) -> object:
        """Write a text."""

    def flush(self) -> object:
        """Let nothing wait."""

    def isatty(self) -> bool:
        """Whether a person reads it."""


def start(
    settings: LogSettings, stream: Stream, hidden: Iterable[Secret] = ()
) -> Callable[[], None]:
    """
    Send all log lines to the stream, and to the log file if there is a folder for it.

    `hidden` are secrets that no line may show. Return what writes the last lines and undoes it all.
    """
    redaction = Redaction(hidden)
    handlers = [_to_stream(settings, stream, redaction)]
    if settings.dir is not None:
        handlers.append(_to_file(settings, redaction))
    lines: queue.Queue[Any] = queue.Queue(QUEUE_LINES)
    entrance = _Entrance(lines)
    listener = logging.handlers.QueueListener(lines, *handlers)
    listener.start()
    root, ours = logging.getLogger(), logging.getLogger(_OURS)
    levels = root.level, ours.level
    tail = _Tail(redaction)
    root.addHandler(entrance)
    root.addHandler(tail)
    set_level(settings.level)

    def stop() -> None:
        root.removeHandler(entrance)
        root.removeHandler(tail)
        root.setLevel(levels[0])
        ours.setLevel(levels[1])
        lines.put(None)
        listener.stop()
        for handler in handlers:
            handler.close()

    return stop


def set_level(level: LogLevel) -> None:
    """Log more or less from now on."""
    # Other libraries write frames, headers and SQL at their lower levels.
    logging.getLogger().setLevel(max(LEVELS[level], logging.WARNING))
    logging.getLogger(_OURS).setLevel(LEVELS[level])


def level() -> LogLevel:
    """Return how much is logged."""
    number = logging.getLogger(_OURS).getEffectiveLevel()
    return next((one for one in _SPOKEN_LEVELS if LEVELS[one] >= number), LogLevel.FATAL)


def recent(limit: int) -> list["LogLine"]:
    """Return the newest lines, oldest first; none when nothing is sent anywhere."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Tail):
            return handler.lines(limit)
    return []


class LogLine(Struct, frozen=True, kw_only=True):
    """One line, without secrets and with nothing in it that could forge another."""

    time: datetime
    level: str
    logger: str
    message: str
    charger: str | None
    exception: str | None


class Redaction:
    """Takes secrets out of texts."""

    def __init__(self, hidden: Iterable[Secret] = ()) -> None:
        texts = sorted({secret.reveal() for secret in hidden if secret.reveal()}, key=len)
        self._known = re.compile("|".join(map(re.escape, reversed(texts)))) if texts else None

    def apply(self, text: str) -> str:
        """Return the text without secrets."""
        if self._known is not None:
            text = self._known.sub(_SHOWN, text)
        for pattern, replacement in _SECRETS:
            text = pattern.sub(replacement, text)
        if _NAMED_SETTING.search(text):
            text = _VALUE.sub(rf"\1{_SHOWN}", text)
        return text


class JsonFormatter(logging.Formatter):
    """One JSON object a line, as the Node oye-proxy's log files have it."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """Return a line without its end."""
        line = {
            "timestamp": _moment(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "severity": _severity(record),
            "message": self._redaction.apply(record.getMessage()),
            "logger": record.name,
        }
        charger = getattr(record, "charger", None)
        if charger is not None:
            line["charger"] = charger
        if record.exc_text:
            line["exception"] = self._redaction.apply(record.exc_text)
        # Not msgspec: a stranger's text may hold half a character.
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        return _CONTROL.sub(lambda found: json.dumps(found[0])[1:-1], text)


class TextFormatter(logging.Formatter):
    """One line for a person; a traceback follows it indented."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """Return a line without its end."""
        moment = _moment(record).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        text = escaped(self._redaction.apply(record.getMessage()))
        line = f"{moment} {record.levelname:<8} {text}"
        charger = getattr(record, "charger", None)
        if charger is not None and str(charger) not in record.getMessage():
            line += f" charger={escaped(str(charger))}"
        if record.exc_text:
            traceback = self._redaction.apply(record.exc_text).splitlines()
            line += "".join(f"\n    {escaped(part)}" for part in traceback)
        return line


def escaped(text: str) -> str:
    """Return the text with every character escaped that could forge a line or hide a part of it."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


class _Tail(logging.Handler):
    """Keeps the newest lines; they lose their secrets when they are read."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction
        self._records: deque[logging.LogRecord] = deque(maxlen=RECENT_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line; its arguments may change before somebody reads it."""
        kept = copy.copy(record)
        kept.msg, kept.args = record.getMessage(), None
        if record.exc_info:
            kept.exc_text, kept.exc_info = _traceback.formatException(record.exc_info), None
        self._records.append(kept)

    def lines(self, limit: int) -> list[LogLine]:
        """Return the newest, oldest first."""
        with self.lock or nullcontext():
            records = list(self._records)
        return [self._line(record) for record in records[max(0, len(records) - limit) :]]

    def _line(self, record: logging.LogRecord) -> LogLine:
        charger = getattr(record, "charger", None)
        message = (
            record.getMessage() if charger is None else _without(str(charger), record.getMessage())
        )
        exception = self._redaction.apply(record.exc_text) if record.exc_text else None
        return LogLine(
            time=_moment(record),
            level=record.levelname,
            logger=record.name,
            message=escaped(self._redaction.apply(message)),
            charger=None if charger is None else escaped(str(charger)),
            exception=None
            if exception is None
            else "\n".join(escaped(part) for part in exception.splitlines()),
        )


def _without(charger: str, message: str) -> str:
    """Return the message without the id that it begins with: the line names the charger already."""
    sign, space, text = message.partition(" ")
    if space and sign in _DEBUG_SIGNS:
        return f"{sign} {_without(charger, text)}"
    if not message.startswith(charger):
        return message
    rest = message[len(charger) :].removeprefix(":")
    return rest[1:] if rest.startswith(" ") else message


class _Entrance(logging.handlers.QueueHandler):
    """Puts lines into the queue; a full queue loses the newest and says so later."""

    def __init__(self, lines: "queue.Queue[Any]") -> None:
        super().__init__(lines)
        self._lost = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            if self._lost:
                self.queue.put_nowait(self._loss())
                self._lost = 0
            self.queue.put_nowait(record)
        except queue.Full:
            self._lost += 1

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        # Arguments may change before the thread sees them.
        record.msg = record.getMessage()
        record.args = None
        if record.exc_info:
            record.exc_text = _traceback.formatException(record.exc_info)
            record.exc_info = None
        return record

    def _loss(self) -> logging.LogRecord:
        return logging.LogRecord(
            __name__,
            logging.WARNING,
            __file__,
            0,
            "%d log lines were lost: the output is too slow",
            (self._lost,),
            None,
        )


def _to_stream(settings: LogSettings, stream: Stream, redaction: Redaction) -> logging.Handler:
    text = settings.format is LogFormat.TEXT or (
        settings.format is LogFormat.AUTO and stream.isatty()
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TextFormatter(redaction) if text else JsonFormatter(redaction))
    return handler


def _to_file(settings: LogSettings, redaction: Redaction) -> logging.Handler:
    assert settings.dir is not None  # noqa: S101 - the caller looked
    try:
        settings.dir.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            settings.dir / FILE_NAME, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8"
        )
    except OSError as error:
        raise SettingsError(
            f"log.dir: cannot write to {settings.dir / FILE_NAME}: {error.strerror}."
            " Choose another folder, or none."
        ) from error
    handler.setFormatter(JsonFormatter(redaction))
    return handler


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _severity(record: logging.LogRecord) -> str:
    return "ERROR" if record.levelno >= logging.ERROR else record.levelname


def _last_four(found: re.Match[str]) -> str:
    tag = found[2]
    return f"{found[1]}{_SHOWN}{tag[-4:] if len(tag) > 4 else ''}"  # noqa: PLR2004


# They begin a line at the level `debug`.
_DEBUG_SIGNS = frozenset("<>+=x!")
_traceback = logging.Formatter()

# Controls, and what turns the direction of writing or cannot be seen.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)

# Lengths are bounded: no line takes long to search.
_SECRETS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(r"-----BEGIN [A-Z ]{1,40}-----.*?(?:-----END [A-Z ]{1,40}-----|\Z)", re.DOTALL),
        "-----BEGIN ***",
    ),
    (
        re.compile(
            r"(\b(?:proxy-)?authorization\W{1,5})(?:(?:basic|bearer|digest)\s+)?[^\s'\",]+",
            re.IGNORECASE,
        ),
        rf"\1{_SHOWN}",
    ),
    (re.compile(r"\b(Basic|Bearer)\s+(?=\S{0,64}[\d=+/_-])[^\s'\",]{6,}"), rf"\1 {_SHOWN}"),
    (
        re.compile(r"(\b(?:set-)?cookie['\"]?\s?[:=]\s?['\"]?)[^\n'\"]+", re.IGNORECASE),
        rf"\1{_SHOWN}",
    ),
    (re.compile(r"\boye_[A-Za-z0-9_-]{20,}"), f"oye_{_SHOWN}"),
    (
        re.compile(
            r"((?:password|passwd|passphrase|secret|(?<!id)(?<!id_)token|authorizationkey|api[-_]?key)"
            r"\\{0,3}['\"]?\s?[:=]\s?\\{0,3}['\"]?)[^\s'\"\\,;&(){}\[\]]+",
            re.IGNORECASE,
        ),
        rf"\1{_SHOWN}",
    ),
    (
        re.compile(
            r"(\b(?:parent_?)?id_?(?:tag|token)\\{0,3}['\"]?\s?[:=]\s?\\{0,3}['\"]?)([^\s'\"\\,;&(){}\[\]]+)",
            re.IGNORECASE,
        ),
        _last_four,
    ),
    (re.compile(r"(://)[^\s/@'\"]{1,256}@"), rf"\1{_SHOWN}@"),
    (re.compile(r"([?&][^\s=&?'\"]{1,64}=)[^\s&'\"]+"), rf"\1{_SHOWN}"),
)
_NAMED_SETTING = re.compile(r"authorizationkey|basicauthpassword", re.IGNORECASE)
_VALUE = re.compile(
    r"(\\{0,3}['\"](?:value|attributeValue)\\{0,3}['\"]\s?:\s?\\{0,3}['\"])[^'\"\\]+"
)
