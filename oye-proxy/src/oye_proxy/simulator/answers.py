"""How a simulated charger treats the CALLs of a CSMS, before an action's own handler."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.exchange import Answer, CallRefusedError, Outgoing, Payload

Handler: TypeAlias = Callable[[Payload], Answer]


def dispatch(
    handlers: Mapping[str, Handler], schemas: Schemas, version: OcppVersion, call: Call
) -> Answer:
    """Answer a CALL; raise CallRefusedError for unknown and unsupported ones and bad payloads."""
    if call.action not in schemas.actions(version):
        raise CallRefusedError(Cause.NOT_IMPLEMENTED, "unknown action")
    handler = handlers.get(call.action)
    if handler is None:
        raise CallRefusedError(Cause.NOT_SUPPORTED, "not supported by this charger")
    violation = schemas.validate_call(version, call.action, call.payload)
    if violation is not None:
        raise CallRefusedError(violation.cause, violation.message)
    try:
        return handler(call.payload)
    except ValueError as error:  # a time or a word that its schema lets pass
        raise CallRefusedError(Cause.PROPERTY_CONSTRAINT_VIOLATION, str(error)[:255]) from error


def status(word: str, then: Callable[[], None] | None = None) -> Answer:
    """Answer with a status."""
    return Answer({"status": word}, then)


def send_all(send: Callable[[Outgoing], None], messages: Iterable[Outgoing]) -> None:
    """Send messages, in their order."""
    for outgoing in messages:
        send(outgoing)
