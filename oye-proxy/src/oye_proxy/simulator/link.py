"""A simulated charger's connection: one CALL at a time, answers at once, faults on demand."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from oye_proxy.ocppj.error_codes import Cause, spell
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    MalformedError,
    MessageType,
    build_call,
    build_error,
    build_result,
    parse,
)
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.clock import Clock
from oye_proxy.simulator.exchange import Answer, CallRefusedError, Outgoing
from oye_proxy.tasks import cancel, spawn

LATE_ANSWER = 120.0
QUEUE_LIMIT = 1_000


class Observer(Protocol):
    """Sees every frame; `outgoing` is from the charger's point of view."""

    def __call__(self, text: str, *, outgoing: bool) -> None:
        """Look at one frame."""


class AnswerFault(StrEnum):
    """How the next answer to a CALL of the CSMS goes wrong."""

    TWICE = "twice"
    LATE = "late"
    MALFORMED = "malformed"
    NEVER = "never"


class ChargerLink:
    """
    Sends queued CALLs and answers those that come, over one connection after the other.

    Transactional CALLs wait for a connection; others fail at once without one. When the queue is
    full the oldest meter value gives way, never the start or the end of a transaction.
    """

    def __init__(
        self,
        *,
        version: OcppVersion,
        clock: Clock,
        new_id: Callable[[], UUID],
        call_timeout: float,
        retries: Callable[[], tuple[int, float]],
        answer: Callable[[Call], Answer],
        changed: Callable[[], None],
        observer: Observer | None = None,
    ) -> None:
        self.accepted = False
        self.answer_faults: deque[AnswerFault] = deque()
        self._version = version
        self._clock = clock
        self._new_id = new_id
        self._call_timeout = call_timeout
        self._retries = retries
        self._answer_call = answer
        self._changed = changed
        self._observer = observer
        self._websocket: ClientConnection | None = None
        self._queue: deque[Outgoing] = deque()
        self._paused_transactions = False
        self._work = asyncio.Event()
        self._pending: tuple[str, asyncio.Future[CallResult | CallError]] | None = None
        self._silent = False

    @property
    def connected(self) -> bool:
        """Whether a WebSocket is open."""
        return self._websocket is not None

    @property
    def waiting(self) -> list[str]:
        """The actions that wait for their turn, in order."""
        return [outgoing.action for outgoing in self._queue]

    def send(self, outgoing: Outgoing, *, first: bool = False) -> None:
        """Queue a CALL, behind all others unless it is to be the first."""
        if not self.connected and not outgoing.transactional:
            _settle(outgoing, None)
            return
        if len(self._queue) >= QUEUE_LIMIT:
            self._make_room()
        if first:
            self._queue.appendleft(outgoing)
        else:
            self._queue.append(outgoing)
        self._work.set()

    async def serve(self, websocket: ClientConnection, opened: Callable[[], None]) -> None:
        """Carry one connection until it ends; `opened` is called first."""
        self._websocket = websocket
        self._silent = False
        opened()
        sender = spawn(self._send_queue(websocket), name="simulated charger sends")
        try:
            async for message in websocket:
                if isinstance(message, str):
                    await self._receive(websocket, message)
        except ConnectionClosed:
            pass
        finally:
            self._websocket = None
            await cancel(sender)
            self._pending = None
            self._drop_volatile()

    async def send_text(self, text: str) -> None:
        """Send a text as it is."""
        if self._websocket is not None and not self._silent:
            if self._observer is not None:
                self._observer(text, outgoing=True)
            with contextlib.suppress(ConnectionClosed):
                await self._websocket.send(text)

    async def close(self, reason: str = "") -> None:
        """Close the connection with a Close frame."""
        if self._websocket is not None:
            await self._websocket.close(1000, reason)

    def drop(self) -> None:
        """Cut the TCP connection without a word."""
        if self._websocket is not None:
            self._websocket.transport.abort()

    def go_half_open(self) -> None:
        """Keep TCP open, but neither read nor write any more."""
        if self._websocket is not None:
            self._silent = True
            self._websocket.transport.pause_reading()

    def resume(self) -> None:
        """Read and write again after `go_half_open`."""
        if self._websocket is not None and self._silent:
            self._silent = False
            self._websocket.transport.resume_reading()
            self._work.set()

    async def _send_queue(self, websocket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                outgoing = None if self._silent else self._next()
                if outgoing is None:
                    self._work.clear()
                    await self._work.wait()
                else:
                    await self._exchange(websocket, outgoing)

    def _next(self) -> Outgoing | None:
        """Return the first CALL that may go now; transactional ones keep their order."""
        for outgoing in self._queue:
            if not (self.accepted or outgoing.early):
                continue
            if outgoing.transactional and self._paused_transactions:
                continue
            return outgoing
        return None

    async def _exchange(self, websocket: ClientConnection, outgoing: Outgoing) -> None:
        # A CALL that is tried again keeps its id, so that a careful CSMS counts it once.
        outgoing.message_id = outgoing.message_id or str(self._new_id())
        call = build_call(outgoing.message_id, outgoing.action, outgoing.build())
        answered: asyncio.Future[CallResult | CallError] = (
            asyncio.get_running_loop().create_future()
        )
        self._pending = (call.message_id.key, answered)
        if self._observer is not None:
            self._observer(call.text, outgoing=True)
        await websocket.send(call.text)
        try:
            async with asyncio.timeout(self._call_timeout):
                answer = await answered
        except TimeoutError:
            answer = None
        self._pending = None
        self._conclude(outgoing, answer)
        self._changed()

    def _conclude(self, outgoing: Outgoing, answer: CallResult | CallError | None) -> None:
        if isinstance(answer, CallResult):
            self._queue.remove(outgoing)
            _settle(outgoing, answer.payload if isinstance(answer.payload, dict) else {})
            return
        outgoing.attempts += 1
        attempts, interval = self._retries()
        if outgoing.transactional and outgoing.attempts < attempts:
            self._paused_transactions = True
            self._clock.call_later(interval * outgoing.attempts, self._retry)
            return
        self._queue.remove(outgoing)
        _settle(outgoing, None)

    def _retry(self) -> None:
        self._paused_transactions = False
        self._work.set()

    def _drop_volatile(self) -> None:
        lost = [outgoing for outgoing in self._queue if not outgoing.transactional]
        self._queue = deque(outgoing for outgoing in self._queue if outgoing.transactional)
        for outgoing in lost:
            _settle(outgoing, None)

    def _make_room(self) -> None:
        for index, outgoing in enumerate(self._queue):
            if index and outgoing.action == "MeterValues":
                del self._queue[index]
                return

    async def _receive(self, websocket: ClientConnection, text: str) -> None:
        if self._observer is not None:
            self._observer(text, outgoing=False)
        try:
            frame = parse(text)
        except MalformedError as error:
            if error.message_type == MessageType.CALL and error.message_id is not None:
                code = spell(Cause.FORMAT_VIOLATION, self._version)
                await self.send_text(build_error(error.message_id, code, str(error.fault)).text)
            return
        match frame:
            case Call():
                await self._answer(websocket, frame)
            case CallResult() | CallError():
                if self._pending is not None and self._pending[0] == frame.message_id.key:
                    answered = self._pending[1]
                    if not answered.done():
                        answered.set_result(frame)
            case _:
                pass  # SEND and CALLRESULTERROR ask for nothing

    async def _answer(self, websocket: ClientConnection, call: Call) -> None:
        then: Callable[[], None] | None = None
        try:
            answer = self._answer_call(call)
        except CallRefusedError as error:
            code = spell(error.cause, self._version)
            text = build_error(call.message_id, code, error.description).text
        else:
            text = build_result(call.message_id, answer.payload).text
            then = answer.then
        for each in self._spoiled(call, text):
            await self.send_text(each)
        if then is not None and self._websocket is websocket:
            then()

    def _spoiled(self, call: Call, text: str) -> list[str]:
        """Return the texts to send now: one, unless a fault was asked for."""
        if not self.answer_faults:
            return [text]
        match self.answer_faults.popleft():
            case AnswerFault.TWICE:
                return [text, text]
            case AnswerFault.MALFORMED:
                return [f'[3,{call.message_id.token},{{"status":']
            case AnswerFault.NEVER:
                return []
            case AnswerFault.LATE:
                self._clock.call_later(
                    LATE_ANSWER,
                    lambda: spawn(self.send_text(text), name="late answer"),
                )
                return []


def _settle(outgoing: Outgoing, result: dict[str, Any] | None) -> None:
    if outgoing.on_result is not None:
        outgoing.on_result(result)
