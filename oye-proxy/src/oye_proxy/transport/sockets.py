"""What the sockets of both sides share: their send buffer, its bounds, options of TCP."""

import asyncio
import contextlib
import socket

SEND_BUFFER_BYTES = 1024 * 1024
SEND_BUFFER_FRAMES = 256
CLOSE_TIMEOUT = 2.0

TEXT_FRAME, BINARY_FRAME = 0x81, 0x82
MASK_BIT = 0x80

_LENGTH_7, _LENGTH_16 = 126, 65_536
_LOW_WATER_BYTES = 64 * 1024
_USER_TIMEOUT_MS = 90_000


class SendBuffer:
    """
    Counts what is on its way to a peer.

    `congested` becomes true above 1 MiB or 256 frames; `measure` takes it back. Asking the
    transport is left until the counters say that it is worth it.
    """

    __slots__ = ("_bytes", "_frames", "_transport", "congested")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._frames = 0
        self._bytes = 0
        self.congested = False

    @property
    def size(self) -> int:
        """Bytes that the peer has not taken yet."""
        return 0 if self._transport.is_closing() else self._transport.get_write_buffer_size()

    def add(self, size: int) -> None:
        """Count one frame that is about to be written."""
        if self._frames >= SEND_BUFFER_FRAMES or self._bytes > SEND_BUFFER_BYTES:
            self.measure()
        self._frames += 1
        self._bytes += size

    def measure(self) -> bool:
        """Look at the transport and return whether too much is waiting."""
        waiting = self.size
        if waiting <= _LOW_WATER_BYTES and (not waiting or self.congested):
            self._frames = self._bytes = 0
            self.congested = False
        else:
            self._bytes = waiting
            self.congested = (
                self.congested or waiting > SEND_BUFFER_BYTES or self._frames >= SEND_BUFFER_FRAMES
            )
        return self.congested


def frame_head(opcode: int, size: int, mask_bit: int = 0) -> bytes:
    """Return the head of an unfragmented frame (RFC 6455 5.2); the mask, if any, comes next."""
    if size < _LENGTH_7:
        return bytes((opcode, mask_bit | size))
    if size < _LENGTH_16:
        return bytes((opcode, mask_bit | 126, size >> 8, size & 0xFF))
    return bytes((opcode, mask_bit | 127)) + size.to_bytes(8, "big")


def tune(transport: asyncio.BaseTransport) -> None:
    """Send small frames at once, and let TCP give up a dead peer after 90 s."""
    connection = transport.get_extra_info("socket")
    if connection is None or connection.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    with contextlib.suppress(OSError):  # a peer that has left already
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT_MS)
