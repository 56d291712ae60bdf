"""A charger and a CSMS that do exactly what a test tells them, on real sockets."""

import asyncio
import base64
import contextlib
import ssl
from collections import deque
from collections.abc import Sequence
from typing import Self

from msgspec import Struct
from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    ServerPerMessageDeflateFactory,
)
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from oye_proxy.errors import TransportError
from oye_proxy.simulator.peer import DEADLINE, ConnectionEndedError, Responder, ScriptedPeer
from oye_proxy.tasks import cancel, spawn

__all__ = [
    "DEADLINE",
    "ConnectionEndedError",
    "Handshake",
    "HandshakeRefusedError",
    "HandshakeRequest",
    "Responder",
    "ScriptedCharger",
    "ScriptedCsms",
    "ScriptedPeer",
    "basic_authorization",
]

FIRST_OFFERED = "*"
_HANDSHAKE_BYTES = 65_536

HeaderList = Sequence[tuple[str, str]]


class HandshakeRefusedError(TransportError):
    """The server did not answer 101; `status` is 0 when it answered nothing usable."""

    def __init__(self, status: int, headers: HeaderList, body: bytes = b"") -> None:
        super().__init__(f"the handshake was answered with HTTP {status}")
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body


class ScriptedCharger(ScriptedPeer):
    """A charger's end of the connection; made by `connect`."""

    response_headers: dict[str, str]

    @classmethod
    async def connect(
        cls,
        url: str,
        *,
        subprotocols: Sequence[str] = ("ocpp1.6",),
        headers: HeaderList = (),
        early_texts: Sequence[str] = (),
        ssl_context: ssl.SSLContext | None = None,
        compression: bool = False,
        responder: Responder | None = None,
        timeout: float = DEADLINE,  # noqa: ASYNC109  the caller's words stay short
    ) -> Self:
        """
        Open a WebSocket; raise HandshakeRefusedError unless the answer is 101.

        `early_texts` are sent in the same packet as the handshake's request. Each name in
        `subprotocols` is offered in that order; none at all when it is empty.
        """
        address = parse_uri(url)
        protocol = ClientProtocol(
            address,
            subprotocols=[Subprotocol(name) for name in subprotocols] or None,
            extensions=[ClientPerMessageDeflateFactory()] if compression else None,
            max_size=None,
        )
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(
                address.host,
                address.port,
                ssl=(ssl_context or True) if address.secure else None,
            )
            try:
                response = await _ask(protocol, reader, writer, headers, early_texts)
            except BaseException:
                writer.transport.abort()
                raise
        charger = cls(protocol, reader, writer)
        charger.response_headers = {
            name.lower(): value for name, value in response.headers.raw_items()
        }
        charger.responder = responder
        charger.start()
        return charger

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()


class Handshake(Struct, frozen=True, kw_only=True):
    """
    How a ScriptedCsms answers a handshake.

    `subprotocol` is a name, None for no header, or FIRST_OFFERED. A `silent` CSMS accepts TCP and
    never answers. `delay` in seconds comes before the answer.
    """

    status: int = 101
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    subprotocol: str | None = FIRST_OFFERED
    delay: float = 0.0
    silent: bool = False
    compression: bool = False


class HandshakeRequest(Struct, frozen=True):
    """What a client's handshake said: the raw request target and all headers in order."""

    path: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        """Return the value of a header, None when it is absent; several are joined by commas."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def subprotocols(self) -> list[str]:
        """The offered subprotocols in order."""
        offered = self.header("Sec-WebSocket-Protocol")
        return [name.strip() for name in offered.split(",")] if offered else []


class ScriptedCsms:
    """
    A CSMS's WebSocket server on a free loopback port.

    `handshake` says how handshakes are answered; those given to `plan` come first, one each.
    `requests` and `connections` keep everything that came.
    """

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext | None = None,
        port: int = 0,
        responder: Responder | None = None,
    ) -> None:
        self.handshake = Handshake()
        self.requests: list[HandshakeRequest] = []
        self.connections: list[ScriptedPeer] = []
        self.responder = responder
        self.tcp_connections = 0
        self._ssl = ssl_context
        self._port = port
        self._planned: deque[Handshake] = deque()
        self._released = asyncio.Event()
        self._released.set()
        self._arrivals: asyncio.Queue[ScriptedPeer] = asyncio.Queue()
        self._request_arrivals: asyncio.Queue[HandshakeRequest] = asyncio.Queue()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def port(self) -> int:
        """The port it listens on; kept over `stop` and `start`."""
        return self._port

    @property
    def url(self) -> str:
        """The address without a path: `ws://127.0.0.1:<port>`."""
        return f"{'wss' if self._ssl else 'ws'}://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", self._port, ssl=self._ssl
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and drop every connection without a Close frame."""
        if self._server is not None:
            self._server.close()
        await cancel(*self._tasks)
        for connection in self.connections:
            await connection.abort()
        for writer in list(self._writers):
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        self._writers.clear()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    def plan(self, *handshakes: Handshake) -> None:
        """Answer the next handshakes so, in order; later ones as `handshake` says."""
        self._planned.extend(handshakes)

    def hold(self) -> None:
        """Answer no handshake until `release`."""
        self._released.clear()

    def release(self) -> None:
        """Answer the handshakes that are held."""
        self._released.set()

    async def next_connection(self, *, timeout: float = DEADLINE) -> ScriptedPeer:  # noqa: ASYNC109
        """Return the next connection, those already open first."""
        async with asyncio.timeout(timeout):
            return await self._arrivals.get()

    async def next_request(self, *, timeout: float = DEADLINE) -> HandshakeRequest:  # noqa: ASYNC109
        """Return the next handshake's request, answered or not."""
        async with asyncio.timeout(timeout):
            return await self._request_arrivals.get()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tcp_connections += 1
        self._writers.add(writer)
        task = spawn(self._shake_hands(reader, writer), name="scripted csms handshake")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _shake_hands(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.transport.abort()
            return
        handshake = self._planned.popleft() if self._planned else self.handshake
        protocol = ServerProtocol(
            select_subprotocol=_choose_none,
            extensions=[ServerPerMessageDeflateFactory()] if handshake.compression else None,
            max_size=None,
        )
        protocol.receive_data(head)
        events = protocol.events_received()
        if not events or not isinstance(events[0], Request):
            writer.transport.abort()
            return
        request = HandshakeRequest(events[0].path, tuple(events[0].headers.raw_items()))
        self.requests.append(request)
        self._request_arrivals.put_nowait(request)
        if handshake.silent:
            return
        await asyncio.sleep(handshake.delay)
        await self._released.wait()
        if handshake.status == 101:  # noqa: PLR2004
            self._accept(handshake, request, protocol, events[0], reader, writer)
        else:
            writer.write(_refusal(handshake))
            with contextlib.suppress(OSError):
                await writer.drain()
            writer.close()

    def _accept(
        self,
        handshake: Handshake,
        request: HandshakeRequest,
        protocol: ServerProtocol,
        raw_request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        response = protocol.accept(raw_request)
        response.headers.update(handshake.headers)
        chosen = handshake.subprotocol
        if chosen == FIRST_OFFERED:
            chosen = next(iter(request.subprotocols), None)
        if chosen is not None:
            response.headers["Sec-WebSocket-Protocol"] = chosen
            protocol.subprotocol = Subprotocol(chosen)
        protocol.send_response(response)
        writer.writelines(protocol.data_to_send())
        connection = ScriptedPeer(protocol, reader, writer)
        connection.responder = self.responder
        connection.start()
        self._writers.discard(writer)
        self.connections.append(connection)
        self._arrivals.put_nowait(connection)


def basic_authorization(name: str, password: str | bytes) -> tuple[str, str]:
    """Return the header of HTTP Basic authentication."""
    secret = password.encode() if isinstance(password, str) else password
    return "Authorization", "Basic " + base64.b64encode(name.encode() + b":" + secret).decode()


async def _ask(
    protocol: ClientProtocol,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    headers: HeaderList,
    early_texts: Sequence[str],
) -> Response:
    """Send the handshake's request and return its answer, a 101."""
    request = protocol.connect()
    request.headers.update(headers)
    protocol.send_request(request)
    frames = [WebSocketFrame(Opcode.TEXT, text.encode()) for text in early_texts]
    early = b"".join(frame.serialize(mask=True) for frame in frames)
    writer.write(b"".join(protocol.data_to_send()) + early)
    while True:
        try:
            data = await reader.read(_HANDSHAKE_BYTES)
        except OSError:
            data = b""
        if data:
            protocol.receive_data(data)
        else:
            protocol.receive_eof()
        response = next((event for event in protocol.events if isinstance(event, Response)), None)
        if protocol.handshake_exc is not None or not data:
            refusal = response or Response(0, "", Headers())
            raise HandshakeRefusedError(
                refusal.status_code, list(refusal.headers.raw_items()), bytes(refusal.body or b"")
            ) from protocol.handshake_exc
        if response is not None:
            return response


def _choose_none(_protocol: ServerProtocol, _offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Leave the choice to the Handshake."""
    return None


def _refusal(handshake: Handshake) -> bytes:
    lines = [f"HTTP/1.1 {handshake.status} Refused", f"Content-Length: {len(handshake.body)}"]
    lines += [f"{name}: {value}" for name, value in handshake.headers]
    lines += ["Connection: close", "", ""]
    return "\r\n".join(lines).encode() + handshake.body
