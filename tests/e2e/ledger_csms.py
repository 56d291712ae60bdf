"""
A strict CSMS with a ledger and faults on demand; it can be killed at any moment.

When it hears of a running transaction it asks the charger to stop it, under its own id of it.

As a program: `ledger_csms.py PORT LEDGER FAULTS`. It says "Ready." when it listens and reads other
faults from its input, a JSON object a line.
"""

import asyncio
import contextlib
import http
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import unquote
from uuid import uuid4

import msgspec
from msgspec import Struct
from tests.e2e.ledger import LedgerFile, LedgerViolation, Note, is_ledger_message
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

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
from oye_proxy.ocppj.versions import SUBPROTOCOLS, OcppVersion, version_of
from oye_proxy.simulator.clock import rfc3339
from oye_proxy.simulator.official import official_schemas
from oye_proxy.tasks import cancel, spawn

HEARTBEAT_INTERVAL = 300
# Whoever waited longer may give an answer up and send the next CALL (P4/Q4 4.1.1).
SHORTEST_TIMEOUT = 2.0


class Faults(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How the CSMS misbehaves.

    `handshake` is an HTTP status for handshakes, or 0 for none at all. `answers_after` delays each
    answer, None gives none. `refused` messages of the ledger get a CALLERROR, `answers_cut` answers
    end in the middle of their frame. With `asks_for_boot` a connection must begin with a
    BootNotification, else it gets SecurityErrors.
    """

    handshake: int = 101
    headers: tuple[tuple[str, str], ...] = ()
    answers_after: float | None = 0.0
    refused: int = 0
    answers_cut: int = 0
    asks_for_boot: bool = False
    registration: Literal["Accepted", "Pending", "Rejected"] = "Accepted"
    interval: int = HEARTBEAT_INTERVAL


class LedgerCsms:
    """The CSMS as a server in this process; the ledger stays when it stops."""

    def __init__(self, ledger: Path, port: int = 0) -> None:
        self.path = ledger
        self.ledger = LedgerFile(ledger)
        self.port = port
        self.news = asyncio.Event()
        self._faults = Faults()
        self._changed = asyncio.Event()
        self._booted: set[str] = set()
        self._connections: set[ServerConnection] = set()
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where chargers connect, without their id."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def faults(self) -> Faults:
        """How it misbehaves."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        if faults.asks_for_boot:
            self._booted.clear()
        self._faults = faults
        self._changed.set()
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(official_schemas)
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()
        self.ledger.close()

    async def start(self) -> None:
        """Listen, on the same port each time."""
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            self.port,
            process_request=self._process_request,
            subprotocols=[Subprotocol(name) for name in SUBPROTOCOLS],
            select_subprotocol=_first_known,
            compression=None,
            ping_interval=None,
            close_timeout=0.5,
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Drop all connections, as a crash does, and listen no more."""
        if self._server is not None:
            server, self._server = self._server, None
            self.faults = Faults(handshake=http.HTTPStatus.SERVICE_UNAVAILABLE)
            for websocket in list(self._connections):
                websocket.transport.abort()
            server.close()
            await server.wait_closed()
            self.faults = Faults()

    async def until_recorded(self, count: int, seconds: float = 30) -> None:
        """Wait until the ledger has so many messages."""
        try:
            async with asyncio.timeout(seconds):
                while len(self.ledger.messages) < count:
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            known = len(self.ledger.messages)
            raise TimeoutError(f"{known} of {count} messages are in the ledger") from None

    async def _process_request(
        self, websocket: ServerConnection, _request: Request
    ) -> Response | None:
        while self._faults.handshake == 0:
            await self._changed.wait()
        status = self._faults.handshake
        if status == http.HTTPStatus.SWITCHING_PROTOCOLS:
            return None
        response = websocket.respond(http.HTTPStatus(status), "")
        response.headers.update(self._faults.headers)
        return response

    async def _serve(self, websocket: ServerConnection) -> None:
        connection = _Connection(self, websocket)
        self._connections.add(websocket)
        try:
            await connection.run()
        finally:
            self._connections.discard(websocket)

    async def answer(
        self, charge_point_id: str, version: OcppVersion, call: Call
    ) -> CallResult | CallError:
        """Record a CALL and return what answers it, when it is time."""
        faults = self._faults
        if faults.asks_for_boot and charge_point_id not in self._booted:
            if call.action != "BootNotification":
                self.ledger.write(Note(charge_point_id, "refused"))
                return build_error(call.message_id, "SecurityError", "boot first")
            if faults.registration == "Accepted":
                self._booted.add(charge_point_id)
        transaction_id = None
        if is_ledger_message(version, call.action):
            if faults.refused:
                self._faults = msgspec.structs.replace(faults, refused=faults.refused - 1)
                self.ledger.write(Note(charge_point_id, "refused"))
                return build_error(call.message_id, "InternalError", "not now")
            transaction_id = self.ledger.record(charge_point_id, version, call).transaction_id
        elif call.action == "BootNotification":
            self.ledger.write(Note(charge_point_id, "boot"))
        self.news.set()
        while self._faults.answers_after is None:
            await self._changed.wait()
        await asyncio.sleep(self._faults.answers_after)
        return build_result(call.message_id, self._payload(call, transaction_id))

    def takes_cut(self) -> bool:
        """Tell whether the answer at hand ends in the middle of its frame."""
        left = self._faults.answers_cut
        if left:
            self._faults = msgspec.structs.replace(self._faults, answers_cut=left - 1)
        return left > 0

    def violated(self, charge_point_id: str, what: str) -> None:
        """Count a violation."""
        self.ledger.write(LedgerViolation(charge_point_id, what))
        self.news.set()

    def _payload(self, call: Call, transaction_id: str | None) -> dict[str, Any]:
        now = rfc3339(datetime.now(UTC))
        match call.action:
            case "BootNotification":
                return {
                    "status": self._faults.registration,
                    "currentTime": now,
                    "interval": self._faults.interval,
                }
            case "Heartbeat":
                return {"currentTime": now}
            case "Authorize" if "idTag" in call.payload:
                return {"idTagInfo": {"status": "Accepted"}}
            case "StartTransaction" if transaction_id is not None:
                return {
                    "transactionId": int(transaction_id),
                    "idTagInfo": {"status": "Accepted"},
                }
            case "Authorize" | "TransactionEvent" if "idToken" in call.payload:
                return {"idTokenInfo": {"status": "Accepted"}}
            case _:
                return {}


class _Connection:
    """One charger's connection; answers are given beside the reading, so that overlaps show."""

    def __init__(self, csms: LedgerCsms, websocket: ServerConnection) -> None:
        assert websocket.request is not None
        path = websocket.request.path.partition("?")[0]
        self._csms = csms
        self._websocket = websocket
        self._charge_point_id = unquote(path.rpartition("/")[2])
        self._version = version_of(websocket.subprotocol)
        self._answering: dict[asyncio.Task[None], float] = {}
        self._command: Call | None = None

    async def run(self) -> None:
        """Read until the end."""
        if self._version is None:
            self._violated("no subprotocol of OCPP")
            return
        with contextlib.suppress(ConnectionClosed):
            async for message in self._websocket:
                self._receive(self._version, message)
        await cancel(*self._answering)

    def _receive(self, version: OcppVersion, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self._violated("a binary message")
            return
        try:
            frame = parse(message)
        except MalformedError as error:
            self._violated(f"no frame: {error.fault}")
            return
        if not isinstance(frame, Call):
            self._take_answer(version, frame)
            return
        now = asyncio.get_running_loop().time()
        if any(now - since < SHORTEST_TIMEOUT for since in self._answering.values()):
            self._violated(f"{frame.action} before the CALL before it was answered")
        found = official_schemas().validate_call(version, frame.action, frame.payload)
        if found is not None:
            self._violated(f"{frame.action}: {found.message}")
        answering = spawn(self._answer(version, frame), name="ledger csms answers")
        self._answering[answering] = now
        answering.add_done_callback(self._answering.pop)

    def _take_answer(self, version: OcppVersion, frame: Frame) -> None:
        command, self._command = self._command, None
        if command is None or frame.message_id.key != command.message_id.key:
            self._violated(f"an answer without a CALL: {frame.text}")
        elif not isinstance(frame, CallResult):
            self._violated(f"{command.action} is not answered by a result: {frame.text}")
        else:
            found = official_schemas().validate_result(version, command.action, frame.payload)
            if found is not None:
                self._violated(f"answer to {command.action}: {found.message}")

    async def _ask_to_stop(self, version: OcppVersion, call: Call) -> None:
        """Send a CALL about the transaction that a CALL tells of."""
        transaction_id = _running_transaction(call)
        if transaction_id is None or self._command is not None:
            return
        action = "RemoteStopTransaction" if version.is_1_6 else "RequestStopTransaction"
        self._command = build_call(str(uuid4()), action, {"transactionId": transaction_id})
        with contextlib.suppress(ConnectionClosed):
            await self._websocket.send(self._command.text)

    async def _answer(self, version: OcppVersion, call: Call) -> None:
        answer = await self._csms.answer(self._charge_point_id, version, call)
        if self._csms.takes_cut():
            text = answer.text.encode()
            head = bytes([0x81, 126]) + len(text).to_bytes(2, "big")
            self._websocket.transport.write(head + text[: len(text) // 2])
            self._websocket.transport.close()
            return
        with contextlib.suppress(ConnectionClosed):
            await self._websocket.send(answer.text)
        await self._ask_to_stop(version, call)

    def _violated(self, what: str) -> None:
        self._csms.violated(self._charge_point_id, what)


def _running_transaction(call: Call) -> int | str | None:
    match call.payload:
        case {"transactionId": int() as transaction_id} if call.action == "MeterValues":
            return transaction_id
        case {"eventType": "Updated", "transactionInfo": {"transactionId": str() as name}}:
            return name
        case _:
            return None


def _first_known(
    _websocket: ServerConnection, offered: Sequence[Subprotocol]
) -> Subprotocol | None:
    return next((name for name in offered if name.lower() in SUBPROTOCOLS), None)


async def _main(port: int, ledger: Path, faults: str) -> None:
    async with LedgerCsms(ledger, port) as csms:
        csms.faults = _faults(faults)
        csms.ledger.write(Note("", "start"))
        print("Ready.", flush=True)  # noqa: T201  for the one who started it
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            csms.faults = _faults(line)


def _faults(text: str | bytes) -> Faults:
    return msgspec.json.decode(text, type=Faults)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
