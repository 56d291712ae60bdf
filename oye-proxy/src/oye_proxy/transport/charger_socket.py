"""
A charger's accepted WebSocket, built on aiohttp's connection and its compiled frame reader.

aiohttp's own WebSocketResponse closes with codes of its choice, can hang in `close()`, and wants a
task that waits for each message. Here the reader calls us, and frames are written as they are.
"""

import asyncio
import base64
import binascii
import hashlib
import zlib
from typing import Any

from aiohttp import web
from aiohttp.http import WS_KEY, WSMsgType, ws_ext_gen, ws_ext_parse
from aiohttp.web_protocol import RequestHandler

from oye_proxy.errors import AdmissionError
from oye_proxy.transport import close_codes
from oye_proxy.transport.frame_reader import MESSAGE_BINARY, MESSAGE_TEXT, FrameReader
from oye_proxy.transport.ports import ClosedHandler, MessageHandler
from oye_proxy.transport.sockets import (
    BINARY_FRAME,
    CLOSE_TIMEOUT,
    TEXT_FRAME,
    SendBuffer,
    frame_head,
    tune,
)

SERVER_NAME = "OYE"

_CLOSE, _PING, _PONG = 0x88, 0x89, 0x8A
_COMPRESSED = 0x40
_DEFLATE_TAIL = b"\x00\x00\xff\xff"
# Compressing more would hold up the other chargers; such a message goes out as it is.
_COMPRESS_MAX_BYTES = 64 * 1024
_KEY_BYTES = 16


def check_handshake(request: web.BaseRequest) -> None:
    """Raise AdmissionError 400 unless this is a WebSocket handshake (RFC 6455 4.2.1)."""
    headers = request.headers
    connection = headers.get("Connection", "").lower()
    if headers.get("Upgrade", "").strip().lower() != "websocket" or "upgrade" not in connection:
        raise AdmissionError(400, "This path speaks WebSocket only")
    if headers.get("Sec-WebSocket-Version", "").strip() != "13":
        raise AdmissionError(400, "Only WebSocket version 13 is spoken here")
    try:
        key = base64.b64decode(headers.get("Sec-WebSocket-Key", "").strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES or request.method != "GET" or request.version < (1, 1):
        raise AdmissionError(400, "The WebSocket handshake is not valid")


async def accept(
    request: web.Request, *, subprotocol: str | None, max_frame: int, compression: bool
) -> tuple[web.StreamResponse, "ChargerSocket"]:
    """Answer 101; raise ConnectionError when the charger has left meanwhile."""
    key = request.headers["Sec-WebSocket-Key"].strip().encode()
    digest = hashlib.sha1(key + WS_KEY, usedforsecurity=False).digest()
    response = web.StreamResponse(status=101)
    response.headers["Upgrade"] = "websocket"
    response.headers["Connection"] = "Upgrade"
    response.headers["Sec-WebSocket-Accept"] = base64.b64encode(digest).decode()
    response.headers["Server"] = SERVER_NAME
    if subprotocol is not None:
        response.headers["Sec-WebSocket-Protocol"] = subprotocol
    window, no_takeover = 0, False
    if compression:
        offers = ", ".join(request.headers.getall("Sec-WebSocket-Extensions", ()))
        window, no_takeover = ws_ext_parse(offers, isserver=True)
    if window:
        response.headers["Sec-WebSocket-Extensions"] = ws_ext_gen(
            compress=window, isserver=True, server_notakeover=no_takeover
        )
    response.force_close()
    await response.prepare(request)
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError("the charger left during the handshake")
    protocol: RequestHandler = request.protocol
    protocol.keep_alive(False)  # noqa: FBT003 - aiohttp's signature
    deflate = _Deflate(window, flush_whole=no_takeover) if window else None
    return response, ChargerSocket(protocol, transport, subprotocol, max_frame, deflate)


class ChargerSocket:
    """An open WebSocket of a charger; a `ports.Socket`."""

    def __init__(
        self,
        protocol: RequestHandler,
        transport: asyncio.Transport,
        subprotocol: str | None,
        max_frame: int,
        deflate: "_Deflate | None",
    ) -> None:
        self._protocol = protocol
        self._transport = transport
        self._subprotocol = subprotocol
        self._deflate = deflate
        self._max_frame = max_frame
        self._loop = asyncio.get_running_loop()
        self._buffer = SendBuffer(transport)
        self._on_message: MessageHandler
        self._on_closed: ClosedHandler
        self._close_sent = False
        self._ended = False
        self._closing = False
        self._gone = self._loop.create_future()
        self._abort_timer: asyncio.TimerHandle | None = None
        self._heard: asyncio.Future[None] | None = None
        self.last_heard = self._loop.time()
        self.messages_received = 0
        self.pongs_received = 0
        tune(transport)

    @property
    def subprotocol(self) -> str | None:
        """What was answered to the charger."""
        return self._subprotocol

    @property
    def congested(self) -> bool:
        """Whether too much is waiting for the charger."""
        return self._buffer.congested

    @property
    def buffered(self) -> int:
        """Bytes that the charger has not taken yet."""
        return self._buffer.size

    def start(self, on_message: MessageHandler, on_closed: ClosedHandler) -> None:
        """Deliver messages from now on, first those that came early."""
        self._on_message, self._on_closed = on_message, on_closed
        if self._transport.is_closing():
            self.lost()
            return
        reader = FrameReader(
            self,
            self._loop,
            max_frame=self._max_frame,
            masked=True,
            compressed=self._deflate is not None,
        )
        self._protocol.set_parser(reader)  # type: ignore[arg-type]  # it is fed like one

    def send(self, data: str | bytes) -> None:
        """Send one message."""
        if self._close_sent or self._transport.is_closing():
            return
        payload, opcode = (
            (data.encode(), TEXT_FRAME) if isinstance(data, str) else (data, BINARY_FRAME)
        )
        if self._deflate is not None and len(payload) <= _COMPRESS_MAX_BYTES:
            payload, opcode = self._deflate.compress(payload), opcode | _COMPRESSED
        self._buffer.add(len(payload))
        self._write(opcode, payload)

    def ping(self) -> None:
        """Send a ping; any frame that follows is life."""
        self._control(_PING, b"")

    async def is_alive(self, seconds: float) -> bool:
        """Send a ping and tell whether anything comes within this time."""
        self._heard = self._loop.create_future()
        self.ping()
        try:
            async with asyncio.timeout(seconds):
                await self._heard
        except TimeoutError:
            return False
        finally:
            self._heard = None
        return not self._ended

    def measure(self) -> bool:
        """Look at the send buffer again and return whether it is too full."""
        return self._buffer.measure()

    def pause(self) -> None:
        """Stop reading."""
        self._protocol.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if not self._transport.is_closing():
            self._protocol.resume_reading()

    def close(self, code: int, reason: str) -> None:
        """Send a Close frame; the connection ends within CLOSE_TIMEOUT."""
        self._closing = True
        self._send_close(code, reason)
        self.resume()

    def abort(self) -> None:
        """Drop the connection without a Close frame."""
        self._closing = True
        self._transport.abort()

    async def wait_closed(self) -> None:
        """Wait until the TCP connection is gone."""
        await asyncio.shield(self._gone)

    # Called by the reader.

    def take(self, message: Any) -> None:
        """Take one message or control frame of the reader."""
        self.last_heard = self._loop.time()
        if self._heard is not None and not self._heard.done():
            self._heard.set_result(None)
        kind = message[0]
        if kind is MESSAGE_TEXT or kind is MESSAGE_BINARY:
            if not (self._closing or self._ended):
                self.messages_received += 1
                self._on_message(message[1])
        elif kind is WSMsgType.PING:
            self._control(_PONG, bytes(message[1]))
        elif kind is WSMsgType.PONG:
            self.pongs_received += 1
        elif kind is WSMsgType.CLOSE:
            self._peer_closed(message[1] or close_codes.NO_STATUS, message[2] or "")

    def failed(self, code: int) -> None:
        """Close because the charger broke the WebSocket protocol."""
        reason = close_codes.PAYLOAD_TOO_LARGE if code == close_codes.TOO_BIG else ""
        self._send_close(code, reason)
        self._report(code, reason)
        self._transport.close()

    def lost(self) -> None:
        """Take note that the TCP connection is gone."""
        if self._abort_timer is not None:
            self._abort_timer.cancel()
            self._abort_timer = None
        if not self._gone.done():
            self._gone.set_result(None)
        self._report(close_codes.ABNORMAL, "")

    def _peer_closed(self, code: int, reason: str) -> None:
        """RFC 6455 5.5.1: answer with what the peer said; the server ends TCP first."""
        if close_codes.is_sendable(code):
            self._send_close(code, reason)
        else:
            self._send_close(None, "")
        self._report(code, reason)
        self._transport.close()

    def _send_close(self, code: int | None, reason: str) -> None:
        if not self._close_sent:
            self._control(_CLOSE, b"" if code is None else close_codes.payload(code, reason))
            self._close_sent = True
        if self._abort_timer is None and not self._gone.done():
            self._abort_timer = self._loop.call_later(CLOSE_TIMEOUT, self._transport.abort)

    def _report(self, code: int, reason: str) -> None:
        """Say why no more messages will come, once, unless we closed ourselves."""
        if not self._ended:
            self._ended = True
            if not self._closing:
                self._on_closed(code, reason)

    def _control(self, opcode: int, payload: bytes) -> None:
        if not self._close_sent and not self._transport.is_closing():
            self._write(opcode, payload)

    def _write(self, opcode: int, payload: bytes) -> None:
        self._transport.write(frame_head(opcode, len(payload)) + payload)


class _Deflate:
    """permessage-deflate of what goes out (RFC 7692)."""

    def __init__(self, window: int, *, flush_whole: bool) -> None:
        self._compressor = zlib.compressobj(zlib.Z_BEST_SPEED, wbits=-window)
        self._flush = zlib.Z_FULL_FLUSH if flush_whole else zlib.Z_SYNC_FLUSH

    def compress(self, payload: bytes) -> bytes:
        """Return the body of a compressed message."""
        packed = self._compressor.compress(payload) + self._compressor.flush(self._flush)
        return packed.removesuffix(_DEFLATE_TAIL)
