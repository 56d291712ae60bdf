"""
What passes between charger and CSMS while their link is open: the exact text, but for named rules.

The rules splice one value (docs/OCPP.md): the id of a transaction that began while the CSMS was
away, and `messagesInQueue` while it has not heard everything. Each is recorded with both texts.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from oye_proxy.errors import OyeError, RewriteError, StorageError
from oye_proxy.ocppj.commands import (
    Command,
    KeepLink,
    Notice,
    NoticeName,
    Peer,
    Record,
    Send,
    kept,
    passed,
)
from oye_proxy.ocppj.frames import Call, CallError, CallResult, parse
from oye_proxy.ocppj.journal.classes import journal_class, transaction_number, transaction_of
from oye_proxy.ocppj.journal.entries import JournalClass
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.rewrite import messages_in_queue
from oye_proxy.ocppj.versions import OcppVersion

REWRITTEN: Final = "rewritten"
TRANSACTION_ID: Final = "transaction_id"
MESSAGES_IN_QUEUE: Final = "messages_in_queue"

# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CHARGER, _CSMS, _PROXY = Peer.CHARGER, Peer.CSMS, Peer.PROXY
_TRANSACTION_ACTIONS = frozenset(
    {"MeterValues", "StartTransaction", "StopTransaction", "TransactionEvent"}
)


class Relay:
    """Passes the frames of one connection on, and remembers what its journal must know of them."""

    def __init__(
        self,
        version: OcppVersion,
        journal: Journal,
        *,
        wall: Callable[[float], datetime],
        new_transaction_id: Callable[[], int],
    ) -> None:
        self._version = version
        self._journal = journal
        self._wall = wall
        self._new_transaction_id = new_transaction_id
        # A charger waits for one answer at a time: the last one is the one that it may miss.
        self._last: tuple[Call, CallResult] | None = None

    @property
    def rewrites(self) -> bool:
        """Whether there are ids that must be exchanged."""
        return bool(self._journal.map)

    def up(
        self, call: Call, data: str | bytes, *, recorded: bool = False
    ) -> tuple[str | bytes, list[Command]]:
        """
        Return what the CSMS gets for a CALL of the charger, and the commands that do it.

        `recorded`: it was held, and what arrived is recorded already.
        """
        plain: list[Command] = (
            [Send(_CSMS, data)] if recorded else passed(_CHARGER, data, frame=call)
        )
        try:
            text = self._journal.map.up(call) if self._journal.map else None
        except RewriteError as error:
            return data, [*plain, _not_rewritten(call, error)]
        if text is None:
            return data, plain
        frame = parse(text)
        arrived = [] if recorded else [kept(_CHARGER, data, frame=call, note=REWRITTEN)]
        return text, [
            Send(_CSMS, text),
            *arrived,
            Record(source=_PROXY, target=_CSMS, data=text, frame=frame, note=TRANSACTION_ID),
        ]

    def down(self, call: Call, data: str | bytes) -> tuple[Call, str | bytes, list[Command]]:
        """Return what the charger gets for a CALL of the CSMS, and what is to be told of it."""
        if not self._journal.map:
            return call, data, []
        try:
            text = self._journal.map.down(call)
        except RewriteError as error:
            return call, data, [_not_rewritten(call, error)]
        frame = parse(text) if text is not None else None
        if text is None or not isinstance(frame, Call):
            return call, data, []
        return frame, text, [kept(_CSMS, data, frame=call, note=REWRITTEN)]

    def answer_up(
        self, answer: CallResult | CallError, call: Call | None, data: str | bytes
    ) -> list[Command]:
        """Pass an answer of the charger on; one about a transaction says what waits here."""
        note = None if call is not None else "unknown_id"
        if (
            call is None
            or call.action != "GetTransactionStatus"
            or not isinstance(answer, CallResult)
            or not self._waits(call)
        ):
            return passed(_CHARGER, data, frame=answer, call=call, note=note)
        try:
            text = messages_in_queue(answer.text)
        except RewriteError as error:
            return [
                *passed(_CHARGER, data, frame=answer, call=call),
                _not_rewritten(call, error),
            ]
        return _exchanged(_CHARGER, _CSMS, answer, call, data, text, MESSAGES_IN_QUEUE)

    def answer_down(
        self, answer: CallResult | CallError, call: Call, data: str | bytes, now: float
    ) -> list[Command]:
        """Pass an answer of the CSMS on."""
        plain = passed(_CSMS, data, frame=answer, call=call)
        if call.action not in _TRANSACTION_ACTIONS or not isinstance(answer, CallResult):
            return plain
        if call.action == "StartTransaction":
            return self._started(call, answer, data)
        self._last = call, answer
        if call.action == "MeterValues":
            return plain
        transaction_id = transaction_of(self._version, call)
        if call.action == "StopTransaction":
            link = self._journal.stopped(transaction_id, self._wall(now))
            return plain if link is None else [*plain, KeepLink(link)]
        if transaction_id is not None:
            self._journal.memory.owe(transaction_id)
        return plain

    def ended(self) -> None:
        """The link is gone: the charger may repeat what the CSMS answered last."""
        if self._last is not None:
            call, answer = self._last
            if journal_class(self._version, call) is JournalClass.TRANSACTION:
                self._journal.note_answer(self._version, call, answer)
        self._last = None

    def _started(self, call: Call, answer: CallResult, data: str | bytes) -> list[Command]:
        """The CSMS gave an id; one that the charger has for another transaction is exchanged."""
        payload = answer.payload
        given = payload.get("transactionId") if isinstance(payload, dict) else None
        number = transaction_number(given)
        if number is not None:
            self._journal.memory.owe(str(number))
        commands = passed(_CSMS, data, frame=answer, call=call)
        try:
            exchanged = self._journal.map.answered_start(answer, self._new_transaction_id)
        except (RewriteError, StorageError) as error:
            exchanged = None
            commands.append(_not_rewritten(call, error))
        if exchanged is None:
            self._last = call, answer
            return commands
        text, link = exchanged
        told = parse(text)
        if isinstance(told, CallResult):
            self._last = call, told
        self._journal.memory.owe(str(link.local_id))
        return [
            *_exchanged(_CSMS, _CHARGER, answer, call, data, text, TRANSACTION_ID),
            KeepLink(link),
        ]

    def _waits(self, call: Call) -> bool:
        """E14.FR.04/07: tell whether messages of the transaction that is asked for wait here."""
        payload = call.payload
        named = payload.get("transactionId") if isinstance(payload, dict) else None
        return self._journal.queue.concerns(named)


def _exchanged(
    source: Peer,
    target: Peer,
    answer: CallResult,
    call: Call,
    data: str | bytes,
    text: str,
    rule: str,
) -> list[Command]:
    """Send an answer with one value changed, and record both texts."""
    return [
        Send(target, text),
        kept(source, data, frame=answer, call=call, note=REWRITTEN),
        Record(source=source, target=target, data=text, frame=parse(text), call=call, note=rule),
    ]


def _not_rewritten(call: Call, error: OyeError) -> Notice:
    return Notice(NoticeName.REWRITE_FAILED, {"action": call.action, "reason": str(error)})
