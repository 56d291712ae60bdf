"""What the hub knows of a charger, as the intents and the limits need it."""

from datetime import datetime

from oye_proxy.errors import ChargerNotConnectedError, NotSupportedError
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.limits import traits_of
from oye_proxy.ocppj.facts import ChargerFacts
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.versions import OcppVersion


def version_of(charger: Charger) -> OcppVersion:
    """Return the version of a charger that is connected; raise OyeError when there is none."""
    if charger.bridge is None:
        raise ChargerNotConnectedError
    if charger.bridge.version is None:
        raise NotSupportedError("This charger speaks no version of OCPP that is known here.")
    return charger.bridge.version


def intent_context(
    charger: Charger, now: datetime, *, id_tag: str | None, fresh_id: int
) -> IntentContext:
    """Return what an intent needs to know; `id_tag` is for starts that name none."""
    facts = charger.facts.view(now)
    return IntentContext(
        now=now,
        id_tag=id_tag,
        remote_start_id=fresh_id,
        reservation_id=fresh_id,
        reservations={one.reservation_id: one.evse_id or 0 for one in facts.reservations},
        local_list_version=facts.local_list_version,
        connector_ids=tuple(range(1, (facts.connector_count or 0) + 1)),
        transactions=transactions_of(facts),
        rated_current_a=facts.rated_current_a,
        profiles=tuple(charger.profiles),
        traits=traits_of(charger.limits, facts),
    )


def transactions_of(facts: ChargerFacts) -> dict[int, str]:
    """Return the transactions that run, by connector (2.x: EVSE)."""
    return {
        connector.evse_id: connector.transaction.transaction_id
        for connector in facts.connectors
        if connector.transaction is not None
    }
