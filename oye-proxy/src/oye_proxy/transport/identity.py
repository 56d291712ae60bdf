"""
Who a charger is: its id, read from the request target as it arrived (J16 3.1.1, P4/Q4 3.1.1).

The router's decoded path is of no use here: it turns `%2F` into a separator.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from oye_proxy.errors import AdmissionError
from oye_proxy.ocppj.versions import VERSION_TOKENS, OcppVersion

RESERVED_SEGMENTS = frozenset({"api", "assets", "health", "metrics"})
ID_MAX_CHARACTERS = 128
# P4/Q4 3.1.1: identities have at most 48 characters; longer ones work, so we only warn.
ID_WARN_CHARACTERS = 48

_NOT_FOUND = "No charger lives at this path"
_SCAN = re.compile(
    r"\.\.|\.env.*|wp-admin.*|phpmyadmin.*|xmlrpc.*|.*select.*from.*|admin|login", re.DOTALL
)


class Identity(Struct, frozen=True, kw_only=True):
    """
    What the request target says.

    `raw_id` is the segment byte for byte, for the upstream URL; `query` likewise, without `?`.
    `version_hint` counts only when no subprotocol is offered (Q4 3.1.2). `warnings` are slugs.
    """

    charge_point_id: str
    raw_id: str
    version_hint: OcppVersion | None = None
    query: str = ""
    warnings: tuple[str, ...] = ()


class PathScanError(AdmissionError):
    """The path is one that scanners try, not one that chargers use."""

    def __init__(self) -> None:
        super().__init__(404, _NOT_FOUND)


def identify(raw_target: str, offered: Sequence[str]) -> Identity:
    """Read the id from a raw request target; raise AdmissionError (400, 404) if there is none."""
    if not raw_target.isascii():
        raise AdmissionError(400, "The path must be percent-encoded")
    path, _, query = raw_target.partition("#")[0].partition("?")
    segments = [segment for segment in path.split("/") if segment]
    if not path.startswith("/") or not segments:
        raise AdmissionError(404, _NOT_FOUND)
    *endpoint, raw_id = segments
    words = [_decoded(segment).casefold() for segment in endpoint]
    _refuse_scans(words, raw_id)
    if (words or [raw_id.casefold()])[0] in RESERVED_SEGMENTS or not _is_ocpp(
        words, raw_id, offered
    ):
        raise AdmissionError(404, _NOT_FOUND)
    charge_point_id = _charge_point_id(raw_id)
    return Identity(
        charge_point_id=charge_point_id,
        raw_id=raw_id,
        version_hint=VERSION_TOKENS.get(words[-1]) if words else None,
        query=query,
        warnings=tuple(_warnings(charge_point_id)),
    )


def offered_subprotocols(header_lines: Iterable[str]) -> tuple[str, ...]:
    """Return the names of all `Sec-WebSocket-Protocol` lines, in order; names are ASCII."""
    names = (name.strip() for line in header_lines for name in line.split(","))
    return tuple(name for name in names if name and name.isascii())


def _is_ocpp(words: Sequence[str], raw_id: str, offered: Sequence[str]) -> bool:
    """Tell whether the last segment can be an id: neither the endpoint itself nor a version."""
    if "ocpp" in words:
        return not (words[-1] == "ocpp" and raw_id.casefold() in VERSION_TOKENS)
    speaks_ocpp = any(name.casefold().startswith("ocpp") for name in offered)
    return speaks_ocpp and raw_id.casefold() != "ocpp"


def _refuse_scans(words: Sequence[str], raw_id: str) -> None:
    if any(_SCAN.fullmatch(word) for word in words) or (words[-1:], raw_id) == (["etc"], "passwd"):
        raise PathScanError


def _charge_point_id(raw_id: str) -> str:
    try:
        decoded = unquote_to_bytes(raw_id).decode("utf-8")
    except UnicodeDecodeError:
        raise AdmissionError(404, "The charger's id is not UTF-8") from None
    if not decoded.strip() or decoded in {".", ".."}:
        raise AdmissionError(404, _NOT_FOUND)
    if len(decoded) > ID_MAX_CHARACTERS:
        raise AdmissionError(404, "The charger's id is too long")
    if any(unicodedata.category(character) == "Cc" for character in decoded):
        raise AdmissionError(404, "The charger's id has control characters")
    return decoded


def _warnings(charge_point_id: str) -> Iterable[str]:
    if ":" in charge_point_id:
        yield "id_with_colon"  # unusable with HTTP Basic
    if len(charge_point_id) > ID_WARN_CHARACTERS:
        yield "id_too_long"


def _decoded(segment: str) -> str:
    return unquote_to_bytes(segment).decode("utf-8", "replace")
