"""`/api/chargers`: the list, one charger, what the owner changes about it, its removal."""

from datetime import datetime

from msgspec import UNSET

from oye_proxy.accounts import Scope
from oye_proxy.api.charger_models import ChargerPatch, ChargerRow
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.shown_tags import charger_shown_to
from oye_proxy.hub.chargers import ChargerState


async def list_chargers(exchange: Exchange) -> list[ChargerRow]:
    """Answer every charger that was ever seen."""
    chargers, _ = exchange.app[DEPENDENCIES].hub.snapshot()
    scope = exchange.caller.scope
    return [_row(charger_shown_to(scope, charger)) for charger in chargers]


async def show_charger(exchange: Exchange) -> ChargerState:
    """Answer one charger's live state."""
    charger = exchange.app[DEPENDENCIES].hub.charger(exchange.charge_point_id)
    return charger_shown_to(exchange.caller.scope, charger)


async def change_charger(exchange: Exchange) -> ChargerState:
    """Give a charger a name or a policy, choose how it pauses, approve it, or set it inactive."""
    hub = exchange.app[DEPENDENCIES].hub
    charge_point_id = exchange.charge_point_id
    patch: ChargerPatch = exchange.body
    hub.charger(charge_point_id)
    if patch.name is not UNSET:
        await hub.policies.rename(charge_point_id, patch.name or None)
    if patch.mode is not UNSET:
        await hub.policies.set_mode(charge_point_id, patch.mode)
    if patch.pause_strategy is not UNSET:
        await hub.policies.set_pause_strategy(charge_point_id, patch.pause_strategy)
    if patch.approved is not UNSET:
        await hub.policies.approve(charge_point_id, approved=patch.approved)
    if patch.owner_status is not UNSET:
        await hub.policies.set_owner_status(charge_point_id, patch.owner_status)
    return hub.charger(charge_point_id)


async def delete_charger(exchange: Exchange) -> Done:
    """Delete a charger with its frames and tags; it may come back as a new one."""
    charge_point_id = exchange.charge_point_id
    hub, simulators = exchange.app[DEPENDENCIES].hub, exchange.app[DEPENDENCIES].simulators
    hub.charger(charge_point_id)
    if any(one.charge_point_id == charge_point_id for one in simulators.running()):
        await simulators.stop_one(charge_point_id)
    await hub.forget(charge_point_id)
    return Done()


async def disconnect_charger(exchange: Exchange) -> Done:
    """Close a charger's connection; it will come back by itself."""
    hub = exchange.app[DEPENDENCIES].hub
    hub.charger(exchange.charge_point_id)
    await hub.disconnect(exchange.charge_point_id, "closed by the owner")
    return Done()


def _row(charger: ChargerState) -> ChargerRow:
    return ChargerRow(
        charge_point_id=charger.charge_point_id,
        status="ONLINE" if charger.connected else "OFFLINE",
        last_seen=_epoch_seconds(charger.last_seen),
        max_power=charger.limits.max_current_a,
        remote_ip=charger.remote_address,
        remote_port=charger.remote_port,
        connected_at=_epoch_seconds(charger.connected_at),
        state=charger,
    )


def _epoch_seconds(time: datetime | None) -> int | None:
    return None if time is None else int(time.timestamp())


_PATH = "/api/chargers/{charge_point_id}"

ROUTES = (
    Route(
        method="GET",
        path="/api/chargers",
        handler=list_chargers,
        scope=Scope.READ,
        summary="Every charger",
        answer=list[ChargerRow],
    ),
    Route(
        method="GET",
        path=_PATH,
        handler=show_charger,
        scope=Scope.READ,
        summary="One charger",
        answer=ChargerState,
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path=_PATH,
        handler=change_charger,
        scope=Scope.ADMIN,
        summary="Change a charger's name, mode, way to pause, approval or status",
        body=ChargerPatch,
        answer=ChargerState,
        errors=(404, 409),
    ),
    Route(
        method="DELETE",
        path=_PATH,
        handler=delete_charger,
        scope=Scope.ADMIN,
        summary="Delete a charger and what is stored of it",
        answer=Done,
        errors=(404,),
    ),
    Route(
        method="POST",
        path=f"{_PATH}/disconnect",
        handler=disconnect_charger,
        scope=Scope.CONTROL,
        summary="Close a charger's connection",
        answer=Done,
        errors=(404, 503),
    ),
)
