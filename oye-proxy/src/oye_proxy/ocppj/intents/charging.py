"""The intents about charging itself: start, stop, pause, resume and limits."""

from typing import Any

from oye_proxy.errors import ConflictError, InvalidRequestError
from oye_proxy.ocppj.intents.context import (
    IntentContext,
    charging_connector,
    connector_for,
    id_tag_for,
    only_connector,
    transaction_for,
)
from oye_proxy.ocppj.intents.requests import (
    ClearLimitRequest,
    CompositeScheduleRequest,
    LimitRequest,
    PauseRequest,
    ResumeRequest,
    StartRequest,
    StopRequest,
)
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot, slot_for, slot_of
from oye_proxy.ocppj.profiles.messages import (
    Message,
    clear_limits,
    set_limit,
    start_profile,
    stop_transaction,
)
from oye_proxy.ocppj.profiles.plan import LimitConflict, Plan, plan_limit
from oye_proxy.ocppj.profiles.schedules import RateUnit, convert
from oye_proxy.ocppj.profiles.wishes import PauseStrategy
from oye_proxy.ocppj.versions import OcppVersion


def start(request: StartRequest, version: OcppVersion, context: IntentContext) -> list[Message]:
    """Start remotely; the limit goes along as a TxProfile (C16 5.11.1, F01.FR.08)."""
    id_tag = id_tag_for(request.id_tag, version, context)
    connector_id = request.connector_id or only_connector(context)
    payload: dict[str, Any]
    if version.is_1_6:
        action, connector_key, payload = "RemoteStartTransaction", "connectorId", {"idTag": id_tag}
    else:
        action, connector_key = "RequestStartTransaction", "evseId"
        payload = {
            "idToken": {"idToken": id_tag, "type": "Central"},
            "remoteStartId": context.remote_start_id,
        }
    if connector_id is not None:
        payload[connector_key] = connector_id
    if request.limit_a is not None:
        slot = slot_for(LimitScope.SESSION, connector_for(connector_id, context))
        plan = _planned(slot, request.limit_a, context)
        payload["chargingProfile"] = start_profile(version, slot.connector_id, plan, context.now)
    return [(action, payload)]


def stop(request: StopRequest, version: OcppVersion, context: IntentContext) -> list[Message]:
    """Stop remotely, by the id that the charger knows."""
    transaction_id = transaction_for(request.transaction_id, request.connector_id, context)
    return [stop_transaction(version, transaction_id)]


def pause(request: PauseRequest, version: OcppVersion, context: IntentContext) -> list[Message]:
    """Hold back: a TxProfile of 0 or a remote stop; nothing to send while nothing charges."""
    connector_id = charging_connector(request.connector_id, context)
    if context.pause is PauseStrategy.REMOTE_STOP and connector_id in context.transactions:
        return [stop_transaction(version, context.transactions[connector_id])]
    if context.pause is PauseStrategy.REMOTE_STOP:
        return []
    return _limit_session(connector_id, 0.0, version, context)


def resume(request: ResumeRequest, version: OcppVersion, context: IntentContext) -> list[Message]:
    """End a pause: clear the TxProfile of ours, or start again."""
    connector_id = charging_connector(request.connector_id, context)
    if context.pause is PauseStrategy.LIMIT_ZERO:
        return clear_limits(version, [slot_for(LimitScope.SESSION, connector_id).profile_id])
    if connector_id in context.transactions:
        return []
    return start(StartRequest(connector_id=connector_id, id_tag=request.id_tag), version, context)


def limit(request: LimitRequest, version: OcppVersion, context: IntentContext) -> list[Message]:
    """Set a limit; one for a session that has not begun is not sent: it is kept for its start."""
    limit_a = limit_in_amperes(request, context)
    if request.scope is LimitScope.SESSION:
        connector_id = charging_connector(request.connector_id or None, context)
        return _limit_session(connector_id, limit_a, version, context)
    slot = slot_for(request.scope, request.connector_id or 0)
    return [set_limit(version, slot, _planned(slot, limit_a, context), context.now)]


def limit_in_amperes(request: LimitRequest, context: IntentContext) -> float:
    """Read the one limit of a request, watts converted."""
    if request.limit_w is None and request.limit_a is not None:
        return request.limit_a
    if request.limit_w is None or request.limit_a is not None:
        raise InvalidRequestError("Give either limitA or limitW.")
    return convert(request.limit_w, RateUnit.W, RateUnit.A, context.traits)


def clear_limit(
    request: ClearLimitRequest, version: OcppVersion, context: IntentContext
) -> list[Message]:
    """Remove own limits by their ids: those the charger holds, else what the request names."""
    held = (slot_of(profile.profile_id) for profile in context.profiles if profile.ours)
    slots = [slot for slot in held if slot is not None and _is_meant(slot, request)]
    if not slots:
        slots = [slot_for(request.scope or LimitScope.MAXIMUM, request.connector_id or 0)]
    return clear_limits(version, [slot.profile_id for slot in slots])


def composite_schedule(
    request: CompositeScheduleRequest, version: OcppVersion, _context: IntentContext
) -> list[Message]:
    """Ask for the composite schedule, of the whole charger when no connector is named."""
    connector_key = "connectorId" if version.is_1_6 else "evseId"
    connector_id = request.connector_id or 0
    payload: dict[str, Any] = {connector_key: connector_id, "duration": request.duration}
    if request.unit is not None:
        payload["chargingRateUnit"] = request.unit.value
    return [("GetCompositeSchedule", payload)]


def _limit_session(
    connector_id: int, limit_a: float, version: OcppVersion, context: IntentContext
) -> list[Message]:
    """A TxProfile needs a running transaction (C16 3.13.1, K01.FR.16)."""
    slot = slot_for(LimitScope.SESSION, connector_id)
    transaction_id = context.transactions.get(connector_id)
    if transaction_id is None:
        return []
    plan = _planned(slot, limit_a, context, transaction_id)
    return [set_limit(version, slot, plan, context.now)]


def _planned(
    slot: Slot, limit_a: float, context: IntentContext, transaction_id: str | None = None
) -> Plan:
    plan = plan_limit(
        slot,
        limit_a,
        context.profiles,
        context.traits,
        context.now,
        transaction_id=transaction_id,
    )
    if isinstance(plan, LimitConflict):
        raise ConflictError(plan.reason)
    return plan


def _is_meant(slot: Slot, request: ClearLimitRequest) -> bool:
    scope_fits = request.scope in (None, slot.scope)
    return scope_fits and request.connector_id in (None, slot.connector_id)
