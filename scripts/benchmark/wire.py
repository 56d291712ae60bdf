"""Both ends of the load, charger and CSMS, on bare asyncio protocols so that they cost little."""

import asyncio
import base64
import hashlib
import time
from collections.abc import Callable
from typing import cast

SUBPROTOCOL = "ocpp1.6"
METER_VALUES_BYTES = 600
_ID_CHARACTERS = 36
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_ACCEPT_SALT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

_HEAD = '[2,"'
_BODY = (
    '","MeterValues",{"connectorId":1,"transactionId":1184,"meterValue":[{"timestamp":'
    '"2026-11-21T10:00:00Z","sampledValue":[{"value":"15.9","context":"Sample.Periodic","measurand"'
    ':"Current.Import","phase":"L1","unit":"A"},{"value":"16.0","context":"Sample.Periodic",'
    '"measurand":"Current.Import","phase":"L2","unit":"A"},{"value":"11040.0","context":'
    '"Sample.Periodic","measurand":"Power.Active.Import","unit":"W"},{"value":"%s","context":'
    '"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"}]}]}]'
)
_FILL = METER_VALUES_BYTES - len(_HEAD) - _ID_CHARACTERS - len(_BODY % "")
_BEFORE_ID = _HEAD.encode()
_BEFORE_TIME, _AFTER_TIME = (_BODY % "7".zfill(_FILL)).encode().split(b"00:00Z")
# Each sample has a time of its own, as a charger's has: an hour of seconds, then again.
_TIMES = [f"{second // 60:02}:{second % 60:02}Z".encode() for second in range(3600)]
_BOOT = (
    '[2,"%s","BootNotification",{"chargePointVendor":"OYE","chargePointModel":"Benchmark",'
    '"chargePointSerialNumber":"%s","firmwareVersion":"1.0"}]'
)
_START = (
    '[2,"%s","StartTransaction",{"connectorId":1,"idTag":"04E91C5A123456","meterStart":%d,'
    '"timestamp":"%s"}]'
)
_STOP = (
    '[2,"%s","StopTransaction",{"transactionId":%s,"meterStop":%d,"timestamp":"%s",'
    '"reason":"Local"}]'
)
_ACCEPTED = b'",{"status":"Accepted","currentTime":"2026-11-21T10:00:00Z","interval":3600}]'
_STARTED = b'",{"transactionId":%d,"idTagInfo":{"status":"Accepted"}}]'
_EMPTY = b'",{}]'
# By the first letters of the action.
_ANSWERS = {b"BootN": _ACCEPTED, b"Start": _STARTED}


class WebSocketPeer(asyncio.Protocol):
    """A WebSocket without extensions and without fragments, as both ends here send it."""

    masks = False
    transport: asyncio.Transport

    def __init__(self) -> None:
        self.is_open = False
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        # uvloop's transports do not inherit from asyncio's.
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Cut the stream into frames."""
        if self._rest:
            data = self._rest + data
        if not self.is_open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            self.is_open = True
            self.on_handshake(head)
        self._rest = data[self._read_frames(data) :]

    def _read_frames(self, data: bytes) -> int:
        """Handle each whole frame; return where the first incomplete one begins."""
        position, end = 0, len(data)
        while position + 2 <= end:
            opcode, size, head = data[position] & 0x0F, data[position + 1], position + 2
            key = b""
            is_masked = size & 0x80
            size &= 0x7F
            if size == 126:  # noqa: PLR2004 - RFC 6455 5.2: two bytes of length follow
                size = int.from_bytes(data[head : head + 2])
                head += 2
            if is_masked:
                key = data[head : head + 4]
                head += 4
            if head + size > end:
                break
            position = head + size
            if opcode == _TEXT:
                self.on_text(data, head, size, key)
            elif opcode == _PING:
                self._answer(_PONG, unmasked(data[head:position], key))
            elif opcode == _CLOSE:
                self._answer(_CLOSE, unmasked(data[head:position], key))
                self.transport.close()
        return position

    def on_handshake(self, head: bytes) -> None:
        """Read the other end's half of the handshake."""
        raise NotImplementedError

    def on_text(self, data: bytes, head: int, size: int, key: bytes) -> None:
        """Read the `size` bytes of a text message that begin at `head`."""
        raise NotImplementedError

    def _answer(self, opcode: int, payload: bytes) -> None:
        # A mask of zeros is a mask, and leaves the payload as it is.
        size = bytes([0x80 | len(payload), 0, 0, 0, 0]) if self.masks else bytes([len(payload)])
        self.transport.write(bytes([0x80 | opcode]) + size + payload)


class Csms(WebSocketPeer):
    """Answers each CALL with a CALLRESULT."""

    def __init__(self) -> None:
        super().__init__()
        self._transactions = 0

    def on_handshake(self, head: bytes) -> None:
        """Accept whatever comes."""
        key = header(head, b"sec-websocket-key")
        accept = base64.b64encode(hashlib.sha1(key + _ACCEPT_SALT).digest())  # noqa: S324 - RFC 6455
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Protocol: %b\r\nSec-WebSocket-Accept: %b\r\n\r\n"
            % (SUBPROTOCOL.encode(), accept)
        )

    def on_text(self, data: bytes, head: int, size: int, key: bytes) -> None:  # noqa: ARG002
        """Echo the id; only the head of the frame is unmasked."""
        start = unmasked(data[head : head + 52], key)
        message_id = start[len(_BEFORE_ID) : len(_BEFORE_ID) + _ID_CHARACTERS]
        after = _ANSWERS.get(start[43:48], _EMPTY)
        if after is _STARTED:
            self._transactions += 1
            after = _STARTED % self._transactions
        payload = b'[3,"' + message_id + after
        size_bytes = bytes([len(payload)])
        self.transport.write(b"\x81" + size_bytes + payload)


class Charger(WebSocketPeer):
    """Sends MeterValues, each with an id of its own, and times the answers."""

    masks = True

    def __init__(self, name: str, on_answer: Callable[["Charger"], None]) -> None:
        super().__init__()
        self.name = name
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.latencies: list[float] = []
        self.answers = 0
        self._on_answer = on_answer
        self._id_prefix = hashlib.sha256(name.encode()).hexdigest().encode()
        self._id = b""
        self._sent_at = 0.0
        self.calls = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        super().connection_made(transport)
        key = base64.b64encode(self._id_prefix[:16])
        self.transport.write(
            b"GET /ocpp/%b HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n"
            b"Sec-WebSocket-Protocol: %b\r\n\r\n" % (self.name.encode(), key, SUBPROTOCOL.encode())
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits that no answer will come."""
        if not self.connected.done():
            self.connected.set_exception(exc or ConnectionError(f"{self.name}: closed"))
        if not self.closed.done():
            self.closed.set_result(None)

    def on_handshake(self, head: bytes) -> None:
        """Accept a 101 only."""
        if head.split(b" ", 2)[1] == b"101":
            self.connected.set_result(None)
        else:
            self.connected.set_exception(ConnectionError(head.decode(errors="replace")))

    def on_text(self, data: bytes, head: int, size: int, key: bytes) -> None:  # noqa: ARG002
        """Take the answer to the CALL in flight."""
        if data[head + 4 : head + 4 + _ID_CHARACTERS] != self._id:
            raise AssertionError(f"{self.name}: not its answer: {data[head : head + size]!r}")
        self.latencies.append(time.perf_counter() - self._sent_at)
        self.answers += 1
        self._on_answer(self)

    def send_next(self) -> None:
        """Send the next CALL of a closed loop."""
        self.send_meter_values()

    def send_meter_values(self) -> None:
        """Send the next CALL of 600 bytes."""
        self._next_id()
        time = _TIMES[self.answers % len(_TIMES)]
        self.transport.write(_CALL_HEAD + self._id + _BEFORE_TIME + time + _AFTER_TIME)

    def send_boot_notification(self) -> None:
        """Send the CALL that makes a charger known."""
        self._send(_BOOT, self.name)

    def close(self) -> None:
        """Begin the closing handshake; the answer to it closes the connection."""
        self._answer(_CLOSE, (1000).to_bytes(2))

    def _send(self, template: str, *values: object) -> None:
        """Send a CALL of 126 bytes or more; its id is the first value of the template."""
        self._next_id()
        payload = (template % (self._id.decode(), *values)).encode()
        self.transport.write(b"\x81\xfe" + len(payload).to_bytes(2) + bytes(4) + payload)

    def _next_id(self) -> None:
        self.calls += 1
        digits = b"%s%012x" % (self._id_prefix[:20], self.calls)
        self._id = b"-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        self._sent_at = time.perf_counter()


class TransactionCharger(Charger):
    """Starts and stops transactions in turns, each with values of its own."""

    def __init__(self, name: str, on_answer: Callable[[Charger], None]) -> None:
        super().__init__(name, on_answer)
        self._transaction: bytes | None = None

    def on_text(self, data: bytes, head: int, size: int, key: bytes) -> None:
        """Note the id of a transaction."""
        self._transaction = None
        _, found, rest = data[head : head + size].partition(b'"transactionId":')
        if found:
            self._transaction = rest[: len(rest) - len(rest.lstrip(b"0123456789"))]
        super().on_text(data, head, size, key)

    def send_next(self) -> None:
        """Stop the transaction that runs, or start one."""
        moment = f"2026-11-21T{self.calls // 3600 % 24:02}:{_TIMES[self.calls % 3600].decode()}"
        if self._transaction is None:
            self._send(_START, self.calls, moment)
        else:
            self._send(_STOP, self._transaction.decode(), self.calls, moment)


# FIN and text; masked, two bytes of length; a mask of zeros.
_CALL_HEAD = b"\x81\xfe" + METER_VALUES_BYTES.to_bytes(2) + bytes(4) + _BEFORE_ID


def unmasked(payload: bytes, key: bytes) -> bytes:
    """Take the mask off the beginning of a payload."""
    if not key:
        return payload
    size = len(payload)
    mask = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(mask)).to_bytes(size)


def header(head: bytes, name: bytes) -> bytes:
    """Return the value of one header of a handshake."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip()
    raise ConnectionError(f"no {name.decode()} in the handshake")
