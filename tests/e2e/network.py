"""A network between two programs that a test can cut, stall, reset and refuse."""

import asyncio
import contextlib
import socket
import struct
from typing import Self

from oye_proxy.tasks import cancel, spawn

_READ_BYTES = 65_536
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Network:
    """A TCP relay on a free loopback port towards another port of this machine."""

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self.connections = 0
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._flows = asyncio.Event()
        self._flows.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._cut_in_the_middle = False

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.refuse()

    async def accept(self) -> None:
        """Listen, on the same port each time."""
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, sock=self._listener())
            self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Cut every connection and refuse new ones."""
        if self._server is not None:
            server, self._server = self._server, None
            server.close()
        self.reset()
        await cancel(*self._tasks)

    def stall(self) -> None:
        """Let nothing through, while connections stay open and new ones are accepted."""
        self._flows.clear()

    def flow(self) -> None:
        """Let everything through that waited, and all that follows."""
        self._flows.set()

    def drop(self) -> None:
        """End every connection, as an orderly middlebox does."""
        for writer in list(self._writers):
            writer.close()

    def reset(self) -> None:
        """Reset every connection."""
        for writer in list(self._writers):
            connection = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            writer.transport.abort()

    def cut_in_the_middle(self) -> None:
        """Let only the first bytes of the next packet through, then reset all."""
        self._cut_in_the_middle = True

    def _listener(self) -> socket.socket:
        return socket.create_server(("127.0.0.1", self.port))

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._target_port)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = spawn(self._relay(reader, writer), name="network")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._flows.wait()
            there, back = await self._open()
            self._writers.add(back)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._pump(reader, back))  # its owner waits for it
                    both.create_task(self._pump(there, writer))
            finally:
                self._writers.discard(back)
                back.transport.abort()
        except* OSError:
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_READ_BYTES):
            await self._flows.wait()
            if self._cut_in_the_middle:
                self._cut_in_the_middle = False
                writer.write(data[: len(data) // 2])
                with contextlib.suppress(OSError):
                    await writer.drain()
                self.reset()
                return
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof() and not writer.transport.is_closing():
            writer.write_eof()
