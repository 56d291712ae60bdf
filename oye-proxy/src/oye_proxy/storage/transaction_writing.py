"""Changes of transactions become rows: updates of many at once, all else one by one."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any, Final, TypeAlias

from msgspec.structs import replace
from sqlalchemy import ColumnElement, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.ocppj.transaction_samples import Sample
from oye_proxy.storage.models import transactions
from oye_proxy.storage.texts import storable
from oye_proxy.storage.times import to_microseconds
from oye_proxy.storage.transaction_rows import (
    TransactionRow,
    begun,
    changed,
    meant,
    row_of,
    values_of,
)

Change: TypeAlias = tuple[str, TransactionChange]
# The id of a charger, and that of one of its transactions.
_Key: TypeAlias = tuple[str, str]

_CANDIDATES: Final = 20

# Its place in the order of all does not change. SQLAlchemy reserves the columns' own names.
_SAVED: Final = [
    column.name for column in transactions.columns if column.name not in {"id", "begun_us"}
]
_SAVE: Final = (
    update(transactions)
    .where(transactions.c.id == bindparam("row_id"))
    .values({name: bindparam(f"new_{name}") for name in _SAVED})
)


async def write_changes(
    connection: AsyncConnection, changes: Sequence[Change]
) -> list[tuple[int, Sample]]:
    """Make and change rows in the order of the changes; return their samples, each with its row."""
    samples: list[tuple[int, Sample]] = []
    left = list(changes)
    while left:
        ids = await _update_running(connection, _updates(left))
        if not ids:
            ids = [await _apply(connection, *left[0])]
        for (_, change), row_id in zip(left, ids, strict=False):
            if row_id is not None:
                samples += [(row_id, sample) for sample in change.samples]
        del left[: len(ids)]
    return samples


def _updates(changes: Sequence[Change]) -> dict[_Key, TransactionChange]:
    """Return the updates that come first, as far as they are of different transactions."""
    updates: dict[_Key, TransactionChange] = {}
    for charge_point_id, change in changes:
        if change.kind is not ChangeKind.UPDATE or change.transaction_id is None:
            break
        key = (charge_point_id, storable(change.transaction_id))
        if key in updates:
            break
        updates[key] = change
    return updates


async def _update_running(
    connection: AsyncConnection, updates: Mapping[_Key, TransactionChange]
) -> list[int | None]:
    """Change the rows of the first updates, as far as their transactions run; return the ids."""
    if len(updates) < 2:  # noqa: PLR2004 - one is as well changed alone
        return []
    running = await _running(connection, updates)
    rows = [running[key] for key in takewhile(running.__contains__, updates)]
    pairs = [
        (row, changed(row, change)) for row, change in zip(rows, updates.values(), strict=False)
    ]
    await _save(connection, [row for before, row in pairs if row != before])
    return [row.id for row in rows]


async def _running(connection: AsyncConnection, keys: Iterable[_Key]) -> dict[_Key, TransactionRow]:
    """Return the running transactions among these, and some that nobody asked for."""
    charge_point_ids, transaction_ids = zip(*keys, strict=True)
    columns = transactions.c
    query = (
        select(transactions)
        .where(columns.charge_point_id.in_(charge_point_ids))
        .where(columns.transaction_id.in_(transaction_ids))
        .where(columns.closed_us.is_(None))
        # Of several with one id the last is the one.
        .order_by(columns.begun_us, columns.id)
    )
    rows = [row_of(row) for row in await connection.execute(query)]
    return {(row.charge_point_id, row.transaction_id): row for row in rows}


async def _apply(
    connection: AsyncConnection, charge_point_id: str, change: TransactionChange
) -> int | None:
    """Make or change the row of a change; return its id, None when it is about no row."""
    candidates = (
        select(transactions)
        .where(transactions.c.charge_point_id == charge_point_id)
        .where(*_same_transaction(change))
        .order_by(transactions.c.begun_us.desc(), transactions.c.id.desc())
        .limit(_CANDIDATES)
    )
    rows = [row_of(row) for row in await connection.execute(candidates)]
    if change.transaction_id is None:
        # Starts of one moment cannot be told apart: the first that waits for its verdict.
        rows.reverse()
        change = replace(change, started_at=None)
    present = meant(rows, change)
    if present is None:
        if change.kind is ChangeKind.VERDICT:
            return None
        return await _add(connection, changed(begun(charge_point_id, change), change))
    row = changed(present, change)
    if row != present:
        await _save(connection, [row])
    return present.id


async def _save(connection: AsyncConnection, rows: Sequence[TransactionRow]) -> None:
    """Replace rows, each by its id."""
    if rows:
        await connection.execute(_SAVE, [_named(row) for row in rows])


def _named(row: TransactionRow) -> dict[str, Any]:
    values = values_of(row)
    return {"row_id": row.id, **{f"new_{name}": values[name] for name in _SAVED}}


async def _add(connection: AsyncConnection, row: TransactionRow) -> int:
    values = values_of(row)
    statement = insert(transactions).values(values).returning(transactions.c.id)
    row_id: int = (await connection.execute(statement)).scalar_one()
    if row.closed_at is None and row.evse_id is not None:
        await connection.execute(_displaced(row_id, values))
    return row_id


def _displaced(row_id: int, values: dict[str, Any]) -> Any:
    """Close what still seems to run on the connector of a new transaction: its end was lost."""
    columns = transactions.c
    return (
        update(transactions)
        .where(columns.charge_point_id == values["charge_point_id"])
        .where(columns.evse_id == values["evse_id"])
        .where(columns.closed_us.is_(None))
        .where(columns.begun_us <= values["begun_us"])
        .where(columns.id != row_id)
        .values(closed_us=values["begun_us"], gap=True)
    )


def _same_transaction(change: TransactionChange) -> list[ColumnElement[bool]]:
    columns = transactions.c
    if change.transaction_id is not None:
        transaction_id = storable(change.transaction_id)
        if change.kind is ChangeKind.VERDICT:
            # The CSMS may have been told its own id.
            return [
                or_(
                    columns.transaction_id == transaction_id,
                    columns.csms_transaction_id == transaction_id,
                )
            ]
        return [columns.transaction_id == transaction_id]
    found: list[ColumnElement[bool]] = [
        columns.evse_id == change.evse_id,
        columns.meter_start_wh == change.meter_start_wh,
        columns.id_tag == (None if change.id_tag is None else storable(change.id_tag)),
        columns.start_acknowledged_us.is_(None),
    ]
    if change.started_at is not None:
        found.append(columns.started_us == to_microseconds(change.started_at))
    return found
