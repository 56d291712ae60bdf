"""When to dial the CSMS again: never give up, never hammer."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from oye_proxy.transport.close_codes import is_rejection

STABLE_AFTER = 60.0
REJECTED_DELAY = 30.0
RETRY_AFTER_MAX = 3600.0


class Backoff:
    """
    Delays of 1 s x 2^n up to a cap, spread by half; from the start after a stable link.

    `spread` returns a number from 0 to 1. Times are the loop's, in seconds.
    """

    def __init__(self, *, first: float, cap: float, spread: Callable[[], float]) -> None:
        self._first = first
        self._cap = cap
        self._spread = spread
        self._base = first
        self._opened_at: float | None = None
        self.attempt = 0

    def opened(self, now: float) -> None:
        """Note that a link is up."""
        self._opened_at = now

    def lost(self, now: float, close_code: int) -> float:
        """Return the seconds to wait after a link that was up has ended."""
        if self._opened_at is not None and now - self._opened_at >= STABLE_AFTER:
            self._base = self._first
            self.attempt = 0
        self._opened_at = None
        if is_rejection(close_code):
            self._base = max(self._base, min(REJECTED_DELAY, self._cap))
        return self._next()

    def failed(self, retry_after: float | None = None) -> float:
        """Return the seconds to wait after an attempt that failed."""
        return max(self._next(), min(retry_after or 0.0, RETRY_AFTER_MAX))

    def _next(self) -> float:
        delay = min(self._base, self._cap)
        self._base = min(delay * 2, self._cap)
        self.attempt += 1
        return delay * (0.5 + self._spread())


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date; None when it says nothing."""
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
