"""The limits of one charger on their way: orders sent, answers taken, the next look timed."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from oye_proxy.errors import (
    ChargerReadOnlyError,
    ConflictError,
    InjectionRejectedError,
    OyeError,
)
from oye_proxy.features.context import transactions_of, version_of
from oye_proxy.features.limit_issues import tell_trouble
from oye_proxy.features.limit_tickets import (
    ACTION,
    Target,
    Ticket,
    abort,
    accept,
    new_handle,
    repeat,
)
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.hub.limits import traits_of
from oye_proxy.hub.registry import Hub
from oye_proxy.ocppj.boot import check_command
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.composite import Effective, effective_limit
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.schedules import Traits
from oye_proxy.ocppj.profiles.traits import ask_traits, read_traits
from oye_proxy.ocppj.profiles.wishes import Agenda, ChargerView, Order
from oye_proxy.tasks import cancel, spawn

ORIGIN: Final = Origin("charge limit", "automation")
ASK_SECONDS: Final = 10.0
CHECKED_SECONDS: Final = 60


class LimitWorker:
    """Has the owner's wishes carried out on one charger; `OwnerLimits` decides what to send."""

    def __init__(
        self,
        hub: Hub,
        charger: Charger,
        *,
        wall: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._hub = hub
        self._charger = charger
        self._limits = charger.limits
        self._checks = charger.limit_checks
        self._wall = wall
        self._new_id = new_id
        self._origins: dict[Slot, Origin] = {}
        self._sending: dict[Slot, Ticket] = {}
        self._waiting: dict[Slot, Ticket] = {}
        self._refused: dict[Slot, Ticket] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._asking: asyncio.Task[None] | None = None
        self._has_asked = False
        self._is_verifiable = True

    def check_ready(self) -> None:
        """Raise OyeError when the charger takes no limits now."""
        version_of(self._charger)
        conversation = self._charger.conversation
        if conversation is not None:
            if conversation.mode is Mode.MONITOR:
                raise ChargerReadOnlyError(
                    "This charger is set to monitor: commands are switched off"
                )
            check_command(conversation.boot_state, ACTION)

    async def apply(self, slots: Iterable[Slot], origin: Origin) -> Injection:
        """
        Carry out what is wished at these slots; return the first CALL that this sends.

        Where a CALL for the same slot is on its way, or a lasting limit has to wait a minute, the
        handle is that of a CALL to come (see `limit_tickets`): the newest wish is sent under its
        message id. Where nothing has to be sent (the charger has it, or it is kept for the next
        transaction), the handle is settled: accepted, without a payload, and its message id is in
        no frame. Raise ConflictError when a limit cannot be had beside those of the CSMS, or what
        `Hub.inject` raises; the wish remains.
        """
        wanted = tuple(slots)
        for slot in wanted:
            self._origins[slot] = origin
        while not self._knows_settings() and self._asking is not None:
            await asyncio.wait([self._asking])
            self.check_ready()
        conflicts = dict(self.look().conflicts)
        for slot in wanted:
            if slot in conflicts:
                raise ConflictError(conflicts[slot].reason)
        tickets = [ticket for slot in wanted if (ticket := self._ticket_for(slot)) is not None]
        if tickets:
            return await min(tickets, key=Ticket.has_to_wait).hand_out()
        handle = self._handle(origin)
        accept(handle)
        return handle

    def sends(self, message_id: str) -> bool:
        """Say whether this is the id of a CALL of ours that is on its way."""
        return any(ticket.handle.message_id == message_id for ticket in self._sending.values())

    def look(self) -> Agenda:
        """Send what is due, and come back when something else is."""
        self._stop_timer()
        try:
            self.check_ready()
        except OyeError:
            return Agenda()
        if not self._knows_settings():
            return Agenda()
        now = self._wall()
        agenda = self._limits.take(now, self._view(now))
        for order in agenda.orders:
            self._send(order)
        for slot in agenda.postponed:
            self._waiting.setdefault(slot, self._new_ticket(slot))
        if agenda.look_at is not None:
            delay = max(0.0, (agenda.look_at - now).total_seconds())
            self._timer = asyncio.get_running_loop().call_later(delay, self.look)
        self._settle_waiting(agenda)
        self._tell(agenda, now)
        return agenda

    def disconnected(self) -> None:
        """Leave what is on its way as unknown, and answer those who wait."""
        self._stop_timer()
        self._limits.disconnected()
        self._sending.clear()
        for ticket in self._waiting.values():
            abort(ticket.handle, "the charger left")
        self._waiting.clear()
        self._checks.forget(0)
        if self._asking is not None:
            self._asking.cancel()
        self._asking = None
        self._has_asked = False
        self._is_verifiable = True

    async def stop(self) -> None:
        """Send nothing any more."""
        self._stop_timer()
        await cancel(*self._tasks)

    # One order

    def _send(self, order: Order) -> None:
        slot = order.slot
        ticket = self._waiting.pop(slot, None) or self._new_ticket(slot)
        ticket.wish = self._wish_at(slot)
        ticket.may_repeat = order.recurs
        ticket.forerunner = self._refused.pop(slot, None)
        self._sending[slot] = ticket
        self._spawn(self._carry_out(order, ticket), slot.scope.value)

    async def _carry_out(self, order: Order, ticket: Ticket) -> None:
        accepted: bool | None = None
        try:
            injection = await self._hub.inject(
                self._charger.charge_point_id,
                order.action,
                order.payload,
                origin=self._origins.get(order.slot, ORIGIN),
                typed=True,
                message_id=ticket.handle.message_id,
            )
        except OyeError as error:
            ticket.fail(error)
        else:
            accepted = await ticket.follow(injection)
        # The connection that it went to may be gone.
        if self._sending.get(order.slot) is ticket:
            self._settle(order, ticket, accepted=accepted)

    def _settle(self, order: Order, ticket: Ticket, *, accepted: bool | None) -> None:
        slot = order.slot
        del self._sending[slot]
        self._limits.settle(order, accepted=accepted, now=self._wall())
        self._checks.forget(slot.connector_id)
        if order.recurs and accepted is False:
            self._refused[slot] = ticket
        elif ticket.wish == self._wish_at(slot) and slot in self._waiting:
            # Somebody wished another limit meanwhile, and then this one again.
            repeat(ticket.handle, self._waiting.pop(slot).handle)
        self.look()
        if slot in self._refused:
            self._refused.pop(slot).close()
        if accepted and order.action == ACTION:
            self._verify(slot)

    # Handles

    def _ticket_for(self, slot: Slot) -> Ticket | None:
        """Return the CALL that carries the present wish; None when none is needed."""
        sending = self._sending.get(slot)
        if sending is None:
            return self._waiting.get(slot)
        if sending.wish == self._wish_at(slot):
            return sending
        return self._waiting.setdefault(slot, self._new_ticket(slot))

    def _new_ticket(self, slot: Slot) -> Ticket:
        return Ticket(self._handle(self._origins.get(slot, ORIGIN)))

    def _handle(self, origin: Origin) -> Injection:
        return new_handle(self._charger.charge_point_id, self._new_id(), origin)

    def _settle_waiting(self, agenda: Agenda) -> None:
        """Answer those who wait for a CALL that is not needed any more, or cannot be sent."""
        conflicts = dict(agenda.conflicts)
        for slot in set(self._waiting) - set(self._sending) - set(agenda.postponed):
            handle = self._waiting.pop(slot).handle
            if slot in conflicts:
                abort(handle, conflicts[slot].reason)
            else:
                accept(handle)

    def _wish_at(self, slot: Slot) -> Target:
        wish = self._limits.wish_at(slot)
        if wish is not None:
            wish = replace(wish, transaction_id=None)
        paused = slot.scope is LimitScope.SESSION and slot.connector_id in self._limits.paused
        return wish, paused

    # What is asked of the charger

    def _verify(self, slot: Slot) -> None:
        """Ask the charger which limit is in force; a default shows in a transaction alone."""
        if not self._is_verifiable or slot in self._sending:
            return
        transactions = self._view(self._wall()).transactions
        if slot.scope is LimitScope.MAXIMUM:
            connectors = [0]
        elif slot.connector_id:
            connectors = [slot.connector_id] if slot.connector_id in transactions else []
        else:
            connectors = list(transactions)
        for connector_id in connectors:
            self._spawn(self._check(slot, connector_id), f"check {connector_id}")

    async def _check(self, slot: Slot, connector_id: int) -> None:
        try:
            effective = await self._ask_effective(connector_id)
        except InjectionRejectedError:
            effective = None
        except OyeError:
            return
        if effective is None:
            # A charger that refuses to tell is unverifiable, not failing: it is not asked again.
            self._is_verifiable = False
        elif slot not in self._sending:
            now = self._wall()
            self._checks.effective[connector_id] = effective
            self._limits.checked(connector_id, effective, self._view(now).traits, now)
            self.look()

    async def _ask_effective(self, connector_id: int) -> Effective | None:
        version = version_of(self._charger)
        key = "connectorId" if version.is_1_6 else "evseId"
        question = {key: connector_id, "duration": CHECKED_SECONDS}
        answer = await self._ask("GetCompositeSchedule", question)
        now = self._wall()
        return effective_limit(
            version, answer, connector_id, self._charger.profiles, self._view(now).traits, now
        )

    def _knows_settings(self) -> bool:
        """Say whether limits can go out; if not, the charger is asked for its settings, once."""
        is_idle = not self._limits.wishes and not self._limits.paused
        if self._limits.traits is not None or self._has_asked or is_idle:
            return True
        if self._asking is None:
            self._asking = self._spawn(self._ask_settings(), "settings")
        return False

    async def _ask_settings(self) -> None:
        """Without an answer limits go out as to any charger, and the next connection is asked."""
        try:
            version = version_of(self._charger)
            answer = await self._ask(*ask_traits(version))
        except InjectionRejectedError:
            self._limits.traits = Traits()
        except OyeError:
            self._has_asked = True
        else:
            self._limits.traits = read_traits(version, answer, Traits())
        self.look()

    async def _ask(self, action: str, payload: Any) -> Any:
        injection = await self._hub.inject(
            self._charger.charge_point_id, action, payload, origin=ORIGIN, typed=True
        )
        return (await injection.outcome(ASK_SECONDS)).payload

    def _view(self, now: datetime) -> ChargerView:
        facts = self._charger.facts.view(now)
        return ChargerView(
            version=version_of(self._charger),
            traits=traits_of(self._limits, facts),
            transactions=transactions_of(facts),
        )

    # What is told

    def _tell(self, agenda: Agenda, now: datetime) -> None:
        """Keep and show what changed; raise or withdraw the issue."""
        charge_point_id = self._charger.charge_point_id
        self._checks.conflict = agenda.conflicts[0][1].reason if agenda.conflicts else None
        wears = self._limits.is_wearing(now)
        tell_trouble(self._hub.issues, charge_point_id, agenda, now, wears=wears)
        self._hub.limits_changed(charge_point_id)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = spawn(work, name=f"limits of {self._charger.charge_point_id}: {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
