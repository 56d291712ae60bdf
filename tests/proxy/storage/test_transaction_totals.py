from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import transactions
from oye_proxy.storage.transaction_rows import TransactionRow, values_of
from oye_proxy.storage.transaction_totals import Per, Total, TransactionTotals
from oye_proxy.storage.transactions import TransactionQuery

# 23:30 in Greenwich is the next day in Berlin, and here the next year.
AT = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
BERLIN = timedelta(minutes=60)
NEW_YORK = timedelta(minutes=-300)
HOUR = timedelta(hours=1)

LATE: dict[str, Any] = {
    "started_at": AT,
    "begun_at": AT,
    "stopped_at": AT + HOUR,
    "energy_wh": 1000.5,
}
EARLY: dict[str, Any] = {
    "begun_at": AT - 23 * HOUR,
    "energy_wh": 200.0,
    "id_tag": "card",
    "charge_point_id": "B",
}


def row(**values: Any) -> TransactionRow:
    given: dict[str, Any] = {
        "charge_point_id": "A",
        "transaction_id": "1",
        "updated_at": AT,
        "id_tag": "CARD",
    }
    return TransactionRow(**(given | values))


async def totals(database: Database, *rows: TransactionRow) -> TransactionTotals:
    async with database.writing() as connection:
        for one in rows:
            await connection.execute(insert(transactions).values(values_of(one)))
    return TransactionTotals(database)


@pytest.mark.parametrize(
    ("per", "offset", "expected"),
    [
        (
            Per.DAY,
            timedelta(),
            [Total("2026-12-31", 2, 1200.5, 3600.0)],
        ),
        (
            Per.DAY,
            BERLIN,
            [Total("2026-12-31", 1, 200.0, 0.0), Total("2027-01-01", 1, 1000.5, 3600.0)],
        ),
        (
            Per.DAY,
            NEW_YORK,
            [Total("2026-12-30", 1, 200.0, 0.0), Total("2026-12-31", 1, 1000.5, 3600.0)],
        ),
        (
            Per.MONTH,
            BERLIN,
            [Total("2026-12", 1, 200.0, 0.0), Total("2027-01", 1, 1000.5, 3600.0)],
        ),
        (Per.HOUR, BERLIN, [Total("00", 1, 1000.5, 3600.0), Total("01", 1, 200.0, 0.0)]),
        (
            Per.CHARGER,
            timedelta(),
            [Total("A", 1, 1000.5, 3600.0), Total("B", 1, 200.0, 0.0)],
        ),
        (Per.TAG, timedelta(), [Total("card", 2, 1200.5, 3600.0)]),
    ],
)
async def test_a_day_is_the_user_s_day_on_every_database(
    database: Database, per: Per, offset: timedelta, expected: list[Total]
) -> None:
    found = await (await totals(database, row(**LATE), row(**EARLY))).per(
        per, TransactionQuery(), offset
    )

    assert expected == [
        one if per is not Per.TAG else Total("card", *_numbers(one)) for one in found
    ]


def _numbers(total: Total) -> tuple[int, float, float]:
    return total.transactions, total.energy_wh, total.duration_seconds


async def test_what_has_no_tag_and_no_energy_counts_as_well(database: Database) -> None:
    added = await totals(database, row(begun_at=AT, id_tag=None))

    assert [Total(None, 1, 0.0, 0.0)] == await added.per(Per.TAG, TransactionQuery())


async def test_conditions_of_the_search_hold_here(database: Database) -> None:
    added = await totals(database, row(**LATE), row(**EARLY))
    some = TransactionQuery(since=AT - HOUR, until=AT + HOUR, charge_point_id="A", id_tag="card")

    assert [Total("A", 1, 1000.5, 3600.0)] == await added.per(Per.CHARGER, some)
    assert [] == await added.per(Per.DAY, TransactionQuery(charge_point_id="none"))


async def test_the_newest_are_kept_when_there_are_too_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.storage.transaction_totals.GROUPS", 2)
    days = [row(begun_at=AT + timedelta(days=number)) for number in range(4)]
    added = await totals(database, *days)

    assert ["2027-01-02", "2027-01-03"] == [
        one.key for one in await added.per(Per.DAY, TransactionQuery())
    ]


async def test_an_end_before_the_start_takes_no_time(database: Database) -> None:
    """Clocks of chargers are set while they charge."""
    added = await totals(
        database, row(begun_at=AT, started_at=AT, stopped_at=AT - HOUR, energy_wh=1.0)
    )

    assert [0.0] == [one.duration_seconds for one in await added.per(Per.DAY, TransactionQuery())]
