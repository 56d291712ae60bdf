"""What an operator bills by: every transaction-related message once, in a file that survives."""

import os
import re
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.versions import OcppVersion

FIRST_TRANSACTION_ID = 5001
MESSAGES_V16 = frozenset({"StartTransaction", "MeterValues", "StopTransaction"})
MESSAGES_V2 = frozenset({"TransactionEvent"})
OFFLINE = r'"offline":(?:true|false),|,"offline":(?:true|false)'


class LedgerMessage(Struct, frozen=True, tag="message"):
    """A transaction-related message, as it came, with the id of its transaction."""

    charge_point_id: str
    message_id: str
    action: str
    text: str
    payload: dict[str, Any]
    transaction_id: str | None


class Repetition(Struct, frozen=True, tag="repetition"):
    """A message that came before: under the same id, or with the same payload under another."""

    charge_point_id: str
    message_id: str
    same_id: bool


class LedgerViolation(Struct, frozen=True, tag="violation"):
    """What no peer of a CSMS may do."""

    charge_point_id: str
    what: str


class Note(Struct, frozen=True, tag="note"):
    """What happened beside the transactions."""

    charge_point_id: str
    kind: Literal["start", "boot", "refused"]


Line = LedgerMessage | Repetition | LedgerViolation | Note


class LedgerFile:
    """
    The ledger of one CSMS; what `record` returned is on disk.

    A message is recognised by (charger, message id, text), as the same text may be sent again
    (J16-E 3.1, P4-E 4.6, Q4 4.1.4), and by what it says, as some chargers take a new id for that.
    In 2.x transaction and seqNo say which event it is; only its `offline` may have changed.
    """

    def __init__(self, path: Path) -> None:
        self.lines: list[Line] = []
        self._known: dict[tuple[str, ...], LedgerMessage] = {}
        self._next_transaction_id = FIRST_TRANSACTION_ID
        self._last_seq_no: dict[tuple[str, str], int] = {}
        self._ended: set[tuple[str, str]] = set()
        self._transactions: set[tuple[str, str]] = set()
        self._open(path)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    @property
    def messages(self) -> list[LedgerMessage]:
        """All messages in the order of their arrival."""
        return [line for line in self.lines if isinstance(line, LedgerMessage)]

    @property
    def violations(self) -> list[LedgerViolation]:
        """All violations."""
        return [line for line in self.lines if isinstance(line, LedgerViolation)]

    def record(self, charge_point_id: str, version: OcppVersion, call: Call) -> LedgerMessage:
        """Keep a message unless it is a repetition; return it as it was kept."""
        keys = _keys(charge_point_id, version, call)
        for key in keys:
            known = self._known.get(key)
            if known is not None:
                same_id = known.message_id == call.message_id.key
                self.write(Repetition(charge_point_id, call.message_id.key, same_id))
                return known
        transaction_id = self._transaction_id(version, call)
        message = LedgerMessage(
            charge_point_id,
            call.message_id.key,
            call.action,
            call.text,
            call.payload,
            transaction_id,
        )
        self._judge(message, version)
        self.write(message)
        self._learn(message, keys)
        return message

    def write(self, line: Line) -> None:
        """Add a line, durably."""
        os.write(self._file, msgspec.json.encode(line) + b"\n")
        os.fsync(self._file)
        self.lines.append(line)

    def _open(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        os.ftruncate(self._file, len(whole))  # a line cut by a kill was never acknowledged
        for line in read_lines(whole):
            self.lines.append(line)
            if isinstance(line, LedgerMessage):
                version = OcppVersion.V1_6 if line.action in MESSAGES_V16 else OcppVersion.V2_0_1
                call = msgspec.json.decode(line.text)
                self._learn(
                    line, _keys_of(line.charge_point_id, version, line.message_id, line.text, call)
                )

    def _transaction_id(self, version: OcppVersion, call: Call) -> str | None:
        payload = call.payload
        if not version.is_1_6:
            return str(payload["transactionInfo"]["transactionId"])
        if call.action == "StartTransaction":
            return str(self._next_transaction_id)
        given = payload.get("transactionId")
        return None if given is None else str(given)

    def _judge(self, message: LedgerMessage, version: OcppVersion) -> None:
        """Note what cannot be true of a correct charger with a correct proxy."""
        if message.transaction_id is None:
            return
        transaction = (message.charge_point_id, message.transaction_id)
        begins = message.action == "StartTransaction"
        if not version.is_1_6:
            begins = message.payload["eventType"] == "Started"
            expected = self._last_seq_no.get(transaction, -1) + 1
            if message.payload["seqNo"] != expected:
                self._violated(message, f"seqNo is not {expected}")
        if not begins and transaction not in self._transactions:
            self._violated(message, "its transaction is unknown")
        if transaction in self._ended:
            self._violated(message, "its transaction has ended")

    def _violated(self, message: LedgerMessage, what: str) -> None:
        told = f"{message.action} {message.message_id} of {message.transaction_id}: {what}"
        self.write(LedgerViolation(message.charge_point_id, told))

    def _learn(self, message: LedgerMessage, keys: list[tuple[str, ...]]) -> None:
        for key in keys:
            self._known[key] = message
        if message.transaction_id is None:
            return
        transaction = (message.charge_point_id, message.transaction_id)
        self._transactions.add(transaction)
        if message.action == "StartTransaction":
            self._next_transaction_id = int(message.transaction_id) + 1
        if message.action == "TransactionEvent":
            self._last_seq_no[transaction] = message.payload["seqNo"]
        if message.action == "StopTransaction" or message.payload.get("eventType") == "Ended":
            self._ended.add(transaction)


def is_ledger_message(version: OcppVersion, action: str) -> bool:
    """Tell whether the ledger is about this action."""
    return action in (MESSAGES_V16 if version.is_1_6 else MESSAGES_V2)


def read_ledger(path: Path) -> list[Line]:
    """Read what a CSMS of another process has kept so far."""
    content = path.read_bytes() if path.exists() else b""
    return read_lines(content[: content.rfind(b"\n") + 1])


def read_lines(content: bytes) -> list[Line]:
    """Read whole lines."""
    return [_decoder.decode(line) for line in content.splitlines()]


_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def _keys(charge_point_id: str, version: OcppVersion, call: Call) -> list[tuple[str, ...]]:
    frame = msgspec.json.decode(call.text)
    return _keys_of(charge_point_id, version, call.message_id.key, call.text, frame)


def _keys_of(
    charge_point_id: str, version: OcppVersion, message_id: str, text: str, frame: list[Any]
) -> list[tuple[str, ...]]:
    _, _, action, payload = frame
    if not version.is_1_6:
        payload = {name: value for name, value in payload.items() if name != "offline"}
        text = re.sub(OFFLINE, "", text)
    said = msgspec.json.encode(payload, order="sorted").decode()
    return [(charge_point_id, message_id, text), (charge_point_id, action, said)]
