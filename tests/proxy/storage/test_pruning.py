"""Old frames leave in batches found by an index, while others write."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Select, insert
from tests.proxy.storage.test_frames import frame, ids, store

from oye_proxy.storage import pruning
from oye_proxy.storage.database import Database
from oye_proxy.storage.frames import FrameQuery
from oye_proxy.storage.models import logs
from oye_proxy.storage.pruning import FramePruner


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "_BATCH_ROWS", 2)
    monkeypatch.setattr(pruning, "_SLICE_IDS", 3)
    monkeypatch.setattr(pruning, "_SLICE_CHARGERS", 2)


async def test_the_newest_of_each_charger_stay(database: Database) -> None:
    frames = await store(
        database, *(frame(name) for name in ["A"] * 7 + ["B"] * 2 + ["C"] * 3 + ["A"])
    )
    pruner = FramePruner(database)

    assert 5 == await pruner.all_by_count(3)
    assert [13, 7, 6] == ids(await frames.search(FrameQuery(charge_point_id="A")))
    assert 2 == await frames.count("B")
    assert 8 == await frames.count()
    assert 0 == await pruner.all_by_count(3)


async def test_an_id_never_comes_back(database: Database) -> None:
    frames = await store(database, frame(), frame())
    await FramePruner(database).all_by_count(0)
    await store(database, frame())

    assert [3] == ids(await frames.search(FrameQuery()))


async def test_chargers_without_new_frames_are_not_looked_at(database: Database) -> None:
    frames = await store(database, *(frame(name) for name in ["A"] * 4 + ["B"] * 4))
    pruner = FramePruner(database)
    await pruner.all_by_count(4)
    await store(database, *(frame(name) for name in ["A"] * 2))

    assert 3 == await pruner.new_by_count(3)
    assert (3, 4) == (await frames.count("A"), await frames.count("B"))
    assert 0 == await pruner.new_by_count(3)


async def test_before_the_first_clean_up_all_chargers_are_new(database: Database) -> None:
    await store(database, *(frame(name) for name in ["A", "B", "A", "B", "C"] * 2))

    assert 5 == await FramePruner(database).new_by_count(1) - 2
    assert 0 == await FramePruner(database).new_by_count(1)


async def test_frames_leave_by_age(database: Database) -> None:
    frames = await store(database, *(frame(timestamp=time) for time in [30, 10, 20, 10, 19, 40]))

    assert 3 == await FramePruner(database).by_age(datetime.fromtimestamp(20, UTC))
    assert [6, 3, 1] == ids(await frames.search(FrameQuery()))


async def test_the_oldest_of_all_chargers_leave_first(database: Database) -> None:
    frames = await store(database, *(frame(name) for name in "ABCABC"))
    pruner = FramePruner(database)

    assert 3 == await pruner.oldest(3)
    assert [6, 5, 4] == ids(await frames.search(FrameQuery()))
    assert 3 == await pruner.oldest(10)
    assert 0 == await pruner.oldest(10)
    assert 0 == await pruner.oldest(0)


async def test_the_size_of_a_row_is_that_of_the_oldest(database: Database) -> None:
    pruner = FramePruner(database)
    empty = await pruner.row_bytes()
    await store(database, frame(payload="x" * 1000), frame(payload="x" * 2000))

    assert empty + 1500 == await pruner.row_bytes()


async def test_a_writer_has_its_turn_between_two_batches(database: Database) -> None:
    """Nobody who writes waits for more than one batch."""
    frames = await store(database, *(frame() for _ in range(20)))
    left: list[int] = []

    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(logs).values(_row(frame("other"))))
        left.append(await frames.count("CP-001"))

    pruning_all = asyncio.ensure_future(FramePruner(database).all_by_count(0))
    writing = asyncio.ensure_future(write())
    await asyncio.gather(pruning_all, writing)

    assert left[0] > 0


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        pytest.param(
            pruning._beyond("CP", 1000, 1000), ["ix_logs_charge_point_id_id"], id="by count"
        ),
        pytest.param(pruning._deletion([1, 2, 3]), ["INTEGER PRIMARY KEY"], id="these"),
        pytest.param(
            pruning._deletion(pruning._older(10**9).limit(1000)),
            ["ix_logs_timestamp", "INTEGER PRIMARY KEY"],
            id="by age",
        ),
        pytest.param(
            pruning._chargers_between(10**6, 10**6 + 1000),
            ["INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
            id="chargers with new frames",
        ),
        pytest.param(pruning._next_charger("CP"), ["ix_logs_charge_point_id_id"], id="next"),
    ],
)
async def test_ten_million_rows_are_searched_by_an_index(
    file_database: Database, statement: Any, index: list[str]
) -> None:
    """SQLite's plan has no scan of the table, and sorts nothing but what it found."""
    plan = await explain(file_database, statement)

    assert [] == [step for step in plan if step.startswith("SCAN logs") and "USING" not in step]
    assert [] == [step for step in plan if "ORDER BY" in step]
    assert index == [name for name in index if any(name in step for step in plan)]


async def test_the_oldest_are_found_without_a_search(file_database: Database) -> None:
    """The subquery walks the table from its beginning and ends after a batch."""
    plan = await explain(file_database, pruning._deletion(pruning._oldest(1000)))

    assert [] == [step for step in plan if "TEMP B-TREE" in step and "ORDER BY" in step]
    assert any("INTEGER PRIMARY KEY (rowid=?)" in step for step in plan)


async def explain(database: Database, statement: Select[Any]) -> list[str]:
    compiled = statement.compile(dialect=database.dialect, compile_kwargs={"literal_binds": True})
    async with database.reading() as connection:
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
        return [row.detail for row in rows]


def _row(new: Any) -> dict[str, Any]:
    return {"charge_point_id": new.charge_point_id, "direction": "", "payload": "", "timestamp": 1}
