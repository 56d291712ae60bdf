"""Reading JSON values of the proxy with tolerance: what does not fit is None."""

import logging
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

LONGEST_NAME: Final = 64
LONGEST_LOGGED: Final = 40

_LOGGER: Final = logging.getLogger(__package__)


def text(value: Any) -> str | None:
    """Return a text as it is; None when it is none or empty."""
    return value if isinstance(value, str) and value else None


def name(value: Any) -> str | None:
    """Return a text for people, without control characters and not too long."""
    if not isinstance(value, str):
        return None
    shown = "".join(character for character in value if character.isprintable())
    return shown.strip()[:LONGEST_NAME].strip() or None


def number(value: Any) -> float | None:
    """Return a finite number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def integer(value: Any) -> int | None:
    """Return a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(value: Any, *, default: bool = False) -> bool:
    """Return a truth value."""
    return value if isinstance(value, bool) else default


def moment(value: Any) -> datetime | None:
    """Return a moment in UTC."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except ValueError, OverflowError:
        return None


def member[E: StrEnum](kind: type[E], value: Any) -> E | None:
    """Return the member of an enumeration; a value that is unknown is told once."""
    if not isinstance(value, str):
        return None
    try:
        return kind(value)
    except ValueError:
        _tell_unknown(kind.__name__, value[:LONGEST_LOGGED])
        return None


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> Iterable[Any]:
    """Return the items of a JSON list; none for anything else."""
    return value if isinstance(value, list) else ()


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts in a JSON list."""
    return tuple(one for one in items(value) if isinstance(one, str))


@lru_cache(maxsize=256)
def _tell_unknown(kind: str, value: str) -> None:
    _LOGGER.debug("%s has no member %r", kind, value)
