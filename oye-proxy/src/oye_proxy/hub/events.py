"""News of the hub, and the bus that carries it to features and live clients."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeAlias, get_args

from msgspec import Struct

from oye_proxy.hub.issues import Issue
from oye_proxy.ocppj.commands import Record

_logger = logging.getLogger(__name__)


class ChargerChanged(Struct, frozen=True, gc=False):
    """A charger has a new state; ask the hub for it when you need it."""

    charge_point_id: str


class ChargerRemoved(Struct, frozen=True):
    """A charger was deleted."""

    charge_point_id: str


class IssuesChanged(Struct, frozen=True):
    """The list of issues is another one."""

    issues: tuple[Issue, ...]


class News(Struct, frozen=True, kw_only=True):
    """Something happened; never replayed. The names stand in docs/API.md."""

    event: str
    charge_point_id: str
    time: datetime
    data: dict[str, Any]


class FramePassed(Struct, frozen=True, kw_only=True, gc=False):
    """A frame passed, was answered here, or was swallowed."""

    charge_point_id: str
    time: datetime
    record: Record


LiveEvent: TypeAlias = ChargerChanged | ChargerRemoved | IssuesChanged | News | FramePassed
Listener: TypeAlias = Callable[[LiveEvent], None]


KINDS: Final[tuple[type[LiveEvent], ...]] = get_args(LiveEvent)


class Bus:
    """Hands each event to every listener, in order; a listener never blocks and never fails us."""

    def __init__(self) -> None:
        self._listeners: dict[type[LiveEvent], tuple[Listener, ...]] = dict.fromkeys(KINDS, ())

    def subscribe(self, listener: Listener, *kinds: type[LiveEvent]) -> Callable[[], None]:
        """Call `listener` with each event of these kinds, or of all, until the result is called."""
        for kind in kinds or KINDS:
            self._listeners[kind] = (*self._listeners[kind], listener)

        def unsubscribe() -> None:
            for kind in kinds or KINDS:
                self._listeners[kind] = tuple(
                    other for other in self._listeners[kind] if other is not listener
                )

        return unsubscribe

    def publish(self, event: LiveEvent) -> None:
        """Tell everybody who wants to know."""
        for listener in self._listeners[type(event)]:
            try:
                listener(event)
            except Exception:
                _logger.exception("a listener failed on %s", type(event).__name__)
