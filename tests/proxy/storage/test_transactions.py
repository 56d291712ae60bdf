"""The records of transactions on every database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange, Verdict
from oye_proxy.ocppj.transaction_samples import Sample
from oye_proxy.storage.chargers import ChargerStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import transactions
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.transaction_rows import TransactionRow, values_of
from oye_proxy.storage.transactions import TransactionQuery, TransactionStore, page

AT = datetime(2026, 11, 21, 10, 0, 0, 123_456, UTC)
HOUR = timedelta(hours=1)


def start(transaction_id: str = "7", at: datetime = AT, **values: Any) -> TransactionChange:
    given: dict[str, Any] = {"evse_id": 1, "id_tag": "CARD-1234", "meter_start_wh": 1000.0}
    given |= {"started_at": at, "started_by": StartedBy.LOCAL, **values}
    return TransactionChange(kind=ChangeKind.START, at=at, transaction_id=transaction_id, **given)


def update(transaction_id: str = "7", at: datetime = AT, **values: Any) -> TransactionChange:
    return TransactionChange(kind=ChangeKind.UPDATE, at=at, transaction_id=transaction_id, **values)


def stop(
    transaction_id: str = "7", at: datetime = AT + HOUR, meter: float | None = 6000.0
) -> TransactionChange:
    return TransactionChange(
        kind=ChangeKind.STOP,
        at=at,
        transaction_id=transaction_id,
        stopped_at=at,
        reason="EVDisconnected",
        meter_stop_wh=meter,
    )


def verdict(
    transaction_id: str | None = "7", at: datetime = AT + 2 * HOUR, **values: Any
) -> TransactionChange:
    return TransactionChange(
        kind=ChangeKind.VERDICT, at=at, transaction_id=transaction_id, **values
    )


async def store(
    database: Database, *changes: TransactionChange, charge_point_id: str = "CP1"
) -> TransactionStore:
    written = TransactionStore(database)
    await written.write([(charge_point_id, change) for change in changes])
    return written


async def rows_of(written: TransactionStore, **conditions: Any) -> list[TransactionRow]:
    return await written.search(TransactionQuery(**conditions))


def ids(rows: Sequence[TransactionRow]) -> list[int | None]:
    return [row.id for row in rows]


async def test_a_transaction_is_one_row_from_its_start_to_its_acknowledged_end(
    database: Database,
) -> None:
    written = await store(
        database,
        start(csms_transaction_id="7", start_verdict=Verdict(AT), ocpp_version="1.6"),
        update(at=AT + HOUR / 2, register_wh=3500.0),
        stop(),
        verdict(stop_verdict=Verdict(AT + 2 * HOUR)),
    )

    assert [
        TransactionRow(
            id=1,
            charge_point_id="CP1",
            transaction_id="7",
            csms_transaction_id="7",
            evse_id=1,
            ocpp_version="1.6",
            id_tag="CARD-1234",
            begun_at=AT,
            started_at=AT,
            stopped_at=AT + HOUR,
            closed_at=AT + HOUR,
            reason="EVDisconnected",
            meter_start_wh=1000.0,
            meter_stop_wh=6000.0,
            energy_wh=5000.0,
            started_by="local",
            start_acknowledged_at=AT,
            stop_acknowledged_at=AT + 2 * HOUR,
            updated_at=AT + 2 * HOUR,
        )
    ] == await rows_of(written)
    assert (await rows_of(written))[0] == await written.find(1)
    assert await written.find(2) is None
    assert await written.find(10**30) is None


async def test_what_is_told_twice_is_stored_once(database: Database) -> None:
    """A batch is written again when nobody knows whether it was (J16 4.1.1: chargers repeat)."""
    told = (start(), update(register_wh=2000.0, samples=(Sample(AT, "Voltage", 230.0),)), stop())
    written = await store(database, *told)
    before = await rows_of(written)
    await store(database, *told)

    assert before == await rows_of(written)
    assert 1 == (await SampleStore(database).of(1)).total


async def test_the_same_id_comes_again_as_another_transaction(database: Database) -> None:
    """Some CSMSs count from 1 again, and another CSMS has its own ids."""
    later = AT + timedelta(days=90)
    written = await store(
        database,
        start(),
        stop(),
        start(at=later, meter_start_wh=9000.0),
        update(at=later + HOUR, register_wh=9500.0),
    )

    assert [(later, 500.0, None), (AT, 5000.0, AT + HOUR)] == [
        (row.begun_at, row.energy_wh, row.closed_at) for row in await rows_of(written)
    ]


async def test_late_values_and_repeated_stops_begin_no_new_transaction(database: Database) -> None:
    written = await store(
        database,
        start(),
        stop(),
        update(at=AT + 2 * HOUR, register_wh=7000.0),
        stop(at=AT + 3 * HOUR),
    )

    assert [(AT + HOUR, 5000.0)] == [
        (row.stopped_at, row.energy_wh) for row in await rows_of(written)
    ]


async def test_an_unknown_id_is_adopted_and_its_start_completes_it(database: Database) -> None:
    written = await store(database, update(evse_id=2, register_wh=500.0))
    adopted = (await rows_of(written))[0]
    await store(database, start(at=AT - HOUR, meter_start_wh=100.0), update(register_wh=500.0))
    completed = (await rows_of(written))[0]

    assert (True, True, None, AT) == (
        adopted.adopted,
        adopted.gap,
        adopted.energy_wh,
        adopted.begun_at,
    )
    assert (1, False, AT - HOUR, AT, 400.0) == (
        completed.id,
        completed.adopted,
        completed.started_at,
        completed.begun_at,
        completed.energy_wh,
    )


async def test_a_stop_that_nobody_saw_start_is_a_record_too(database: Database) -> None:
    """Any id of a StopTransaction is valid (C16-E 3.18)."""
    written = await store(database, stop("-1"))

    assert [(None, AT + HOUR, True, None)] == [
        (row.started_at, row.stopped_at, row.adopted, row.energy_wh)
        for row in await rows_of(written)
    ]


@pytest.mark.parametrize(
    ("register", "meter_stop", "energy"),
    [
        (None, 6000.0, 5000.0),
        (None, 1000.0, 0.0),
        (None, 400.0, 0.0),
        (3500.0, 400.0, 2500.0),
        (3500.0, None, 2500.0),
        (400.0, None, 0.0),
        (None, None, 0.0),
    ],
)
async def test_energy_is_a_difference_of_registers_and_never_negative(
    database: Database, register: float | None, meter_stop: float | None, energy: float
) -> None:
    written = await store(database, start(), update(register_wh=register), stop(meter=meter_stop))

    assert [energy] == [row.energy_wh for row in await rows_of(written)]


async def test_a_stop_of_zero_is_no_register(database: Database) -> None:
    written = await store(
        database, start(meter_start_wh=0.0), update(register_wh=4000.0), stop(meter=0.0)
    )

    assert [4000.0] == [row.energy_wh for row in await rows_of(written)]


async def test_a_new_transaction_on_a_connector_ends_the_one_whose_end_was_lost(
    database: Database,
) -> None:
    written = await store(database, start(), start("8", AT + HOUR), start("9", evse_id=2))
    rows = {row.transaction_id: row for row in await rows_of(written)}

    assert (AT + HOUR, None, True) == (
        rows["7"].closed_at,
        rows["7"].stopped_at,
        rows["7"].gap,
    )
    assert rows["8"].closed_at is None
    assert rows["9"].closed_at is None
    await store(database, stop("7", AT + 2 * HOUR))
    assert [5000.0] == [
        row.energy_wh for row in await rows_of(written) if row.transaction_id == "7"
    ]


async def test_a_replayed_start_is_found_by_what_it_says(database: Database) -> None:
    """The CSMS's own id comes with the answer to the replay; the charger has ours."""
    mine: dict[str, Any] = {"evse_id": 1, "id_tag": "CARD-1234", "meter_start_wh": 1000.0}
    written = await store(
        database,
        start("1000000001", AT - HOUR),
        start("1000000002", AT),
        verdict(
            None,
            started_at=AT,
            csms_transaction_id="57",
            id_tag_status="Accepted",
            start_verdict=Verdict(AT + HOUR),
            **mine,
        ),
        stop("1000000002"),
        verdict("57", stop_verdict=Verdict(AT + 2 * HOUR)),
    )
    newest, oldest = await rows_of(written)

    assert ("1000000002", "57", AT + HOUR, AT + 2 * HOUR) == (
        newest.transaction_id,
        newest.csms_transaction_id,
        newest.start_acknowledged_at,
        newest.stop_acknowledged_at,
    )
    assert oldest.start_acknowledged_at is None


async def test_starts_without_a_time_get_their_verdicts_in_order(database: Database) -> None:
    mine: dict[str, Any] = {"evse_id": 1, "id_tag": "CARD-1234", "meter_start_wh": 1000.0}
    written = await store(
        database,
        start("1000000001", AT),
        start("1000000002", AT + HOUR),
        verdict(None, csms_transaction_id="57", start_verdict=Verdict(AT + HOUR), **mine),
    )

    assert [None, "57"] == [row.csms_transaction_id for row in await rows_of(written)]


async def test_a_refusal_counts_until_the_csms_takes_it(database: Database) -> None:
    refused = verdict(stop_verdict=Verdict(AT + HOUR, "InternalError"))
    written = await store(database, start(), stop(), refused)
    before = (await rows_of(written))[0]
    await store(database, verdict(stop_verdict=Verdict(AT + 2 * HOUR)), refused)
    after = (await rows_of(written))[0]

    assert ("InternalError", None) == (before.stop_refusal, before.stop_acknowledged_at)
    assert (None, AT + 2 * HOUR) == (after.stop_refusal, after.stop_acknowledged_at)


async def test_a_verdict_on_nothing_makes_no_record(database: Database) -> None:
    written = await store(
        database,
        verdict("9", stop_verdict=Verdict(AT)),
        verdict(None, start_verdict=Verdict(AT, "InternalError")),
    )

    assert [] == await rows_of(written)


async def test_a_wish_that_is_known_does_not_become_local(database: Database) -> None:
    """After a restart the remote start before a transaction is forgotten."""
    written = await store(
        database, start(started_by=StartedBy.OWNER), update(started_by=StartedBy.LOCAL)
    )
    assert ["owner"] == [row.started_by for row in await rows_of(written)]
    await store(database, update(started_by=StartedBy.AUTOMATION))
    assert ["automation"] == [row.started_by for row in await rows_of(written)]


async def test_texts_that_no_database_stores_are_bounded(database: Database) -> None:
    odd = start("7\0" + "x" * 300, id_tag="T\0" * 200)
    written = await store(database, odd, odd)

    assert [255] == [len(row.transaction_id) for row in await rows_of(written)]


async def filled(database: Database) -> TransactionStore:
    """Six transactions: two chargers, two tags, the last begun first in id."""
    return await store(
        database,
        start("6", AT + 6 * HOUR, evse_id=1),
        *(
            change
            for number in range(1, 4)
            for change in (
                start(str(number), AT + number * HOUR, evse_id=number + 1),
                stop(str(number), AT + (number + 1) * HOUR),
            )
        ),
        start("4", AT + 4 * HOUR, evse_id=9, id_tag="other", started_by=StartedBy.OWNER),
    )


async def test_pages_are_in_the_order_of_the_begin(database: Database) -> None:
    written = await filled(database)
    first = await rows_of(written, limit=2)
    second = await rows_of(written, limit=2, before=first[-1].id)

    assert [1, 5] == ids(first)
    assert [4, 3] == ids(second)
    assert [2] == ids(await rows_of(written, before=second[-1].id))
    assert [] == await rows_of(written, limit=0)
    assert [] == await rows_of(written, before=0)
    assert 5 == len(await rows_of(written, before=10**30))


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"charge_point_id": "CP1"}, [1, 5, 4, 3, 2]),
        ({"charge_point_id": "CP2"}, []),
        ({"id_tag": "OTHER"}, [5]),
        ({"id_tag": "1234"}, []),
        ({"since": AT + 3 * HOUR, "until": AT + 6 * HOUR}, [5, 4]),
        ({"is_open": True}, [1, 5]),
        ({"is_open": False}, [4, 3, 2]),
        ({"started_by": "owner"}, [5]),
        ({"started_by": "local", "is_open": True, "charge_point_id": "CP1"}, [1]),
    ],
)
async def test_conditions_hold_at_once(
    database: Database, conditions: dict[str, Any], found: list[int]
) -> None:
    assert found == ids(await rows_of(await filled(database), **conditions))


async def test_old_ones_go_with_their_samples_and_running_ones_stay(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.storage.transactions._PRUNE_ROWS", 1)
    written = await filled(database)
    await store(database, update("1", samples=(Sample(AT, "Voltage", 230.0),)))

    assert 2 == await written.prune(AT + 3 * HOUR)
    assert [1, 5, 4] == ids(await rows_of(written))
    assert 0 == (await SampleStore(database).of(2)).total
    assert 1 == await written.prune(AT + 99 * HOUR)


async def test_a_charger_that_is_deleted_takes_its_transactions_along(database: Database) -> None:
    sampled = update(samples=(Sample(AT, "Voltage", 230.0),))
    written = await store(database, start(), sampled)
    await store(database, start(), charge_point_id="CP2")
    await ChargerStore(database).delete("CP1")

    assert ["CP2"] == [row.charge_point_id for row in await rows_of(written)]
    assert 0 == (await SampleStore(database).of(1)).total


QUERIES = [
    TransactionQuery(),
    TransactionQuery(since=AT, until=AT + HOUR),
    TransactionQuery(charge_point_id="CP1"),
    TransactionQuery(charge_point_id="CP1", since=AT),
    TransactionQuery(id_tag="CARD"),
    TransactionQuery(is_open=True),
    TransactionQuery(is_open=True, charge_point_id="CP1"),
    TransactionQuery(is_open=False),
    TransactionQuery(started_by="owner"),
]


@pytest.mark.parametrize("query", QUERIES)
async def test_a_page_is_read_in_the_order_of_an_index(
    file_database: Database, query: TransactionQuery
) -> None:
    """A page of millions costs what a page costs: nothing is sorted, nothing scanned."""
    statement = page(query).compile(
        dialect=file_database.dialect, compile_kwargs={"literal_binds": True}
    )
    async with file_database.reading() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        steps = " / ".join(row[-1] for row in plan)

    assert "USING INDEX ix_transactions_" in steps
    assert "TEMP B-TREE" not in steps


async def test_a_charger_s_index_comes_before_that_of_whose_wish_it_was(
    file_database: Database,
) -> None:
    query = TransactionQuery(charge_point_id="CP1", started_by="owner", is_open=False)
    statement = page(query).compile(
        dialect=file_database.dialect, compile_kwargs={"literal_binds": True}
    )
    async with file_database.reading() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")

    assert "ix_transactions_charge_point_id_begun_us_id" in plan.one()[-1]


async def test_a_cursor_leads_into_the_index(file_database: Database) -> None:
    statement = (
        "EXPLAIN QUERY PLAN SELECT * FROM transactions WHERE (begun_us, id) < (1, 1) "
        "ORDER BY begun_us DESC, id DESC LIMIT 9"
    )
    async with file_database.reading() as connection:
        steps = [row[-1] for row in await connection.exec_driver_sql(statement)]

    assert ["SEARCH transactions USING INDEX ix_transactions_begun_us_id (begun_us<?)"] == steps


async def test_a_million_rows_on_a_server_are_paged_by_an_index(database: Database) -> None:
    """PostgreSQL sorts no more than it must either, once it knows how many there are."""
    if database.dialect.name != "postgresql":
        return
    row = values_of(
        TransactionRow(charge_point_id="CP1", transaction_id="1", begun_at=AT, updated_at=AT)
    )
    many = [
        {**row, "transaction_id": str(number), "begun_us": number, "closed_us": number}
        for number in range(3000)
    ]
    async with database.writing() as connection:
        await connection.execute(insert(transactions), many)
        await connection.exec_driver_sql("ANALYZE transactions")
    statement = page(TransactionQuery(charge_point_id="CP1", limit=10)).compile(
        dialect=database.dialect, compile_kwargs={"literal_binds": True}
    )
    async with database.reading() as connection:
        plan = [row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {statement}")]

    assert any("Index Scan Backward" in step for step in plan)
