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
from oye_proxy.ocppj.arbiter import Arbiter, ArbiterFullError, Rank, Request
from oye_proxy.ocppj.boot import BootState, boot_state_of, check_command
from oye_proxy.ocppj.commands import (
    Command,
    InjectionState,
    Notice,
    Peer,
    Progress,
    Record,
    Send,
    kept,
    passed,
)
from oye_proxy.ocppj.error_codes import Cause, spell
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    MalformedError,
    MessageId,
    SendFrame,
    build_error,
    build_result,
    parse,
)
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.injector import Injector, is_answer, is_own_call
from oye_proxy.ocppj.modes import Link, Mode
from oye_proxy.ocppj.own_answers import OwnAnswers
from oye_proxy.ocppj.recent import Recent
from oye_proxy.ocppj.schemas import Violation
from oye_proxy.ocppj.stand_in import StandIn
from oye_proxy.ocppj.upward import UNANSWERED_CALLS, Holdable, UpwardQueue
from oye_proxy.ocppj.versions import OcppVersion

LONGEST_MESSAGE_ID = 36


class Timing(Struct, frozen=True, kw_only=True):
    """How long things may take, in seconds, and how many frames may be held."""

    call_timeout: float = 30.0
    csms_hold: float = 10.0
    injection_wait: float = 30.0
    standalone_after: float = 10.0
    pending_limit: int = 100


DEFAULT_TIMING = Timing()


# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CHARGER = Peer.CHARGER
_CONNECTED, _HOLDING, _STANDALONE = Link.CONNECTED, Link.HOLDING, Link.STANDALONE

Validator: TypeAlias = Callable[[OcppVersion, Call], Violation | None]


class Conversation:
    """
    The state of one connection of one charger.

    `version` is None for a subprotocol that we relay without understanding it. `stand_in` answers
    in place of a CSMS. `memory` outlives the connection. `wall` turns a moment into UTC.
    `validate` refuses CALLs in `enforce`; None otherwise.
    """

    def __init__(
        self,
        *,
        version: OcppVersion | None,
        stand_in: StandIn,
        memory: InjectionMemory,
        wall: Callable[[float], datetime],
        timing: Timing = DEFAULT_TIMING,
        mode: Mode = Mode.FORWARD,
        csms_may_overlap: bool = False,
        block_lockout: bool = False,
        validate: Validator | None = None,
    ) -> None:
        self.version = version
        self.mode = mode
        self.link = _STANDALONE
        self.boot_state = BootState.UNKNOWN
        self._stand_in = stand_in
        self._injector = Injector(memory, timing.call_timeout)
        self._wall = wall
        self._timing = timing
        self._block_lockout = block_lockout
        self._validate = validate
        self._arbiter = Arbiter(
            call_timeout=timing.call_timeout,
            csms_hold=timing.csms_hold,
            injection_wait=timing.injection_wait,
            csms_may_overlap=csms_may_overlap,
        )
        self._upward = UpwardQueue(limit=timing.pending_limit, call_timeout=timing.call_timeout)
        self._from_csms: Recent[Call] = Recent(UNANSWERED_CALLS)
        self._own_answers = OwnAnswers()
        self._holding_until = 0.0

    @property
    def deadline(self) -> float | None:
        """The next moment at which `tick` has something to do."""
        turn, injection = self._arbiter.deadline, self._injector.deadline
        holding = self._holding_until if self.link is _HOLDING else None
        if turn is None and injection is None:
            return holding
        return min(moment for moment in (turn, injection, holding) if moment is not None)

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
                return self._answer_from_csms(frame, data)
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
        self._upward.call_timeout = seconds

    def csms_opened(self, now: float) -> list[Command]:  # noqa: ARG002 - every event has its time
        """Relay: a link to the CSMS is open; what was held goes first."""
        self.link = _CONNECTED
        self._stand_in.forget_answers()
        return [Send(Peer.CSMS, data) for data in self._upward.resend()]

    def csms_lost(self, now: float) -> list[Command]:
        """Hold the charger's CALLs for a moment; nothing changes when the link was away already."""
        if self.link is not _CONNECTED:
            return []
        self.link = _HOLDING
        self._holding_until = now + self._timing.standalone_after
        return self._leave_relay(now)

    def csms_off(self, now: float) -> list[Command]:
        """Stand in for the CSMS from now on: there is none."""
        commands = self._leave_relay(now) if self.link is _CONNECTED else []
        return commands + self._stand_in_now(now)

    def charger_lost(self, now: float) -> list[Command]:  # noqa: ARG002 - every event has its time
        """Settle every injection that is open: the charger left first."""
        self._upward.take_held()
        unsent = [request for request in self._arbiter.close() if request.rank is Rank.CSMS]
        return _discarded(unsent) + self._injector.abort_all()

    def tick(self, now: float) -> list[Command]:
        """Do what is due."""
        commands: list[Command] = []
        if self.link is _HOLDING and self._holding_until <= now:
            commands += [Notice("stands_in", {}), *self._stand_in_now(now)]
        commands += self._injector.expire(now)
        released, unsent = self._arbiter.expire(now)
        commands += [self._injector.unsent(request.call) for request in unsent]
        return commands + self._sent(released, now)

    # From the charger

    def _call_from_charger(self, call: Call, data: str | bytes, now: float) -> list[Command]:
        swallowed = self._injector.swallow_follow_up(call, data, now)
        if swallowed:
            return [*swallowed, *self._own_answer(Peer.CHARGER, call, _empty_answer(call), now)]
        if self.link is _STANDALONE:
            return self._answer_here(call, data, now)
        refusal = self._invalid(call)
        if refusal is not None:
            return self._refuse(Peer.CHARGER, call, data, refusal, now)
        if self.link is _HOLDING:
            return self._hold(call, data, now)
        self._upward.sent(call, data, now)
        return passed(_CHARGER, data, frame=call)

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
        note = None if call is not None else "unknown_id"
        if self.link is _CONNECTED:
            commands = passed(_CHARGER, data, frame=answer, call=call, note=note)
        else:
            commands = [kept(Peer.CHARGER, data, frame=answer, call=call, note=note)]
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
                answer = self._stand_in.answer_malformed(self._version, error)
                return follow_up + _answered(answer)
        if self.link is _CONNECTED:
            commands = passed(_CHARGER, data, note=error.fault)
        elif self.link is _HOLDING and not is_answer(error):
            commands = self._hold(error, data, now)
        else:
            answer = self._stand_in.answer_malformed(self._version, error)
            commands = [kept(Peer.CHARGER, data, note=error.fault), *_answered(answer)]
        if error.message_id is None or is_own_call(error):
            return commands
        return commands + self._turn_ended(error.message_id.key, now)

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
            notices = [Notice("charger_redirected", {"action": call.action})]
        self._injector.memory.yield_request_id(call.action, payload)
        released = self._arbiter.offer(Request(Rank.CSMS, call, data), now)
        return self._sent(released, now) + notices

    def _answer_from_csms(self, answer: CallResult | CallError, data: str | bytes) -> list[Command]:
        call = self._upward.answered(answer.message_id.key)
        if call is None:
            return passed(Peer.CSMS, data, frame=answer, note="unknown_id")
        self._own_answers.not_given(Peer.CHARGER, answer.message_id.key)
        if call.action == "BootNotification":
            self.boot_state = boot_state_of(answer)
        return passed(Peer.CSMS, data, frame=answer, call=call)

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
            *self._own_answer(Peer.CSMS, call, answer, now),
            Notice("command_blocked", {"action": call.action}),
        ]

    # Both

    def _send_frame(
        self, peer: Peer, frame: SendFrame, data: str | bytes, now: float
    ) -> list[Command]:
        """A SEND is never answered and never counts as outstanding (Q4 4.2.4)."""
        if peer is Peer.CSMS or self.link is _CONNECTED:
            return passed(peer, data, frame=frame)
        if self.link is _HOLDING:
            return self._hold(frame, data, now)
        return [kept(peer, data, frame=frame), *self._unknown_type(frame.message_id)]

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
        if peer is _CHARGER and self.link is not _CONNECTED:
            return [kept(peer, data, frame=frame), *self._unknown_type(frame.message_id)]
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
            *self._own_answer(peer, call, answer, now),
        ]

    def _own_answer(
        self, peer: Peer, call: Call, answer: CallResult | CallError, now: float
    ) -> list[Command]:
        self._own_answers.given(peer, answer.message_id.key, now)
        return [
            Send(peer, answer.text),
            Record(source=Peer.PROXY, target=peer, data=answer.text, frame=answer, call=call),
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

    # Without the CSMS

    def _unread(self, peer: Peer, data: str | bytes, now: float) -> list[Command]:
        """Relay what we do not understand; nobody can stand in for its CSMS."""
        if peer is Peer.CSMS or self.link is _CONNECTED:
            return passed(peer, data)
        if self.link is _HOLDING:
            return self._hold(None, data, now)
        return [kept(peer, data, note="discarded")]

    def _hold(self, frame: Holdable, data: str | bytes, now: float) -> list[Command]:
        known, note = (None, frame.fault) if isinstance(frame, MalformedError) else (frame, None)
        record = Record(source=Peer.CHARGER, target=Peer.CSMS, data=data, frame=known, note=note)
        has_room = self._upward.hold(frame, data, now)
        if has_room:
            return [record]
        return [record, Notice("pending_overflow", {}), *self._stand_in_now(now)]

    def _leave_relay(self, now: float) -> list[Command]:
        """Give up what the lost CSMS asked for; keep what the charger still waits for."""
        self._upward.hold_unanswered(now)
        return _discarded(self._arbiter.drop(Rank.CSMS))

    def _stand_in_now(self, now: float) -> list[Command]:
        self.link = _STANDALONE
        commands: list[Command] = []
        for held in self._upward.take_held():
            match held.frame:
                case Call():
                    commands += self._stand_in_answer(held.frame, now)
                case SendFrame():
                    commands += self._unknown_type(held.frame.message_id)
                case MalformedError():
                    answer = self._stand_in.answer_malformed(self._version, held.frame)
                    commands += _answered(answer)
                case None:
                    pass
        return commands

    def _answer_here(self, call: Call, data: str | bytes, now: float) -> list[Command]:
        """The CALL is recorded before it is answered: so it was."""
        record = kept(Peer.CHARGER, data, frame=call, note=_oddity(call))
        return [record, *self._stand_in_answer(call, now)]

    def _stand_in_answer(self, call: Call, now: float) -> list[Command]:
        answer = self._stand_in.answer(self._version, call, self._wall(now))
        if call.action == "BootNotification":
            self.boot_state = boot_state_of(answer)
        return self._own_answer(Peer.CHARGER, call, answer, now)

    def _unknown_type(self, message_id: MessageId) -> list[Command]:
        """Types 5 and 6 exist since OCPP 2.1."""
        return _answered(self._stand_in.answer_unknown_type(self._version, message_id))

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


def _answered(text: str | None) -> list[Command]:
    if text is None:
        return []
    return [
        Send(Peer.CHARGER, text),
        Record(source=Peer.PROXY, target=Peer.CHARGER, data=text, frame=parse(text)),
    ]


def _discarded(requests: list[Request]) -> list[Command]:
    return [
        kept(Peer.CSMS, request.data, frame=request.call, note="discarded") for request in requests
    ]


def _oddity(call: Call) -> str | None:
    """A CALL of an odd shape is answered all the same."""
    if call.surplus:
        return "surplus"
    message_id = call.message_id
    is_text = message_id.token.startswith('"')
    return None if is_text and len(message_id.text) <= LONGEST_MESSAGE_ID else "odd_id"


def _empty_answer(call: Call) -> CallResult:
    return build_result(call.message_id, {})
