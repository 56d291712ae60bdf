"""Recorded transactions, from the proxy's JSON to models."""

from typing import Any

from .models import Session, SessionPage
from .parsing_base import InvalidAnswerError
from .reading import flag, integer, moment, number, text


def parse_sessions(data: Any) -> SessionPage:
    """Read the body of `/api/transactions`; raise InvalidAnswerError."""
    match data:
        case {"transactions": list(listed)}:
            return SessionPage(
                sessions=tuple(filter(None, map(_session, listed))),
                next_before=integer(data.get("nextBefore")),
            )
        case _:
            raise InvalidAnswerError("no transactions")


def _session(data: Any) -> Session | None:
    match data:
        case {
            "id": int(row),
            "chargePointId": str(charge_point_id),
            "transactionId": str(transaction_id),
        }:
            return Session(
                row=row,
                charge_point_id=charge_point_id,
                transaction_id=transaction_id,
                number=integer(data.get("evseId")),
                state=text(data.get("state")),
                begun_at=moment(data.get("begunAt")),
                started_at=moment(data.get("startedAt")),
                stopped_at=moment(data.get("stoppedAt")),
                duration_seconds=number(data.get("durationSeconds")),
                id_tag=text(data.get("idTag")),
                id_tag_name=text(data.get("idTagName")),
                id_tag_status=text(data.get("idTagStatus")),
                started_by=text(data.get("startedBy")),
                reason=text(data.get("reason")),
                meter_start_wh=number(data.get("meterStartWh")),
                meter_stop_wh=number(data.get("meterStopWh")),
                energy_wh=number(data.get("energyWh")),
                start_acknowledged_at=moment(data.get("startAcknowledgedAt")),
                stop_acknowledged_at=moment(data.get("stopAcknowledgedAt")),
                gap=flag(data.get("gap")),
                adopted=flag(data.get("adopted")),
                offline=flag(data.get("offline")),
            )
        case _:
            return None
