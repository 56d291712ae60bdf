"""The record of a transaction, and how what a frame says changes it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Row, String

from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange, Verdict
from oye_proxy.storage.models import transactions
from oye_proxy.storage.texts import storable
from oye_proxy.storage.times import from_microseconds, to_microseconds

# Meter values and repeated stops come late; the same id after this is another transaction.
LATE: Final = timedelta(days=1)

_LENGTHS = {
    column.name: column.type.length
    for column in transactions.columns
    if isinstance(column.type, String)
}
_MOMENT = "_at"
_COLUMN = "_us"


class TransactionRow(Struct, frozen=True, kw_only=True):
    """
    One transaction; `id` is None until it is stored.

    `begun_at` is the start, or when an `adopted` one was first seen. `closed_at` is the end, or
    when another transaction on its connector told that it must be over; None while it runs. `gap`
    says that messages of it are missing. A refusal is the error code of the CSMS.
    """

    id: int | None = None
    charge_point_id: str
    transaction_id: str
    csms_transaction_id: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None
    ocpp_version: str | None = None
    id_tag: str | None = None
    id_tag_type: str | None = None
    id_tag_status: str | None = None
    stop_id_tag: str | None = None
    begun_at: datetime
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str | None = None
    meter_start_wh: float | None = None
    meter_stop_wh: float | None = None
    energy_wh: float | None = None
    started_by: str | None = None
    remote_start_id: int | None = None
    start_acknowledged_at: datetime | None = None
    start_refusal: str | None = None
    stop_acknowledged_at: datetime | None = None
    stop_refusal: str | None = None
    gap: bool = False
    adopted: bool = False
    offline: bool = False
    updated_at: datetime


def tag_key(id_tag: str) -> str:
    """Return by what tags compare: without case (C16 3.9)."""
    return storable(id_tag.casefold())


def values_of(row: TransactionRow) -> dict[str, Any]:
    """Return the columns of a row, without its id."""
    values: dict[str, Any] = {}
    for name, value in asdict(row).items():
        if name.endswith(_MOMENT):
            moment = None if value is None else to_microseconds(value)
            values[name.removesuffix(_MOMENT) + _COLUMN] = moment
        elif isinstance(value, str):
            values[name] = storable(value, _LENGTHS[name])
        elif name != "id":
            values[name] = value
    values["id_tag_key"] = None if row.id_tag is None else tag_key(row.id_tag)
    return values


def row_of(found: Row[Any]) -> TransactionRow:
    """Read a row of the table."""
    values = {
        name.removesuffix(_COLUMN) + _MOMENT if name.endswith(_COLUMN) else name: (
            from_microseconds(value) if name.endswith(_COLUMN) else value
        )
        for name, value in found._mapping.items()  # noqa: SLF001 - SQLAlchemy's public name for it
        if name != "id_tag_key"
    }
    return TransactionRow(**values)


def meant(rows: Sequence[TransactionRow], change: TransactionChange) -> TransactionRow | None:
    """
    Return the row of a charger that a change is about; None when it is about none of them.

    `rows` bear the id of the change, the newest first. Ids come again, so a start with another time
    is another transaction, and so is what comes long after the end of the last one.
    """
    running = next((row for row in rows if row.closed_at is None), None)
    same_start = (
        row
        for row in rows
        if change.started_at is not None and change.started_at in (row.started_at, row.begun_at)
    )
    match change.kind:
        case ChangeKind.START:
            adopted = running if running is not None and running.started_at is None else None
            return next(same_start, adopted)
        case ChangeKind.VERDICT:
            awaited = (row for row in rows if _awaits(row, change))
            return next(awaited, rows[0] if rows else None)
        case ChangeKind.UPDATE | ChangeKind.STOP:
            if running is not None:
                return running
            moment = change.stopped_at or change.at
            ended = (row for row in rows if row.closed_at and abs(moment - row.closed_at) < LATE)
            return next(same_start, next(ended, None))


def begun(charge_point_id: str, change: TransactionChange) -> TransactionRow:
    """Make the row of a transaction that is seen for the first time."""
    seen = change.stopped_at or min((sample.at for sample in change.samples), default=change.at)
    adopted = change.started_at is None
    return TransactionRow(
        charge_point_id=charge_point_id,
        transaction_id=storable(change.transaction_id or ""),
        begun_at=change.started_at or seen,
        gap=adopted,
        adopted=adopted,
        updated_at=change.at,
    )


def changed(row: TransactionRow, change: TransactionChange) -> TransactionRow:
    """Return a row with what a change says; the same change twice changes nothing more."""
    starts = change.kind is ChangeKind.START
    row = replace(
        row,
        csms_transaction_id=change.csms_transaction_id or row.csms_transaction_id,
        evse_id=change.evse_id or row.evse_id,
        connector_id=change.connector_id or row.connector_id,
        ocpp_version=change.ocpp_version or row.ocpp_version,
        id_tag=(starts and change.id_tag) or row.id_tag or change.id_tag,
        id_tag_type=row.id_tag_type or change.id_tag_type,
        id_tag_status=change.id_tag_status or row.id_tag_status,
        started_at=row.started_at or change.started_at,
        meter_start_wh=_first(row.meter_start_wh, change.meter_start_wh),
        started_by=_wish(row.started_by, change.started_by),
        remote_start_id=_first(row.remote_start_id, change.remote_start_id),
        gap=row.gap or change.gap,
        adopted=row.adopted and change.started_at is None,
        offline=row.offline or change.offline,
        updated_at=max(row.updated_at, change.at),
    )
    if change.stopped_at is not None and row.stopped_at in (None, change.stopped_at):
        row = replace(
            row,
            stopped_at=change.stopped_at,
            closed_at=change.stopped_at,
            reason=change.reason or row.reason,
            stop_id_tag=change.stop_id_tag or row.stop_id_tag,
            meter_stop_wh=_first(change.meter_stop_wh, row.meter_stop_wh),
        )
    row = replace(row, energy_wh=_energy(row, change))
    return _judged(row, change)


def _awaits(row: TransactionRow, change: TransactionChange) -> bool:
    """Whether a verdict may be the first on a row's start or stop."""
    if change.stop_verdict is not None:
        return row.stopped_at is not None and row.stop_acknowledged_at is None
    return row.start_acknowledged_at is None


def _energy(row: TransactionRow, change: TransactionChange) -> float | None:
    """Return the difference of the registers, never negative; what is no register moves nothing."""
    start, energy = row.meter_start_wh, row.energy_wh
    if start is None:
        return energy if change.energy_wh is None else change.energy_wh
    register = change.register_wh
    if register is not None and row.stopped_at is None:
        energy = max(energy or 0.0, register - start)
    # Some chargers have no register and say 0 at the end, or less than at the start.
    if (
        row.meter_stop_wh is not None
        and row.meter_stop_wh >= start
        and (row.meter_stop_wh or not energy)
    ):
        energy = row.meter_stop_wh - start
    if energy is None:
        energy = change.energy_wh or 0.0
    return round(energy, 3)


def _judged(row: TransactionRow, change: TransactionChange) -> TransactionRow:
    """Note the CSMS's word: a refusal counts until it takes the message after all."""
    for name, verdict in (("start", change.start_verdict), ("stop", change.stop_verdict)):
        if verdict is not None:
            row = _with_verdict(row, name, verdict)
    return row


def _with_verdict(row: TransactionRow, name: str, verdict: Verdict) -> TransactionRow:
    if getattr(row, f"{name}_acknowledged_at") is not None:
        return row
    acknowledged = verdict.at if verdict.refusal is None else None
    return replace(
        row, **{f"{name}_acknowledged_at": acknowledged, f"{name}_refusal": verdict.refusal}
    )


def _wish(known: str | None, told: StartedBy | None) -> str | None:
    """After a restart nobody remembers a remote start: that does not make it a local one."""
    if told is None or (known is not None and told is StartedBy.LOCAL):
        return known
    return told.value


def _first(one: Any, other: Any) -> Any:
    return other if one is None else one
