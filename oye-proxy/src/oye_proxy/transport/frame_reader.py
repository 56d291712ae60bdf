"""
Reads the frames of either side with aiohttp's compiled reader, and says what it finds at once.

The reader knows RFC 6455 (fragments, control frames, UTF-8, reserved bits) and permessage-deflate;
masking it leaves to us.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from aiohttp._websocket.reader import WebSocketDataQueue
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import WebSocketError, WebSocketReader, WSMsgType

from oye_proxy.transport import close_codes
from oye_proxy.transport.sockets import MASK_BIT

# Each frame is one of these, and looking up a member in its enumeration takes its time.
MESSAGE_TEXT, MESSAGE_BINARY = WSMsgType.TEXT, WSMsgType.BINARY


class FrameTaker(Protocol):
    """The socket whose frames are read; nothing here may raise."""

    def take(self, message: Any) -> None:
        """Take a whole message or a control frame: an aiohttp message of type, data, extra."""

    def failed(self, code: int) -> None:
        """Close with this code: the peer broke the WebSocket protocol."""

    def lost(self) -> None:
        """Take note that the TCP connection is gone."""


class FrameReader:
    """
    One direction of one connection; `max_frame` 0 is no limit.

    A client masks and a server does not (RFC 6455 5.1). Only the first frame is looked at: it tells
    whether the peer is one. The reader takes later ones either way, and to find where each begins
    would be reading it twice. Masks guard caches on the way from scripts in browsers (RFC 6455
    10.3); what arrives is the same.
    """

    def __init__(
        self,
        taker: FrameTaker,
        loop: asyncio.AbstractEventLoop,
        *,
        max_frame: int,
        masked: bool,
        compressed: bool,
    ) -> None:
        self._taker = taker
        self._mask_bit = MASK_BIT if masked else 0
        self._begin = b""
        # The reader refuses a message that equals its maximum.
        self._reader = WebSocketReader(
            _Callbacks(taker, loop),
            max_frame + 1 if max_frame else 0,
            compress=compressed,
            decode_text=True,
        )
        self.feed_data: Callable[[bytes], tuple[bool, bytes]] = self._first

    def feed_eof(self) -> None:
        """TCP is gone."""
        self._reader.feed_eof()

    def _first(self, data: bytes) -> tuple[bool, bytes]:
        self._begin += data
        if len(self._begin) < 2:  # noqa: PLR2004 - the mask bit is in the second byte
            return False, b""
        if self._begin[1] & MASK_BIT != self._mask_bit:
            self._taker.failed(close_codes.PROTOCOL_ERROR)
            return True, b""
        self.feed_data = self._reader.feed_data
        return self._reader.feed_data(self._begin)


class _Callbacks(WebSocketDataQueue):
    """Where the reader puts messages: straight into the socket."""

    def __init__(self, taker: FrameTaker, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(BaseProtocol(loop), 0, loop=loop)
        self._taker = taker

    def feed_data(self, data: Any, size: int) -> None:  # noqa: ARG002 - the library's signature
        """Take a message or a control frame."""
        self._taker.take(data)

    def feed_eof(self) -> None:
        """TCP is gone."""
        self._taker.lost()

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:  # noqa: ARG002
        """Take what the reader found wrong."""
        code = exc.code if isinstance(exc, WebSocketError) else close_codes.PROTOCOL_ERROR
        self._taker.failed(code)
