"""Times on the wire: RFC 3339 in UTC (C16 3.14)."""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """Write an aware time as UTC with milliseconds and `Z`: at most three decimals are allowed."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def from_text(text: object) -> datetime | None:
    """Read a time as chargers write it, UTC where the offset is missing; None if it is none."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
