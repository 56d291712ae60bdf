"""What a simulated charger does with cars, tags and transactions, in whatever OCPP version."""

import random
from collections.abc import Callable
from datetime import datetime

from oye_proxy.simulator.clock import Clock
from oye_proxy.simulator.configuration import ChargerOptions, Option, is_true
from oye_proxy.simulator.evse import Authorization, Evse, Reservation, Status, Transaction
from oye_proxy.simulator.exchange import Outgoing, Payload
from oye_proxy.simulator.messages import Messages
from oye_proxy.simulator.profiles import Limit, ProfileStore, Situation
from oye_proxy.simulator.tags import ACCEPTED, TagBook, same_tag
from oye_proxy.simulator.timers import Timers
from oye_proxy.simulator.vehicle import Flow, Meter, Offer, Vehicle

_IDLE_CHECK = 10.0


class Charging:
    """The EVSEs of one charger and everything that happens at them."""

    def __init__(
        self,
        *,
        clock: Clock,
        options: ChargerOptions,
        messages: Messages,
        send: Callable[[Outgoing], None],
        is_online: Callable[[], bool],
        evse_count: int,
        phases: int,
        max_current_a: float,
        seed: int,
    ) -> None:
        self.profiles = ProfileStore()
        self.tags = TagBook()
        self.timers = Timers(clock)
        self.options = options
        self.messages = messages
        self.phases = phases
        self.max_current_a = max_current_a
        self._clock = clock
        self._send = send
        self._is_online = is_online
        self._random = random.Random(seed)  # noqa: S311  variety of cars, no secret
        self._told: dict[int, str] = {}
        self._listeners: list[Callable[[], None]] = []
        self.evses = [
            Evse(
                number,
                now=clock.now(),
                meter=Meter(register_wh=self._random.uniform(1e6, 5e6), seed=seed + number),
                limiter=self._offer,
            )
            for number in range(1, evse_count + 1)
        ]

    def evse(self, evse_id: int) -> Evse | None:
        """Return an EVSE by its number, None when there is none."""
        return self.evses[evse_id - 1] if 1 <= evse_id <= len(self.evses) else None

    def evse_of(self, transaction_id: str) -> Evse | None:
        """Return the EVSE with this running transaction."""
        return next(
            (
                evse
                for evse in self.evses
                if evse.transaction is not None
                and evse.transaction.transaction_id == transaction_id
            ),
            None,
        )

    def now(self) -> datetime:
        """Return the charger's time."""
        return self._clock.now()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each change of state."""
        self._listeners.append(listener)

    def report_status(self) -> None:
        """Tell the status of the charger and of all EVSEs."""
        for outgoing in self.messages.charger_status():
            self._send(outgoing)
        for evse in self.evses:
            self._told[evse.evse_id] = self.messages.status_word(evse)
            self._send(self.messages.status(evse))

    def tell_status(self, evse: Evse) -> None:
        """Tell the status of one EVSE if it is another one than was told last."""
        word = self.messages.status_word(evse)
        if self._told.get(evse.evse_id) != word:
            self._told[evse.evse_id] = word
            self._send(self.messages.status(evse))
        self._changed()

    def startable(self, evse_id: int | None, id_tag: str) -> Evse | None:
        """Return the EVSE that a remote start would use, one with a waiting car first."""
        candidates = self.evses
        if evse_id is not None:
            candidates = [evse for evse in candidates if evse.evse_id == evse_id]
        usable = [
            evse
            for evse in candidates
            if evse.transaction is None
            and evse.operative
            and evse.fault is None
            and (evse.reservation is None or same_tag(evse.reservation.id_tag, id_tag))
        ]
        waiting = (evse for evse in usable if evse.vehicle is not None)
        return next(waiting, next(iter(usable), None))

    def reservable(self, evse_id: int) -> Evse | None:
        """Return the EVSE that a reservation would use; 0 means any that is free."""
        if evse_id:
            return self.evse(evse_id)
        return next((evse for evse in self.evses if evse.status == Status.AVAILABLE), None)

    def plug_in(self, evse_id: int = 1, vehicle: Vehicle | None = None) -> None:
        """Plug a car in; it charges at once if its EVSE was authorised before."""
        evse = self.evses[evse_id - 1]
        if evse.vehicle is not None:
            return
        evse.vehicle = vehicle or self._some_vehicle()
        evse.finishing = False
        if evse.authorization is not None:
            self._start(evse, evse.authorization)
        else:
            self.tell_status(evse)

    def unplug(self, evse_id: int = 1) -> None:
        """Take the car away; a running transaction ends."""
        evse = self.evses[evse_id - 1]
        if evse.vehicle is None:
            return
        if evse.transaction is not None:
            self.end(evse, "EVDisconnected", leaves=True)
        evse.vehicle = None
        evse.finishing = False
        self.tell_status(evse)

    def present_tag(self, id_tag: str, evse_id: int | None = None) -> None:
        """Hold an RFID tag to the reader: starts, or ends the transaction of the same tag."""
        own = next((evse for evse in self.evses if _charges_for(evse, id_tag)), None)
        if own is not None and evse_id in (None, own.evse_id):
            self.end(own, "Local", id_tag=id_tag)
            return
        evse = self.startable(evse_id, id_tag)
        if evse is not None:
            self.authorize(id_tag, lambda: self.admit(evse, Authorization(id_tag)))

    def authorize(self, id_tag: str, accepted: Callable[[], None]) -> None:
        """Ask the CSMS about a tag, the local list and the cache while offline."""
        if not self._is_online():
            allowed = is_true(self.options.text(Option.AUTHORIZE_OFFLINE))
            if allowed and self.tags.is_accepted(id_tag):
                accepted()
            return

        def learn(result: Payload | None) -> None:
            if result is not None and self._learn_tag(id_tag, result):
                accepted()

        outgoing = self.messages.authorize(id_tag)
        outgoing.on_result = learn
        self._send(outgoing)

    def admit(self, evse: Evse, authorization: Authorization) -> None:
        """Let an authorised tag charge: now, or when a car comes in time."""
        if evse.transaction is not None:
            return
        evse.authorization = authorization
        if evse.vehicle is not None:
            self._start(evse, authorization)
            return
        timeout = float(self.options.text(Option.CONNECTION_TIMEOUT))
        self.timers.later(timeout, lambda: self._expire(evse), key=(evse, "authorization"))
        self.tell_status(evse)

    def start_remotely(self, evse: Evse, authorization: Authorization) -> None:
        """Start as the CSMS asked; ask it about the tag first if so configured."""
        if is_true(self.options.text(Option.AUTHORIZE_REMOTE_START)):
            self.authorize(authorization.id_tag, lambda: self.admit(evse, authorization))
        else:
            self.admit(evse, authorization)

    def end(
        self, evse: Evse, reason: str, *, id_tag: str | None = None, leaves: bool = False
    ) -> None:
        """End a transaction; unless the car `leaves`, the EVSE waits for it to be unplugged."""
        transaction = evse.transaction
        if transaction is None:
            return
        sample = evse.read(self.options.text(Option.END_MEASURANDS), "Transaction.End", self.now())
        evse.transaction = None
        evse.pass_time(self.now())
        evse.finishing = True
        self.timers.forget((evse, "meter"))
        self.profiles.end_transaction(evse.evse_id)
        self._send(self.messages.ended(evse, transaction, reason, id_tag, sample))
        if evse.operative_after_transaction is not None:
            evse.operative = evse.operative_after_transaction
            evse.operative_after_transaction = None
        if not leaves:
            self.tell_status(evse)

    def refresh(self) -> None:
        """Apply changed limits now and tell what that changes."""
        for evse in self.evses:
            self._settle(evse)

    def sample(self, evse: Evse, context: str = "Trigger") -> None:
        """Tell the meter values of an EVSE now."""
        measurands = self.options.text(Option.MEASURANDS) or "Energy.Active.Import.Register"
        sample = evse.read(measurands, context, self.now())
        if sample.readings:
            self._send(self.messages.metered(evse, evse.transaction, sample))

    def set_fault(self, evse_id: int, code: str | None) -> None:
        """Break an EVSE, or mend it with None; a transaction ends."""
        evse = self.evses[evse_id - 1]
        evse.fault = code
        if code is not None:
            self.end(evse, "Other", leaves=True)
        self.tell_status(evse)

    def set_operative(self, evse: Evse, *, operative: bool) -> bool:
        """Change availability; return whether that waits for the end of a transaction."""
        if evse.transaction is not None:
            evse.operative_after_transaction = operative
            return True
        if evse.operative != operative:
            evse.operative = operative
            self.tell_status(evse)
        return False

    def reserve(
        self, evse: Evse, reservation: Reservation, expired: Callable[[], None] | None = None
    ) -> None:
        """Keep an EVSE free for a tag until the reservation expires."""
        evse.reservation = reservation
        seconds = max(0.0, (reservation.expiry - self.now()).total_seconds())

        def expire() -> None:
            self.cancel_reservation(evse)
            if expired is not None:
                expired()

        self.timers.later(seconds, expire, key=(evse, "reservation"))
        self.tell_status(evse)

    def cancel_reservation(self, evse: Evse) -> None:
        """Give a reserved EVSE free."""
        self.timers.forget((evse, "reservation"))
        evse.reservation = None
        self.tell_status(evse)

    def situation(self, evse: Evse) -> Situation:
        """Return what profiles depend on."""
        transaction = evse.transaction
        charging = sum(1 for each in self.evses if each.transaction is not None)
        return Situation(
            evse.evse_id,
            transaction.transaction_id if transaction else None,
            transaction.started_at if transaction else None,
            max(1, charging),
        )

    def fallback(self) -> Limit:
        """Return what holds without a profile."""
        return Limit(self.max_current_a, self.phases)

    def _offer(self, evse: Evse, at: datetime) -> Offer:
        limit = self.profiles.limit(self.situation(evse), at)
        if limit is None:
            return Offer(self.max_current_a, self.phases)
        phases = min(limit.phases or self.phases, self.phases)
        return Offer(min(limit.current_a, self.max_current_a), phases)

    def _start(self, evse: Evse, authorization: Authorization) -> None:
        self.timers.forget((evse, "authorization"))
        evse.authorization = None
        now = self.now()
        evse.pass_time(now)
        reservation = evse.reservation
        if reservation is not None:
            self.timers.forget((evse, "reservation"))
            evse.reservation = None
        transaction = Transaction(
            transaction_id="",
            id_tag=authorization.id_tag,
            started_at=now,
            meter_start_wh=evse.meter.register_wh,
            remote_start_id=authorization.remote_start_id,
            reservation_id=reservation.reservation_id if reservation else None,
        )
        evse.transaction = transaction
        transaction.begin = evse.read(
            self.options.text(Option.END_MEASURANDS), "Transaction.Begin", now
        )
        first, *others = self.messages.started(evse, transaction)

        def learn(result: Payload | None) -> None:
            self.messages.learn_started(transaction, result)
            known = result is None or self._learn_tag(transaction.id_tag, result)
            if not known and evse.transaction is transaction:
                self._refused(evse)
            self._changed()

        first.on_result = learn
        for outgoing in (first, *others):
            self._send(outgoing)
        self._schedule_meter(evse)
        self.tell_status(evse)

    def _refused(self, evse: Evse) -> None:
        """The CSMS does not know the tag of a transaction that has begun (C16 4.8, E05)."""
        if is_true(self.options.text(Option.STOP_ON_INVALID_TAG)):
            self.end(evse, "DeAuthorized")

    def _learn_tag(self, id_tag: str, result: Payload) -> bool:
        status = self.messages.tag_status(result)
        if status is None:
            return True
        self.tags.learn(id_tag, status)
        return status == ACCEPTED

    def _expire(self, evse: Evse) -> None:
        evse.authorization = None
        self.tell_status(evse)

    def _schedule_meter(self, evse: Evse) -> None:
        interval = float(self.options.text(Option.METER_INTERVAL))
        self.timers.later(
            interval or _IDLE_CHECK, lambda: self._meter_tick(evse), key=(evse, "meter")
        )

    def _meter_tick(self, evse: Evse) -> None:
        if evse.transaction is None:
            return
        self._settle(evse)
        if float(self.options.text(Option.METER_INTERVAL)):
            self.sample(evse, "Sample.Periodic")
        self._schedule_meter(evse)

    def _settle(self, evse: Evse) -> None:
        before: Flow = evse.flow
        evse.pass_time(self.now())
        transaction = evse.transaction
        if transaction is not None and evse.flow != before:
            for outgoing in self.messages.flow_changed(evse, transaction):
                self._send(outgoing)
            self.tell_status(evse)
        self._changed()

    def _some_vehicle(self) -> Vehicle:
        capacity_wh = self._random.choice([40_000.0, 60_000.0, 77_000.0])
        return Vehicle(
            capacity_wh=capacity_wh,
            stored_wh=capacity_wh * self._random.uniform(0.2, 0.5),
            max_current_a=16.0,
            phases=self.phases,
        )

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()


def _charges_for(evse: Evse, id_tag: str) -> bool:
    return evse.transaction is not None and same_tag(evse.transaction.id_tag, id_tag)
