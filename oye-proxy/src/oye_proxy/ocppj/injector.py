"""
The life of injections on one connection: queued, sent, settled exactly once, swallowed for ever.

What a charger sends up belongs to an injection when its message id is one of ours, however late,
broken or often it comes, or when it is a CALL that an injected request announced.
"""

from typing import Any

from msgspec import Struct

from oye_proxy.ocppj.acceptance import accepted
from oye_proxy.ocppj.commands import (
    Command,
    FollowUp,
    InjectionState,
    Peer,
    Progress,
    Record,
)
from oye_proxy.ocppj.error_codes import Cause, spell
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    Fault,
    MalformedError,
    MessageId,
    MessageType,
    build_call,
)
from oye_proxy.ocppj.injections import InjectedCall, InjectionMemory
from oye_proxy.ocppj.versions import OcppVersion

_ANSWERS = {MessageType.CALL_RESULT, MessageType.CALL_ERROR, MessageType.CALL_RESULT_ERROR}


class _Injection(Struct):
    call: Call
    until: float | None = None


class Injector:
    """The injections that are queued or unanswered; `memory` outlives the connection."""

    def __init__(self, memory: InjectionMemory, call_timeout: float) -> None:
        self.memory = memory
        self.call_timeout = call_timeout
        self._open: dict[str, _Injection] = {}

    @property
    def deadline(self) -> float | None:
        """The moment at which the next unanswered injection times out."""
        if not self._open:
            return None
        sent = [injection.until for injection in self._open.values()]
        return min((until for until in sent if until is not None), default=None)

    def prepare(
        self, version: OcppVersion, message_id: str, action: str, payload: Any, now: float
    ) -> Call:
        """Remember an injection before anything of it is sent, and build its CALL."""
        payload = self.memory.remember(version, message_id, action, payload, now)
        call = build_call(message_id, action, payload)
        self._open[call.message_id.key] = _Injection(call)
        return call

    def withdraw(self, call: Call) -> None:
        """Forget an injection that was never accepted for sending."""
        self._open.pop(call.message_id.key, None)
        self.memory.withdraw(call.message_id)

    def sent(self, call: Call, now: float) -> list[Command]:
        """Note that the CALL goes out now: the charger has `call_timeout` to answer."""
        self._open[call.message_id.key].until = now + self.call_timeout
        return [
            Record(
                source=Peer.PROXY,
                target=Peer.CHARGER,
                data=call.text,
                frame=call,
                injection=call.message_id.text,
            ),
            Progress(message_id=call.message_id.text, state=InjectionState.SENT),
        ]

    def unsent(self, call: Call) -> Command:
        """Settle an injection that never got its turn."""
        self.withdraw(call)
        return _aborted(call, "the charger was busy; the command was not sent")

    def expire(self, now: float) -> list[Command]:
        """Settle the injections that were not answered in time."""
        commands: list[Command] = []
        for key, injection in list(self._open.items()):
            if injection.until is not None and injection.until <= now:
                del self._open[key]
                commands.append(
                    Progress(
                        message_id=injection.call.message_id.text,
                        state=InjectionState.TIMED_OUT,
                        description="the charger did not answer in time",
                    )
                )
        return commands

    def abort_all(self) -> list[Command]:
        """Settle everything: the charger left first."""
        opened, self._open = self._open, {}
        commands: list[Command] = []
        for injection in opened.values():
            if injection.until is None:
                self.memory.withdraw(injection.call.message_id)
                reason = "the charger left; the command was not sent"
            else:
                reason = "the charger left before it answered"
            commands.append(_aborted(injection.call, reason))
        return commands

    def swallow_answer(
        self,
        version: OcppVersion,
        answer: CallResult | CallError | CallResultError,
        data: str | bytes,
    ) -> list[Command]:
        """Return what keeps an answer to us from the CSMS; nothing when it is not ours."""
        injected = self.memory.find(answer.message_id)
        return [] if injected is None else self._swallowed(version, injected, answer, data)

    def swallow_mutilated(
        self, version: OcppVersion, answer: CallResult | CallError, data: str | bytes
    ) -> tuple[str | None, list[Command]]:
        """Do the same for an answer whose id came back mutilated; return also the id it means."""
        injected = self.memory.find_similar(answer.message_id)
        if injected is None:
            return None, []
        key = MessageId.of(injected.message_id).key
        return key, self._swallowed(version, injected, answer, data)

    def swallow_malformed(
        self, version: OcppVersion, error: MalformedError, data: str | bytes, text: str
    ) -> tuple[str | None, list[Command]]:
        """Do the same for a text that is no frame; return also the id that it answers."""
        if error.fault is Fault.EMPTY or is_own_call(error):
            return None, []
        injected = self.memory.find_in(error, text)
        if injected is None:
            return None, []
        key = MessageId.of(injected.message_id).key
        injection = self._settle(key)
        record = Record(
            source=Peer.CHARGER,
            target=Peer.PROXY,
            data=data,
            action=injected.action,
            injection=injected.message_id,
            late=injection is None,
            note="malformed_answer",
        )
        if injection is None:
            return key, [record]
        refused = Progress(
            message_id=injected.message_id,
            state=InjectionState.REFUSED,
            error_code=spell(Cause.FORMAT_VIOLATION, version),
            description="the charger's answer cannot be read",
            accepted=False,
        )
        return key, [record, refused]

    def swallow_follow_up(self, call: Call, data: str | bytes, now: float) -> list[Command]:
        """Return the commands for a CALL that an injection announced; empty for all others."""
        if not self.memory.expects(call.action):
            return []
        payload = call.payload
        found = self.memory.follow_up(call.action, payload, now)
        if found is None:
            return []
        injected, last = found
        return [
            Record(
                source=Peer.CHARGER,
                target=Peer.PROXY,
                data=data,
                frame=call,
                injection=injected.message_id,
            ),
            FollowUp(
                message_id=injected.message_id, action=call.action, payload=payload, last=last
            ),
        ]

    def swallow_broken_follow_up(
        self, action: str | None, text: str, data: str | bytes, now: float
    ) -> list[Command]:
        """Return what keeps such a CALL from the CSMS when nobody can read its payload."""
        injected = self.memory.broken_follow_up(action, text, now)
        if injected is None:
            return []
        return [
            Record(
                source=Peer.CHARGER,
                target=Peer.PROXY,
                data=data,
                injection=injected.message_id,
                note="malformed_follow_up",
            )
        ]

    def _swallowed(
        self,
        version: OcppVersion,
        injected: InjectedCall,
        answer: CallResult | CallError | CallResultError,
        data: str | bytes,
    ) -> list[Command]:
        injection = self._settle(MessageId.of(injected.message_id).key)
        record = Record(
            source=Peer.CHARGER,
            target=Peer.PROXY,
            data=data,
            frame=answer,
            call=injection.call if injection is not None else None,
            action=injected.action if injection is None else None,
            injection=injected.message_id,
            late=injection is None,
        )
        return [record] if injection is None else [record, _settled(version, injection, answer)]

    def _settle(self, key: str) -> _Injection | None:
        """Only what was sent can be answered."""
        injection = self._open.get(key)
        return None if injection is None or injection.until is None else self._open.pop(key)


def is_answer(error: MalformedError) -> bool:
    """Tell whether a broken text is an answer, or the objection to one."""
    return error.message_type in _ANSWERS


def is_own_call(error: MalformedError) -> bool:
    """
    Tell whether a broken text is a CALL or SEND of the charger itself.

    Such a text may mention our ids in its payload: only its own id decides whose it is.
    """
    return error.message_type in {MessageType.CALL, MessageType.SEND} and error.id_key is not None


def _settled(
    version: OcppVersion, injection: _Injection, answer: CallResult | CallError | CallResultError
) -> Progress:
    message_id = injection.call.message_id.text
    payload = answer.payload
    if isinstance(answer, CallResult):
        return Progress(
            message_id=message_id,
            state=InjectionState.ANSWERED,
            payload=payload,
            accepted=accepted(version, injection.call.action, payload),
        )
    return Progress(
        message_id=message_id,
        state=InjectionState.REFUSED,
        error_code=answer.code,
        description=answer.description,
        details=payload,
        accepted=False,
    )


def _aborted(call: Call, reason: str) -> Progress:
    return Progress(
        message_id=call.message_id.text, state=InjectionState.ABORTED, description=reason
    )
