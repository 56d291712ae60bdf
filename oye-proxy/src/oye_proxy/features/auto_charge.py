"""
Automatic charging: whoever plugs in charges, while no CSMS decides.

Only in standalone. A connector that becomes Preparing gets a remote start with the default tag,
100 ms after its message was answered, once per plug-in: not while a transaction runs, not again
before Available, not after a stop on the same plug-in; one retry after ten seconds. The return of
the CSMS ends the feature, not a transaction that runs.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from oye_proxy.errors import OyeError
from oye_proxy.features.commands import Commands
from oye_proxy.hub.events import ChargerRemoved, FramePassed, LiveEvent
from oye_proxy.hub.injections import Origin
from oye_proxy.hub.registry import Hub
from oye_proxy.ocppj.commands import Peer
from oye_proxy.ocppj.facts import ConnectorFacts, Status
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.intents.requests import StartRequest
from oye_proxy.ocppj.modes import Link
from oye_proxy.state import State
from oye_proxy.tasks import cancel, spawn

ORIGIN: Final = Origin("automatic charging", "automation")
START_AFTER: Final = 0.1
RETRY_AFTER: Final = 10.0
ANSWER_WITHIN: Final = 60.0
_TELLING: Final = frozenset({"StatusNotification", "TransactionEvent", "NotifyEvent"})

_logger = logging.getLogger(__name__)


class AutoCharge:
    """Starts charging on its own while the owner has switched it on."""

    def __init__(
        self, hub: Hub, state: State, commands: Commands, *, wall: Callable[[], datetime]
    ) -> None:
        self._hub = hub
        self._state = state
        self._commands = commands
        self._wall = wall
        self._served: dict[tuple[str, int], asyncio.Task[None] | None] = {}
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Watch the chargers."""
        self._unsubscribe = self._hub.subscribe(self._notice)

    async def stop(self) -> None:
        """Start nothing any more."""
        self._unsubscribe()
        await cancel(*self._served.values())
        self._served.clear()

    def _notice(self, event: LiveEvent) -> None:
        if isinstance(event, ChargerRemoved):
            for key in [key for key in self._served if key[0] == event.charge_point_id]:
                self._forget(key)
        if (
            isinstance(event, FramePassed)
            and event.record.source is Peer.CHARGER
            and isinstance(event.record.frame, Call)
            and event.record.frame.action in _TELLING
        ):
            self._look(event.charge_point_id)

    def _look(self, charge_point_id: str) -> None:
        facts = self._hub.find(charge_point_id).facts.view(self._wall())
        for connector in facts.connectors:
            key = (charge_point_id, connector.evse_id)
            if connector.status is Status.AVAILABLE:
                self._forget(key)
            elif connector.transaction is not None:
                self._served.setdefault(key, None)
            elif (
                connector.status is Status.PREPARING
                and key not in self._served
                and self._in_charge(charge_point_id)
            ):
                self._served[key] = spawn(
                    self._serve(charge_point_id, connector.evse_id),
                    name=f"automatic charging {charge_point_id} {connector.evse_id}",
                )

    def _forget(self, key: tuple[str, int]) -> None:
        task = self._served.pop(key, None)
        if task is not None:
            task.cancel()

    def _in_charge(self, charge_point_id: str) -> bool:
        conversation = self._hub.find(charge_point_id).conversation
        return (
            self._state.current.auto_charge
            and conversation is not None
            and conversation.link is Link.STANDALONE
        )

    async def _serve(self, charge_point_id: str, evse_id: int) -> None:
        for delay in (START_AFTER, RETRY_AFTER):
            await asyncio.sleep(delay)
            if not self._in_charge(charge_point_id) or self._is_charging(charge_point_id, evse_id):
                return
            if await self._start(charge_point_id, evse_id):
                return

    async def _start(self, charge_point_id: str, evse_id: int) -> bool:
        try:
            injection = await self._commands.run(
                charge_point_id, StartRequest(connector_id=evse_id), ORIGIN
            )
            outcome = await injection.outcome(ANSWER_WITHIN)
        except OyeError as error:
            _logger.warning("%s: automatic charging did not start: %s", charge_point_id, error)
            return False
        if not outcome.accepted:
            _logger.warning("%s: the charger refused to start charging", charge_point_id)
        return bool(outcome.accepted)

    def _is_charging(self, charge_point_id: str, evse_id: int) -> bool:
        connectors = self._hub.find(charge_point_id).facts.view(self._wall()).connectors
        found: ConnectorFacts | None = next(
            (connector for connector in connectors if connector.evse_id == evse_id), None
        )
        return found is not None and found.transaction is not None
