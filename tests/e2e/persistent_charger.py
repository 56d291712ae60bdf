"""A charger that loses nothing: what the CSMS must be told is kept until it is acknowledged."""

import asyncio
import random
from collections import deque
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    MessageId,
    build_call,
    build_result,
    parse,
)
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.clock import rfc3339
from oye_proxy.simulator.identity import SUBPROTOCOL_OF
from oye_proxy.tasks import cancel, spawn

BOOT_V16 = {"chargePointVendor": "OYE", "chargePointModel": "Test"}
BOOT_V2 = {"reason": "PowerUp", "chargingStation": {"vendorName": "OYE", "model": "Test"}}


class ChargerTiming(Struct, frozen=True, kw_only=True):
    """How patient the charger is, in seconds."""

    call_timeout: float = 6.0
    first_delay: float = 0.1
    longest_delay: float = 1.5
    retry_delay: float = 0.3
    heartbeat: float = 1.0


class Transaction(Struct, eq=False):
    """A transaction; `given_id` is what StartTransaction was answered with (1.6)."""

    number: int
    evse_id: int
    uuid: str
    seq_no: int = 0
    given_id: int | None = None


class Message(Struct, eq=False):
    """A transaction-related CALL; id and text are made when it is sent for the first time."""

    action: str
    payload: dict[str, Any]
    transaction: Transaction
    message_id: str = ""
    text: str = ""
    sendings: int = 0


class PersistentCharger:
    """
    Runs transactions and tells them in order, one CALL at a time, until each has its CALLRESULT.

    A message that is sent again keeps its id and text, or gets a new id with `fresh_ids`. `made`
    keeps every message there ever was, `answered` the texts that were acknowledged.
    """

    def __init__(
        self,
        url: str,
        charge_point_id: str,
        version: OcppVersion,
        *,
        seed: str = "",
        fresh_ids: bool = False,
        timing: ChargerTiming | None = None,
    ) -> None:
        self.charge_point_id = charge_point_id
        self.version = version
        self.fresh_ids = fresh_ids
        self.made: list[Message] = []
        self.queue: deque[Message] = deque()
        self.online = False
        self.connections = 0
        self.refusals = 0
        self.faults: list[str] = []
        self._url = f"{url}/ocpp/{charge_point_id}"
        self._timing = timing or ChargerTiming()
        self._random = random.Random(f"{seed}/{charge_point_id}")  # noqa: S311  variety
        self._numbers = count(1)
        self._meter = count(self._random.randrange(10**6))
        self._must_boot = True
        self._work = asyncio.Event()
        self._news = asyncio.Event()
        self._pending: tuple[str, asyncio.Future[CallResult | CallError]] | None = None
        self._task: asyncio.Task[None] | None = None
        self._websocket: ClientConnection | None = None

    def start(self) -> None:
        """Connect, and connect again for ever."""
        self._task = spawn(self._run(), name=f"charger {self.charge_point_id}")

    async def stop(self) -> None:
        """End as a power cut does; `start` goes on with what is kept."""
        await cancel(self._task)

    def power_cut(self) -> None:
        """Lose the connection and boot at the next one; nothing that is kept is lost."""
        self._must_boot = True
        if self._websocket is not None:
            self._websocket.transport.abort()

    def begin(self) -> Transaction:
        """Begin a transaction."""
        number = next(self._numbers)
        evse_id = 1 + number % 2
        transaction = Transaction(number, evse_id, str(self._new_id()))
        if self.version.is_1_6:
            payload = {
                "connectorId": evse_id,
                "idTag": f"TAG-{self._random.randrange(1000)}",
                "meterStart": next(self._meter),
                "timestamp": _now(),
            }
            self._keep("StartTransaction", payload, transaction)
        else:
            token = {"idToken": f"TAG-{self._random.randrange(1000)}", "type": "ISO14443"}
            more = {"idToken": token, "meterValue": [self._meter_value("Transaction.Begin")]}
            self._event(transaction, "Started", "Authorized", more)
        return transaction

    def meter(self, transaction: Transaction) -> None:
        """Read the meter."""
        if self.version.is_1_6:
            payload = {
                "connectorId": transaction.evse_id,
                "transactionId": 0,
                "meterValue": [self._meter_value("Sample.Periodic")],
            }
            self._keep("MeterValues", payload, transaction)
        else:
            more = {"meterValue": [self._meter_value("Sample.Periodic")]}
            self._event(transaction, "Updated", "MeterValuePeriodic", more)

    def end(self, transaction: Transaction) -> None:
        """End a transaction."""
        if self.version.is_1_6:
            payload = {
                "transactionId": 0,
                "meterStop": next(self._meter),
                "timestamp": _now(),
                "reason": "Local",
            }
            self._keep("StopTransaction", payload, transaction)
        else:
            more = {"meterValue": [self._meter_value("Transaction.End")]}
            self._event(transaction, "Ended", "StopAuthorized", more)

    def charge(self, samples: int) -> None:
        """Do a whole transaction."""
        transaction = self.begin()
        for _ in range(samples):
            self.meter(transaction)
        self.end(transaction)

    async def until_told(self, seconds: float = 30) -> None:
        """Wait until everything is acknowledged."""
        await self.until(lambda: not self.queue, seconds)

    async def until(self, condition: Any, seconds: float = 30) -> None:
        """Wait until a condition on this charger holds."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                await self._news.wait()

    # What it tells

    def _event(
        self, transaction: Transaction, kind: str, trigger: str, more: dict[str, Any]
    ) -> None:
        payload = {
            "eventType": kind,
            "timestamp": _now(),
            "triggerReason": trigger,
            "seqNo": transaction.seq_no,
            "transactionInfo": {"transactionId": transaction.uuid},
            "evse": {"id": transaction.evse_id, "connectorId": 1},
            **more,
        }
        if not self.online:
            payload["offline"] = True  # E04.FR.03
        transaction.seq_no += 1
        self._keep("TransactionEvent", payload, transaction)

    def _meter_value(self, context: str) -> dict[str, Any]:
        value: Any = next(self._meter)
        return {
            "timestamp": _now(),
            "sampledValue": [
                {"value": str(value) if self.version.is_1_6 else value, "context": context}
            ],
        }

    def _keep(self, action: str, payload: dict[str, Any], transaction: Transaction) -> None:
        message = Message(action, payload, transaction)
        self.made.append(message)
        self.queue.append(message)
        self._work.set()

    # How it connects

    async def _run(self) -> None:
        delay = self._timing.first_delay
        while True:
            try:
                async with connect(
                    self._url,
                    subprotocols=[Subprotocol(SUBPROTOCOL_OF[self.version])],
                    compression=None,
                    proxy=None,
                    ping_interval=None,
                    open_timeout=self._timing.call_timeout,
                    close_timeout=0.5,
                ) as websocket:
                    self.connections += 1
                    delay = self._timing.first_delay
                    await self._serve(websocket)
            except (OSError, WebSocketException, TimeoutError):
                delay = min(delay * 2, self._timing.longest_delay)
            await asyncio.sleep(delay * self._random.uniform(0.5, 1.5))

    async def _serve(self, websocket: ClientConnection) -> None:
        self._websocket = websocket
        self.online = True
        sender = spawn(self._send_all(websocket), name=f"charger {self.charge_point_id} sends")
        try:
            async for text in websocket:
                await self._receive(websocket, str(text))
        finally:
            self.online = False
            self._websocket = None
            await cancel(sender)
            self._pending = None
            self._news.set()

    async def _receive(self, websocket: ClientConnection, text: str) -> None:
        frame = parse(text)
        match frame:
            case CallResult() | CallError():
                if self._pending is not None and self._pending[0] == frame.message_id.key:
                    if not self._pending[1].done():
                        self._pending[1].set_result(frame)
                else:
                    self.faults.append(f"an answer to no CALL: {text}")
            case Call():
                self._check_transaction(frame)
                await websocket.send(build_result(frame.message_id, {"status": "Rejected"}).text)
            case _:
                self.faults.append(f"no answer and no CALL: {text}")

    def _check_transaction(self, call: Call) -> None:
        """When a transaction is to be stopped, it must be one of ours, under the id we know."""
        if "transactionId" not in call.payload:
            return
        asked = call.payload["transactionId"]
        transactions = {message.transaction for message in self.made}
        known = {each.given_id if self.version.is_1_6 else each.uuid for each in transactions}
        if asked not in known:
            self.faults.append(f"{call.action} of an unknown transaction {asked}")

    async def _send_all(self, websocket: ClientConnection) -> None:
        try:
            while True:
                if self._must_boot:
                    await self._boot(websocket)
                elif self.queue:
                    await self._tell(websocket, self.queue[0])
                elif not await self._more_to_tell():
                    await self._beat(websocket)
        except TimeoutError:
            # Whoever does not answer is left: the next connection may be better.
            websocket.transport.abort()
        except WebSocketException:
            pass

    async def _more_to_tell(self) -> bool:
        """Wait until there is something to tell; False when it is time for a Heartbeat."""
        self._work.clear()
        try:
            async with asyncio.timeout(self._timing.heartbeat):
                await self._work.wait()
        except TimeoutError:
            return False
        return True

    async def _beat(self, websocket: ClientConnection) -> None:
        call = build_call(str(self._new_id()), "Heartbeat", {})
        self._note_refusal(await self._exchange(websocket, call.message_id, call.text))

    def _note_refusal(self, answer: CallResult | CallError) -> None:
        if isinstance(answer, CallError):
            self.refusals += 1
            self._news.set()
            if answer.code == "SecurityError":
                self._must_boot = True  # B01.FR.10: it has to be accepted first

    async def _boot(self, websocket: ClientConnection) -> None:
        payload = BOOT_V16 if self.version.is_1_6 else BOOT_V2
        call = build_call(str(self._new_id()), "BootNotification", payload)
        answer = await self._exchange(websocket, call.message_id, call.text)
        if isinstance(answer, CallResult) and answer.payload["status"] == "Accepted":
            self._must_boot = False
        else:
            await asyncio.sleep(self._timing.retry_delay)

    async def _tell(self, websocket: ClientConnection, message: Message) -> None:
        if not message.text or self.fresh_ids:
            self._write(message)
        message.sendings += 1
        message_id = build_call(message.message_id, message.action, {}).message_id
        answer = await self._exchange(websocket, message_id, message.text)
        if isinstance(answer, CallResult):
            if message.action == "StartTransaction":
                message.transaction.given_id = answer.payload["transactionId"]
            self.queue.popleft()
            self._news.set()
            return
        self._note_refusal(answer)
        await asyncio.sleep(self._timing.retry_delay)

    def _write(self, message: Message) -> None:
        message.message_id = str(self._new_id())
        payload = message.payload
        if "transactionId" in payload:
            payload = payload | {"transactionId": message.transaction.given_id}
        message.text = build_call(message.message_id, message.action, payload).text

    async def _exchange(
        self, websocket: ClientConnection, message_id: MessageId, text: str
    ) -> CallResult | CallError:
        answered: asyncio.Future[CallResult | CallError] = (
            asyncio.get_running_loop().create_future()
        )
        self._pending = (message_id.key, answered)
        await websocket.send(text)
        async with asyncio.timeout(self._timing.call_timeout):
            answer = await answered
        self._pending = None
        return answer

    def _new_id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)


def _now() -> str:
    return rfc3339(datetime.now(UTC))
