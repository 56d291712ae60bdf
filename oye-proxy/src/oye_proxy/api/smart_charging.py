"""`/api/chargers/{id}/smart-charging`: the limits of the Node oye-proxy, in amperes."""

import math

import msgspec

from oye_proxy.accounts import Scope
from oye_proxy.api.injection_models import Sent, SmartChargingRequest, WaitQuery
from oye_proxy.api.injections import COMMAND_ERRORS, COMMAND_HEADERS, WAITING, answer_of, wait_of
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.errors import ChargerNotConnectedError, ChargerUnknownError, InvalidRequestError
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.ocppj.intents.requests import ClearLimitRequest, LimitRequest
from oye_proxy.ocppj.profiles.ids import LimitScope

_SENTENCE = "Invalid parameters. Provide maxPower, sessionLimit, or action=clear"


async def limit_charging(exchange: Exchange) -> Sent:
    """Set the lasting limit, that of a session, or clear the owner's limits."""
    dependencies = exchange.app[DEPENDENCIES]
    seconds = wait_of(exchange)
    try:
        charger = dependencies.hub.charger(exchange.charge_point_id)
    except ChargerUnknownError:
        raise ChargerNotConnectedError from None
    if not charger.connected:
        raise ChargerNotConnectedError
    injection = await dependencies.commands.run(
        exchange.charge_point_id,
        _intent(exchange.body, charger),
        origin=exchange.origin,
        confirm=False,
    )
    return await answer_of(injection, seconds)


def _intent(body: SmartChargingRequest, charger: ChargerState) -> LimitRequest | ClearLimitRequest:
    """Look at `action`, then `maxPower`, then `sessionLimit`."""
    if body.action == "clear":
        return ClearLimitRequest()
    if body.max_power is not None:
        return _limit(body.max_power, LimitScope.MAXIMUM, None)
    if body.session_limit is None:
        raise InvalidRequestError(_SENTENCE)
    if body.transaction_id is None:
        return _limit(body.session_limit, LimitScope.DEFAULT, None)
    connector_id = _connector_of(str(body.transaction_id), charger)
    return _limit(body.session_limit, LimitScope.SESSION, connector_id)


def _limit(given: float | str, scope: LimitScope, connector_id: int | None) -> LimitRequest:
    try:
        limit_a = float(given)
        if not math.isfinite(limit_a):
            raise InvalidRequestError(_SENTENCE)
        wish = {"limitA": limit_a, "scope": scope, "connectorId": connector_id}
        return msgspec.convert(wish, LimitRequest)
    except ValueError:
        raise InvalidRequestError(_SENTENCE) from None


def _connector_of(transaction_id: str, charger: ChargerState) -> int:
    for connector in charger.connectors:
        transaction = connector.transaction
        if transaction is not None and transaction.transaction_id == transaction_id:
            return connector.evse_id
    raise InvalidRequestError("transactionId: no such transaction is running")


ROUTES = (
    Route(
        method="POST",
        path="/api/chargers/{charge_point_id}/smart-charging",
        handler=limit_charging,
        scope=Scope.CONTROL,
        summary="Limit the current, as the Node oye-proxy does",
        description="`maxPower` is the lasting limit of the charger, `sessionLimit` that of the "
        "transaction named, or of the coming ones; `clear` removes the owner's limits alone. "
        f"`messageId` is that of the first CALL. {WAITING}",
        query=WaitQuery,
        headers=COMMAND_HEADERS,
        body=SmartChargingRequest,
        answer=Sent,
        errors=COMMAND_ERRORS,
    ),
)
