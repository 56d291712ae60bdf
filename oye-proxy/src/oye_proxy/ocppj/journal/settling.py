"""What becomes of an entry that the CSMS was told, or that nobody can tell it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from oye_proxy.ocppj.commands import Command, KeepLink, Notice, NoticeName, Settle
from oye_proxy.ocppj.frames import Call, CallError, CallResult
from oye_proxy.ocppj.journal.classes import transaction_number
from oye_proxy.ocppj.journal.entries import Entry, EntryState, Settlement
from oye_proxy.ocppj.journal.journal import Journal


class Sent(Struct, frozen=True, kw_only=True):
    """An entry as the CSMS hears it; `call` is what the charger said, `text` what we say."""

    entry: Entry
    call: Call
    text: str
    at: float


class Settling:
    """Takes entries out of the journal, each with what the CSMS said to it."""

    def __init__(self, journal: Journal, wall: Callable[[float], datetime]) -> None:
        self._journal = journal
        self._wall = wall

    def acknowledged(self, sent: Sent, answer: CallResult, now: float) -> list[Command]:
        """The CSMS has it; it may not like it."""
        entry = sent.entry
        csms_id = self._learned_id(entry, answer)
        commands = self._stopped(entry, now)
        status = _tag_status(answer.payload)
        if status not in {None, "Accepted"} and _is_start(sent):
            told = {"transactionId": entry.transaction_id, "status": status}
            commands.append(Notice(NoticeName.START_REFUSED, told))
        state = EntryState.ACKNOWLEDGED
        settle = self._settle(entry, state, now, sent.text, answer.text, csms_id)
        return [settle, *commands]

    def tried(self, sent: Sent, answer: CallError, now: float) -> list[Command]:
        """The CSMS erred; it hears the entry again."""
        self._journal.queue.refused_once()
        return [self._settle(sent.entry, EntryState.PENDING, now, sent.text, answer.text)]

    def refused(
        self,
        entry: Entry,
        reason: str,
        now: float,
        *,
        text: str | None = None,
        response: str | None = None,
    ) -> list[Command]:
        """
        Give an entry up; the rest of a start that is refused goes with -1 (C16-E 3.18).

        `text` is what was said, None when nothing was, `response` the CSMS's answer.
        """
        commands = self._stopped(entry, now)
        if entry.action == "StartTransaction" and entry.transaction_id is not None:
            commands.append(KeepLink(self._journal.map.refused(int(entry.transaction_id))))
        told = {"action": entry.action, "sequence": entry.sequence, "reason": reason}
        commands.append(Notice(NoticeName.REPLAY_REFUSED, told))
        settle = self._settle(entry, EntryState.REFUSED, now, text or entry.text, response)
        return [settle, *commands]

    def boot_accepted(self, answer: CallResult | CallError, now: float) -> list[Command]:
        """The CSMS knows the charger: the boot that waited needs no words any more."""
        boot = self._journal.waiting_boot
        if boot is None:
            return []
        return [self._settle(boot, EntryState.ACKNOWLEDGED, now, boot.text, answer.text)]

    def _settle(
        self,
        entry: Entry,
        state: EntryState,
        now: float,
        text: str,
        response: str | None,
        csms_id: int | None = None,
    ) -> Settle:
        if state is not EntryState.PENDING:
            self._journal.settle(entry)
        return Settle(
            Settlement(
                sequence=entry.sequence,
                state=state,
                at=self._wall(now),
                attempts=entry.attempts + 1,
                sent=None if text == entry.text else text,
                response=response,
                csms_transaction_id=csms_id,
            )
        )

    def _stopped(self, entry: Entry, now: float) -> list[Command]:
        """Close the transaction that an entry ended, whatever the CSMS said to it."""
        if entry.action != "StopTransaction":
            return []
        link = self._journal.stopped(entry.transaction_id, self._wall(now))
        return [] if link is None else [KeepLink(link)]

    def _learned_id(self, entry: Entry, answer: CallResult) -> int | None:
        """Take the id that the CSMS gave to the transaction which an entry starts (1.6)."""
        if entry.action != "StartTransaction" or entry.transaction_id is None:
            return None
        payload = answer.payload
        given = payload.get("transactionId") if isinstance(payload, dict) else None
        csms_id = transaction_number(given)
        if csms_id is not None:
            self._journal.map.learned(int(entry.transaction_id), csms_id)
        return csms_id


def _is_start(sent: Sent) -> bool:
    if sent.entry.action == "StartTransaction":
        return True
    payload = sent.call.payload
    return isinstance(payload, dict) and payload.get("eventType") == "Started"


def _tag_status(payload: Any) -> str | None:
    if not isinstance(payload, dict):
        return None
    info = payload.get("idTagInfo") or payload.get("idTokenInfo")
    status = info.get("status") if isinstance(info, dict) else None
    return status if isinstance(status, str) else None
