"""A line from one network into another, which a test can pull out and plug in again."""

import asyncio
import socket

from tests.e2e import network as relay

from home_assistant.network import Network


class Line(relay.Network):
    """A relay from an address of one network to an address of another."""

    def __init__(
        self, near: Network, address: tuple[str, int], far: Network, target: tuple[str, int]
    ) -> None:
        super().__init__(target[1])
        self.port = address[1]
        self._near = near
        self._host = address[0]
        self._far = far
        self._target = target

    def _listener(self) -> socket.socket:
        bound = self._near.listener(self._host, self.port)
        bound.setblocking(False)  # noqa: FBT003
        return bound

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        connection = self._far.new_socket()
        connection.setblocking(False)  # noqa: FBT003
        await asyncio.get_running_loop().sock_connect(connection, self._target)
        return await asyncio.open_connection(sock=connection)
