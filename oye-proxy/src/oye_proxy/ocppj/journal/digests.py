"""
What makes two CALLs of a charger the same event (docs/OCPP.md, de-duplication).

The message id never counts: a charger that repeats an event after a restart gives it a new one,
and some count their ids from 1 after each start. So a digest tells events, which bear their time;
two Heartbeats, or two questions, have one digest and still want an answer each.
"""

from hashlib import blake2b
from typing import Any, Final

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.versions import OcppVersion


def digest_of(version: OcppVersion, call: Call) -> str:
    """
    Return 32 hex digits that are equal for two CALLs which tell of the same event.

    Starts and stops of 1.6 are told by their facts. All else is told by its payload, character by
    character: a TransactionEvent of other content under the same `seqNo` is another event, and so
    is a start that lacks one of the facts.
    """
    names = _FACTS.get(call.action) if version.is_1_6 else None
    facts = None if names is None else _facts(call.payload, names)
    told_by = call.payload_text if facts is None else facts
    # The representation quotes texts, so that no two of these have the same one.
    identity = repr((version.value, call.action, told_by))
    return blake2b(identity.encode(errors="surrogatepass"), digest_size=16).hexdigest()


_FACTS: Final = {
    "StartTransaction": ("connectorId", "idTag", "meterStart", "timestamp"),
    "StopTransaction": ("transactionId", "meterStop", "timestamp"),
}


def _facts(payload: Any, names: tuple[str, ...]) -> tuple[Any, ...] | None:
    """Return the facts by which an event is told, None when one of them cannot be read."""
    if not isinstance(payload, dict):
        return None
    facts = tuple(payload.get(name) for name in names)
    return facts if all(map(_is_readable, facts)) else None


def _is_readable(fact: Any) -> bool:
    return isinstance(fact, str | int | float) and not isinstance(fact, bool)
