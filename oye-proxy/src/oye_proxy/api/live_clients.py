"""The open live connections: counted, bounded, and ended when the proxy stops."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import WSCloseCode, web

from oye_proxy.errors import TooManyRequestsError

RETRY_AFTER = 30.0


class LiveClients:
    """Owns the set of open live sockets."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sockets: set[web.WebSocketResponse] = set()

    def __len__(self) -> int:
        return len(self._sockets)

    @contextmanager
    def admit(self, socket: web.WebSocketResponse) -> Iterator[None]:
        """Count a socket while it is open; raise TooManyRequestsError when there are too many."""
        if len(self._sockets) >= self._limit:
            raise TooManyRequestsError("Too many live connections", RETRY_AFTER)
        self._sockets.add(socket)
        try:
            yield
        finally:
            self._sockets.discard(socket)

    async def close(self) -> None:
        """End all of them; each client may come back when the proxy runs again."""
        closing = [
            socket.close(code=WSCloseCode.GOING_AWAY, message=b"the proxy stops")
            for socket in self._sockets
        ]
        await asyncio.gather(*closing, return_exceptions=True)
