"""What the owner wants of a charger, what the charger is like now, and what to do about it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from oye_proxy.ocppj.profiles.course import Course
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.rivals import LimitConflict
from oye_proxy.ocppj.profiles.schedules import Traits
from oye_proxy.ocppj.versions import OcppVersion


class PauseStrategy(StrEnum):
    """How to hold a connector back: some chargers end the transaction at 0 A anyway."""

    LIMIT_ZERO = "limit_zero"
    REMOTE_STOP = "remote_stop"


class Wish(Struct, frozen=True):
    """
    A limit that the owner wants; of a session, of this transaction or (None) of the next.

    `limit_a` is the first one of a `course`. From `until` on it is not wanted any more; without
    `phases` the charger chooses.
    """

    scope: LimitScope
    connector_id: int
    limit_a: float
    transaction_id: str | None = None
    phases: int | None = None
    until: datetime | None = None
    course: Course | None = None

    @property
    def slot(self) -> Slot:
        """The place of the profile that fulfils the wish."""
        return Slot(self.scope, self.connector_id)

    def limit_at(self, moment: datetime) -> float | None:
        """Return the limit at a time; None before its course begins."""
        return self.limit_a if self.course is None else self.course.limit_at(moment)

    def next_change(self, now: datetime) -> datetime | None:
        """Return when there is something new to send, as far as the clock is concerned."""
        turn = self.course.next_change(now) if self.course is not None else None
        return min((at for at in (turn, self.until) if at is not None), default=None)


class ChargerView(Struct, frozen=True, kw_only=True):
    """What the decision needs to know of the charger now; transactions by connector."""

    version: OcppVersion
    traits: Traits = Traits()
    transactions: Mapping[int, str] = field(default_factory=dict)


class Order(Struct, frozen=True):
    """A CALL to send now, and the slot it is for; what `recurs` has another way if refused."""

    version: OcppVersion
    slot: Slot
    action: str
    payload: dict[str, Any]
    recurs: bool = False


class Agenda(Struct, frozen=True):
    """
    What to send now, when to ask again (None: after the next event), and what cannot be.

    `postponed` are the slots that have something to send, but not yet.
    """

    orders: tuple[Order, ...] = ()
    look_at: datetime | None = None
    conflicts: tuple[tuple[Slot, LimitConflict], ...] = ()
    postponed: tuple[Slot, ...] = ()
