"""A simulated operator: accepts chargers, authorises tags, gives ids, keeps a ledger, commands."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self
from urllib.parse import unquote
from uuid import uuid4

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from oye_proxy.errors import ChargerNotConnectedError
from oye_proxy.ocppj.error_codes import Cause, spell
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    MalformedError,
    build_call,
    build_error,
    build_result,
    parse,
)
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.ocppj.versions import SUBPROTOCOLS, OcppVersion, version_of
from oye_proxy.simulator.clock import Clock, ScaledClock, rfc3339
from oye_proxy.simulator.commands import OperatorCommands
from oye_proxy.simulator.exchange import Payload
from oye_proxy.simulator.ledger import Ledger, LedgerFrame, Violation
from oye_proxy.simulator.official import official_schemas

COMMAND_TIMEOUT = 30.0


class CsmsObserver(Protocol):
    """Sees every frame; `outgoing` is from the CSMS's point of view."""

    def __call__(self, charge_point_id: str, text: str, *, outgoing: bool) -> None:
        """Look at one frame."""


class ChargerConnection:
    """One charger's connection, and the one command that waits for its answer."""

    def __init__(
        self, charge_point_id: str, version: OcppVersion, websocket: ServerConnection
    ) -> None:
        self.charge_point_id = charge_point_id
        self.version = version
        self.websocket = websocket
        self.turn = asyncio.Lock()
        self.pending: tuple[str, asyncio.Future[CallResult | CallError]] | None = None


class SimulatedCsms(OperatorCommands):
    """
    An emulated operator on a loopback port, for chargers of every version.

    `tags` maps known tags to their status; any other tag is accepted unless `accept_unknown` is
    False. `registration` is what BootNotification is answered with. Payloads are judged by the
    official schemas: what breaks them counts in `ledger.violations` and gets a CALLERROR.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
        heartbeat_interval: int = 300,
        clock: Clock | None = None,
        observer: CsmsObserver | None = None,
    ) -> None:
        self.clock = clock or ScaledClock()
        self.ledger = Ledger()
        self.tags: dict[str, str] = {}
        self.accept_unknown = True
        self.registration = "Accepted"
        self.heartbeat_interval = heartbeat_interval
        self.connections: dict[str, ChargerConnection] = {}
        self._host = host
        self._port = port
        self._ssl = ssl_context
        self._observer = observer
        self._schemas: Schemas | None = None
        self._server: Server | None = None
        self._news = asyncio.Event()

    @property
    def url(self) -> str:
        """The address without a path; a charger's id is the last part of the path."""
        return f"{'wss' if self._ssl else 'ws'}://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen; a port of 0 takes a free one, which is kept for the next start."""
        self._schemas = await asyncio.to_thread(official_schemas)
        self._server = await serve(
            self._serve,
            self._host,
            self._port,
            ssl=self._ssl,
            subprotocols=[Subprotocol(name) for name in SUBPROTOCOLS],
            select_subprotocol=_first_known,
            compression=None,
            ping_interval=None,
            close_timeout=1.0,
            server_header=None,
        )
        self._port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Close every connection with 1001 and stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    def version(self, charge_point_id: str) -> OcppVersion:
        """Return the version of a connected charger."""
        return self._connection(charge_point_id).version

    async def command(
        self,
        charge_point_id: str,
        action: str,
        payload: Payload,
        *,
        timeout: float = COMMAND_TIMEOUT,  # noqa: ASYNC109  a CALL has its own
    ) -> CallResult | CallError:
        """Send a CALL when the one before it is answered, and return the answer."""
        connection = self._connection(charge_point_id)
        async with connection.turn, asyncio.timeout(timeout):
            call = build_call(str(uuid4()), action, payload)
            answered: asyncio.Future[CallResult | CallError] = (
                asyncio.get_running_loop().create_future()
            )
            connection.pending = (call.message_id.key, answered)
            try:
                await self._send(connection, call.text)
                answer = await answered
            finally:
                connection.pending = None
            if isinstance(answer, CallResult) and self._schemas is not None:
                violation = self._schemas.validate_result(
                    connection.version, action, answer.payload
                )
                if violation is not None:
                    self._violated(connection, f"{action} answer", violation.message)
            return answer

    async def until(self, condition: Callable[[], Any], *, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until a condition on this CSMS holds, looked at after each frame."""
        async with asyncio.timeout(timeout):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def disconnect(self, charge_point_id: str, code: int = 1000, reason: str = "") -> None:
        """Close a charger's connection."""
        await self._connection(charge_point_id).websocket.close(code, reason)

    async def _serve(self, websocket: ServerConnection) -> None:
        request = websocket.request
        path = request.path if request is not None else ""
        charge_point_id = unquote(path.partition("?")[0].rpartition("/")[2])
        version = version_of(websocket.subprotocol) or OcppVersion.V1_6
        connection = ChargerConnection(charge_point_id, version, websocket)
        self.connections[charge_point_id] = connection
        self._news.set()
        try:
            async for message in websocket:
                if isinstance(message, str):
                    await self._receive(connection, message)
        except ConnectionClosed:
            pass
        finally:
            if self.connections.get(charge_point_id) is connection:
                del self.connections[charge_point_id]
            if connection.pending is not None and not connection.pending[1].done():
                connection.pending[1].set_exception(ChargerNotConnectedError())
            self._news.set()

    async def _receive(self, connection: ChargerConnection, text: str) -> None:
        self._see(connection, text, incoming=True)
        try:
            frame = parse(text)
        except MalformedError as error:
            self._violated(connection, "no frame", str(error.fault))
            return
        match frame:
            case Call():
                await self._answer(connection, frame)
            case CallResult() | CallError():
                pending = connection.pending
                if pending is None or pending[0] != frame.message_id.key:
                    self._violated(connection, "answer", "an answer without a CALL")
                elif not pending[1].done():
                    pending[1].set_result(frame)
                    connection.pending = None  # a second answer answers nothing
            case _:
                pass
        self._news.set()

    async def _answer(self, connection: ChargerConnection, call: Call) -> None:
        assert self._schemas is not None  # noqa: S101  loaded before the server listens
        violation = self._schemas.validate_call(connection.version, call.action, call.payload)
        if violation is not None:
            self._violated(connection, call.action, violation.message)
            code = spell(violation.cause, connection.version)
            await self._send(connection, build_error(call.message_id, code, violation.message).text)
            return
        if call.action not in self._schemas.from_charger(connection.version):
            code = spell(Cause.NOT_SUPPORTED, connection.version)
            await self._send(connection, build_error(call.message_id, code).text)
            return
        self.ledger.note(connection.charge_point_id, connection.version, call)
        payload = self._payload(connection, call)
        await self._send(connection, build_result(call.message_id, payload).text)

    def _payload(self, connection: ChargerConnection, call: Call) -> Payload:
        request = call.payload
        now = rfc3339(self.clock.now())
        match call.action:
            case "BootNotification":
                return {
                    "status": self.registration,
                    "currentTime": now,
                    "interval": self.heartbeat_interval,
                }
            case "Heartbeat":
                return {"currentTime": now}
            case "Authorize" if connection.version.is_1_6:
                return {"idTagInfo": self._tag_info(request["idTag"])}
            case "Authorize":
                return {"idTokenInfo": self._tag_info(request["idToken"]["idToken"])}
            case "StartTransaction":
                return {
                    "transactionId": self.ledger.transaction_id(connection.charge_point_id, call),
                    "idTagInfo": self._tag_info(request["idTag"]),
                }
            case "StopTransaction" if "idTag" in request:
                return {"idTagInfo": self._tag_info(request["idTag"])}
            case "TransactionEvent" if "idToken" in request:
                return {"idTokenInfo": self._tag_info(request["idToken"]["idToken"])}
            case action:
                return dict(_ANSWERS.get(action, {}))

    def _tag_info(self, id_tag: str) -> Payload:
        other = "Accepted" if self.accept_unknown else "Invalid"
        return {"status": self.tags.get(id_tag, other)}

    async def _send(self, connection: ChargerConnection, text: str) -> None:
        self._see(connection, text, incoming=False)
        with contextlib.suppress(ConnectionClosed):
            await connection.websocket.send(text)

    def _see(self, connection: ChargerConnection, text: str, *, incoming: bool) -> None:
        self.ledger.frames.append(LedgerFrame(connection.charge_point_id, incoming, text))
        if self._observer is not None:
            self._observer(connection.charge_point_id, text, outgoing=not incoming)

    def _violated(self, connection: ChargerConnection, action: str, message: str) -> None:
        self.ledger.violations.append(Violation(connection.charge_point_id, action, message))
        self._news.set()

    def _connection(self, charge_point_id: str) -> ChargerConnection:
        connection = self.connections.get(charge_point_id)
        if connection is None:
            raise ChargerNotConnectedError
        return connection


# What is answered to CALLs that an operator without these services gets.
_ANSWERS: dict[str, Payload] = {
    "DataTransfer": {"status": "UnknownVendorId"},
    "GetCertificateStatus": {"status": "Failed"},
    "Get15118EVCertificate": {"status": "Failed", "exiResponse": ""},
    "NotifyEVChargingNeeds": {"status": "Rejected"},
    "NotifyEVChargingSchedule": {"status": "Accepted"},
    "OpenPeriodicEventStream": {"status": "Rejected"},
    "PullDynamicScheduleUpdate": {"status": "Rejected"},
    "SignCertificate": {"status": "Rejected"},
}


def _first_known(
    _connection: ServerConnection, offered: Sequence[Subprotocol]
) -> Subprotocol | None:
    return next((name for name in offered if name.lower() in SUBPROTOCOLS), None)
