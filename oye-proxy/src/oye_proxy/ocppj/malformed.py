"""What the proxy, in place of the CSMS, answers to a text that is not a frame (docs/OCPP.md)."""

from typing import Final

from oye_proxy.ocppj.error_codes import Cause, spell
from oye_proxy.ocppj.frames import Fault, MalformedError, MessageId, MessageType, build_error
from oye_proxy.ocppj.versions import OcppVersion


def answer_malformed(version: OcppVersion, error: MalformedError) -> str | None:
    """Return the text of a CALLERROR, None when the input is to be ignored."""
    if error.message_type in _NEVER_ANSWERED:
        return None
    match error.fault:
        case Fault.EMPTY:
            return None
        case Fault.UNKNOWN_TYPE:
            return answer_unknown_type(version, error.message_id)
        case Fault.NOT_JSON | Fault.NO_ACTION if error.message_id is not None:
            return _error(version, error.message_id, Cause.FORMAT_VIOLATION, error.fault)
        case Fault.NOT_JSON | Fault.NOT_AN_ARRAY | Fault.NO_ID | Fault.NO_ACTION:
            if version.is_1_6:
                return None
            return _error(version, _UNREADABLE_ID, Cause.RPC_FRAMEWORK_ERROR, error.fault)


def answer_unknown_type(version: OcppVersion, message_id: MessageId | None) -> str | None:
    """
    Answer a message type that the version lacks; in 1.6 and 2.0.1 that includes 5 and 6.

    J16 4.1.3 and Q4 4.1.3 say ignore; P4 4.4 has an error code for it.
    """
    if version is not OcppVersion.V2_0_1:
        return None
    cause = Cause.MESSAGE_TYPE_NOT_SUPPORTED
    return _error(version, message_id or _UNREADABLE_ID, cause, Fault.UNKNOWN_TYPE)


# Answers and SENDs: an error about them would look like the answer to a CALL of the charger.
_NEVER_ANSWERED: Final = frozenset(
    {
        MessageType.CALL_RESULT,
        MessageType.CALL_ERROR,
        MessageType.CALL_RESULT_ERROR,
        MessageType.SEND,
    }
)

# P4/Q4 4.2.3: the id of an error about a message whose id cannot be read.
_UNREADABLE_ID: Final = MessageId.of("-1")

_DESCRIPTIONS: Final = {
    Fault.NOT_JSON: "message is not JSON",
    Fault.NOT_AN_ARRAY: "message is not a JSON array",
    Fault.UNKNOWN_TYPE: "message type is unknown",
    Fault.NO_ID: "message id is missing",
    Fault.NO_ACTION: "action is not a string",
}


def _error(version: OcppVersion, message_id: MessageId, cause: Cause, fault: Fault) -> str:
    return build_error(message_id, spell(cause, version), _DESCRIPTIONS[fault]).text
