"""Id tags are personal data: those who may command see them whole, all others their end."""

from msgspec.structs import replace

from oye_proxy.accounts import Scope
from oye_proxy.api.frame_filter import FrameFilter
from oye_proxy.errors import NotPermittedError
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.events import LiveEvent, News
from oye_proxy.ocppj.facts import ConnectorFacts, TransactionFacts, masked


def event_shown_to(scope: Scope, event: LiveEvent) -> LiveEvent:
    """Return an event as a caller of this scope may see it."""
    if not isinstance(event, News) or scope.includes(Scope.CONTROL):
        return event
    id_tag = event.data.get("idTag")
    if not isinstance(id_tag, str):
        return event
    return replace(event, data={**event.data, "idTag": masked(id_tag)})


def charger_shown_to(scope: Scope, charger: ChargerState) -> ChargerState:
    """Return a charger's state as a caller of this scope may see it."""
    if scope.includes(Scope.CONTROL):
        return charger
    return replace(
        charger,
        reservations=[replace(one, id_tag=masked(one.id_tag)) for one in charger.reservations],
        connectors=[_shortened(connector) for connector in charger.connectors],
    )


def check_filter(scope: Scope, wanted: FrameFilter) -> None:
    """Refuse to look for texts in frames, where a tag is whole, for who may not see it."""
    if (wanted.texts or wanted.unwanted_texts) and not scope.includes(Scope.CONTROL):
        raise NotPermittedError("To look for texts in frames needs the scope control")


def _shortened(connector: ConnectorFacts) -> ConnectorFacts:
    return replace(
        connector,
        transaction=_without_tag(connector.transaction),
        last_transaction=_without_tag(connector.last_transaction),
    )


def _without_tag(transaction: TransactionFacts | None) -> TransactionFacts | None:
    return transaction and replace(transaction, id_tag=masked(transaction.id_tag))
