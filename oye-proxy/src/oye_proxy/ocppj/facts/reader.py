"""
Payloads into structs, however odd the payload is.

What does not fit (a text where an object belongs) costs its own field and no more.
"""

import types
import typing
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

PayloadType = TypeVar("PayloadType")

LIST_LIMIT: Final = 512


class Reader(Generic[PayloadType]):
    """Decodes a payload of one type, field by field when it does not have its shape."""

    def __init__(self, kind: type[PayloadType]) -> None:
        self._kind = kind
        self._decoder = msgspec.json.Decoder(kind)

    def read(self, payload_text: str) -> PayloadType:
        """Return the payload, without what cannot be read; never raise."""
        try:
            return self._decoder.decode(payload_text)
        except (ValueError, RecursionError):
            pass
        try:
            salvaged = _salvaged(self._kind, msgspec.json.decode(payload_text))
        except (ValueError, RecursionError):
            salvaged = UNSET
        return self._kind() if salvaged is UNSET else typing.cast("PayloadType", salvaged)


def _salvaged(kind: Any, value: Any) -> Any | UnsetType:
    """Return what of a value fits the type; UNSET when nothing does."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _salvaged_struct(kind, value)
    if typing.get_origin(kind) is list:
        if not isinstance(value, list):
            return UNSET
        (item_kind,) = typing.get_args(kind)
        items = (_salvaged(item_kind, item) for item in value[:LIST_LIMIT])
        return [item for item in items if item is not UNSET]
    if isinstance(kind, types.UnionType):
        found = (_salvaged(member, value) for member in typing.get_args(kind))
        return next((item for item in found if item is not UNSET), UNSET)
    try:
        return msgspec.convert(value, kind)
    except ValueError:
        return UNSET


def _salvaged_struct(kind: type[Struct], value: Any) -> Any | UnsetType:
    if not isinstance(value, dict):
        return UNSET
    kept = {
        field.name: _salvaged(field.type, value[field.encode_name])
        for field in msgspec.structs.fields(kind)
        if field.encode_name in value
    }
    return kind(**{name: item for name, item in kept.items() if item is not UNSET})
