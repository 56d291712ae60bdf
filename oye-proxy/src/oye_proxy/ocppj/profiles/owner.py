"""
The owner's limits on one charger: what is wished, and what to send so that the charger has it.

Profiles persist in the charger's flash over a reboot (C16-E 3.37, K01.FR.27), so as little as
possible is written: nothing unchanged, nothing after a mere reconnect; again after a boot, after a
check that failed, and when the CSMS cleared or replaced ours. Lasting limits are written at most
once per `WRITE_INTERVAL` and place, and not for less than `HYSTERESIS_A`. A limit of the session
waits for a transaction and ends with it.

This class decides; `take()` says what to send and when to ask again, and whoever sends it reports
by `settle()`. What the charger holds stands in the profile table, which learns from every frame
that passes, in their order: ours and those of the CSMS.
"""

from datetime import date, datetime
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.profiles.attempts import SAME_LIMIT, Attempts
from oye_proxy.ocppj.profiles.composite import TOLERANCE_A, Effective
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot, slot_for, slot_of
from oye_proxy.ocppj.profiles.messages import clear_limits, set_limit, stop_transaction
from oye_proxy.ocppj.profiles.plan import Plan, plan_in, serves, upcoming
from oye_proxy.ocppj.profiles.rivals import LimitConflict
from oye_proxy.ocppj.profiles.schedules import RateUnit, Traits, convert
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.target import target_of
from oye_proxy.ocppj.profiles.wishes import Agenda, ChargerView, Order, PauseStrategy, Wish
from oye_proxy.ocppj.versions import OcppVersion

HYSTERESIS_A: Final = 0.5
WRITES_PER_DAY: Final = 300


class OwnerLimits:
    """
    The wishes of the owner of one charger, and the way to have them in the charger.

    `traits` is what the charger's settings allow; None until it was asked for them.
    `pause_strategy` is how the owner wants it held back.
    """

    def __init__(self, table: ProfileTable) -> None:
        self.traits: Traits | None = None
        self.pause_strategy = PauseStrategy.LIMIT_ZERO
        self._table = table
        self._wishes: dict[Slot, Wish] = {}
        self._paused: set[int] = set()
        self._stopped: dict[int, str] = {}
        self._attempts: dict[Slot, Attempts] = {}
        self._day: date | None = None
        self._writes = 0

    def want(
        self,
        scope: LimitScope,
        connector_id: int,
        limit_a: float | None,
        *,
        transaction_id: str | None = None,
    ) -> None:
        """
        Wish a limit in amperes, or none; connector 0 stands for all (never for a session).

        Wish also the limit that a remote start bears: a profile without a wish is cleared.
        """
        if limit_a is not None:
            self.wish(Wish(scope, connector_id, limit_a, transaction_id))
            return
        slot = self._slot(scope, connector_id)
        self._wishes.pop(slot, None)
        self._attempts_at(slot).forgive()

    def wish(self, wish: Wish) -> None:
        """Take a wish in place of the one at its slot."""
        slot = self._slot(wish.scope, wish.connector_id)
        self._wishes[slot] = replace(wish, connector_id=slot.connector_id)
        self._attempts_at(slot).forgive()

    def pause(self, connector_id: int) -> None:
        """Hold a connector back; its own limit is kept for the time after."""
        slot = self._slot(LimitScope.SESSION, connector_id)
        self._paused.add(connector_id)
        self._attempts_at(slot).forgive()

    def resume(self, connector_id: int) -> None:
        """End a pause."""
        slot = self._slot(LimitScope.SESSION, connector_id)
        self._paused.discard(connector_id)
        self._stopped.pop(connector_id, None)
        self._attempts_at(slot).forgive()

    def was_stopped(self, connector_id: int) -> bool:
        """Whether the pause of a connector ended a transaction."""
        return connector_id in self._stopped

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What the owner wants, also while it cannot be had."""
        return tuple(self._wishes.values())

    @property
    def paused(self) -> frozenset[int]:
        """The connectors that are held back."""
        return frozenset(self._paused)

    def wish_at(self, slot: Slot) -> Wish | None:
        """Return what is wanted at a slot."""
        return self._wishes.get(slot)

    def limit_in_charger(self, slot: Slot, traits: Traits, now: datetime) -> float | None:
        """Return the limit of ours that the charger accepted, in amperes; None without one."""
        profile = self._table.own(slot.profile_id)
        plan = plan_in(profile) if profile else None
        if plan is None:
            return None
        step = upcoming(plan, now)[0]
        return convert(step.limit, plan.unit, RateUnit.A, traits, step.phases)

    def wait(self, slot: Slot, now: datetime) -> float:
        """Return the seconds until a slot may be written again, 0 for now."""
        allowed = self._attempts_at(slot).allowed_at(now, lasting=_is_lasting(slot))
        return 0.0 if allowed is None else (allowed - now).total_seconds()

    def writes_on(self, now: datetime) -> int:
        """Return how often lasting limits were written on this day (UTC)."""
        return self._writes if self._day == now.date() else 0

    def is_wearing(self, now: datetime) -> bool:
        """Say whether the charger's flash is written more often than is good for it."""
        return self.writes_on(now) > WRITES_PER_DAY

    def take(self, now: datetime, view: ChargerView) -> Agenda:
        """Say what to send now; what is taken counts as sent until it is settled."""
        self._expire(now)
        self._bind(view)
        orders: list[Order] = []
        waits: dict[Slot, datetime] = {}
        conflicts: list[tuple[Slot, LimitConflict]] = []
        for slot in self._slots():
            match self._next(slot, now, view):
                case Order() as order:
                    orders.append(order)
                case LimitConflict() as conflict:
                    conflicts.append((slot, conflict))
                case datetime() as moment:
                    waits[slot] = moment
                case None:
                    pass
        return Agenda(
            orders=tuple(orders),
            look_at=min([*waits.values(), *self._changes(now)], default=None),
            conflicts=tuple(conflicts),
            postponed=tuple(waits),
        )

    def settle(self, order: Order, *, accepted: bool | None, now: datetime) -> None:
        """Take the outcome of an order: the charger's yes or no, None when it did not answer."""
        cleared = order.action == "ClearChargingProfile"
        if cleared or order.action == "SetChargingProfile":
            # A charger that knows nothing to clear is where it should be.
            done = True if cleared and accepted is False else accepted
            self._attempts_at(order.slot).settle(accepted=done, now=now)

    def transaction_ended(self, connector_id: int) -> None:
        """
        End what held for the transaction.

        A limit for the next one is kept, and that of one which a pause ended.
        """
        self._table.transaction_ended(connector_id)
        slot = Slot(LimitScope.SESSION, connector_id)
        wish = self._wishes.get(slot)
        if wish is not None and self.was_stopped(connector_id):
            self._wishes[slot] = replace(wish, transaction_id=None)
        elif wish is not None and wish.transaction_id is not None:
            del self._wishes[slot]
        self._attempts.pop(slot, None)

    def booted(self) -> None:
        """Make sure of everything once more: the charger started anew."""
        for slot in self._slots():
            attempts = self._attempts_at(slot)
            attempts.forgive()
            attempts.is_doubtful = True

    def disconnected(self) -> None:
        """Leave what is on its way as unknown; what was accepted stays as it is."""
        for attempts in self._attempts.values():
            attempts.abort()

    def checked(
        self, connector_id: int, effective: Effective, traits: Traits, now: datetime
    ) -> None:
        """Take the result of a check: a limit that the charger exceeds is sent again."""
        for slot in self._slots():
            limit_a = self.limit_in_charger(slot, traits, now)
            if limit_a is not None and slot.connector_id in (connector_id, 0):
                honoured = effective.honoured or not _exceeds(effective, limit_a)
                self._attempts_at(slot).check(honoured=honoured)

    def dump(self) -> str:
        """Write what a restart must keep as JSON; the table is kept by its owner."""
        saved = _Saved(
            wishes=list(self._wishes.values()),
            paused=sorted(self._paused),
            day=self._day,
            writes=self._writes,
            traits=self.traits,
            stopped=self._stopped,
            pause_strategy=self.pause_strategy,
        )
        return msgspec.json.encode(saved).decode()

    @classmethod
    def load(cls, text: str | bytes, table: ProfileTable) -> "OwnerLimits":
        """Read what `dump` wrote; an unreadable text gives no wishes."""
        limits = cls(table)
        try:
            saved = msgspec.json.decode(text, type=_Saved)
        except (ValueError, RecursionError):
            return limits
        limits._wishes = {wish.slot: wish for wish in saved.wishes}
        limits._paused = set(saved.paused)
        limits._day, limits._writes = saved.day, saved.writes
        limits.traits = saved.traits
        limits._stopped = saved.stopped
        limits.pause_strategy = saved.pause_strategy
        return limits

    def _slot(self, scope: LimitScope, connector_id: int) -> Slot:
        if scope is LimitScope.SESSION and not connector_id:
            raise InvalidRequestError("This holds for one connector: give connectorId.")
        return slot_for(scope, connector_id)

    def _slots(self) -> list[Slot]:
        """Return every slot that is wished, held by the charger or in doubt, the cap first."""
        own = (slot_of(profile.profile_id) for profile in self._table if profile.ours)
        held = {slot for slot in own if slot is not None}
        paused = {Slot(LimitScope.SESSION, connector_id) for connector_id in self._paused}
        doubtful = {slot for slot, attempts in self._attempts.items() if attempts.is_doubtful}
        order = list(LimitScope)
        return sorted(
            held | paused | doubtful | set(self._wishes),
            key=lambda slot: (order.index(slot.scope), slot.connector_id),
        )

    def _expire(self, now: datetime) -> None:
        """Forget the wishes whose time is over."""
        for slot, wish in list(self._wishes.items()):
            if wish.until is not None and wish.until <= now:
                del self._wishes[slot]
                self._attempts_at(slot).forgive()

    def _changes(self, now: datetime) -> list[datetime]:
        changes = (wish.next_change(now) for wish in self._wishes.values())
        return [at for at in changes if at is not None]

    def _attempts_at(self, slot: Slot) -> Attempts:
        return self._attempts.setdefault(slot, Attempts())

    def _bind(self, view: ChargerView) -> None:
        """Bind a session's wish to the transaction that runs; forget what was for another one."""
        for connector_id, running in view.transactions.items():
            slot = Slot(LimitScope.SESSION, connector_id)
            profile = self._table.own(slot.profile_id)
            if profile is not None and profile.transaction_id not in (None, running):
                self._table.forget(profile.profile_id)
            wish = self._wishes.get(slot)
            if wish is not None and wish.transaction_id is None:
                self._wishes[slot] = replace(wish, transaction_id=running)
            elif wish is not None and wish.transaction_id != running:
                del self._wishes[slot]

    def _next(
        self, slot: Slot, now: datetime, view: ChargerView
    ) -> Order | LimitConflict | datetime | None:
        """Decide on one slot: send, report a conflict, wait, or leave it (None)."""
        try:
            return self._decide(slot, now, view)
        except InvalidRequestError as error:
            # A CSMS may hand out a transaction id that its version does not have.
            return LimitConflict(str(error))

    def _decide(
        self, slot: Slot, now: datetime, view: ChargerView
    ) -> Order | LimitConflict | datetime | None:
        attempts = self._attempts_at(slot)
        transaction_id = None
        if slot.scope is LimitScope.SESSION:
            transaction_id = view.transactions.get(slot.connector_id)
            if transaction_id is None:
                return None
            stops = self.pause_strategy is PauseStrategy.REMOTE_STOP
            if slot.connector_id in self._paused and stops:
                return self._stop(slot, transaction_id, view.version)
        wanted = target_of(
            slot,
            self._wishes.get(slot),
            self._table,
            view,
            now,
            is_paused=slot.scope is LimitScope.SESSION and slot.connector_id in self._paused,
            transaction_id=transaction_id,
            is_refused=lambda plan: attempts.has_refused(plan, now),
        )
        if isinstance(wanted, LimitConflict):
            return wanted
        if attempts.is_in_flight or attempts.has_refused(wanted, now):
            return None
        if self._has(slot, wanted, now, view.traits):
            return None
        allowed = attempts.allowed_at(now, lasting=_is_lasting(slot))
        return self._write(slot, wanted, now, view.version) if allowed is None else allowed

    def _has(self, slot: Slot, wanted: Plan | None, now: datetime, traits: Traits) -> bool:
        """Say whether the charger has what is wanted, as far as we know."""
        profile = self._table.own(slot.profile_id)
        if self._attempts_at(slot).is_doubtful:
            return False
        if wanted is None:
            return profile is None
        held = plan_in(profile) if profile is not None else None
        if held is None:
            return False
        # A measured voltage moves a limit in watts; that alone is no reason to write.
        steady = _is_lasting(slot) or wanted.unit is RateUnit.W
        slack_a = HYSTERESIS_A if steady else SAME_LIMIT
        return serves(held, wanted, convert(slack_a, RateUnit.A, wanted.unit, traits), now)

    def _write(self, slot: Slot, wanted: Plan | None, now: datetime, version: OcppVersion) -> Order:
        if wanted is None:
            ((action, payload),) = clear_limits(version, [slot.profile_id])
        else:
            action, payload = set_limit(version, slot, wanted, now)
        self._attempts_at(slot).write(wanted, now)
        if _is_lasting(slot):
            self._writes = self.writes_on(now) + 1
            self._day = now.date()
        recurs = wanted is not None and wanted.interval is not None
        return Order(version, slot, action, payload, recurs)

    def _stop(self, slot: Slot, transaction_id: str, version: OcppVersion) -> Order | None:
        """Stop a transaction of a paused connector, once."""
        if self._stopped.get(slot.connector_id) == transaction_id:
            return None
        self._stopped[slot.connector_id] = transaction_id
        return Order(version, slot, *stop_transaction(version, transaction_id))


class _Saved(Struct, frozen=True, kw_only=True):
    wishes: list[Wish]
    paused: list[int]
    day: date | None
    writes: int
    traits: Traits | None = None
    stopped: dict[int, str] = {}
    pause_strategy: PauseStrategy = PauseStrategy.LIMIT_ZERO


def _is_lasting(slot: Slot) -> bool:
    """Whether the slot's profile persists in flash; a TxProfile ends with its transaction."""
    return slot.scope is not LimitScope.SESSION


def _exceeds(effective: Effective, limit_a: float) -> bool:
    return effective.limit_a is not None and effective.limit_a > limit_a + TOLERANCE_A
