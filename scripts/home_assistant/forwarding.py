"""A door from this machine's own network into the one that programs run in."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from home_assistant.network import Network

_READ_BYTES = 65_536


@asynccontextmanager
async def forwarded(network: Network, port: int, wanted: int) -> AsyncIterator[int]:
    """Let a browser come to a port of that network; yield the port for it, `wanted` if free."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner = network.new_socket()
            inner.setblocking(False)  # noqa: FBT003
            await asyncio.get_running_loop().sock_connect(inner, ("127.0.0.1", port))
            inner_reader, inner_writer = await asyncio.open_connection(sock=inner)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))

    own = Network()
    with own.listener("127.0.0.1", own.free_port(wanted)) as bound:
        server = await asyncio.start_server(carry, sock=bound)
        try:
            yield bound.getsockname()[1]
        finally:
            server.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while part := await reader.read(_READ_BYTES):
            writer.write(part)
            await writer.drain()
    writer.close()
