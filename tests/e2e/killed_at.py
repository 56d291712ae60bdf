"""
`oye-proxy`, killed at a chosen point: `killed_at.py POINT PASSING serve …`.

It kills itself, as a power cut would, when it comes by the point for the given time.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeAlias

from msgspec import Struct

from oye_proxy import cli
from oye_proxy.ocppj.frames import Call, CallResult, MalformedError, parse
from oye_proxy.storage.journal import JournalStore
from oye_proxy.transport.bridge import Bridge
from oye_proxy.transport.charger_socket import ChargerSocket
from oye_proxy.transport.csms_link import CsmsLink

Filter: TypeAlias = Callable[..., bool]


class Point(Struct, frozen=True):
    """Before or after a function of ours, where what it is called with is of this kind."""

    owner: type
    function: str
    after: bool
    counts: Filter


def stores_entries(batch: Any) -> bool:
    """Tell whether answers are about to be kept."""
    return bool(batch.entries)


def stores_settlements(batch: Any) -> bool:
    """Tell whether steps of a replay are about to be kept."""
    return bool(batch.settlements)


def answers_transaction(data: str | bytes) -> bool:
    """Tell whether this is an answer that a charger would drop a message for."""
    return isinstance(_frame(data), CallResult) and "currentTime" not in str(data)


def replays_transaction(data: str | bytes) -> bool:
    """Tell whether this tells of a transaction."""
    frame = _frame(data)
    return isinstance(frame, Call) and (
        "Transaction" in frame.action or frame.action == "MeterValues"
    )


def always(*_arguments: object) -> bool:
    """Count every call."""
    return True


POINTS = {
    "before-the-entry": Point(JournalStore, "commit", after=False, counts=stores_entries),
    "entry-not-committed": Point(JournalStore, "_append", after=True, counts=always),
    "entry-committed": Point(JournalStore, "commit", after=True, counts=stores_entries),
    "before-the-answer": Point(ChargerSocket, "send", after=False, counts=answers_transaction),
    "after-the-answer": Point(ChargerSocket, "send", after=True, counts=answers_transaction),
    "before-the-replay": Point(CsmsLink, "send", after=False, counts=replays_transaction),
    "after-the-replay": Point(CsmsLink, "send", after=True, counts=replays_transaction),
    "csms-answered": Point(Bridge, "csms_said", after=False, counts=answers_transaction),
    "before-the-settlement": Point(JournalStore, "commit", after=False, counts=stores_settlements),
    "settlement-not-committed": Point(JournalStore, "_settle", after=True, counts=always),
    "settlement-committed": Point(JournalStore, "commit", after=True, counts=stores_settlements),
}


def arm(point: Point, passing: int) -> None:
    """Wrap the point's function so that it kills this process."""
    original = getattr(point.owner, point.function)
    passed = 0

    def pass_by(*arguments: Any) -> None:
        nonlocal passed
        passed += point.counts(*arguments)
        if passed == passing and point.counts(*arguments):
            os.kill(os.getpid(), signal.SIGKILL)

    if iscoroutinefunction(original):

        @wraps(original)
        async def wrapped(self: Any, *arguments: Any) -> Any:
            if not point.after:
                pass_by(*arguments)
            result = await original(self, *arguments)
            if point.after:
                pass_by(*arguments)
            return result
    else:

        @wraps(original)
        def wrapped(self: Any, *arguments: Any) -> Any:
            if not point.after:
                pass_by(*arguments)
            result = original(self, *arguments)
            if point.after:
                pass_by(*arguments)
            return result

    setattr(point.owner, point.function, wrapped)


def _frame(data: str | bytes) -> Any:
    try:
        return parse(str(data))
    except MalformedError:
        return None


if __name__ == "__main__":
    arm(POINTS[sys.argv[1]], int(sys.argv[2]))
    sys.exit(cli.main(sys.argv[3:]))
