import asyncio
import socket
from typing import cast

import pytest

from oye_proxy.transport.sockets import SendBuffer, tune


class Transport:
    """A transport of which we only see what waits."""

    def __init__(self) -> None:
        self.waiting = 0
        self.closing = False

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def is_closing(self) -> bool:
        return self.closing


@pytest.fixture
def transport() -> Transport:
    return Transport()


@pytest.fixture
def buffer(transport: Transport) -> SendBuffer:
    return SendBuffer(cast("asyncio.Transport", transport))


def test_a_peer_that_reads_is_never_congested(buffer: SendBuffer) -> None:
    for _ in range(10_000):
        buffer.add(10_000)

    assert not buffer.congested


def test_256_frames_that_wait_are_enough(buffer: SendBuffer, transport: Transport) -> None:
    for number in range(257):
        assert not buffer.congested, number
        buffer.add(1)
        transport.waiting += 1

    assert buffer.congested


def test_a_mebibyte_that_waits_is_enough(buffer: SendBuffer, transport: Transport) -> None:
    for _ in range(3):
        buffer.add(1_000_000)
        transport.waiting += 1_000_000

    assert buffer.congested


def test_it_ends_when_little_is_left(buffer: SendBuffer, transport: Transport) -> None:
    for _ in range(257):
        buffer.add(1000)
        transport.waiting += 1000
    transport.waiting = 100_000
    assert buffer.measure()
    transport.waiting = 10_000

    assert not buffer.measure()
    assert (10_000, False) == (buffer.size, buffer.congested)


def test_a_closed_transport_holds_nothing(buffer: SendBuffer, transport: Transport) -> None:
    transport.waiting, transport.closing = 5_000_000, True

    assert (0, False) == (buffer.size, buffer.measure())


async def test_sockets_send_at_once_and_give_up_dead_peers() -> None:
    """Section 3.4: TCP_USER_TIMEOUT 90 s."""
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    _reader, writer = await asyncio.open_connection(host, port)
    tune(writer.transport)
    connection = writer.get_extra_info("socket")

    assert 0 != connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        assert 90_000 == connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
