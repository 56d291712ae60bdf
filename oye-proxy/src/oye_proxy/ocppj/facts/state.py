"""What the readers of frames write to: one charger, its connectors and their meters."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from oye_proxy.ocppj.facts.model import (
    ENERGY,
    ChargerFacts,
    ConnectorFacts,
    ReservationFacts,
    SampleFacts,
    Status,
    TransactionFacts,
    is_fault,
)
from oye_proxy.ocppj.facts.power import PowerMeter, Rating
from oye_proxy.ocppj.facts.samples import merged, replaces
from oye_proxy.ocppj.facts.starts import Starts
from oye_proxy.ocppj.recent import Latest

CONNECTOR_LIMIT: Final = 64
MEASURAND_LIMIT: Final = 64
OUTLET_LIMIT: Final = 16
RESERVATION_LIMIT: Final = 64

_ENDED_IDS = 64

_PLUGGED: Final = {
    Status.AVAILABLE: False,
    Status.RESERVED: False,
    Status.PREPARING: True,
    Status.CHARGING: True,
    Status.SUSPENDED_EV: True,
    Status.SUSPENDED_EVSE: True,
    Status.FINISHING: True,
}


class Connector:
    """One connector (2.x: EVSE); `facts` lacks what its meter knows until `view`."""

    def __init__(self, facts: ConnectorFacts) -> None:
        self.facts = facts
        self.samples: dict[str, SampleFacts] = dict(facts.samples)
        self.meter = PowerMeter()
        # 2.x: the last word on each of the EVSE's connectors, and on the transaction's state.
        self.outlets: dict[int, str] = {}
        self.state_is_newer = False
        self.ended = facts.status is Status.FINISHING
        self.flow_ended = False

    @property
    def transaction(self) -> TransactionFacts | None:
        """The open transaction."""
        return self.facts.transaction

    @property
    def energy_wh(self) -> float | None:
        """The total register."""
        energy = self.samples.get(ENERGY)
        return energy.value if energy else None

    def change(self, **changes: Any) -> None:
        """Change fields of the facts."""
        self.facts = replace(self.facts, **changes)

    def change_transaction(self, **changes: Any) -> None:
        """Change fields of the open transaction, if there is one."""
        if self.facts.transaction:
            self.change(transaction=replace(self.facts.transaction, **changes))

    def set_status(self, status: Status, since: datetime) -> None:
        """Take a unified status; the flow of power and current ends when charging does."""
        if status is not self.facts.status:
            self.change(status=status, status_since=since)
            self.flow_ended = status is not Status.CHARGING

    def take(self, found: Iterable[tuple[str, SampleFacts]], now: datetime) -> set[str]:
        """Take the samples of one moment; return the measurands that are news."""
        taken: dict[str, SampleFacts] = {}
        for measurand, sample in found:
            present = self.samples.get(measurand)
            if present is None and len(self.samples) >= MEASURAND_LIMIT:
                continue
            if replaces(measurand, sample, present, now):
                taken[measurand] = self.samples[measurand] = merged(measurand, sample, present)
        if taken and self.meter.observe(taken, self.samples, now):
            self.flow_ended = False
        return set(taken)

    def view(self, now: datetime) -> ConnectorFacts:
        """Return the facts with samples and power."""
        power = self.meter.at(now)
        no_flow = self.facts.status is Status.AVAILABLE or (self.flow_ended and power is not None)
        status = self.facts.status
        return replace(
            self.facts,
            plugged=_PLUGGED.get(status) if status else None,
            power_w=0.0 if no_flow else power.watts if power else None,
            power_estimated=power.estimated if power and not no_flow else False,
            energy_wh=self.energy_wh,
            samples=dict(self.samples),
        )


class State:
    """Everything known of one charger; `facts` lacks connectors and meter until `view`."""

    def __init__(self, facts: ChargerFacts | None = None) -> None:
        facts = facts or ChargerFacts()
        self.facts = facts
        # Connector 0 of 1.6, EVSE 0 of 2.x: its meter is the charger's main meter.
        self.whole = Connector(ConnectorFacts(evse_id=0))
        self.whole.facts = replace(self.whole.facts, **_shared(facts))
        self.whole.samples = dict(facts.samples)
        self.connectors: dict[int, Connector] = {
            one.evse_id: Connector(one) for one in facts.connectors[:CONNECTOR_LIMIT]
        }
        self.highest_id = facts.connector_count or 0
        self.rating = Rating()
        self.rating.restore(facts.rated_power_w, facts.rated_current_a)
        self.reservations = {one.reservation_id: one for one in facts.reservations}
        self.name_of: Callable[[str], str | None] = _nobody
        self.starts = Starts()
        self.last_seen = facts.last_seen
        ended = [one.last_transaction for one in facts.connectors if one.last_transaction]
        self.ended_ids = Latest(_ENDED_IDS, (transaction.transaction_id for transaction in ended))

    def change(self, **changes: Any) -> None:
        """Change fields of the charger's facts."""
        self.facts = replace(self.facts, **changes)

    def connector(self, evse_id: int | None, connector_id: int | None = None) -> Connector | None:
        """Return a connector, a new one if need be; None when the id is absurd or too many are."""
        if not evse_id:
            return self.whole
        found = self.connectors.get(evse_id)
        if found is None:
            if evse_id < 0 or len(self.connectors) >= CONNECTOR_LIMIT:
                return None
            found = Connector(ConnectorFacts(evse_id=evse_id, connector_id=connector_id))
            self.connectors[evse_id] = found
            self.count(evse_id)
        elif connector_id and found.facts.connector_id is None:
            found.change(connector_id=connector_id)
        return found

    @property
    def only_connector(self) -> Connector | None:
        """The connector of a charger that has one."""
        if len(self.connectors) != 1 or self.highest_id > 1:
            return None
        return next(iter(self.connectors.values()))

    def count(self, evse_id: int | None) -> None:
        """Take the id or the number of a connector that exists."""
        if evse_id and self.highest_id < evse_id <= CONNECTOR_LIMIT:
            self.highest_id = evse_id

    def everywhere(self) -> list[Connector]:
        """Return the whole charger and all its connectors."""
        return [self.whole, *self.connectors.values()]

    def with_transaction(self, transaction_id: str) -> Connector | None:
        """Return the connector whose open transaction this is."""
        return next(
            (
                one
                for one in self.everywhere()
                if one.transaction and one.transaction.transaction_id == transaction_id
            ),
            None,
        )

    def end_reservation(self, reservation_id: int | None) -> None:
        """Forget a reservation: used, cancelled or expired."""
        if reservation_id is not None:
            self.reservations.pop(reservation_id, None)

    def forget_old_reservations(self, now: datetime) -> None:
        """Forget those whose time is over, and the oldest of too many."""
        over = [one.reservation_id for one in self.reservations.values() if _is_over(one, now)]
        for reservation_id in [*over, *list(self.reservations)[:-RESERVATION_LIMIT]]:
            self.reservations.pop(reservation_id, None)

    def forget_connectors(self) -> None:
        """Forget what another charger under the same id had."""
        self.connectors.clear()
        self.whole = Connector(ConnectorFacts(evse_id=0))
        self.highest_id = 0
        self.rating = Rating()
        self.reservations.clear()

    def view(self, now: datetime) -> ChargerFacts:
        """Return all facts."""
        return replace(
            self.facts,
            **_shared(self.whole.facts),
            reservations=[one for one in self.reservations.values() if not _is_over(one, now)],
            samples=dict(self.whole.samples),
            connectors=[self.connectors[key].view(now) for key in sorted(self.connectors)],
            connector_count=self.highest_id or len(self.connectors) or None,
            rated_power_w=self.rating.power_w,
            rated_current_a=self.rating.current_a,
            fault=any(
                is_fault(one.facts.status, one.facts.error_code) for one in self.everywhere()
            ),
            last_seen=self.last_seen,
        )


_SHARED: Final = (
    "status",
    "status_since",
    "error_code",
    "vendor_error_code",
    "vendor_id",
    "info",
    "availability",
    "limit",
)


def _nobody(_id_tag: str) -> None:
    """Know no name."""


def _is_over(reservation: ReservationFacts, now: datetime) -> bool:
    return reservation.until is not None and reservation.until <= now


def _shared(facts: ChargerFacts | ConnectorFacts) -> dict[str, Any]:
    """Return the fields that the whole charger has in common with a connector."""
    return {name: getattr(facts, name) for name in _SHARED}
