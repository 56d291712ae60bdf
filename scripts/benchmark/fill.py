"""
A database with the frames and transactions of months.

A first stretch and an ordinary one are made here; the database repeats the ordinary one, with later
ids and times, as often as needed.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, insert, select, update

from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.settings import StorageSettings
from oye_proxy.storage import content
from oye_proxy.storage.database import Database
from oye_proxy.storage.directions import Direction
from oye_proxy.storage.frame_rows import NewFrame
from oye_proxy.storage.models import logs, transactions
from oye_proxy.storage.times import to_microseconds
from oye_proxy.storage.transaction_rows import TransactionRow, values_of

CHARGERS = 5000
TAGS = 20_000
DAYS = 60
FRAMES_PER_TRANSACTION = 10
OPEN_TRANSACTIONS = 2000
RARE_ACTION, RARE_EVERY = "DataTransfer", 5000
INJECTED_ACTION, INJECTED_EVERY = "RemoteStartTransaction", 2000
# Seen in the oldest stretch only.
OLD_ACTION, OLD_DIRECTION = "GetDiagnostics", Direction.REPLAY_REQUEST

FRAME_STRETCH = 100_000
TRANSACTION_STRETCH = FRAME_STRETCH // FRAMES_PER_TRANSACTION

_SQLITE_CACHE = "PRAGMA cache_size=-262144"
_SECOND = 1_000_000
_SPREAD = 2_654_435_761  # Knuth's multiplier: chargers take turns in no visible order
_SAMPLE = (
    '{"value":"%s","context":"Sample.Periodic","format":"Raw","measurand":"%s","phase":"L1",'
    '"location":"Outlet","unit":"%s"}'
)
_SAMPLES = ",".join(
    _SAMPLE % each
    for each in (("15.9", "Current.Import", "A"), ("230.1", "Voltage", "V"), ("3658", "Power", "W"))
)
_TIME = '"timestamp":"2026-11-21T10:00:00Z"'
_BODIES = {
    "MeterValues": (
        f'{{"connectorId":1,"transactionId":1184,"meterValue":[{{{_TIME},"sampledValue":'
        f"[{_SAMPLES}]}}]}}"
    ),
    "Heartbeat": "{}",
    "StatusNotification": (
        f'{{"connectorId":1,"errorCode":"NoError","status":"Charging",{_TIME},"vendorId":"OYE"}}'
    ),
    "StartTransaction": f'{{"connectorId":1,"idTag":"04E91C5A","meterStart":1234567,{_TIME}}}',
    "StopTransaction": f'{{"transactionId":1184,"meterStop":1240000,{_TIME},"reason":"Local"}}',
    "Authorize": '{"idTag":"04E91C5A123456"}',
    "BootNotification": '{"chargePointVendor":"OYE","chargePointModel":"Benchmark"}',
    RARE_ACTION: '{"vendorId":"OYE","messageId":"needle","data":"rare"}',
    INJECTED_ACTION: '{"connectorId":1,"idTag":"OWNER"}',
    OLD_ACTION: '{"location":"ftp://example.org/diagnostics"}',
}
_SHARES = {
    "MeterValues": 55,
    "Heartbeat": 22,
    "StatusNotification": 12,
    "StartTransaction": 3,
    "StopTransaction": 3,
    "Authorize": 4,
    "BootNotification": 1,
}
_TURNS = [action for action, share in _SHARES.items() for _ in range(share)]
_ANSWERS = {
    "Heartbeat": '{"currentTime":"2026-11-21T10:00:00Z"}',
    "StartTransaction": '{"transactionId":1184,"idTagInfo":{"status":"Accepted"}}',
}
_TYPE_CALL, _TYPE_RESULT = 2, 3


async def fill(settings: StorageSettings, frames: int, now: datetime) -> float:
    """Migrate a new database and load it; return the seconds that it took."""
    begin = time.perf_counter()
    database = Database(settings)
    await database.open()
    try:
        old, ordinary = (
            [frame_values(number, frames, now) for number in range(first, first + FRAME_STRETCH)]
            for first in (0, FRAME_STRETCH)
        )
        await _load(database, logs, old, ordinary, frames)
        total = count_transactions(frames)
        old, ordinary = (
            [
                transaction_values(number, total, now)
                for number in range(first, first + TRANSACTION_STRETCH)
            ]
            for first in (0, TRANSACTION_STRETCH)
        )
        await _load(database, transactions, old, ordinary, total)
        newest = transactions.c.id > total - OPEN_TRANSACTIONS
        async with database.changing() as connection:
            await connection.execute(
                update(transactions).where(newest).values(stopped_us=None, closed_us=None)
            )
    finally:
        await database.close()
    return time.perf_counter() - begin


def charger(number: int) -> str:
    """Return the id of a charger."""
    return f"BENCH-{number % CHARGERS:05}"


def tag(number: int) -> str:
    """Return an id tag."""
    return f"04E9{number % TAGS:010X}"


def transaction_turn(number: int) -> int:
    """Return what decides the charger and the tag of a transaction."""
    return number * _SPREAD % 2**32


def whole(frames: int) -> int:
    """Return a number of frames that can be loaded: some whole stretches."""
    return max(2, frames // FRAME_STRETCH) * FRAME_STRETCH


def count_transactions(frames: int) -> int:
    """Return how many transactions go with so many frames."""
    return frames // FRAMES_PER_TRANSACTION


def frame(number: int, at: datetime) -> NewFrame:
    """Make one of many frames; a CALL has an even number, and its answer the next."""
    pair, is_answer = divmod(number, 2)
    turn = pair * _SPREAD % 2**32
    action, asks, answers = _TURNS[(turn >> 8) % len(_TURNS)], _UP, _DOWN
    if pair % RARE_EVERY == 0:
        action = RARE_ACTION
    elif pair % INJECTED_EVERY == 1:
        action, asks, answers = INJECTED_ACTION, _INJECTED, _INJECTION_ANSWER
    elif number < FRAME_STRETCH and pair % 10 == 0:
        action, asks, answers = OLD_ACTION, _DOWN, _UP
    elif number < FRAME_STRETCH and pair % 10 == 1:
        asks, answers = OLD_DIRECTION.value, Direction.REPLAY_RESPONSE.value
    message_id = f"{pair:08x}-7a55-4a86-b7c1-1d1ff5a8ab3e"
    at_us = to_microseconds(at)
    return NewFrame(
        charge_point_id=charger(turn),
        direction=answers if is_answer else asks,
        payload=(
            f'[3,"{message_id}",{_ANSWERS.get(action, "{}")}]'
            if is_answer
            else f'[2,"{message_id}","{action}",{_BODIES[action]}]'
        ),
        timestamp=at_us // _SECOND,
        at_us=at_us,
        message_type=_TYPE_RESULT if is_answer else _TYPE_CALL,
        action=action,
        message_id=message_id,
        peer="csms" if is_answer else "charger",
    )


def frame_values(number: int, total: int, now: datetime) -> list[Any]:
    """Make a row of the table of frames."""
    made = frame(number, now - timedelta(days=DAYS) * (1 - number / total))
    return [
        number + 1 if column.name == "id" else getattr(made, str(column.name))
        for column in logs.columns
    ]


def transaction_values(number: int, total: int, now: datetime) -> list[Any]:
    """Make a row of the table of transactions."""
    begun = now - timedelta(days=DAYS) * (1 - number / total)
    ended = begun + timedelta(hours=2)
    turn = transaction_turn(number)
    row = TransactionRow(
        charge_point_id=charger(turn),
        transaction_id=str(number + 1),
        evse_id=1,
        connector_id=1,
        ocpp_version="ocpp1.6",
        id_tag=tag(turn >> 5),
        id_tag_status="Accepted",
        begun_at=begun,
        started_at=begun,
        stopped_at=ended,
        closed_at=ended,
        reason="Local",
        meter_start_wh=1000.0 * number,
        meter_stop_wh=1000.0 * number + 7400,
        energy_wh=7400.0,
        started_by=(StartedBy.OWNER if number % 1000 == 0 else StartedBy.LOCAL).value,
        start_acknowledged_at=begun,
        stop_acknowledged_at=ended,
        updated_at=ended,
    )
    values = {"id": number + 1, **values_of(row)}
    return [values[str(column.name)] for column in transactions.columns]


async def _load(
    database: Database,
    table: Table,
    old: Sequence[list[Any]],
    ordinary: Sequence[list[Any]],
    total: int,
) -> None:
    """Load both stretches, then repeat the ordinary one; a stretch is a database transaction."""
    stretch = len(ordinary)
    step_us = timedelta(days=DAYS) / timedelta(microseconds=total)
    for number in range(total // stretch):
        async with database.changing() as connection:
            if connection.dialect.name == "sqlite":
                await connection.exec_driver_sql(_SQLITE_CACHE)
            if number < len((old, ordinary)):
                await content.add(connection, table, (old, ordinary)[number])
            else:
                ids = (number - 1) * stretch
                again = [_later(column, ids, int(ids * step_us)) for column in table.columns]
                rows = select(*again).where(table.c.id > stretch, table.c.id <= 2 * stretch)
                await connection.execute(
                    insert(table).from_select(list(table.columns), rows.order_by(table.c.id))
                )
    async with database.changing() as connection:
        await content.set_last_id(connection, table, None)


def _later(column: Column[Any], ids: int, microseconds: int) -> Any:
    if column.name == "id":
        return column + ids
    if column.name == "timestamp":
        return column + microseconds // _SECOND
    return column + microseconds if column.name.endswith("_us") else column


_UP, _DOWN = Direction.UPSTREAM.value, Direction.DOWNSTREAM.value
_INJECTED = Direction.INJECTION_REQUEST.value
_INJECTION_ANSWER = Direction.INJECTION_RESPONSE.value
