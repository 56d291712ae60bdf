"""
The owner's limits on all chargers: what may have to be sent after which event, and who asks for it.

What to send decides `OwnerLimits`, how it is sent knows `LimitWorker`. A limit outlives restarts of
proxy and charger; it is written again after a boot of the charger, and when the CSMS cleared or
replaced it, not after a reconnect.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from oye_proxy.errors import OyeError, StorageError
from oye_proxy.features.context import transactions_of
from oye_proxy.features.limit_tickets import ANSWER_WITHIN
from oye_proxy.features.limit_worker import LimitWorker
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.events import ChargerRemoved, FramePassed, LiveEvent, News
from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.hub.registry import Hub
from oye_proxy.ocppj.commands import Peer
from oye_proxy.ocppj.frames import CallResult
from oye_proxy.ocppj.intents.context import IntentContext, charging_connector
from oye_proxy.ocppj.intents.requests import (
    ClearLimitRequest,
    LimitRequest,
    PauseRequest,
    ResumeRequest,
    ScheduleRequest,
    StartRequest,
    WishRequest,
)
from oye_proxy.ocppj.intents.wishes import check_limit, wish_of
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot, slot_for, slot_of
from oye_proxy.ocppj.profiles.schedules import lets_nobody_charge
from oye_proxy.tasks import cancel, spawn

_logger = logging.getLogger(__name__)

_CAP: Final = slot_for(LimitScope.MAXIMUM, 0)

# The charger holds other profiles after it has accepted one of these.
_PROFILE_ACTIONS: Final = frozenset(
    {
        "SetChargingProfile",
        "ClearChargingProfile",
        "RemoteStartTransaction",
        "RequestStartTransaction",
    }
)


class ChargeLimits:
    """Takes the owner's wishes, and has them carried out while chargers come and go."""

    def __init__(
        self, hub: Hub, *, wall: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._hub = hub
        self._wall = wall
        self._new_id = new_id
        self._workers: dict[str, LimitWorker] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Watch the chargers."""
        self._unsubscribe = self._hub.subscribe(self._notice, FramePassed, News, ChargerRemoved)

    async def stop(self) -> None:
        """Send nothing any more."""
        self._unsubscribe()
        for worker in self._workers.values():
            await worker.stop()
        self._workers.clear()
        await cancel(*self._tasks)

    async def run(
        self, charger: Charger, request: WishRequest, origin: Origin, context: IntentContext
    ) -> Injection:
        """
        Wish what the request says, and send what that needs.

        The handle is that of `LimitWorker.apply`, which also tells what is raised. While the
        charger is away or takes no commands nothing is wished.
        """
        worker = self._worker(charger)
        worker.check_ready()
        slots = self._wish(charger, request, context)
        if _CAP in slots:
            await self._store_cap(charger)
        injection = await worker.apply(slots, origin)
        wishes = (charger.limits.wish_at(slot) for slot in slots)
        limits = (None if wish is None else wish.limit_at(context.now) for wish in wishes)
        injection.pauses = any(lets_nobody_charge(limit_a) for limit_a in limits)
        return injection

    def follow_start(
        self, charger: Charger, connector_id: int, limit_a: float, injection: Injection
    ) -> None:
        """Wish the limit that a remote start bears, once the charger has accepted it."""
        task = spawn(
            self._wish_of_start(charger, connector_id, limit_a, injection),
            name=f"limit of a start on {charger.charge_point_id}",
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def restart(
        self, charger: Charger, request: ResumeRequest, context: IntentContext
    ) -> StartRequest | None:
        """Return the start that a resume needs: the pause ended the transaction, the car waits."""
        connector_id = _held_connector(charger, request, context)
        if connector_id in context.transactions or not charger.limits.was_stopped(connector_id):
            return None
        connectors = charger.facts.view(context.now).connectors
        if any(one.evse_id == connector_id and one.plugged is False for one in connectors):
            return None
        return StartRequest(connector_id=connector_id, id_tag=request.id_tag)

    def look(self, charge_point_id: str) -> None:
        """Send what is due at a charger."""
        charger = self._hub.find(charge_point_id)
        if charge_point_id in self._workers or _has_limits(charger):
            self._worker(charger).look()

    # What a request means

    def _wish(
        self, charger: Charger, request: WishRequest, context: IntentContext
    ) -> tuple[Slot, ...]:
        """Change the wishes; return where."""
        limits = charger.limits
        if isinstance(request, PauseRequest | ResumeRequest):
            slot = Slot(LimitScope.SESSION, _held_connector(charger, request, context))
            change = limits.pause if isinstance(request, PauseRequest) else limits.resume
            change(slot.connector_id)
            return (slot,)
        if isinstance(request, ClearLimitRequest):
            slots = _meant(charger, request)
            for slot in slots:
                limits.want(slot.scope, slot.connector_id, None)
            return slots
        if isinstance(request, LimitRequest):
            check_limit(request)
        slot = _slot(request, context)
        limits.wish(wish_of(request, slot, limits.wish_at(slot), context))
        return (slot,)

    async def _store_cap(self, charger: Charger) -> None:
        """A dead database takes no control away from the owner."""
        wish = charger.limits.wish_at(_CAP)
        limit_a = None if wish is None else wish.limit_a
        try:
            await self._hub.policies.set_max_current(charger.charge_point_id, limit_a)
        except StorageError as error:
            _logger.warning("%s: the limit is not stored: %s", charger.charge_point_id, error)

    async def _wish_of_start(
        self, charger: Charger, connector_id: int, limit_a: float, injection: Injection
    ) -> None:
        try:
            outcome = await injection.outcome(ANSWER_WITHIN)
        except OyeError:
            return
        if outcome.accepted:
            charger.limits.want(LimitScope.SESSION, connector_id, limit_a)
            self.look(charger.charge_point_id)

    # What happens at the chargers

    def _notice(self, event: LiveEvent) -> None:
        match event:
            case FramePassed():
                self._notice_frame(event)
            case News():
                self._notice_news(event)
            case ChargerRemoved():
                self._remove(event.charge_point_id)
            case _:
                pass

    def _notice_frame(self, event: FramePassed) -> None:
        record = event.record
        call = record.call
        if call is None or not isinstance(record.frame, CallResult):
            return
        if call.action in _PROFILE_ACTIONS and record.source is Peer.CHARGER:
            worker = self._workers.get(event.charge_point_id)
            if worker is None or not worker.sends(record.injection or ""):
                self._hub.find(event.charge_point_id).limit_checks.forget(0)
                self.look(event.charge_point_id)
        elif call.action == "BootNotification" and record.target is Peer.CHARGER:
            self.look(event.charge_point_id)

    def _notice_news(self, event: News) -> None:
        charger = self._hub.find(event.charge_point_id)
        match event.event:
            case "boot":
                # The answer to the boot has not passed yet: it brings the look.
                charger.limits.booted()
                charger.limit_checks.forget(0)
            case "disconnected":
                if event.charge_point_id in self._workers:
                    self._workers[event.charge_point_id].disconnected()
            case "transaction_ended":
                self._end_transaction(charger, event.data.get("evseId"))
                self.look(event.charge_point_id)
            case "connected" | "transaction_started":
                self.look(event.charge_point_id)
            case _:
                pass

    def _end_transaction(self, charger: Charger, connector_id: int | None) -> None:
        """End what held for a transaction; one that another has displaced ended before."""
        running = transactions_of(charger.facts.view(self._wall()))
        if connector_id and connector_id not in running:
            charger.limits.transaction_ended(connector_id)
            charger.limit_checks.forget(connector_id)

    def _worker(self, charger: Charger) -> LimitWorker:
        worker = self._workers.get(charger.charge_point_id)
        if worker is None:
            worker = LimitWorker(self._hub, charger, wall=self._wall, new_id=self._new_id)
            self._workers[charger.charge_point_id] = worker
        return worker

    def _remove(self, charge_point_id: str) -> None:
        worker = self._workers.pop(charge_point_id, None)
        if worker is not None:
            worker.disconnected()


def _has_limits(charger: Charger) -> bool:
    limits = charger.limits
    return bool(limits.wishes or limits.paused) or any(held.ours for held in charger.profiles)


def _held_connector(
    charger: Charger, request: PauseRequest | ResumeRequest, context: IntentContext
) -> int:
    """Return the connector to hold back or to free; without a word on it the one that is meant."""
    paused = charger.limits.paused
    if isinstance(request, ResumeRequest) and request.connector_id is None and len(paused) == 1:
        return next(iter(paused))
    return charging_connector(request.connector_id, context)


def _slot(request: LimitRequest | ScheduleRequest, context: IntentContext) -> Slot:
    if request.scope is LimitScope.SESSION:
        connector_id = charging_connector(request.connector_id or None, context)
        return Slot(LimitScope.SESSION, connector_id)
    return slot_for(request.scope, request.connector_id or 0)


def _meant(charger: Charger, request: ClearLimitRequest) -> tuple[Slot, ...]:
    """Return the slots that a clear names, of those that are wished or held by the charger."""
    held = (slot_of(profile.profile_id) for profile in charger.profiles if profile.ours)
    wished = (wish.slot for wish in charger.limits.wishes)
    slots = dict.fromkeys(slot for slot in (*wished, *held) if slot is not None)
    return tuple(
        slot
        for slot in slots
        if request.scope in (None, slot.scope) and request.connector_id in (None, slot.connector_id)
    )
