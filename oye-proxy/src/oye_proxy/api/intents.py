"""`/api/chargers/{id}/{intent}`: the owner's typed commands, the same for every OCPP version."""

import inspect

from oye_proxy.accounts import Scope
from oye_proxy.api.injection_models import Sent, WaitQuery
from oye_proxy.api.injections import COMMAND_ERRORS, COMMAND_HEADERS, WAITING, answer_of, wait_of
from oye_proxy.api.intent_models import ModeRequest, ModeSet
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.errors import ConflictError
from oye_proxy.ocppj.intents.requests import REQUESTS, Intent


async def run_intent(exchange: Exchange) -> Sent:
    """Send what the charger's version has for this command."""
    seconds = wait_of(exchange)
    injection = await exchange.app[DEPENDENCIES].commands.run(
        exchange.charge_point_id,
        exchange.body,
        origin=exchange.origin,
        confirm=exchange.body.confirm,
    )
    return await answer_of(injection, seconds)


async def set_mode(exchange: Exchange) -> ModeSet:
    """Set the owner's policy, one of those that are possible now."""
    hub = exchange.app[DEPENDENCIES].hub
    body: ModeRequest = exchange.body
    if body.mode not in hub.charger(exchange.charge_point_id).modes:
        raise ConflictError("Without forwarding to a CSMS a charger can only be standalone.")
    await hub.policies.set_mode(exchange.charge_point_id, body.mode)
    return ModeSet(mode=hub.charger(exchange.charge_point_id).mode)


def _route(intent: Intent) -> Route:
    model = REQUESTS[intent]
    text = inspect.cleandoc(model.__doc__ or "")
    return Route(
        method="POST",
        path=f"/api/chargers/{{charge_point_id}}/{intent.value}",
        handler=run_intent,
        scope=Scope.CONTROL,
        summary=text.partition("\n")[0].rstrip("."),
        description=" ".join([*text.partition("\n")[2].split(), WAITING]),
        query=WaitQuery,
        headers=COMMAND_HEADERS,
        body=model,
        answer=Sent,
        errors=(404, *COMMAND_ERRORS),
    )


ROUTES = (
    *(_route(intent) for intent in REQUESTS),
    Route(
        method="POST",
        path="/api/chargers/{charge_point_id}/mode",
        handler=set_mode,
        scope=Scope.CONTROL,
        summary="Set whether the CSMS, the owner or the proxy is in charge",
        body=ModeRequest,
        answer=ModeSet,
        errors=(404, 409),
    ),
)
