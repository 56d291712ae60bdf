"""What the owner wants of a charger, what the charger is like now, and what to do about it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.plan import LimitConflict
from oye_proxy.ocppj.profiles.schedules import Traits
from oye_proxy.ocppj.versions import OcppVersion


class PauseStrategy(StrEnum):
    """How to hold a connector back: some chargers end the transaction at 0 A anyway."""

    LIMIT_ZERO = "limit_zero"
    REMOTE_STOP = "remote_stop"


class Wish(Struct, frozen=True):
    """A limit that the owner wants; of a session, of this transaction or (None) of the next."""

    scope: LimitScope
    connector_id: int
    limit_a: float
    transaction_id: str | None = None

    @property
    def slot(self) -> Slot:
        """The place of the profile that fulfils the wish."""
        return Slot(self.scope, self.connector_id)


class ChargerView(Struct, frozen=True, kw_only=True):
    """What the decision needs to know of the charger now; transactions by connector."""

    version: OcppVersion
    traits: Traits = Traits()
    transactions: Mapping[int, str] = field(default_factory=dict)


class Order(Struct, frozen=True):
    """A CALL to send now, and the slot it is for."""

    version: OcppVersion
    slot: Slot
    action: str
    payload: dict[str, Any]


class Agenda(Struct, frozen=True):
    """
    What to send now, when to ask again (None: after the next event), and what cannot be.

    `postponed` are the slots that have something to send, but not yet.
    """

    orders: tuple[Order, ...] = ()
    look_at: datetime | None = None
    conflicts: tuple[tuple[Slot, LimitConflict], ...] = ()
    postponed: tuple[Slot, ...] = ()
