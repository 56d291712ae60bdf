"""
Automatic charging: whoever plugs in charges, while no CSMS decides.

Only in standalone, and on chargers in use. A connector that becomes Preparing gets a remote start
with the default tag, 100 ms after its message was answered, once per plug-in: not while a
transaction runs, not again before Available, not after a stop on the same plug-in; one retry after
ten seconds. The return of the CSMS ends the feature, not a transaction that runs.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from oye_proxy.errors import OyeError
from oye_proxy.features.commands import AUTOMATION, Commands
from oye_proxy.hub.events import ChargerRemoved, FramePassed, LiveEvent
from oye_proxy.hub.injections import Origin
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.hub.registry import Hub
from oye_proxy.ocppj.boot import BootState
from oye_proxy.ocppj.facts import ConnectorFacts, Status
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.intents.requests import StartRequest
from oye_proxy.ocppj.modes import Link
from oye_proxy.state import State
from oye_proxy.tasks import cancel, spawn

ORIGIN: Final = Origin("automatic charging", AUTOMATION)
START_AFTER: Final = 0.1
RETRY_AFTER: Final = 10.0
ANSWER_WITHIN: Final = 60.0

# What tells that a cable was plugged in or out, or that a transaction began.
_TELLING: Final = frozenset(
    {"StatusNotification", "TransactionEvent", "NotifyEvent", "StartTransaction"}
)
_USED: Final = frozenset(
    {Status.CHARGING, Status.SUSPENDED_EV, Status.SUSPENDED_EVSE, Status.FINISHING}
)

_logger = logging.getLogger(__name__)


class AutoCharge:
    """Starts charging on its own while the owner has switched it on."""

    def __init__(
        self,
        hub: Hub,
        state: State,
        commands: Commands,
        *,
        wall: Callable[[], datetime],
        start_after: float = START_AFTER,
        retry_after: float = RETRY_AFTER,
    ) -> None:
        self._hub = hub
        self._state = state
        self._commands = commands
        self._wall = wall
        self._delays = (start_after, retry_after)
        # The plug-ins that had their chance, by charger and connector.
        self._served: dict[tuple[str, int], asyncio.Task[None] | None] = {}
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Watch the chargers."""
        self._unsubscribe = self._hub.subscribe(self._notice, FramePassed, ChargerRemoved)

    async def stop(self) -> None:
        """Start nothing any more."""
        self._unsubscribe()
        await cancel(*self._served.values())
        self._served.clear()

    def _notice(self, event: LiveEvent) -> None:
        if isinstance(event, ChargerRemoved):
            for key in [key for key in self._served if key[0] == event.charge_point_id]:
                self._forget(key)
        elif not self._state.current.auto_charge:
            # What is plugged in and out meanwhile is not seen: the next time is a first time.
            for key in tuple(self._served):
                self._forget(key)
        elif isinstance(event, FramePassed):
            frame = event.record.frame
            # With the answer too: a CALL that was held for the CSMS is answered later.
            call = frame if isinstance(frame, Call) else event.record.call
            if call is not None and call.action in _TELLING:
                self._look(event.charge_point_id)

    def _look(self, charge_point_id: str) -> None:
        for connector in self._hub.find(charge_point_id).facts.view(self._wall()).connectors:
            key = (charge_point_id, connector.evse_id)
            if connector.status is Status.AVAILABLE:
                self._forget(key)
            elif _is_used(connector):
                self._served.setdefault(key, None)
            elif (
                connector.status is Status.PREPARING
                and key not in self._served
                and self._is_in_charge(charge_point_id)
            ):
                self._served[key] = spawn(
                    self._serve(charge_point_id, connector.evse_id),
                    name=f"automatic charging {charge_point_id} {connector.evse_id}",
                )

    def _forget(self, key: tuple[str, int]) -> None:
        task = self._served.pop(key, None)
        if task is not None:
            task.cancel()

    def _is_in_charge(self, charge_point_id: str) -> bool:
        charger = self._hub.find(charge_point_id)
        conversation = charger.conversation
        return (
            self._state.current.auto_charge
            and charger.owner_status is OwnerStatus.ACTIVE
            and conversation is not None
            and conversation.link is Link.STANDALONE
            and conversation.boot_state not in {BootState.PENDING, BootState.REJECTED}
        )

    async def _serve(self, charge_point_id: str, evse_id: int) -> None:
        for delay in self._delays:
            await asyncio.sleep(delay)
            if not self._is_in_charge(charge_point_id) or self._is_used(charge_point_id, evse_id):
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

    def _is_used(self, charge_point_id: str, evse_id: int) -> bool:
        connectors = self._hub.find(charge_point_id).facts.view(self._wall()).connectors
        return any(connector.evse_id == evse_id and _is_used(connector) for connector in connectors)


def _is_used(connector: ConnectorFacts) -> bool:
    """
    Say whether charging has begun on this plug-in.

    A transaction of 2.x may begin with the cable, before anybody is authorized (TxStartPoint
    EVConnected, P2 E01): a remote start is what it waits for (F02).
    """
    transaction = connector.transaction
    if transaction is not None and transaction.charging_state == "EVConnected":
        return transaction.id_tag is not None
    return transaction is not None or connector.status in _USED
