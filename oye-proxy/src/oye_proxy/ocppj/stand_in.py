"""
The CSMS's place taken by the proxy for one connection: every CALL of the charger is answered.

What belongs to a transaction is answered when the journal has it on disk: who was told `Accepted`
may forget it (C16 3.7.1, E13).
"""

from datetime import datetime
from typing import Final

from msgspec import Struct

from oye_proxy.errors import StorageError
from oye_proxy.ocppj.answer_memory import AnswerMemory
from oye_proxy.ocppj.commands import Command, Drop, Keep, Notice, NoticeName
from oye_proxy.ocppj.error_codes import Cause, spell
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    MalformedError,
    MessageId,
    build_error,
    build_result,
    parse,
    result_of,
)
from oye_proxy.ocppj.journal.entries import JournalClass
from oye_proxy.ocppj.journal.journal import Journal, JournalBusyError, JournalFullError
from oye_proxy.ocppj.malformed import answer_malformed, answer_unknown_type
from oye_proxy.ocppj.standalone import Refusal, Responder
from oye_proxy.ocppj.versions import OcppVersion

Answer = CallResult | CallError

NOT_KEPT: Final = "the message could not be stored; send it again"


class Taken(Struct, frozen=True):
    """
    What becomes of a CALL: the answers that go now, and what the journal shall do.

    There is no answer yet while the disk is waited for.
    """

    answers: tuple[tuple[Call, Answer], ...]
    commands: tuple[Command, ...] = ()


class StandIn:
    """Answers by a Responder; a CALL repeated with the same id and text gets the same answer."""

    def __init__(self, responder: Responder, journal: Journal) -> None:
        self._responder = responder
        self._journal = journal
        self._memory = AnswerMemory()
        self._waiting: dict[int, list[tuple[Call, CallResult]]] = {}

    def take(
        self,
        version: OcppVersion,
        call: Call,
        at: datetime,
        *,
        uncertain: bool = False,
        for_csms: bool = True,
    ) -> Taken:
        """
        Answer a CALL, now or when it is on disk; valid by the official schema of the response.

        `uncertain`: the CSMS may have it. `for_csms`: there is one that shall hear of it.
        """
        recalled = self._recalled(call)
        if recalled is not None:
            return Taken(answers=((call, recalled),))
        known = self._journal.answered(version, call)
        if known is None:
            return self._first(version, call, at, uncertain=uncertain, for_csms=for_csms)
        repeated = call, result_of(call.message_id, known.payload)
        if known.sequence is None or not self._journal.queue.is_writing(known.sequence):
            return Taken(answers=(repeated,))
        self._waiting.setdefault(known.sequence, []).append(repeated)
        return Taken(answers=())

    def kept(self, sequence: int) -> Taken:
        """The disk has an entry: its answer goes now."""
        self._journal.kept(sequence)
        waiting = tuple(self._waiting.pop(sequence, ()))
        for call, answer in waiting:
            self._memory.remember(call, answer.text)
        return Taken(answers=waiting)

    def failed(self, version: OcppVersion, sequence: int) -> Taken:
        """The disk does not have an entry: the charger keeps its message and sends it again."""
        self._journal.failed(sequence)
        waiting = self._waiting.pop(sequence, ())
        refusals = tuple((call, _not_kept(version, call)) for call, _ in waiting)
        return Taken(answers=refusals)

    def answer_malformed(self, version: OcppVersion, error: MalformedError) -> str | None:
        """Return the text that answers what is no frame; None where the version ignores it."""
        return answer_malformed(version, error)

    def answer_unknown_type(self, version: OcppVersion, message_id: MessageId) -> str | None:
        """Return the text that answers a type that the version does not have; None in 1.6, 2.1."""
        if version is OcppVersion.V2_1:
            return None
        return answer_unknown_type(version, message_id)

    def forget_answers(self) -> None:
        """A CSMS answers from now on."""
        self._memory.clear()

    def _recalled(self, call: Call) -> Answer | None:
        text = self._memory.recall(call)
        frame = parse(text) if text is not None else None
        return frame if isinstance(frame, CallResult | CallError) else None

    def _first(
        self, version: OcppVersion, call: Call, at: datetime, *, uncertain: bool, for_csms: bool
    ) -> Taken:
        answer = self._fresh(version, call, at)
        if not isinstance(answer, CallResult):
            return Taken(answers=((call, answer),))
        try:
            entry = self._journal.take(
                version, call, answer, at, uncertain=uncertain, for_csms=for_csms
            )
        except JournalBusyError:
            return Taken(answers=((call, _not_kept(version, call)),))
        except JournalFullError as error:
            told = (Notice(NoticeName.JOURNAL_FULL, {}),) if error.is_news else ()
            return Taken(answers=((call, _not_kept(version, call)),), commands=told)
        if entry is None:
            self._memory.remember(call, answer.text)
            return Taken(answers=((call, answer),))
        if entry.journal_class is JournalClass.TRANSACTION:
            self._waiting[entry.sequence] = [(call, answer)]
            return Taken(answers=(), commands=(Keep(entry),))
        self._memory.remember(call, answer.text)
        surplus = tuple(self._journal.surplus())
        commands = (Keep(entry), Drop(surplus)) if surplus else (Keep(entry),)
        return Taken(answers=((call, answer),), commands=commands)

    def _fresh(self, version: OcppVersion, call: Call, at: datetime) -> Answer:
        try:
            answer = self._responder.answer(version, call, at)
        except StorageError:
            return _not_kept(version, call)
        if isinstance(answer, Refusal):
            return build_error(call.message_id, spell(answer.cause, version), answer.description)
        return build_result(call.message_id, answer)


def _not_kept(version: OcppVersion, call: Call) -> CallError:
    return build_error(call.message_id, spell(Cause.INTERNAL_ERROR, version), NOT_KEPT)
