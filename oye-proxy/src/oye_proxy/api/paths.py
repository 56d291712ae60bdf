"""The part of a URL that names a charger, and the matching of raw paths against the routes."""

import base64
import binascii
from urllib.parse import unquote_to_bytes

from oye_proxy.errors import InvalidRequestError

BASE64_MARK = "~"

_MOST_DIGITS = 18


def segments_of(raw_path: str) -> list[str]:
    """Split a raw path at its slashes, before anything is decoded; a last slash is tolerated."""
    path = raw_path[:-1] if len(raw_path) > 1 and raw_path.endswith("/") else raw_path
    return path.split("/")[1:]


def match(pattern: list[str], raw_segments: list[str]) -> dict[str, str] | None:
    """Return the raw parameters when the path fits the pattern, else None."""
    if len(pattern) != len(raw_segments):
        return None
    parameters: dict[str, str] = {}
    for expected, raw in zip(pattern, raw_segments, strict=True):
        if expected.startswith("{") and raw:
            parameters[expected[1:-1]] = raw
        elif expected != raw:
            return None
    return parameters


def decode_segment(raw: str) -> str:
    """Decode a segment: percent-encoded UTF-8, or `~` and base64url of UTF-8."""
    try:
        if raw.startswith(BASE64_MARK):
            return _decode_base64(raw[1:])
        return unquote_to_bytes(raw).decode()
    except (ValueError, binascii.Error):
        raise InvalidRequestError("The id in the path cannot be decoded") from None


def row_of(segment: str) -> int | None:
    """Return the id of a row that a segment names, None when it can be none."""
    is_id = segment.isascii() and segment.isdecimal() and len(segment) <= _MOST_DIGITS
    return int(segment) if is_id else None


def _decode_base64(text: str) -> str:
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode()
