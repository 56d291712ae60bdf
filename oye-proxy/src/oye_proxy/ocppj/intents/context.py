"""What an intent needs to know of the charger, and the choices that follow from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from oye_proxy.errors import ConflictError, InvalidRequestError
from oye_proxy.ocppj.profiles.schedules import Traits
from oye_proxy.ocppj.profiles.table import Profile
from oye_proxy.ocppj.versions import OcppVersion

_ID_TAG_LENGTH: Final = {OcppVersion.V1_6: 20, OcppVersion.V2_0_1: 36, OcppVersion.V2_1: 255}


class IntentContext(Struct, frozen=True, kw_only=True):
    """
    The charger as it is now.

    `id_tag` is the charger's own tag, else the default tag; `transactions` are the open ones by
    connector; `remote_start_id` and `reservation_id` are fresh numbers; `profiles` is what the
    profile table holds. `reservations` are those known, with the connector of each (0: any);
    `local_list_version` is None while the charger has not told it.
    """

    now: datetime
    id_tag: str | None = None
    remote_start_id: int = 1
    reservation_id: int = 1
    reservations: Mapping[int, int] = field(default_factory=dict)
    local_list_version: int | None = None
    connector_ids: tuple[int, ...] = ()
    transactions: Mapping[int, str] = field(default_factory=dict)
    rated_current_a: float | None = None
    profiles: tuple[Profile, ...] = ()
    traits: Traits = Traits()


def connector_for(asked: int | None, context: IntentContext) -> int:
    """Return the connector asked for, else the only one; raise InvalidRequestError otherwise."""
    if asked is not None:
        return asked
    only = only_connector(context)
    if only is not None:
        return only
    if any(connector_id > 0 for connector_id in context.connector_ids):
        raise InvalidRequestError("This charger has several connectors: give connectorId.")
    raise InvalidRequestError("No connector of this charger is known yet: give connectorId.")


def only_connector(context: IntentContext) -> int | None:
    """Return the connector of a charger that has one; None when there are more, or none known."""
    connectors = [connector_id for connector_id in context.connector_ids if connector_id > 0]
    return connectors[0] if len(connectors) == 1 else None


def charging_connector(asked: int | None, context: IntentContext) -> int:
    """Return the connector asked for, else the only one that charges, else the only one."""
    if asked is None and len(context.transactions) == 1:
        return next(iter(context.transactions))
    return connector_for(asked, context)


def transaction_for(
    transaction_id: str | None, connector_id: int | None, context: IntentContext
) -> str:
    """Return the transaction named, that of the connector, or the only open one."""
    if transaction_id is not None:
        return transaction_id
    if connector_id is not None:
        if connector_id not in context.transactions:
            raise ConflictError(f"No transaction is running on connector {connector_id}.")
        return context.transactions[connector_id]
    if not context.transactions:
        raise ConflictError("No transaction is running.")
    if len(context.transactions) > 1:
        raise InvalidRequestError("Several transactions are running: give connectorId.")
    return next(iter(context.transactions.values()))


def id_tag_for(asked: str | None, version: OcppVersion, context: IntentContext) -> str:
    """Return the tag asked for, else that of the charger; refuse one the version cannot carry."""
    id_tag = asked or context.id_tag
    if not id_tag:
        raise InvalidRequestError("Give an idTag: there is no default one.")
    longest = _ID_TAG_LENGTH[version]
    if len(id_tag) > longest:
        raise InvalidRequestError(f"An id tag of OCPP {version} has at most {longest} characters.")
    return id_tag
