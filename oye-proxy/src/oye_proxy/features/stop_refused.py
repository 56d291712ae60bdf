"""
Stop what the CSMS does not want: a transaction that was begun while it was away.

The charger was told `Accepted` then. When the CSMS hears of the start later and refuses its id tag,
the owner may want it to end (`csms.remote_stop_invalid`), as a charger with a link would end it.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from oye_proxy.errors import OyeError
from oye_proxy.features.commands import AUTOMATION, Commands
from oye_proxy.hub.events import LiveEvent, News
from oye_proxy.hub.injections import Origin
from oye_proxy.hub.registry import Hub
from oye_proxy.ocppj.commands import NoticeName
from oye_proxy.ocppj.intents.requests import StopRequest
from oye_proxy.tasks import cancel, spawn

ORIGIN: Final = Origin("refused start", AUTOMATION)

_logger = logging.getLogger(__name__)


class StopRefused:
    """Sends a remote stop for each start that the returned CSMS refuses."""

    def __init__(self, hub: Hub, commands: Commands) -> None:
        self._hub = hub
        self._commands = commands
        self._stopping: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Listen to what the CSMS says."""
        self._unsubscribe = self._hub.subscribe(self._notice, News)

    async def stop(self) -> None:
        """Stop nothing any more."""
        self._unsubscribe()
        await cancel(*self._stopping)

    def _notice(self, event: LiveEvent) -> None:
        if isinstance(event, News) and event.event == NoticeName.START_REFUSED:
            stopping = self._stop(event.charge_point_id, str(event.data["transactionId"]))
            task = spawn(stopping, name=f"stop refused {event.charge_point_id}")
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    async def _stop(self, charge_point_id: str, transaction_id: str) -> None:
        try:
            await self._commands.run(
                charge_point_id, StopRequest(transaction_id=transaction_id), ORIGIN
            )
        except OyeError as error:
            _logger.warning(
                "%s: a transaction that the CSMS refused was not stopped: %s",
                charge_point_id,
                error,
            )
