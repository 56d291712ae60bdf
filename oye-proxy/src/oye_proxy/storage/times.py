"""Times in the database: epoch seconds, or epoch microseconds where order matters."""

from datetime import UTC, datetime
from typing import overload


def to_seconds(time: datetime) -> int:
    """Return whole epoch seconds."""
    return int(time.timestamp())


def to_microseconds(time: datetime) -> int:
    """Return epoch microseconds."""
    # A float holds the microseconds of this century exactly enough to round to them.
    return round(time.timestamp() * 1_000_000)


@overload
def from_seconds(seconds: int) -> datetime: ...
@overload
def from_seconds(seconds: None) -> None: ...
@overload
def from_seconds(seconds: int | None) -> datetime | None: ...
def from_seconds(seconds: int | None) -> datetime | None:
    """Return an aware time in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@overload
def from_microseconds(microseconds: int) -> datetime: ...
@overload
def from_microseconds(microseconds: None) -> None: ...
@overload
def from_microseconds(microseconds: int | None) -> datetime | None: ...
def from_microseconds(microseconds: int | None) -> datetime | None:
    """Return an aware time in UTC."""
    return None if microseconds is None else datetime.fromtimestamp(microseconds / 1_000_000, UTC)
