"""
`oye-proxy` on a machine whose wall clock jumps: a day on with SIGUSR1, a day back with SIGUSR2.

What measures time by the wall clock goes wrong then; the monotonic clock goes on as ever.
"""

import datetime as dt
import signal
import sys
import time
from datetime import datetime, timedelta, tzinfo
from types import FrameType
from typing import Self

from oye_proxy import app, cli

DAY = 86_400.0
_shift = 0.0
_time = time.time


class _Kind(type):
    """Take the genuine ones for its own."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class MovedDatetime(datetime, metaclass=_Kind):
    """A datetime whose present is moved."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return the moved present, as a genuine datetime."""
        return datetime.now(tz) + timedelta(seconds=_shift)  # type: ignore[return-value]  # see above


def _moved_time() -> float:
    return _time() + _shift


def _jump(number: int, _frame: FrameType | None) -> None:
    global _shift  # noqa: PLW0603  one process, one clock
    _shift += DAY if number == signal.SIGUSR1 else -DAY


def move_clocks() -> None:
    """Give every module of ours, and those to come, the moved clock."""
    assert app.running is not None, "the modules that read a clock are imported"
    time.time = _moved_time
    for name, module in list(sys.modules.items()):
        if name.startswith("oye_proxy") and getattr(module, "datetime", None) is datetime:
            module.datetime = MovedDatetime  # type: ignore[attr-defined]  # just looked
    dt.datetime = MovedDatetime  # type: ignore[misc]  # imported later on
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, _jump)


if __name__ == "__main__":
    move_clocks()
    sys.exit(cli.main(sys.argv[1:]))
