"""
The intents about charging itself: start, stop, and which limit is in force.

Limits and pauses are wishes that outlive a CALL: see `wishes.py` and `profiles/owner.py`.
"""

from typing import Any

from oye_proxy.errors import ConflictError
from oye_proxy.ocppj.intents.context import (
    IntentContext,
    connector_for,
    id_tag_for,
    only_connector,
    transaction_for,
)
from oye_proxy.ocppj.intents.requests import (
    CompositeScheduleRequest,
    StartRequest,
    StopRequest,
)
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot, slot_for
from oye_proxy.ocppj.profiles.messages import (
    Message,
    start_profile,
    stop_transaction,
)
from oye_proxy.ocppj.profiles.plan import Plan, plan_limit
from oye_proxy.ocppj.profiles.rivals import LimitConflict
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


def _planned(slot: Slot, limit_a: float, context: IntentContext) -> Plan:
    plan = plan_limit(slot, limit_a, context.profiles, context.traits, context.now)
    if isinstance(plan, LimitConflict):
        raise ConflictError(plan.reason)
    return plan
