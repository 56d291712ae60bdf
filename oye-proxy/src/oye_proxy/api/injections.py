"""`/api/inject`: the owner's own CALL to a charger, and the answer of every command."""

import re
from typing import Final

from aiohttp import web
from msgspec import UNSET, UnsetType

from oye_proxy.accounts import Scope
from oye_proxy.api.injection_models import MAX_WAIT, InjectRequest, Sent, WaitQuery
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.errors import InvalidRequestError
from oye_proxy.hub.injections import Injection

IDEMPOTENCY_HEADER: Final = "Idempotency-Key"
COMMAND_HEADERS: Final = {"Prefer": "`wait=<seconds>`, the same as the query's `wait`."}
COMMAND_ERRORS: Final = (409, 502, 503, 504)
WAITING: Final = (
    "With `wait` the answer comes when the charger has answered: a CALLERROR is 502, no answer in "
    "time 504, a charger that left 503, each with `messageId`."
)

_KEY_LENGTH = 255
_PREFERRED_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(?P<seconds>\d{1,6})", re.IGNORECASE)


async def inject(exchange: Exchange) -> Sent:
    """Send a CALL as it is given."""
    body: InjectRequest = exchange.body
    seconds = wait_of(exchange)
    injection = await exchange.app[DEPENDENCIES].hub.inject(
        exchange.charge_point_id,
        body.action,
        body.payload or {},
        origin=exchange.origin,
        confirm=body.confirm,
        idempotency_key=_idempotency_key(exchange.request),
    )
    return await answer_of(injection, seconds)


def wait_of(exchange: Exchange) -> float | None:
    """Return for how long the caller wants to wait; a preference out of range is cut to it."""
    query: WaitQuery = exchange.query
    if query.wait is not None:
        return query.wait
    preferred = _PREFERRED_WAIT.search(",".join(exchange.request.headers.getall("Prefer", [])))
    return min(max(float(preferred["seconds"]), 1.0), MAX_WAIT) if preferred else None


async def answer_of(injection: Injection, seconds: float | None) -> Sent:
    """Tell that a command was sent, or wait and tell how the charger answered."""
    if seconds is None:
        queued = True if injection.queued else UNSET
        warnings = injection.warnings or UNSET
        return Sent(
            message_id=injection.message_id,
            queued=queued,
            reservation_id=_reservation_of(injection),
            warnings=warnings,
            pauses=injection.pauses or UNSET,
        )
    outcome = await injection.outcome(seconds)
    return Sent(
        message_id=injection.message_id,
        # An answer without a status cannot say no.
        accepted=outcome.accepted is not False,
        response=outcome.payload,
        follow_ups=outcome.follow_ups or UNSET,
        complete=UNSET if outcome.complete else False,
        reservation_id=_reservation_of(injection),
        warnings=injection.warnings or UNSET,
        pauses=injection.pauses or UNSET,
    )


def _reservation_of(injection: Injection) -> int | UnsetType:
    """Return the id under which a reservation is asked for, 1.6 or 2.x."""
    if injection.action != "ReserveNow" or not isinstance(injection.payload, dict):
        return UNSET
    reservation_id = injection.payload.get("reservationId", injection.payload.get("id"))
    return reservation_id if isinstance(reservation_id, int) else UNSET


def _idempotency_key(request: web.Request) -> str | None:
    keys = request.headers.getall(IDEMPOTENCY_HEADER, [])
    if len(keys) > 1 or any(not 1 <= len(key) <= _KEY_LENGTH for key in keys):
        raise InvalidRequestError(f"{IDEMPOTENCY_HEADER}: one of 1 to {_KEY_LENGTH} characters")
    return keys[0] if keys else None


ROUTES = (
    Route(
        method="POST",
        path="/api/inject/{charge_point_id}",
        handler=inject,
        scope=Scope.CONTROL,
        summary="Send any CALL to a charger",
        description="`sent` means that the CALL has gone out, or waits for its turn (`queued`). "
        f"{WAITING} A CALL that can lock the owner out needs `confirm`.",
        query=WaitQuery,
        headers={
            **COMMAND_HEADERS,
            IDEMPOTENCY_HEADER: "The same key within 24 h returns the first command's outcome; "
            "with another action or payload it is refused with 409 `conflict`.",
        },
        body=InjectRequest,
        answer=Sent,
        errors=COMMAND_ERRORS,
    ),
)
