"""
OCPP-J frames: read the head, keep the exact text, decode the payload when somebody asks.

A frame is a JSON array `[type, id, ...]` (J16 4.2, P4/Q4 4.2). Message ids are compared by their
JSON token: `7` and `"7"` differ, UUIDs are equal whatever their case.
"""

import re
from enum import IntEnum, StrEnum
from typing import Any, Final, TypeAlias

import msgspec

from oye_proxy.errors import FrameError

_elements = msgspec.json.Decoder(list[msgspec.Raw])
_decode = msgspec.json.decode
_encode = msgspec.json.encode

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEAD = re.compile(
    r"""\s*\[\s*(?P<type>-?\d+)\s*,\s*
        (?P<id>"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)
        (?:\s*,\s*"(?P<action>[A-Za-z0-9-]*)")?""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_UUID_LENGTH = 36


class MessageType(IntEnum):
    """The first element of a frame; 5 and 6 exist since OCPP 2.1."""

    CALL = 2
    CALL_RESULT = 3
    CALL_ERROR = 4
    CALL_RESULT_ERROR = 5
    SEND = 6


class MessageId(msgspec.Struct, frozen=True, gc=False):
    """
    A message id: the JSON `token` as it arrived and the `key` by which ids compare.

    The key of a string is its text, that of a number bears a `#`; a text that begins with `#` gets
    one more, so that no string has the key of a number.
    """

    token: str
    key: str

    @property
    def text(self) -> str:
        """The id as people read it: without the quotes of its token."""
        if not self.token.startswith('"'):
            return self.token
        return self.key.removeprefix("#")

    @classmethod
    def of(cls, text: str) -> "MessageId":
        """Make the id of a frame that we build ourselves."""
        return cls(_encode(text).decode(), _normalised(text))

    @classmethod
    def from_token(cls, token: str) -> "MessageId":
        """Read an id from its JSON token, a string or a number."""
        if not token.startswith('"'):
            return cls(token, f"#{token}")
        text = _string(token)
        return cls(token, _normalised(token[1:-1] if text is None else text))


class _Frame(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    message_id: MessageId
    text: str
    payload_text: str

    @property
    def payload(self) -> Any:
        """The decoded payload, None when it cannot be decoded; read by observers only."""
        try:
            return _decode(self.payload_text)
        except (ValueError, RecursionError, UnicodeError):
            return None


class Call(_Frame, frozen=True, kw_only=True, gc=False):
    """A request: `[2, id, action, payload]`; `surplus` when it has more than four elements."""

    action: str
    surplus: bool = False


class CallResult(_Frame, frozen=True, kw_only=True, gc=False):
    """The answer to a CALL: `[3, id, payload]`."""


class CallError(_Frame, frozen=True, kw_only=True, gc=False):
    """A refused CALL: `[4, id, code, description, details]`; the payload is the details."""

    code: str = ""
    description: str = ""


class CallResultError(_Frame, frozen=True, kw_only=True, gc=False):
    """OCPP 2.1: the objection to a CALLRESULT, `[5, id, code, description, details]`."""

    code: str = ""
    description: str = ""


class SendFrame(_Frame, frozen=True, kw_only=True, gc=False):
    """OCPP 2.1: a message without an answer, `[6, id, action, payload]`."""

    action: str


Frame: TypeAlias = Call | CallResult | CallError | CallResultError | SendFrame


class Fault(StrEnum):
    """What is wrong with a text that is not a frame (the rows of docs/OCPP.md, malformed input)."""

    EMPTY = "empty"
    NOT_JSON = "not_json"
    NOT_AN_ARRAY = "not_an_array"
    UNKNOWN_TYPE = "unknown_type"
    NO_ID = "no_id"
    NO_ACTION = "no_action"


class MalformedError(FrameError):
    """
    A text that is not a frame, with what could be read of it all the same.

    `message_id` is None where the id is no JSON: no answer can bear it. `id_key` is the
    `MessageId.key` of what was meant all the same, to look up whom the text is about.
    """

    def __init__(
        self,
        fault: Fault,
        *,
        message_type: int | None = None,
        message_id: MessageId | None = None,
        id_key: str | None = None,
        action: str | None = None,
    ) -> None:
        super().__init__(f"not an OCPP-J frame: {fault}")
        self.fault = fault
        self.message_type = message_type
        self.message_id = message_id
        self.id_key = id_key if message_id is None else message_id.key
        self.action = action


_TYPES: Final = {str(int(known)): known for known in MessageType}
# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CALL, _CALL_RESULT, _SEND = MessageType.CALL, MessageType.CALL_RESULT, MessageType.SEND
_ERRORS: Final[dict[MessageType, type[CallError | CallResultError]]] = {
    MessageType.CALL_ERROR: CallError,
    MessageType.CALL_RESULT_ERROR: CallResultError,
}


def parse(text: str) -> Frame:
    """Parse one WebSocket text message; raise MalformedError if it is not a frame."""
    try:
        elements = _elements.decode(text)
    except msgspec.ValidationError:
        raise MalformedError(Fault.NOT_AN_ARRAY) from None
    except (ValueError, RecursionError, UnicodeError):
        raise _recovered(text) from None
    if not elements:
        raise MalformedError(Fault.NOT_AN_ARRAY)
    tokens = [str(element, "utf-8") for element in elements]
    message_type = _TYPES.get(tokens[0])
    message_id = _message_id(tokens[1]) if len(tokens) > 1 else None
    if message_type is None:
        raise MalformedError(Fault.UNKNOWN_TYPE, message_id=message_id)
    if message_id is None:
        raise MalformedError(Fault.NO_ID, message_type=message_type)
    if message_type is _CALL_RESULT:
        return CallResult(message_id=message_id, text=text, payload_text=_at(tokens, 2))
    if message_type is not _CALL and message_type in _ERRORS:
        return _ERRORS[message_type](
            message_id=message_id,
            text=text,
            payload_text=_at(tokens, 4),
            code=_string(_at(tokens, 2)) or "",
            description=_string(_at(tokens, 3)) or "",
        )
    action = _string(_at(tokens, 2)) if len(tokens) > 2 else None  # noqa: PLR2004
    if action is None:
        raise MalformedError(Fault.NO_ACTION, message_type=message_type, message_id=message_id)
    if message_type is _SEND:
        return SendFrame(
            message_id=message_id, text=text, payload_text=_at(tokens, 3), action=action
        )
    return Call(
        message_id=message_id,
        text=text,
        payload_text=_at(tokens, 3),
        action=action,
        surplus=len(tokens) > 4,  # noqa: PLR2004
    )


def uuids_in(text: str) -> list[str]:
    """Return the keys of all UUID-shaped tokens of a text, however broken the text is."""
    return [found.lower() for found in _UUID.findall(text)]


def build_call(message_id: str, action: str, payload: Any) -> Call:
    """Build a CALL of our own."""
    identity = MessageId.of(message_id)
    payload_text = _encode(payload).decode()
    return Call(
        message_id=identity,
        text=f"[2,{identity.token},{_encode(action).decode()},{payload_text}]",
        payload_text=payload_text,
        action=action,
    )


def build_result(message_id: MessageId, payload: Any) -> CallResult:
    """Build the answer to a CALL, under the id's own token."""
    return result_of(message_id, _encode(payload).decode())


def result_of(message_id: MessageId, payload_text: str) -> CallResult:
    """Build the answer to a CALL from the text of its payload."""
    return CallResult(
        message_id=message_id,
        text=f"[3,{message_id.token},{payload_text}]",
        payload_text=payload_text,
    )


def build_error(message_id: MessageId, code: str, description: str = "") -> CallError:
    """Build a CALLERROR: always five elements, description of at most 255 characters."""
    description = description[:255]
    quoted = _encode(description).decode()
    return CallError(
        message_id=message_id,
        text=f'[4,{message_id.token},"{code}",{quoted},{{}}]',
        payload_text="{}",
        code=code,
        description=description,
    )


def _normalised(text: str) -> str:
    if len(text) == _UUID_LENGTH and not text.islower() and _UUID.fullmatch(text):
        return text.lower()
    return f"#{text}" if text.startswith("#") else text


def _message_id(token: str) -> MessageId | None:
    """An id is a string or a number; null, objects and empty strings are none."""
    if token == '""' or token[0] not in '"-0123456789':  # noqa: S105 - a JSON token
        return None
    return MessageId.from_token(token)


def _at(tokens: list[str], index: int) -> str:
    """A missing or null payload reads as `{}` (J16 4.2.1)."""
    token = tokens[index] if index < len(tokens) else "null"
    return "{}" if token == "null" else token  # noqa: S105 - a JSON token


def _string(token: str) -> str | None:
    if token[:1] != '"':
        return None
    if "\\" not in token and len(token) > 1 and token[-1] == '"':
        return token[1:-1]
    try:
        return _decode(token, type=str)
    except (ValueError, UnicodeError):
        return None


def _recovered(text: str) -> MalformedError:
    """Recover the head of a text that is not JSON: a modem's noise, a cut or doubled frame."""
    if not text.strip():
        return MalformedError(Fault.EMPTY)
    head = _HEAD.match(text)
    if head is None:
        return MalformedError(Fault.NOT_JSON)
    meant = _message_id(head["id"])
    return MalformedError(
        Fault.NOT_JSON,
        message_type=int(head["type"]) if len(head["type"]) == 1 else None,
        message_id=meant if _is_json(head["id"]) else None,
        id_key=None if meant is None else meant.key,
        action=head["action"],
    )


def _is_json(token: str) -> bool:
    """An expression finds the id of a broken text, and knows neither escapes nor numbers."""
    try:
        _decode(token, type=msgspec.Raw)
    except ValueError:
        return False
    return True
