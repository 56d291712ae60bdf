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
        self._sockets: dict[web.WebSocketResponse, asyncio.Event] = {}

    def __len__(self) -> int:
        return len(self._sockets)

    @contextmanager
    def admit(self, socket: web.WebSocketResponse) -> Iterator[asyncio.Event]:
        """
        Count a socket while it is open; raise TooManyRequestsError when there are too many.

        The event is set when its client may have lost its access.
        """
        if len(self._sockets) >= self._limit:
            raise TooManyRequestsError("Too many live connections", RETRY_AFTER)
        doubted = asyncio.Event()
        self._sockets[socket] = doubted
        try:
            yield doubted
        finally:
            del self._sockets[socket]

    def doubt(self) -> None:
        """Have each client identified anew, at once: a user, a login or a token has ended."""
        for doubted in self._sockets.values():
            doubted.set()

    async def close(self) -> None:
        """End all of them; each client may come back when the proxy runs again."""
        closing = [
            socket.close(code=WSCloseCode.GOING_AWAY, message=b"the proxy stops")
            for socket in self._sockets
        ]
        await asyncio.gather(*closing, return_exceptions=True)
