"""The connectors of a charger, from the proxy's JSON to models."""

from collections.abc import Mapping
from typing import Any

from .models import Connector, Transaction
from .parsing_base import kept, kept_mapping
from .parsing_condition import parse_condition
from .parsing_limits import parse_connector_limits, parse_told_limit
from .parsing_meter import parse_meter
from .reading import flag, integer, items, mapping, moment, number, text


def parse_connectors(
    data: Any, limits: Mapping[str, Any], before: Mapping[int, Connector]
) -> Mapping[int, Connector]:
    """Read the connectors; `limits` are those of their charger, told beside them."""
    limits_of = {
        integer(one.get("connectorId")): one
        for one in map(mapping, items(limits.get("connectors")))
    }
    read: dict[int, Connector] = {}
    for one in map(mapping, items(data)):
        evse_id = integer(one.get("evseId"))
        if evse_id is not None and evse_id > 0:
            read[evse_id] = _connector(evse_id, one, limits_of.get(evse_id, {}), before)
    return kept_mapping(dict(sorted(read.items())), before)


def _connector(
    evse_id: int,
    data: Mapping[str, Any],
    limits: Mapping[str, Any],
    known: Mapping[int, Connector],
) -> Connector:
    previous = known.get(evse_id)
    before = previous or Connector(number=evse_id)
    plugged, socket = data.get("plugged"), data.get("socket")
    connector = Connector(
        number=evse_id,
        connector_id=integer(data.get("connectorId")),
        plugged=plugged if isinstance(plugged, bool) else None,
        socket=socket if isinstance(socket, bool) else None,
        condition=kept(parse_condition(data), before.condition),
        meter=parse_meter(data, before.meter),
        limit=kept(parse_told_limit(data.get("limit")), before.limit),
        limits=kept(parse_connector_limits(limits), before.limits),
        transaction=kept(_transaction(data.get("transaction")), before.transaction),
        last_transaction=kept(_transaction(data.get("lastTransaction")), before.last_transaction),
    )
    return kept(connector, previous)


def _transaction(data: Any) -> Transaction | None:
    match data:
        case {"transactionId": str(transaction_id)} if transaction_id:
            return Transaction(
                transaction_id=transaction_id,
                id_tag=text(data.get("idTag")),
                id_tag_name=text(data.get("idTagName")),
                id_tag_type=text(data.get("idTagType")),
                id_tag_status=text(data.get("idTagStatus")),
                started_at=moment(data.get("startedAt")),
                started_by=text(data.get("startedBy")),
                remote_start_id=integer(data.get("remoteStartId")),
                meter_start_wh=number(data.get("meterStartWh")),
                meter_stop_wh=number(data.get("meterStopWh")),
                energy_wh=number(data.get("energyWh")),
                charging_state=text(data.get("chargingState")),
                seq_no=integer(data.get("seqNo")),
                gap=flag(data.get("gap")),
                offline=flag(data.get("offline")),
                stopped_at=moment(data.get("stoppedAt")),
                reason=text(data.get("reason")),
            )
        case _:
            return None
