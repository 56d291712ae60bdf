"""
The way from the charger to its CSMS, and who takes the CSMS's place while there is no link.

```
connected     ─► forwarded
holding       ─► held for a moment: the link may come back
standalone    ─► answered here; what the CSMS must hear later goes into the journal
catching_up   ─► transactions into the journal, behind what waits there; all else forwarded
```
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from oye_proxy.ocppj.answering import Answering
from oye_proxy.ocppj.boot import boot_interval_of, boot_state_of
from oye_proxy.ocppj.commands import (
    Command,
    Drop,
    Notice,
    NoticeName,
    Peer,
    Record,
    Send,
    kept,
    passed,
)
from oye_proxy.ocppj.frames import Call, CallError, CallResult, MalformedError, SendFrame
from oye_proxy.ocppj.injector import is_answer
from oye_proxy.ocppj.journal.classes import journal_class
from oye_proxy.ocppj.journal.entries import Entry, JournalClass
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.journal.memory import BOOT
from oye_proxy.ocppj.journal.replay import Replay
from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.own_answers import OwnAnswers
from oye_proxy.ocppj.relay import Relay
from oye_proxy.ocppj.upward import Holdable, UpwardQueue
from oye_proxy.ocppj.versions import OcppVersion

LONGEST_MESSAGE_ID: Final = 36

# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CHARGER, _CSMS = Peer.CHARGER, Peer.CSMS
_CONNECTED, _HOLDING = Link.CONNECTED, Link.HOLDING
_STANDALONE, _CATCHING_UP = Link.STANDALONE, Link.CATCHING_UP
_RELAYING = (_CONNECTED, _CATCHING_UP)


class CsmsSide:
    """
    Where the messages of one connection of a charger go.

    `link` says how; `is_open` whether there is a link at all: a CSMS that does not accept the
    charger's boot is linked, and yet the proxy stands in for it.
    """

    def __init__(
        self,
        version: OcppVersion,
        *,
        answering: Answering,
        journal: Journal,
        replay: Replay,
        relay: Relay,
        upward: UpwardQueue,
        own_answers: OwnAnswers,
        wall: Callable[[float], datetime],
        standalone_after: float,
    ) -> None:
        self.link = _STANDALONE
        self.is_open = False
        self._version = version
        self._answering = answering
        self._journal = journal
        self._replay = replay
        self._relay = relay
        self._upward = upward
        self._own_answers = own_answers
        self._wall = wall
        self._standalone_after = standalone_after
        self._holding_until = 0.0

    @property
    def deadline(self) -> float | None:
        """The next moment at which `tick` has something to do."""
        if self.link is _CONNECTED:
            return None
        if self.link is _HOLDING:
            return self._holding_until
        return self._replay.due(self._upward.owed_until())

    def set_call_timeout(self, seconds: float) -> None:
        """Wait this long for answers of the CSMS."""
        self._upward.call_timeout = self._replay.call_timeout = seconds

    # The link

    def opened(self, now: float) -> list[Command]:
        """A link is up: what was held goes first, then what the journal has."""
        self.is_open = self._answering.for_csms = True
        self._answering.forget()
        self._replay.begin()
        self._relink()
        if self.link is _CONNECTED:
            return self._release(now)
        return self._sort_held(now) + self._go_on(now)

    def lost(self, now: float) -> list[Command]:
        """Hold the charger's CALLs for a moment, unless we stand in already."""
        self._answering.for_csms = True
        self._close(now)
        if self.link is _STANDALONE:
            return self._stand_in_now(now)
        if self.link is not _HOLDING:
            self.link = _HOLDING
            self._holding_until = now + self._standalone_after
        return []

    def off(self, now: float) -> list[Command]:
        """There is no CSMS any more: answer what is held, and stand in from now on."""
        self._answering.for_csms = False
        self._close(now)
        return self._stand_in_now(now)

    def charger_lost(self, now: float) -> None:
        """The charger left: it will repeat what it did not hear."""
        self._close(now)
        self._upward.take_held()

    def tick(self, now: float) -> list[Command]:
        """Do what is due."""
        if self.link is _HOLDING:
            if now < self._holding_until:
                return []
            return [Notice(NoticeName.STANDS_IN, {}), *self._stand_in_now(now)]
        return self._go_on(now)

    # From the charger

    def call(self, call: Call, data: str | bytes, now: float) -> list[Command]:
        """Take a CALL of the charger."""
        link = self.link
        if link is _CONNECTED:
            if call.action == BOOT or self._relay.rewrites:
                return self._forward(call, data, now)
            # Nearly every CALL: it passes as it came.
            self._upward.sent(call, data, now)
            return passed(_CHARGER, data, frame=call)
        if link is _STANDALONE or self._goes_behind(call):
            # The CALL is recorded before it is answered: so it was.
            record = kept(_CHARGER, data, frame=call, note=_oddity(call))
            return [record, *self._answering.call(call, now, arrived=now)]
        if link is _HOLDING or self._replay.is_waiting:
            return self._hold(call, data, now)
        return self._forward(call, data, now)

    def send_frame(self, frame: SendFrame, data: str | bytes, now: float) -> list[Command]:
        """Take a SEND of the charger: never answered, never outstanding (Q4 4.2.4)."""
        if self.link in _RELAYING:
            return passed(_CHARGER, data, frame=frame)
        if self.link is _HOLDING:
            return self._hold(frame, data, now)
        return [kept(_CHARGER, data, frame=frame), *self._answering.unknown_type(frame.message_id)]

    def malformed(self, error: MalformedError, data: str | bytes, now: float) -> list[Command]:
        """Take what is no frame."""
        if self.link in _RELAYING:
            return passed(_CHARGER, data, note=error.fault)
        if self.link is _HOLDING and not is_answer(error):
            return self._hold(error, data, now)
        return [kept(_CHARGER, data, note=error.fault), *self._answering.malformed(error)]

    def unread(self, data: str | bytes, now: float) -> list[Command]:
        """Take a message of a protocol that we do not understand."""
        if self.is_open:
            return passed(_CHARGER, data)
        if self.link is _HOLDING:
            return self._hold(None, data, now)
        return [kept(_CHARGER, data, note="discarded")]

    def answer_from_charger(
        self, answer: CallResult | CallError, call: Call | None, data: str | bytes
    ) -> list[Command]:
        """Take the charger's answer to a CALL of the CSMS; None when it is not known."""
        if self.is_open:
            return self._relay.answer_up(answer, call, data)
        note = None if call is not None else "unknown_id"
        return [kept(_CHARGER, data, frame=answer, call=call, note=note)]

    # From the CSMS

    def answer_from_csms(
        self, answer: CallResult | CallError, data: str | bytes, now: float
    ) -> list[Command]:
        """Take an answer of the CSMS, to the charger or to a replayed message."""
        if self.link is not _CONNECTED:
            replayed = self._replay.answered(answer, data, now)
            if replayed is not None:
                return replayed + self._go_on(now)
        call = self._upward.answered(answer.message_id.key)
        if call is None:
            late = self._replay.late(answer, data)
            return late or passed(_CSMS, data, frame=answer, note="unknown_id")
        self._own_answers.not_given(_CHARGER, answer.message_id.key)
        commands = self._relay.answer_down(answer, call, data, now)
        if call.action == BOOT:
            self._answering.boot_state = state = boot_state_of(answer)
            self._replay.live_boot(state, boot_interval_of(answer), now)
        if self.link is _CONNECTED:
            return commands
        if isinstance(answer, CallResult):
            commands += self._superseded(call)
        return commands + self._go_on(now)

    def _superseded(self, call: Call) -> list[Command]:
        """Drop the state that waits in the journal: the CSMS has heard of a newer one."""
        older = self._journal.superseded(self._version, call)
        return [Drop(tuple(older))] if older else []

    # From the journal's store

    def journal_kept(self, sequence: int, now: float) -> list[Command]:
        """An entry is on disk: the charger gets its answer."""
        return self._answering.kept(sequence, now) + self._go_on(now)

    def journal_failed(self, sequence: int, now: float) -> list[Command]:
        """An entry is not on disk: the charger keeps its message."""
        return self._answering.failed(sequence, now) + self._go_on(now)

    def journal_fetched(self, entries: Iterable[Entry], now: float) -> list[Command]:
        """The next entries are there."""
        self._journal.fetched(entries)
        return self._go_on(now)

    # Relay

    def _forward(self, call: Call, data: str | bytes, now: float) -> list[Command]:
        self._goes_up(call, now)
        text, commands = self._relay.up(call, data)
        self._upward.sent(call, text, now)
        return commands

    def _goes_up(self, call: Call, arrived: float) -> None:
        """Take note of what the replay must know of a live CALL."""
        if call.action == BOOT:
            self._journal.memory.note_boot(self._version, call, self._wall(arrived))
        if self.link is _CATCHING_UP:
            self._replay.live(call)

    # Holding

    def _hold(self, frame: Holdable, data: str | bytes, now: float) -> list[Command]:
        known, note = (None, frame.fault) if isinstance(frame, MalformedError) else (frame, None)
        record = Record(source=_CHARGER, target=_CSMS, data=data, frame=known, note=note)
        has_room = self._upward.hold(frame, data, now)
        if has_room:
            return [record]
        notice = Notice(NoticeName.PENDING_OVERFLOW, {})
        released = self._release(now) if self.is_open else self._stand_in_now(now)
        return [record, notice, *released]

    def _release(self, now: float) -> list[Command]:
        """Send what is held, in the order of its arrival; it was recorded when it came."""
        commands: list[Command] = []
        for held in self._upward.take_held():
            data = held.data
            sends: list[Command] = [Send(_CSMS, data)]
            if isinstance(held.frame, Call):
                self._goes_up(held.frame, held.at)
                if held.sent_at is None:
                    data, sends = self._relay.up(held.frame, data, recorded=True)
                self._upward.sent(held.frame, data, now, held.at)
            commands += sends
        return commands

    def _sort_held(self, now: float) -> list[Command]:
        """Put what belongs behind the journal's entries there; the rest waits for its turn."""
        commands: list[Command] = []
        for held in self._upward.take_held():
            if isinstance(held.frame, Call) and self._goes_behind(held.frame):
                commands += self._answering.held((held,), now)
            else:
                self._upward.hold_again(held)
        return commands

    def _goes_behind(self, call: Call) -> bool:
        """Tell whether a CALL must stay in order behind entries of the journal."""
        if self.link is _HOLDING and not self._journal.pending:
            return False
        return journal_class(self._version, call) is JournalClass.TRANSACTION

    # Catching up

    def _go_on(self, now: float) -> list[Command]:
        """Live messages first, then the journal's: never two of ours unanswered."""
        if not self.is_open or not self._replay.is_running:
            return []
        commands: list[Command] = []
        self._replay.tick(now)
        if not self._replay.is_waiting:
            commands += self._release(now)
            if self._upward.owed_until() <= now:
                commands += self._replay.run(now)
        self._relink()
        return commands + self._stand_in_now(now) if self.link is _STANDALONE else commands

    def _relink(self) -> None:
        if not self._replay.is_running:
            self.link = _CONNECTED
        else:
            self.link = _STANDALONE if self._replay.is_refused else _CATCHING_UP

    def _close(self, now: float) -> None:
        """The link is gone: what the CSMS owes is kept, and what it said last is remembered."""
        if self.is_open:
            self.is_open = False
            self._replay.stop()
            self._upward.hold_unanswered(now)
            self._relay.ended()

    def _stand_in_now(self, now: float) -> list[Command]:
        """Answer what is held, and all that comes."""
        self.link = _STANDALONE
        return self._answering.held(self._upward.take_held(), now)


def _oddity(call: Call) -> str | None:
    """A CALL of an odd shape is answered all the same."""
    if call.surplus:
        return "surplus"
    message_id = call.message_id
    is_text = message_id.token.startswith('"')
    return None if is_text and len(message_id.text) <= LONGEST_MESSAGE_ID else "odd_id"
