"""One end of an OCPP WebSocket under full control: every frame by hand, every fault on demand."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from websockets.client import ClientProtocol
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from oye_proxy.errors import TransportError
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    Frame,
    MalformedError,
    build_call,
    build_error,
    build_result,
    parse,
)
from oye_proxy.tasks import spawn

DEADLINE = 5.0
_READ_BYTES = 65_536
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)

Responder = Callable[[Call], Any | None]


class ConnectionEndedError(TransportError):
    """The connection is closed, so nothing more will come; carries the Close frame's code."""

    def __init__(self, code: int | None, reason: str | None) -> None:
        super().__init__(f"connection ended with {code} ({reason or 'no reason'})")
        self.code = code
        self.reason = reason


class ScriptedPeer:
    """
    An open WebSocket whose owner decides about every frame.

    Received messages wait in an inbox, in order, until somebody asks for them; `messages` keeps
    all that ever came. A `responder` answers CALLs at once with the payload it returns; when it
    returns None the CALL goes to the inbox.
    """

    def __init__(
        self,
        protocol: ClientProtocol | ServerProtocol,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.messages: list[str | bytes] = []
        self.pings = 0
        self.pongs = 0
        self.answers_pings = True
        self.responder: Responder | None = None
        self._protocol = protocol
        self._reader = reader
        self._writer = writer
        self._inbox: list[str | bytes] = []
        self._parts: list[bytes] = []
        self._parts_are_text = True
        self._news = asyncio.Event()
        self._ended = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol of the handshake, None when there is none."""
        return self._protocol.subprotocol

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self._protocol.state is State.OPEN

    @property
    def close_code(self) -> int | None:
        """The code of the Close frame that came, 1005 without code, 1006 without Close frame."""
        return self._protocol.close_code

    @property
    def close_reason(self) -> str | None:
        """The reason of the Close frame that came."""
        return self._protocol.close_reason

    @property
    def calls(self) -> list[Call]:
        """All CALLs that ever came, in order."""
        frames = (_frame(message) for message in self.messages)
        return [frame for frame in frames if isinstance(frame, Call)]

    async def send_text(self, text: str) -> None:
        """Send one text message exactly as given."""
        self._protocol.send_text(text.encode("utf-8", "surrogatepass"))
        await self._flush()

    async def send_bytes(self, data: bytes) -> None:
        """Send one binary message."""
        self._protocol.send_binary(data)
        await self._flush()

    async def send_parts(self, *parts: str) -> None:
        """Send one text message in several fragments."""
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            if index == 0:
                self._protocol.send_text(part.encode(), fin=last)
            else:
                self._protocol.send_continuation(part.encode(), fin=last)
        await self._flush()

    async def send_raw(self, data: bytes) -> None:
        """Write bytes below the WebSocket protocol."""
        self._writer.write(data)
        await self._writer.drain()

    async def send_unmasked(self, text: str) -> None:
        """Send a text message without mask, which a client must not do (RFC 6455 5.1)."""
        frame = WebSocketFrame(Opcode.TEXT, text.encode())
        await self.send_raw(frame.serialize(mask=False))

    async def send_ping(self, data: bytes = b"") -> None:
        """Send a WebSocket ping."""
        self._protocol.send_ping(data)
        await self._flush()

    async def send_call(
        self,
        action: str,
        payload: Any,
        *,
        message_id: str | None = None,
        timeout: float = DEADLINE,  # noqa: ASYNC109  the caller's words stay short
    ) -> CallResult | CallError:
        """Send a CALL and return its answer; other messages stay in the inbox."""
        call = build_call(message_id or str(uuid4()), action, payload)
        await self.send_text(call.text)
        return await self.receive_answer(call, timeout=timeout)

    async def receive(self, *, timeout: float = DEADLINE) -> str | bytes:  # noqa: ASYNC109
        """Return the next message; raise TimeoutError or ConnectionEndedError."""
        return await self._take(lambda _message: True, timeout)

    async def receive_call(
        self,
        action: str | None = None,
        *,
        timeout: float = DEADLINE,  # noqa: ASYNC109
    ) -> Call:
        """Return the next CALL, of this action if given; other messages stay in the inbox."""

        def wanted(message: str | bytes) -> bool:
            frame = _frame(message)
            return isinstance(frame, Call) and action in (None, frame.action)

        frame = _frame(await self._take(wanted, timeout))
        assert isinstance(frame, Call)  # noqa: S101  the predicate above chose it
        return frame

    async def receive_answer(
        self,
        call: Call,
        *,
        timeout: float = DEADLINE,  # noqa: ASYNC109
    ) -> CallResult | CallError:
        """Return the answer to `call`; other messages stay in the inbox."""

        def wanted(message: str | bytes) -> bool:
            frame = _frame(message)
            return (
                isinstance(frame, CallResult | CallError)
                and frame.message_id.key == call.message_id.key
            )

        frame = _frame(await self._take(wanted, timeout))
        assert isinstance(frame, CallResult | CallError)  # noqa: S101  the predicate chose it
        return frame

    async def answer(self, call: Call, payload: Any) -> None:
        """Send the CALLRESULT of a CALL."""
        await self.send_text(build_result(call.message_id, payload).text)

    async def refuse(self, call: Call, code: str, description: str = "") -> None:
        """Send a CALLERROR for a CALL."""
        await self.send_text(build_error(call.message_id, code, description).text)

    async def answer_next(
        self,
        payload: Any,
        action: str | None = None,
        *,
        timeout: float = DEADLINE,  # noqa: ASYNC109
    ) -> Call:
        """Wait for the next CALL, answer it with `payload`, return it."""
        call = await self.receive_call(action, timeout=timeout)
        await self.answer(call, payload)
        return call

    def stop_reading(self) -> None:
        """Become half-open: TCP stays up, nothing is read or answered any more."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read again after `stop_reading`."""
        self._transport.resume_reading()

    async def close(
        self,
        code: int | None = 1000,
        reason: str = "",
        *,
        timeout: float = 2.0,  # noqa: ASYNC109
    ) -> None:
        """Close with a Close frame; abort the TCP connection if the other side lingers."""
        if self.is_open:
            self._protocol.send_close(code, reason)
            with contextlib.suppress(ConnectionError):
                await self._flush()
        if not self._transport.is_closing():
            self._transport.resume_reading()
        with contextlib.suppress(TimeoutError):
            await self.wait_ended(timeout=timeout)
        await self.abort()

    async def abort(self) -> None:
        """Drop the TCP connection with a reset, without a Close frame."""
        if not self._transport.is_closing():
            connection = self._writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._transport.abort()
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def wait_ended(self, *, timeout: float = DEADLINE) -> int | None:  # noqa: ASYNC109
        """Wait until the connection has ended and return its close code."""
        async with asyncio.timeout(timeout):
            await self._ended.wait()
        return self.close_code

    def start(self) -> None:
        """Begin to read; the handshake must be over."""
        self._process_events()
        self._pump = spawn(self._read(), name="scripted peer")

    @property
    def _transport(self) -> asyncio.Transport:
        transport = self._writer.transport
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  TCP and TLS both are
        return transport

    async def _take(self, wanted: Callable[[str | bytes], bool], deadline: float) -> str | bytes:
        try:
            async with asyncio.timeout(deadline):
                while True:
                    for index, message in enumerate(self._inbox):
                        if wanted(message):
                            return self._inbox.pop(index)
                    if self._ended.is_set():
                        raise ConnectionEndedError(self.close_code, self.close_reason)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise TimeoutError(
                f"no such message within {deadline} s; waiting: {self._inbox}"
            ) from None

    async def _read(self) -> None:
        try:
            with contextlib.suppress(OSError):
                await self._flush()  # answers to what came with the handshake
            while True:
                try:
                    data = await self._reader.read(_READ_BYTES)
                except OSError:
                    data = b""
                if data:
                    self._protocol.receive_data(data)
                else:
                    self._protocol.receive_eof()
                self._process_events()
                with contextlib.suppress(OSError):
                    await self._flush()
                if not data:
                    break
        finally:
            if self._protocol.state is not State.CLOSED:
                with contextlib.suppress(EOFError):
                    self._protocol.receive_eof()
            self._transport.close()
            self._ended.set()
            self._news.set()

    def _process_events(self) -> None:
        for event in self._protocol.events_received():
            if not isinstance(event, WebSocketFrame):
                continue
            match event.opcode:
                case Opcode.TEXT | Opcode.BINARY | Opcode.CONT:
                    self._collect(event)
                case Opcode.PING:
                    self.pings += 1
                    if not self.answers_pings:
                        self._protocol.data_to_send()
                case Opcode.PONG:
                    self.pongs += 1
                case Opcode.CLOSE:
                    pass  # the protocol answered it

    def _collect(self, frame: WebSocketFrame) -> None:
        if frame.opcode is not Opcode.CONT:
            self._parts_are_text = frame.opcode is Opcode.TEXT
        self._parts.append(bytes(frame.data))
        if not frame.fin:
            return
        data = b"".join(self._parts)
        self._parts.clear()
        self._deliver(data.decode(errors="surrogateescape") if self._parts_are_text else data)

    def _deliver(self, message: str | bytes) -> None:
        self.messages.append(message)
        frame = _frame(message)
        if self.responder is not None and isinstance(frame, Call):
            payload = self.responder(frame)
            if payload is not None:
                if self.is_open:
                    text = build_result(frame.message_id, payload).text
                    self._protocol.send_text(text.encode())
                return
        self._inbox.append(message)
        self._news.set()

    async def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._writer.write(data)
            elif self._writer.can_write_eof():
                self._writer.write_eof()
            else:
                self._transport.close()
        await self._writer.drain()


def _frame(message: str | bytes) -> Frame | None:
    if isinstance(message, bytes):
        return None
    try:
        return parse(message)
    except MalformedError:
        return None
