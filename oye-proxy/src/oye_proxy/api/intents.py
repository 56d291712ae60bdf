"""`/api/chargers/{id}/{intent}`: the owner's typed commands, the same for every OCPP version."""

import inspect

from oye_proxy.accounts import Scope
from oye_proxy.api.injections import COMMAND_ERRORS, COMMAND_HEADERS, WAITING, answer_of, wait_of
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Sent, WaitQuery
from oye_proxy.api.routes import Exchange, Route
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


ROUTES = tuple(_route(intent) for intent in REQUESTS)
