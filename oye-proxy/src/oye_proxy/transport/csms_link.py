"""
An open link to a CSMS: messages come by a callback and go out without a task or a wait.

Beside `csms.py` the only module that knows the library that dials.
"""

import asyncio
from collections.abc import Iterator
from secrets import token_bytes
from typing import Any

from aiohttp.http import WSMsgType
from websockets.asyncio.client import ClientConnection
from websockets.protocol import State

from oye_proxy.transport import close_codes
from oye_proxy.transport.frame_reader import MESSAGE_BINARY, MESSAGE_TEXT, FrameReader
from oye_proxy.transport.ports import ClosedHandler, MessageHandler
from oye_proxy.transport.sockets import (
    BINARY_FRAME,
    CLOSE_TIMEOUT,
    MASK_BIT,
    TEXT_FRAME,
    SendBuffer,
    frame_head,
    tune,
)

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform without the compiled part
    from websockets.utils import apply_mask

EARLY_FRAMES = 256
RANDOM_BLOCK = 4096


class CsmsLink:
    """An open link to a CSMS; a `ports.Socket`."""

    def __init__(self, connection: ClientConnection, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self._buffer: SendBuffer
        self._early: list[str | bytes] = []
        self._on_message: MessageHandler | None = None
        self._on_closed: ClosedHandler | None = None
        self._end: tuple[int, str] | None = None
        self._closing = False
        self._abort_timer: asyncio.TimerHandle | None = None
        self.last_heard = loop.time()
        self.messages_received = 0
        self.pongs_received = 0

    @property
    def subprotocol(self) -> str | None:
        """What the CSMS chose; None when it named none."""
        return self._connection.protocol.subprotocol

    @property
    def congested(self) -> bool:
        """Whether too much is waiting for the CSMS."""
        return self._buffer.congested

    @property
    def buffered(self) -> int:
        """Bytes that the CSMS has not taken yet."""
        return self._buffer.size

    def start(self, on_message: MessageHandler, on_closed: ClosedHandler) -> None:
        """Deliver messages from now on, first those that came early."""
        self._on_message, self._on_closed = on_message, on_closed
        early, self._early = self._early, []
        for data in early:
            if not self._closing:
                on_message(data)
        self.resume()
        if self._end is not None and not self._closing:
            on_closed(*self._end)

    def send(self, data: str | bytes) -> None:
        """Send one message, masked as a client must (RFC 6455 5.3)."""
        transport = self._connection.transport
        if self._closing or self._end is not None or transport.is_closing():
            return
        is_text = isinstance(data, str)
        payload = data.encode() if isinstance(data, str) else data
        size = len(payload)
        self._buffer.add(size)
        protocol = self._connection.protocol
        if protocol.extensions:
            (protocol.send_text if is_text else protocol.send_binary)(payload)
            self._connection.send_data()
            return
        # What the library does in several layers, for the one case that every frame is.
        mask = next(_masking_keys)
        head = frame_head(TEXT_FRAME if is_text else BINARY_FRAME, size, MASK_BIT)
        transport.write(head + mask + apply_mask(payload, mask))

    def ping(self) -> None:
        """Send a ping; any frame that follows is life."""
        if self._is_open:
            self._connection.protocol.send_ping(b"")
            self._connection.send_data()

    def measure(self) -> bool:
        """Look at the send buffer again and return whether it is too full."""
        return self._buffer.measure()

    def pause(self) -> None:
        """Stop reading."""
        if not self._connection.transport.is_closing():
            self._connection.transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if not self._connection.transport.is_closing():
            self._connection.transport.resume_reading()

    def close(self, code: int, reason: str) -> None:
        """Send a Close frame; the connection ends within CLOSE_TIMEOUT."""
        self._closing = True
        if self._is_open:
            self._connection.protocol.send_close(code, _fitting(reason))
            self._connection.send_data()
        self.resume()
        self._abort_later()

    def abort(self) -> None:
        """Drop the connection."""
        self._closing = True
        self._connection.transport.abort()

    async def wait_closed(self) -> None:
        """Wait until the TCP connection is gone."""
        await self._connection.wait_closed()

    # Called by the connection below.

    def opened(self) -> None:
        """Take note that TCP (and TLS) is up."""
        tune(self._connection.transport)
        self._buffer = SendBuffer(self._connection.transport)

    def reader(self, max_frame: int) -> FrameReader:
        """Make what reads the frames that follow the handshake."""
        compressed = bool(self._connection.protocol.extensions)
        return FrameReader(
            self, self._loop, max_frame=max_frame, masked=False, compressed=compressed
        )

    # Called by the reader.

    def take(self, message: Any) -> None:
        """Take one message or control frame; what comes early waits for the start."""
        self.last_heard = self._loop.time()
        if self._closing or self._end is not None:
            return
        kind = message[0]
        if kind is MESSAGE_TEXT or kind is MESSAGE_BINARY:
            self.messages_received += 1
            if self._on_message is not None:
                self._on_message(message[1])
                return
            self._early.append(message[1])
            if len(self._early) >= EARLY_FRAMES:
                self.pause()
        elif kind is WSMsgType.PING:
            if self._is_open:
                self._connection.protocol.send_pong(bytes(message[1]))
                self._connection.send_data()
        elif kind is WSMsgType.PONG:
            self.pongs_received += 1
        elif kind is WSMsgType.CLOSE:
            self._peer_closed(message[1] or close_codes.NO_STATUS, message[2] or "")

    def failed(self, code: int) -> None:
        """Close because the CSMS broke the WebSocket protocol."""
        reason = close_codes.PAYLOAD_TOO_LARGE if code == close_codes.TOO_BIG else ""
        self._connection.protocol.fail(code, reason)
        self._connection.send_data()
        self._ended(code, reason)

    def lost(self) -> None:
        """Take note that the TCP connection is gone."""
        if self._abort_timer is not None:
            self._abort_timer.cancel()
            self._abort_timer = None
        self._ended(close_codes.ABNORMAL, "")

    @property
    def _is_open(self) -> bool:
        """Whether neither side has begun to close."""
        return self._connection.protocol.state is State.OPEN

    def _peer_closed(self, code: int, reason: str) -> None:
        """RFC 6455 5.5.1: answer with what the peer said; the server ends TCP first."""
        if self._is_open:
            answer = (code, reason) if close_codes.is_sendable(code) else (None, "")
            self._connection.protocol.send_close(*answer)
            self._connection.send_data()
        self._ended(code, reason)

    def _ended(self, code: int, reason: str) -> None:
        """Take note that no more messages will come, and say why, once, unless we closed."""
        if self._end is not None:
            return
        self._end = code, reason
        self._abort_later()
        if self._on_closed is not None and not self._closing:
            self._on_closed(code, reason)

    def _abort_later(self) -> None:
        if self._abort_timer is None and not self._connection.connection_lost_waiter.done():
            self._abort_timer = self._loop.call_later(
                CLOSE_TIMEOUT, self._connection.transport.abort
            )


def _random_keys() -> Iterator[bytes]:
    """Unpredictable keys (RFC 6455 5.3), a block of them for one system call."""
    while True:
        block = token_bytes(RANDOM_BLOCK)
        for start in range(0, RANDOM_BLOCK, 4):
            yield block[start : start + 4]


_masking_keys = _random_keys()


def _fitting(reason: str) -> str:
    return close_codes.payload(close_codes.NORMAL, reason)[2:].decode()
