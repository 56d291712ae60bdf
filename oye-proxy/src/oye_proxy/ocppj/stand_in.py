"""The CSMS's place taken by the proxy for one connection: every CALL of the charger is answered."""

from datetime import datetime

from oye_proxy.ocppj.answer_memory import AnswerMemory
from oye_proxy.ocppj.error_codes import spell
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    MalformedError,
    MessageId,
    build_error,
    build_result,
    parse,
)
from oye_proxy.ocppj.malformed import answer_malformed, answer_unknown_type
from oye_proxy.ocppj.standalone import Refusal, Responder
from oye_proxy.ocppj.versions import OcppVersion


class StandIn:
    """Answers by a Responder; a CALL repeated with the same id and text gets the same answer."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._memory = AnswerMemory()

    def answer(self, version: OcppVersion, call: Call, now: datetime) -> CallResult | CallError:
        """Answer a CALL; valid by the official schema of the response."""
        repeated = self._memory.recall(call)
        if repeated is not None:
            frame = parse(repeated)
            if isinstance(frame, CallResult | CallError):
                return frame
        answer = self._fresh(version, call, now)
        self._memory.remember(call, answer.text)
        return answer

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

    def _fresh(self, version: OcppVersion, call: Call, now: datetime) -> CallResult | CallError:
        answer = self._responder.answer(version, call, now)
        if isinstance(answer, Refusal):
            return build_error(call.message_id, spell(answer.cause, version), answer.description)
        return build_result(call.message_id, answer)
