"""
One charger's conversation with its CSMS and its owner: events in, commands out.

```
                 receive(CHARGER) ─► forwarded ──────────────────────────► CSMS
                                  ├► held while the link is away
                                  ├► answered here (standalone)
                                  └► swallowed: it belongs to an injection
                 receive(CSMS)    ─► answers and SENDs at once ──────────► charger
                                  └► CALLs through the arbiter ──────────► charger
                 inject(...)      ─► through the arbiter ────────────────► charger
```

Four promises, each tested by name:

1. A forwarded frame is the exact text that arrived, with the same opcode.
2. The charger has at most one unanswered CALL (OCPP 2.1 part 4, 4.1.1); others wait, the CSMS's
   first, then the owner's, for a bounded time.
3. The answer to an injected CALL never reaches a CSMS: not as result, not as error, not late, not
   malformed, not as a follow-up report.
4. Nothing here waits: no clock, no socket, no storage. Time is an argument.

And it is silent: the charger receives nothing that the CSMS, the owner or an enabled feature did
not ask for.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct

from oye_proxy.errors import (
    ChargerReadOnlyError,
    NotSupportedError,
    TooManyRequestsError,
)
from oye_proxy.ocppj import guard
from oye_proxy.ocppj.answering import Answering
from oye_proxy.ocppj.arbiter import Arbiter, ArbiterFullError, Rank, Request
from oye_proxy.ocppj.boot import BootState, check_command
from oye_proxy.ocppj.commands import (
    Command,
    InjectionState,
    Notice,
    NoticeName,
    Peer,
    Progress,
    Record,
    Send,
    kept,
    passed,
)
from oye_proxy.ocppj.csms_side import CsmsSide
from oye_proxy.ocppj.error_codes import Cause, spell
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    MalformedError,
    SendFrame,
    build_error,
    build_result,
    parse,
)
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.injector import Injector, is_own_call
from oye_proxy.ocppj.journal.entries import Entry
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.journal.replay import Replay, ReplayPolicy
from oye_proxy.ocppj.modes import Link, Mode
from oye_proxy.ocppj.own_answers import OwnAnswers
from oye_proxy.ocppj.recent import Recent
from oye_proxy.ocppj.relay import Relay
from oye_proxy.ocppj.schemas import Violation
from oye_proxy.ocppj.stand_in import StandIn
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.ocppj.upward import UNANSWERED_CALLS, UpwardQueue
from oye_proxy.ocppj.versions import OcppVersion


class Timing(Struct, frozen=True, kw_only=True):
    """How long things may take, in seconds, and how many frames may be held."""

    call_timeout: float = 30.0
    csms_hold: float = 10.0
    injection_wait: float = 30.0
    standalone_after: float = 10.0
    pending_limit: int = 100


DEFAULT_TIMING = Timing()


DEFAULT_REPLAY = ReplayPolicy()

# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CHARGER = Peer.CHARGER
_STANDALONE = Link.STANDALONE

Validator: TypeAlias = Callable[[OcppVersion, Call], Violation | None]


class Conversation:
    """
    The state of one connection of one charger.

    `version` is None for a subprotocol that we relay without understanding it. `responder`
    answers in place of a CSMS, `journal` keeps what a CSMS must hear; both outlive the connection,
    as `memory` does. `wall` turns a moment into UTC. `new_id` gives fresh message ids. `validate`
    refuses CALLs in `enforce`; None otherwise.
    """

    def __init__(
        self,
        *,
        version: OcppVersion | None,
        responder: Responder,
        journal: Journal,
        memory: InjectionMemory,
        wall: Callable[[float], datetime],
        new_id: Callable[[], str],
        timing: Timing = DEFAULT_TIMING,
        replay: ReplayPolicy = DEFAULT_REPLAY,
        mode: Mode = Mode.FORWARD,
        csms_may_overlap: bool = False,
        block_lockout: bool = False,
        validate: Validator | None = None,
    ) -> None:
        self.version = version
        self.mode = mode
        self._injector = Injector(memory, timing.call_timeout)
        self._block_lockout = block_lockout
        self._validate = validate
        self._arbiter = Arbiter(
            call_timeout=timing.call_timeout,
            csms_hold=timing.csms_hold,
            injection_wait=timing.injection_wait,
            csms_may_overlap=csms_may_overlap,
        )
        self._from_csms: Recent[Call] = Recent(UNANSWERED_CALLS)
        self._own_answers = OwnAnswers()
        # Of a subprotocol that nobody reads, no frame asks for its version.
        read_as = version or OcppVersion.V1_6
        self._relay = Relay(
            read_as, journal, wall=wall, new_transaction_id=responder.next_transaction_id
        )
        self._answering = Answering(
            read_as,
            stand_in=StandIn(responder, journal),
            own_answers=self._own_answers,
            wall=wall,
        )
        self._csms = CsmsSide(
            read_as,
            answering=self._answering,
            journal=journal,
            replay=Replay(
                journal,
                version,
                policy=replay,
                new_id=new_id,
                wall=wall,
                call_timeout=timing.call_timeout,
            ),
            relay=self._relay,
            upward=UpwardQueue(limit=timing.pending_limit, call_timeout=timing.call_timeout),
            own_answers=self._own_answers,
            wall=wall,
            standalone_after=timing.standalone_after,
        )

    @property
    def link(self) -> Link:
        """Where the charger's CALLs go now."""
        return self._csms.link

    @property
    def boot_state(self) -> BootState:
        """What the charger was told about its last boot."""
        return self._answering.boot_state

    @property
    def deadline(self) -> float | None:
        """The next moment at which `tick` has something to do."""
        turn, injection, csms = self._arbiter.deadline, self._injector.deadline, self._csms.deadline
        if turn is None and injection is None:
            return csms
        return min(moment for moment in (turn, injection, csms) if moment is not None)

    def receive(self, peer: Peer, data: str | bytes, now: float) -> list[Command]:
        """Take one WebSocket message from the charger or the CSMS."""
        if self.version is None:
            return self._unread(peer, data, now)
        text = data if isinstance(data, str) else data.decode(errors="replace")
        try:
            frame = parse(text)
        except MalformedError as error:
            if peer is _CHARGER:
                return self._malformed_from_charger(error, data, text, now)
            return passed(peer, data, note=error.fault)
        match frame:
            case Call():
                if peer is _CHARGER:
                    return self._call_from_charger(frame, data, now)
                return self._call_from_csms(frame, data, now)
            case CallResult() | CallError():
                if peer is _CHARGER:
                    return self._answer_from_charger(frame, data, now)
                return self._csms.answer_from_csms(frame, data, now)
            case CallResultError():
                return self._objection(peer, frame, data, now)
            case SendFrame():
                return self._send_frame(peer, frame, data, now)

    def inject(self, message_id: str, action: str, payload: Any, now: float) -> list[Command]:
        """
        Send a CALL of the owner to the charger, when its turn comes.

        Raise ChargerReadOnlyError, ChargerNotAcceptedError, NotSupportedError or
        TooManyRequestsError; then nothing was sent and nothing will be.
        """
        version = self._may_inject(action)
        call = self._injector.prepare(version, message_id, action, payload, now)
        try:
            released = self._arbiter.offer(Request(Rank.OWNER, call, call.text), now)
        except ArbiterFullError:
            self._injector.withdraw(call)
            raise TooManyRequestsError(
                "Too many commands are waiting for this charger",
                retry_after=self._arbiter.call_timeout,
            ) from None
        if not released:
            return [Progress(message_id=message_id, state=InjectionState.QUEUED)]
        return self._sent(released, now)

    def set_call_timeout(self, seconds: float) -> None:
        """Wait this long for answers from now on; what is sent already keeps its time."""
        self._arbiter.call_timeout = seconds
        self._injector.call_timeout = seconds
        self._csms.set_call_timeout(seconds)

    def csms_opened(self, now: float) -> list[Command]:
        """A link to the CSMS is open."""
        return self._csms.opened(now)

    def csms_lost(self, now: float) -> list[Command]:
        """Hold the charger's CALLs for a moment; nothing changes when the link was away already."""
        return self._forget_csms() + self._csms.lost(now)

    def csms_off(self, now: float) -> list[Command]:
        """Stand in for the CSMS from now on: there is none."""
        return self._forget_csms() + self._csms.off(now)

    def charger_lost(self, now: float) -> list[Command]:
        """Settle every injection that is open: the charger left first."""
        self._csms.charger_lost(now)
        unsent = [request for request in self._arbiter.close() if request.rank is Rank.CSMS]
        return _discarded(unsent) + self._injector.abort_all()

    def tick(self, now: float) -> list[Command]:
        """Do what is due."""
        commands = self._csms.tick(now)
        commands += self._injector.expire(now)
        released, unsent = self._arbiter.expire(now)
        commands += [self._injector.unsent(request.call) for request in unsent]
        return commands + self._sent(released, now)

    def journal_kept(self, sequence: int, now: float) -> list[Command]:
        """Take note that an entry of the journal is on disk."""
        return self._csms.journal_kept(sequence, now)

    def journal_failed(self, sequence: int, now: float) -> list[Command]:
        """Take note that an entry of the journal could not be written."""
        return self._csms.journal_failed(sequence, now)

    def journal_fetched(self, entries: list[Entry], now: float) -> list[Command]:
        """Take the entries that a Fetch asked for."""
        return self._csms.journal_fetched(entries, now)

    # From the charger

    def _call_from_charger(self, call: Call, data: str | bytes, now: float) -> list[Command]:
        swallowed = self._injector.swallow_follow_up(call, data, now)
        if swallowed:
            return [
                *swallowed,
                *self._own_answers.give(Peer.CHARGER, call, _empty_answer(call), now),
            ]
        if self._csms.link is not _STANDALONE:
            refusal = self._invalid(call)
            if refusal is not None:
                return self._refuse(Peer.CHARGER, call, data, refusal, now)
        return self._csms.call(call, data, now)

    def _answer_from_charger(
        self, answer: CallResult | CallError, data: str | bytes, now: float
    ) -> list[Command]:
        key = answer.message_id.key
        swallowed = self._injector.swallow_answer(self._version, answer, data)
        if swallowed:
            return swallowed + self._turn_ended(key, now)
        call = self._from_csms.pop(key)
        if call is None:
            ours, swallowed = self._injector.swallow_mutilated(self._version, answer, data)
            if ours is not None:
                return swallowed + self._turn_ended(ours, now)
        self._own_answers.not_given(Peer.CSMS, key)
        commands = self._csms.answer_from_charger(answer, call, data)
        return commands + self._turn_ended(key, now)

    def _malformed_from_charger(
        self, error: MalformedError, data: str | bytes, text: str, now: float
    ) -> list[Command]:
        key, swallowed = self._injector.swallow_malformed(self._version, error, data, text)
        if key is not None:
            return swallowed + self._turn_ended(key, now)
        if is_own_call(error):
            follow_up = self._injector.swallow_broken_follow_up(error.action, text, data, now)
            if follow_up:
                return follow_up + self._answering.malformed(error)
        commands = self._csms.malformed(error, data, now)
        if error.id_key is None or is_own_call(error):
            return commands
        return commands + self._turn_ended(error.id_key, now)

    # From the CSMS

    def _call_from_csms(self, call: Call, data: str | bytes, now: float) -> list[Command]:
        refusal = self._invalid(call)
        if refusal is not None:
            return self._refuse(Peer.CSMS, call, data, refusal, now)
        payload = call.payload
        notices: list[Command] = []
        finding = guard.assess(self._version, call.action, payload)
        if finding is not None and finding.guard is guard.Guard.LOCKOUT:
            if self._block_lockout:
                return self._block(call, data, payload, now)
            notices = [Notice(NoticeName.CHARGER_REDIRECTED, {"action": call.action})]
        self._injector.memory.yield_request_id(call.action, payload)
        call, data, told = self._relay.down(call, data)
        released = self._arbiter.offer(Request(Rank.CSMS, call, data), now)
        return told + self._sent(released, now) + notices

    def _block(self, call: Call, data: str | bytes, payload: Any, now: float) -> list[Command]:
        refusal = guard.refusal(self._version, call.action, payload)
        if isinstance(refusal, Cause):
            answer: CallResult | CallError = build_error(
                call.message_id, spell(refusal, self._version), "blocked by the owner"
            )
        else:
            answer = build_result(call.message_id, refusal)
        return [
            kept(Peer.CSMS, data, frame=call, note="blocked"),
            *self._own_answers.give(Peer.CSMS, call, answer, now),
            Notice(NoticeName.COMMAND_BLOCKED, {"action": call.action}),
        ]

    # Both

    def _send_frame(
        self, peer: Peer, frame: SendFrame, data: str | bytes, now: float
    ) -> list[Command]:
        """A SEND is never answered and never counts as outstanding (Q4 4.2.4)."""
        if peer is Peer.CSMS:
            return passed(peer, data, frame=frame)
        return self._csms.send_frame(frame, data, now)

    def _objection(
        self, peer: Peer, frame: CallResultError, data: str | bytes, now: float
    ) -> list[Command]:
        """A CALLRESULTERROR goes to whoever sent the CALLRESULT (Q4 4.1.4)."""
        if peer is _CHARGER:
            swallowed = self._injector.swallow_answer(self._version, frame, data)
            if swallowed:
                return swallowed + self._turn_ended(frame.message_id.key, now)
        if self._own_answers.include(peer, frame.message_id.key, now):
            return [kept(peer, data, frame=frame)]
        if peer is _CHARGER and not self._csms.is_open:
            answer = self._answering.unknown_type(frame.message_id)
            return [kept(peer, data, frame=frame), *answer]
        return passed(peer, data, frame=frame)

    def _refuse(
        self,
        peer: Peer,
        call: Call,
        data: str | bytes,
        refusal: Violation,
        now: float,
    ) -> list[Command]:
        code = spell(refusal.cause, self._version)
        answer = build_error(call.message_id, code, refusal.message)
        return [
            kept(peer, data, frame=call, note="refused"),
            *self._own_answers.give(peer, call, answer, now),
        ]

    def _turn_ended(self, key: str, now: float) -> list[Command]:
        return self._sent(self._arbiter.answered(key, now), now)

    def _sent(self, requests: list[Request], now: float) -> list[Command]:
        """Carry out what the arbiter released."""
        commands: list[Command] = []
        for request in requests:
            call = request.call
            commands.append(Send(Peer.CHARGER, request.data))
            if request.rank is Rank.OWNER:
                commands += self._injector.sent(call, now)
            else:
                self._from_csms[call.message_id.key] = call
                commands.append(
                    Record(
                        source=Peer.CSMS,
                        target=Peer.CHARGER,
                        data=request.data,
                        frame=call,
                        note="overlaps" if request.overlaps else None,
                    )
                )
        return commands

    def _unread(self, peer: Peer, data: str | bytes, now: float) -> list[Command]:
        """Relay what we do not understand; nobody can stand in for its CSMS."""
        if peer is Peer.CSMS:
            return passed(peer, data)
        return self._csms.unread(data, now)

    def _forget_csms(self) -> list[Command]:
        """Give up what a CSMS asked for whose link is gone."""
        return _discarded(self._arbiter.drop(Rank.CSMS)) if self._csms.is_open else []

    # Decisions

    @property
    def _version(self) -> OcppVersion:
        if self.version is None:
            raise AssertionError("an unknown subprotocol is relayed without observation")
        return self.version

    def _may_inject(self, action: str) -> OcppVersion:
        if self.version is None:
            raise NotSupportedError("This charger speaks a protocol that the proxy only relays")
        if self.mode is Mode.MONITOR:
            raise ChargerReadOnlyError("This charger is set to monitor: commands are switched off")
        check_command(self.boot_state, action)
        return self.version

    def _invalid(self, call: Call) -> Violation | None:
        return self._validate(self._version, call) if self._validate is not None else None


def _discarded(requests: list[Request]) -> list[Command]:
    return [
        kept(Peer.CSMS, request.data, frame=request.call, note="discarded") for request in requests
    ]


def _empty_answer(call: Call) -> CallResult:
    return build_result(call.message_id, {})
