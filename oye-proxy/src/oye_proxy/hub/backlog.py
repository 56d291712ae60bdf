"""
What conversations told and nobody has looked at yet.

Sockets are written at the end of a pass of the event loop. So whoever observes waits for the next
pass: the frames of this one are on their way before anybody looks at them.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from oye_proxy.transport.ports import Connection, Observation

Taker: TypeAlias = Callable[[Connection, Observation, datetime], None]

_logger = logging.getLogger(__name__)


class Backlog:
    """Keeps observations in order until the next pass, or until somebody must know."""

    def __init__(self, take: Taker) -> None:
        self._take = take
        self._waiting: deque[tuple[Connection, Observation, datetime]] = deque()
        self._is_taking = False

    def put(self, bridge: Connection, command: Observation, at: datetime) -> None:
        """Keep one observation; never waits."""
        if not self._waiting and not self._is_taking:
            asyncio.get_running_loop().call_soon(self.catch_up)
        self._waiting.append((bridge, command, at))

    def catch_up(self) -> None:
        """Look at all that waits; what an observer causes meanwhile comes last."""
        if self._is_taking:
            return
        self._is_taking = True
        try:
            while self._waiting:
                bridge, command, at = self._waiting.popleft()
                try:
                    self._take(bridge, command, at)
                except Exception:
                    _logger.exception("%s: a frame could not be observed", bridge.charge_point_id)
        finally:
            self._is_taking = False
