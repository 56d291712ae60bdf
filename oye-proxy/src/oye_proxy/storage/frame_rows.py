"""A frame as a row of `logs`: on its way there, and as it comes back."""

import base64
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Row

from oye_proxy.ocppj.commands import Record
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    MessageType,
    SendFrame,
)
from oye_proxy.ocppj.redaction import redact
from oye_proxy.storage.directions import direction_of, peer_of
from oye_proxy.storage.texts import storable
from oye_proxy.storage.times import from_microseconds, to_microseconds


class Encoding(StrEnum):
    """How a payload that is no plain text became one; a text frame has none."""

    BINARY = "binary"  # a binary frame whose bytes are UTF-8, kept as that text
    BINARY_BASE64 = "binary-base64"
    TEXT_BASE64 = "text-base64"  # a text with NUL or half characters, which no database stores


class NewFrame(Struct, frozen=True, gc=False):
    """A frame on its way into the store; the fields are the columns of `logs`, in this order."""

    charge_point_id: str
    direction: str
    payload: str
    timestamp: int
    at_us: int
    encoding: str | None = None
    message_type: int | None = None
    action: str | None = None
    message_id: str | None = None
    injection: str | None = None
    peer: str | None = None
    rule: str | None = None
    late: bool | None = None
    latest_of: str | None = None

    @classmethod
    def of(cls, charge_point_id: str, record: Record, at: datetime) -> "NewFrame":
        """Make the row of a frame, without its secrets; an answer has the action of its CALL."""
        frame = record.frame
        call = frame if isinstance(frame, _REQUESTS) else record.call
        action = record.action if call is None else call.action
        payload, encoding = _encoded(redact(record))
        at_us = to_microseconds(at)
        # `_value_` is what `value` returns; each frame comes by here.
        return cls(
            charge_point_id,
            direction_of(record)._value_,
            payload,
            at_us // 1_000_000,
            at_us,
            encoding,
            None if frame is None else _TYPES[type(frame)],
            None if action is None else storable(action),
            None if frame is None else storable(frame.message_id.text),
            record.injection,
            peer_of(record)._value_,
            record.note,
            record.late,
        )


def as_latest(frame: NewFrame) -> NewFrame:
    """Return the row as one that replaces the last of its charger, action and direction."""
    return replace(frame, latest_of=f"{frame.direction} {frame.action} {frame.charge_point_id}")


class StoredFrame(Struct, frozen=True):
    """A frame as it was stored; `payload` is bytes when the frame was binary."""

    id: int
    charge_point_id: str
    direction: str
    payload: str | bytes
    timestamp: int
    at: datetime | None
    message_type: int | None
    action: str | None
    message_id: str | None
    injection: str | None
    peer: str | None
    rule: str | None
    late: bool


def as_seen(frame: NewFrame) -> StoredFrame:
    """Return a frame that is not stored yet as it will be; its id is 0."""
    return _stored(0, frame)


def as_stored(row: Row[Any]) -> StoredFrame:
    """Return the frame of a row of `logs`."""
    return _stored(row.id, row)


_REQUESTS = (Call, SendFrame)
_TYPES: dict[type, int] = {
    Call: MessageType.CALL.value,
    CallResult: MessageType.CALL_RESULT.value,
    CallError: MessageType.CALL_ERROR.value,
    CallResultError: MessageType.CALL_RESULT_ERROR.value,
    SendFrame: MessageType.SEND.value,
}


def _stored(frame_id: int, frame: NewFrame | Row[Any]) -> StoredFrame:
    return StoredFrame(
        id=frame_id,
        charge_point_id=frame.charge_point_id,
        direction=frame.direction,
        payload=_decoded(frame.payload, frame.encoding),
        timestamp=frame.timestamp,
        at=from_microseconds(frame.at_us),
        message_type=frame.message_type,
        action=frame.action,
        message_id=frame.message_id,
        injection=frame.injection,
        peer=frame.peer,
        rule=frame.rule,
        late=bool(frame.late),
    )


def _encoded(data: str | bytes) -> tuple[str, str | None]:
    if isinstance(data, bytes):
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:
            return text, Encoding.BINARY.value
        return base64.b64encode(data).decode(), Encoding.BINARY_BASE64.value
    if "\0" in data or not (data.isascii() or _is_unicode(data)):
        octets = data.encode("utf-8", "surrogatepass")
        return base64.b64encode(octets).decode(), Encoding.TEXT_BASE64.value
    return data, None


def _decoded(payload: str, encoding: str | None) -> str | bytes:
    match encoding:
        case Encoding.BINARY:
            return payload.encode()
        case Encoding.BINARY_BASE64:
            return base64.b64decode(payload)
        case Encoding.TEXT_BASE64:
            return base64.b64decode(payload).decode("utf-8", "surrogatepass")
        case _:
            return payload


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
