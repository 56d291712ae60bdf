"""The actions about charging: limits, schedules, sessions and reservations."""

from itertools import pairwise
from typing import Any, Final

import probatio

from .api import COMMAND_WAIT, LASTING_WAIT
from .const import FEATURE_PHASES, FEATURE_TIME_ZONES
from .services_call import ActionCall, Body, command
from .services_fields import (
    CONNECTOR,
    CURRENT,
    ID_TAG,
    MOMENT,
    SCOPE,
    UNIT,
    WEEK,
    YEAR,
    Fields,
    Validator,
    amount,
    duration,
    text,
    whole,
    word,
)

SESSION: Final = "session"
MAXIMUM: Final = "maximum"
WATTS: Final = 2_000_000


def _ordered(periods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    starts = [period["start"] for period in periods]
    if starts[0] != 0 or any(later <= earlier for earlier, later in pairwise(starts)):
        raise probatio.Invalid("the first period starts at 0, each later than the one before")
    return periods


LIMIT_FIELDS: Final[Fields] = {
    probatio.Exclusive("current", "limit"): CURRENT,
    probatio.Exclusive("power", "limit"): amount(WATTS),
    probatio.Optional("scope", default=SESSION): SCOPE,
    probatio.Optional("duration"): duration(YEAR),
    probatio.Optional("phases"): whole(0, 3),
    **CONNECTOR,
}
LIMIT_RULE: Final[Validator] = probatio.AtLeastOne("current", "power", "phases")
CLEAR_FIELDS: Final[Fields] = {probatio.Optional("scope"): SCOPE, **CONNECTOR}
SCHEDULE_FIELDS: Final[Fields] = {
    probatio.Required("periods"): probatio.All(
        probatio.EnsureList(),
        [
            {
                probatio.Required("start"): whole(0, 604_800),
                probatio.Required("limit"): amount(WATTS),
            }
        ],
        probatio.Length(min=1, max=100),
        _ordered,
    ),
    probatio.Optional("unit", default="a"): UNIT,
    probatio.Optional("scope", default=SESSION): SCOPE,
    probatio.Optional("start"): MOMENT,
    probatio.Optional("recurrence"): word("none", "daily", "weekly"),
    **CONNECTOR,
}
COMPOSITE_FIELDS: Final[Fields] = {
    probatio.Optional("duration"): duration(WEEK),
    probatio.Optional("unit"): UNIT,
    **CONNECTOR,
}
START_FIELDS: Final[Fields] = {
    probatio.Optional("id_tag"): ID_TAG,
    probatio.Optional("current"): CURRENT,
    **CONNECTOR,
}
STOP_FIELDS: Final[Fields] = {probatio.Optional("transaction_id"): text(36), **CONNECTOR}
RESERVE_FIELDS: Final[Fields] = {
    probatio.Required("id_tag"): ID_TAG,
    probatio.Required("until"): MOMENT,
    **CONNECTOR,
}
CANCEL_FIELDS: Final[Fields] = {probatio.Required("reservation_id"): whole(1, 2**31 - 1)}


def _of_scope(call: ActionCall) -> Body:
    """Return scope and connector: a session has one, a maximum is the whole charger's."""
    scope = call.fields.get("scope")
    connector = call.connector(required=scope == SESSION)
    return call.part(scope="scope") | ({} if scope == MAXIMUM else connector)


def _until_sent(call: ActionCall) -> float:
    return COMMAND_WAIT if call.fields.get("scope") == SESSION else LASTING_WAIT


def _limit(call: ActionCall) -> Body:
    if "phases" in call.fields:
        call.require_feature(FEATURE_PHASES)
    names = call.part(current="limitA", power="limitW", duration="duration", phases="phases")
    return names | _of_scope(call)


def _schedule(call: ActionCall) -> Body:
    body = call.part(periods="periods", unit="unit", start="start") | _of_scope(call)
    recurrence = call.fields.get("recurrence", "none")
    if recurrence == "none":
        return body
    call.require_feature(FEATURE_TIME_ZONES)
    # The times are those of the home, before and after its clocks change.
    return body | {"recurrence": recurrence, "timeZone": call.coordinator.hass.config.time_zone}


def _composite(call: ActionCall) -> Body:
    return call.part(duration="duration", unit="unit") | call.connector()


def _start(call: ActionCall) -> Body:
    return call.part(id_tag="idTag", current="limitA") | call.connector(required=True)


def _stop(call: ActionCall) -> Body:
    named = call.part(transaction_id="transactionId")
    return named | call.connector(required=not named)


def _reserve(call: ActionCall) -> Body:
    return call.part(id_tag="idTag", until="until") | call.connector(required=True)


def _cancel(call: ActionCall) -> Body:
    return call.part(reservation_id="reservationId")


set_charge_limit: Final = command("limit", _limit, wait=_until_sent)
clear_charge_limit: Final = command("clear-limit", _of_scope, wait=_until_sent)
set_charging_schedule: Final = command("schedule", _schedule, wait=_until_sent)
get_charging_schedule: Final = command("composite-schedule", _composite)
start_charging: Final = command("start", _start)
stop_charging: Final = command("stop", _stop)
reserve: Final = command("reserve", _reserve)
cancel_reservation: Final = command("cancel-reservation", _cancel)
