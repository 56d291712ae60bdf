"""
Frames on their way out: all that one pass of the event loop gave are written at its end.

Each write wakes whoever reads it. Written one after the other, frames find their readers awake; in
between the frames that are read and understood, each would wake its reader anew.
"""

import asyncio
from typing import Protocol

from oye_proxy.ocppj.commands import Send


class Carrier(Protocol):
    """Whose sockets the frames are written to; nothing here may raise."""

    def deliver(self, send: Send) -> None:
        """Write one frame."""


class Outbox:
    """Keeps frames in order until the end of the pass, or until somebody cannot wait for it."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Carrier, Send]] = []

    def put(self, carrier: Carrier, send: Send) -> None:
        """Keep one frame; never waits."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        self._waiting.append((carrier, send))

    def flush(self) -> None:
        """Write all that waits."""
        waiting, self._waiting = self._waiting, []
        for carrier, send in waiting:
            carrier.deliver(send)
