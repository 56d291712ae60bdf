"""
The limit in force while something charges, as samples of its transaction.

A limit changes by a wish, by the CSMS, by the charger and by the clock alone, so chargers are
looked at when something changed and now and then besides; few at a time, so that no frame waits.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Protocol

from oye_proxy.errors import ChargerUnknownError
from oye_proxy.features.context import transactions_of
from oye_proxy.hub.events import ChargerChanged, ChargerRemoved, LiveEvent
from oye_proxy.hub.limits import ConnectorLimits, limits_state
from oye_proxy.hub.registry import Hub
from oye_proxy.ocppj.profiles.composite import Party
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.ocppj.transaction_samples import EFFECTIVE_LIMIT, Sample
from oye_proxy.tasks import cancel, spawn

ROUND_SECONDS: Final = 1.0
LOOKS_A_ROUND: Final = 20
LOOK_AGAIN: Final = timedelta(seconds=30)


class Recorder(Protocol):
    """Who keeps what is told of a transaction."""

    def note(self, charge_point_id: str, change: TransactionChange) -> None:
        """Take a change that no frame told."""


class LimitHistory:
    """Notes each change of the limit in force while it is started."""

    def __init__(self, hub: Hub, recorder: Recorder, wall: Callable[[], datetime]) -> None:
        self._hub = hub
        self._recorder = recorder
        self._wall = wall
        self._due: dict[str, None] = {}
        # Chargers that were looked at: what begins on them from then on, began without a limit.
        self._met: set[str] = set()
        # When a charger that charges was looked at last, and what was in force then.
        self._looked: dict[str, datetime] = {}
        self._known: dict[str, dict[str, tuple[float | None, Party]]] = {}
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Watch the chargers."""
        self._unsubscribe = self._hub.subscribe(self._notice, ChargerChanged, ChargerRemoved)
        self._task = spawn(self._run(), name="limit history")

    async def stop(self) -> None:
        """Watch them no more."""
        self._unsubscribe()
        await cancel(self._task)

    def look(self) -> None:
        """Look at those that changed or were not looked at for a while."""
        now = self._wall()
        for charge_point_id, looked in self._looked.items():
            if now - looked >= LOOK_AGAIN:
                self._due[charge_point_id] = None
        for charge_point_id in list(islice(self._due, LOOKS_A_ROUND)):
            del self._due[charge_point_id]
            self._look_at(charge_point_id, now)

    def _notice(self, event: LiveEvent) -> None:
        if isinstance(event, ChargerChanged):
            self._due[event.charge_point_id] = None
        elif isinstance(event, ChargerRemoved):
            self._met.discard(event.charge_point_id)
            self._due.pop(event.charge_point_id, None)
            self._forget(event.charge_point_id)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            self.look()

    def _look_at(self, charge_point_id: str, now: datetime) -> None:
        try:
            charger = self._hub.find(charge_point_id)
        except ChargerUnknownError:
            return
        first = None if charge_point_id not in self._met else (None, Party.NO_LIMIT)
        self._met.add(charge_point_id)
        facts = charger.facts.view(now)
        running = transactions_of(facts)
        if not running:
            self._forget(charge_point_id)
            return
        limits = limits_state(charger.limits, charger.profiles, charger.limit_checks, facts, now)
        before = self._known.get(charge_point_id, {})
        self._looked[charge_point_id] = now
        self._known[charge_point_id] = {
            running[one.connector_id]: (one.effective_limit_a, one.limit_source)
            for one in limits.connectors
            if one.connector_id in running
        }
        for one in limits.connectors:
            transaction_id = running.get(one.connector_id)
            if transaction_id is None:
                continue
            if before.get(transaction_id, first) != (one.effective_limit_a, one.limit_source):
                self._recorder.note(charge_point_id, _change(transaction_id, one, now))

    def _forget(self, charge_point_id: str) -> None:
        self._looked.pop(charge_point_id, None)
        self._known.pop(charge_point_id, None)


def _change(transaction_id: str, limits: ConnectorLimits, now: datetime) -> TransactionChange:
    sample = Sample(
        now,
        EFFECTIVE_LIMIT,
        limits.effective_limit_a or 0.0,
        unit="A",
        context=limits.limit_source.value,
    )
    return TransactionChange(
        kind=ChangeKind.UPDATE, at=now, transaction_id=transaction_id, samples=(sample,)
    )
