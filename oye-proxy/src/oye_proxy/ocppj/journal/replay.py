"""
What the CSMS missed, told when its link is back: one message at a time, as the charger said it.

1. BootNotification under a fresh id, if the charger booted meanwhile or the CSMS asks for it.
2. The last status of each connector and the like, under fresh ids.
3. Transactions and events in order, under their own ids, so that a CSMS that heard one before
   knows it again (J16-E 3.1, P4-E 4.6, Q4 4.1.4).

Answers end here. A CALLERROR is followed by some more attempts, then the entry is refused and the
next one goes; no answer, or a lost link, is followed by attempts without end (C16 3.7.1, E13).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from msgspec import Struct

from oye_proxy.errors import RewriteError
from oye_proxy.ocppj.boot import BootState, boot_interval_of, boot_state_of
from oye_proxy.ocppj.commands import Command, Drop, Fetch, Notice, NoticeName, Peer, Record, Send
from oye_proxy.ocppj.frames import Call, CallError, CallResult, parse
from oye_proxy.ocppj.journal.boot_replay import BootReplay
from oye_proxy.ocppj.journal.entries import Entry, JournalClass
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.journal.memory import BOOT
from oye_proxy.ocppj.journal.settling import Sent, Settling
from oye_proxy.ocppj.recent import Recent
from oye_proxy.ocppj.rewrite import offline, with_message_id
from oye_proxy.ocppj.versions import OcppVersion

REPLAY: Final = "replay"
SECURITY_ERROR: Final = "SecurityError"
OTHER_VERSION: Final = "the charger speaks another version of OCPP now"
LIVE_IDS: Final = 1024
REPLAYED_IDS: Final = 64


class ReplayPolicy(Struct, frozen=True, kw_only=True):
    """
    How messages are replayed; times in seconds.

    `boot`: whether a CSMS that returns hears the last BootNotification; None when the charger
    booted meanwhile or the CSMS asks for it.
    """

    boot: bool | None = None
    mark_offline: bool = True
    attempts: int = 3
    retry_interval: float = 60.0


class Replay:
    """The replay over one connection; `journal` outlives it."""

    def __init__(
        self,
        journal: Journal,
        version: OcppVersion | None,
        *,
        policy: ReplayPolicy,
        new_id: Callable[[], str],
        wall: Callable[[float], datetime],
        call_timeout: float,
    ) -> None:
        self.call_timeout = call_timeout
        self._journal = journal
        self._version = version
        self._policy = policy
        self._new_id = new_id
        self._boot = BootReplay(journal, version, wanted=policy.boot)
        self._settling = Settling(journal, wall)
        self._running = False
        self._not_before = 0.0
        self._sent: Sent | None = None
        # By message id, the sequence of the entry that went under it.
        self._replayed: Recent[int] = Recent(REPLAYED_IDS)
        self._live: Recent[bool] = Recent(LIVE_IDS)

    # State

    @property
    def is_running(self) -> bool:
        """Whether the CSMS has not heard everything yet."""
        return self._running

    @property
    def is_refused(self) -> bool:
        """Whether the CSMS did not accept the charger's boot: we stand in until it does."""
        return self._running and self._boot.is_refused

    @property
    def is_waiting(self) -> bool:
        """Whether the CSMS owes an answer to a replayed message."""
        return self._sent is not None

    def due(self, owed_until: float) -> float | None:
        """
        Return when something is due by the clock; None when only an event can help.

        The CSMS may owe an answer to the charger itself until `owed_until`.
        """
        if not self._running:
            return None
        if self._sent is not None:
            return self._sent.at + self.call_timeout
        if self._journal.queue.is_awaited and not self._journal.states and self._boot.due is None:
            return None
        return max(self._not_before, owed_until)

    # Events

    def begin(self) -> None:
        """The link is open: begin, if there is anything to say."""
        self._sent = None
        self._not_before = 0.0
        self._live = Recent(LIVE_IDS)
        self._boot.begin()
        has_something = self._boot.due is not None or not self._journal.is_empty
        self._running = self._version is not None and has_something

    def stop(self) -> None:
        """The link is gone; what was not acknowledged is said again."""
        self._running = False
        self._sent = None

    def live(self, call: Call) -> None:
        """Take note that a CALL of the charger goes up by itself."""
        self._live[call.message_id.key] = True

    def live_boot(self, state: BootState, interval: float, now: float) -> None:
        """Take note of what the CSMS answered to a boot of the charger itself."""
        if self._running:
            self._booted(state, interval, now)

    def run(self, now: float) -> list[Command]:
        """Say the next thing, if it is time; end when everything is said."""
        commands: list[Command] = []
        while self._running and self._sent is None and self._not_before <= now:
            step = self._step(now)
            commands += step
            if not step:
                break
        return commands

    def tick(self, now: float) -> None:
        """Give up waiting for an answer; the message is said again."""
        if self._sent is not None and self._sent.at + self.call_timeout <= now:
            self._sent = None

    def answered(
        self, answer: CallResult | CallError, data: str | bytes, now: float
    ) -> list[Command] | None:
        """Take an answer of the CSMS; None when it answers nothing that is replayed now."""
        sent = self._sent
        if sent is None or _key_of(sent.text) != answer.message_id.key:
            return None
        self._sent = None
        record = Record(
            source=Peer.CSMS,
            target=Peer.PROXY,
            data=data,
            frame=answer,
            call=sent.call,
            note=REPLAY,
        )
        return [record, *self._take_answer(sent, answer, now)]

    def late(self, answer: CallResult | CallError, data: str | bytes) -> list[Command] | None:
        """Swallow a second or late answer to a replayed message; None when it is none."""
        if self._replayed.get(answer.message_id.key) is None:
            return None
        return [Record(source=Peer.CSMS, target=Peer.PROXY, data=data, frame=answer, note=REPLAY)]

    # Sending

    def _step(self, now: float) -> list[Command]:
        self._not_before = 0.0
        boot = self._boot.due
        if boot is not None:
            return self._send(boot, self._fresh(boot.text), now)
        states = self._journal.states
        if states:
            return self._say_state(states[0], now)
        head = self._journal.queue.head
        if head is None:
            return self._fetch_or_end()
        if head.version is not self._version:
            return self._settling.refused(head, OTHER_VERSION, now)
        text, notices = self._spliced(head)
        return notices + self._send(head, text, now)

    def _say_state(self, state: Entry, now: float) -> list[Command]:
        if state.version is not self._version:
            return self._settling.refused(state, OTHER_VERSION, now)
        if state.action == BOOT:
            # The CSMS has heard of it, or is never to.
            self._journal.settle(state)
            return [Drop((state.sequence,))]
        return self._send(state, self._fresh(state.text), now)

    def _send(self, entry: Entry, text: str, now: float) -> list[Command]:
        call = parse(entry.text)
        frame = parse(text)
        assert isinstance(call, Call)  # noqa: S101 - the journal keeps CALLs only
        self._sent = Sent(entry=entry, call=call, text=text, at=now)
        self._replayed[frame.message_id.key] = entry.sequence
        return [
            Send(Peer.CSMS, text),
            Record(source=Peer.PROXY, target=Peer.CSMS, data=text, frame=frame, note=REPLAY),
        ]

    def _fetch_or_end(self) -> list[Command]:
        after = self._journal.queue.wanted()
        if after is not None:
            return [Fetch(after)]
        if not self._journal.is_empty:
            return []
        self._running = False
        return [Notice(NoticeName.CAUGHT_UP, {})]

    def _spliced(self, entry: Entry) -> tuple[str, list[Command]]:
        """Return the text for the CSMS: with its own ids, and marked as said later."""
        text = entry.text
        notices: list[Command] = []
        try:
            call = parse(text)
            if isinstance(call, Call) and entry.version.is_1_6:
                text = self._journal.map.up(call) or text
            elif self._marks_offline(entry):
                text = offline(text)
        except RewriteError as error:
            notices = [
                Notice(NoticeName.REWRITE_FAILED, {"action": entry.action, "reason": str(error)})
            ]
        key = _key_of(text)
        if self._live.get(key) or self._replayed.get(key) not in {None, entry.sequence}:
            text = self._fresh(text)
        return text, notices

    def _marks_offline(self, entry: Entry) -> bool:
        """What the CSMS may have had from the charger itself is repeated as it was."""
        is_event = entry.action == "TransactionEvent"
        return is_event and self._policy.mark_offline and not entry.uncertain

    def _fresh(self, text: str) -> str:
        try:
            return with_message_id(text, self._new_id())
        except RewriteError:
            return text

    # Answers

    def _take_answer(self, sent: Sent, answer: CallResult | CallError, now: float) -> list[Command]:
        entry = sent.entry
        if entry.action == BOOT:
            return self._boot_answered(answer, now)
        if isinstance(answer, CallResult):
            return self._settling.acknowledged(sent, answer, now)
        if answer.code == SECURITY_ERROR:
            return self._not_accepted_yet(now)
        attempts = entry.attempts + 1
        if entry.journal_class is not JournalClass.LATEST and attempts < self._policy.attempts:
            self._not_before = now + self._policy.retry_interval * attempts
            return self._settling.tried(sent, answer, now)
        return self._settling.refused(entry, answer.code, now, text=sent.text, response=answer.text)

    def _not_accepted_yet(self, now: float) -> list[Command]:
        """B01.FR.10: the CSMS took no look at the message; it waits for a boot, or asks again."""
        if not self._boot.asked_for():
            self._not_before = now + self._policy.retry_interval
        return []

    def _boot_answered(self, answer: CallResult | CallError, now: float) -> list[Command]:
        state = boot_state_of(answer)
        self._booted(state, boot_interval_of(answer), now)
        if state is not BootState.ACCEPTED:
            return [Notice(NoticeName.CHARGER_NOT_ACCEPTED, {"status": state.value})]
        return self._settling.boot_accepted(answer, now)

    def _booted(self, state: BootState, interval: float, now: float) -> None:
        self._boot.told(state)
        self._not_before = now + interval if self._boot.is_refused else 0.0


def _key_of(text: str) -> str:
    return parse(text).message_id.key
