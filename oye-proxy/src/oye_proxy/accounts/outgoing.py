"""Mails that are sent while whoever caused them has the answer already."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from oye_proxy.errors import MailError, MailNotConfiguredError, StorageError
from oye_proxy.tasks import cancel, spawn

MOST_WAITING: Final = 20

_logger = logging.getLogger(__name__)


class Outgoing:
    """Sends mails of one kind, which `what` names in the log; `close` it at the end."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._sending: set[asyncio.Task[None]] = set()

    def start(self, send: Callable[[], Awaitable[None]]) -> None:
        """Begin to send; a failure is logged and nobody's answer."""
        if len(self._sending) >= MOST_WAITING:
            _logger.warning("too many mails are being sent: %s is left out", self._what)
            return
        task = spawn(self._run(send), name=self._what)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def close(self) -> None:
        """Give up what is being sent."""
        await cancel(*self._sending)

    async def _run(self, send: Callable[[], Awaitable[None]]) -> None:
        try:
            await send()
        except (MailError, MailNotConfiguredError, StorageError) as error:
            _logger.warning("%s could not be sent: %s", self._what, error)
