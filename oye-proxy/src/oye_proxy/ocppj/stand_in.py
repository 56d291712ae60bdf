"""The CSMS's place taken by the proxy for one connection: every CALL of the charger is answered."""

from datetime import datetime

from oye_proxy.ocppj.error_codes import spell
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    MalformedError,
    build_error,
    build_result,
)
from oye_proxy.ocppj.recent import Recent
from oye_proxy.ocppj.standalone import Refusal, Responder, answer_malformed
from oye_proxy.ocppj.versions import OcppVersion

REMEMBERED_ANSWERS = 64


class StandIn:
    """Answers by a Responder; a CALL repeated with the same id and text gets the same answer."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._answers: Recent[tuple[str, CallResult | CallError]] = Recent(REMEMBERED_ANSWERS)

    def answer(self, version: OcppVersion, call: Call, now: datetime) -> CallResult | CallError:
        """Answer a CALL; valid by the official schema of the response."""
        key = call.message_id.key
        repeated = self._answers.pop(key)
        if repeated is not None and repeated[0] == call.text:
            answer = repeated[1]
        else:
            answer = self._fresh(version, call, now)
        self._answers[key] = (call.text, answer)
        return answer

    def answer_malformed(self, version: OcppVersion, error: MalformedError) -> str | None:
        """Return the text that answers what is no frame; None where the version ignores it."""
        return answer_malformed(version, error)

    def forget_answers(self) -> None:
        """A CSMS answers from now on."""
        self._answers.take_all()

    def _fresh(self, version: OcppVersion, call: Call, now: datetime) -> CallResult | CallError:
        answer = self._responder.answer(version, call, now)
        if isinstance(answer, Refusal):
            return build_error(call.message_id, spell(answer.cause, version), answer.description)
        return build_result(call.message_id, answer.payload)
