import asyncio
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from msgspec.structs import asdict
from sqlalchemy import Select, insert

from oye_proxy.storage import frames as frames_module
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_rows import NewFrame, StoredFrame
from oye_proxy.storage.frames import SEARCH_LIMIT, FrameQuery, FrameStore, _first_after, _statement
from oye_proxy.storage.models import logs


def frame(charge_point_id: str = "CP-001", payload: str = "[]", **values: Any) -> NewFrame:
    row = {"direction": "UPSTREAM", "timestamp": 1000, "at_us": 1_000_000_000, **values}
    return NewFrame(charge_point_id=charge_point_id, payload=payload, **row)


async def store(database: Database, *frames: NewFrame) -> FrameStore:
    async with database.writing() as connection:
        for new in frames:
            await connection.execute(insert(logs).values(asdict(new)))
    return FrameStore(database)


def ids(frames: list[StoredFrame]) -> list[int]:
    return [found.id for found in frames]


async def test_the_newest_come_first_up_to_the_limit(database: Database) -> None:
    frames = await store(database, *(frame() for _ in range(5)))

    assert [5, 4, 3] == ids(await frames.search(FrameQuery(limit=3)))
    assert [] == await frames.search(FrameQuery(limit=0))
    assert [] == await frames.search(FrameQuery(limit=-1))
    assert 5 == len(await frames.search(FrameQuery(limit=10**9)))
    assert 5000 == SEARCH_LIMIT


async def test_before_pages_backwards_and_after_forwards(database: Database) -> None:
    """A reader who follows with `after` misses nothing; the order stays newest first."""
    frames = await store(database, *(frame() for _ in range(9)))

    assert [4, 3] == ids(await frames.search(FrameQuery(limit=2, before=5)))
    assert [7, 6] == ids(await frames.search(FrameQuery(limit=2, after=5)))
    assert [8, 7, 6] == ids(await frames.search(FrameQuery(after=5, before=9)))
    assert [8, 7] == ids(await frames.search(FrameQuery(after=5, before=9, limit=2)))
    assert [] == await frames.search(FrameQuery(after=9))


async def test_since_is_exclusive_and_holds_with_the_charger(database: Database) -> None:
    frames = await store(
        database,
        frame("A", timestamp=10),
        frame("A", timestamp=20),
        frame("B", timestamp=20),
        frame("A", timestamp=15),
        frame("A", timestamp=30),
    )

    assert [5, 3, 2] == ids(await frames.search(FrameQuery(since=15)))
    assert [5, 4, 3, 2] == ids(await frames.search(FrameQuery(since=14.9)))
    assert [5, 2] == ids(await frames.search(FrameQuery(since=15, charge_point_id="A")))
    assert [5] == ids(await frames.search(FrameQuery(since=20)))
    assert [] == await frames.search(FrameQuery(since=30))
    assert 5 == len(await frames.search(FrameQuery(since=-1)))


@pytest.mark.parametrize("number", [10**30, -(10**30), 1e300])
async def test_no_number_is_too_large_to_ask_for(database: Database, number: int) -> None:
    frames = await store(database, frame())

    found = len(await frames.search(FrameQuery(since=number)))
    assert found == len(await frames.search(FrameQuery(after=int(number))))
    assert 1 - found == len(await frames.search(FrameQuery(before=int(number))))


async def test_direction_action_and_parts_of_the_payload_filter(database: Database) -> None:
    frames = await store(
        database,
        frame(payload="100% a_b", action="Reset"),
        frame(payload="100 aXb", action="Reset", direction="DOWNSTREAM"),
        frame(payload="", action="Heartbeat"),
    )

    assert [2, 1] == ids(await frames.search(FrameQuery(action="Reset")))
    assert [2] == ids(await frames.search(FrameQuery(action="Reset", direction="DOWNSTREAM")))
    assert [1] == ids(await frames.search(FrameQuery(q="a_b")))
    assert [1] == ids(await frames.search(FrameQuery(q="100%")))
    assert [2] == ids(await frames.search(FrameQuery(q="AXB")))
    assert [] == await frames.search(FrameQuery(q="'; DROP TABLE logs; --"))
    assert 3 == len(await frames.search(FrameQuery(q="")))


async def test_each_question_has_the_answer_of_a_search_frame_by_frame(database: Database) -> None:
    """Whichever index leads to them: the newest that fulfil all conditions, in order."""
    chargers, directions, actions = ("A", "B"), ("UPSTREAM", "DOWNSTREAM"), ("Reset", "Heartbeat")
    new = [
        frame(charger, str(number % 3), direction=direction, action=action, timestamp=number // 4)
        for number, (_, charger, direction, action) in enumerate(
            product(range(3), chargers, directions, (*actions, None))
        )
    ]
    frames = await store(database, *new)

    for query in _questions():
        expected = [number for number, each in enumerate(new, 1) if _answers(number, each, query)]
        expected = expected[:3] if query.before is None and query.after else expected[-3:]
        assert expected[::-1] == ids(await frames.search(query)), query


def _questions() -> Iterator[FrameQuery]:
    for charger, direction, action, before, after, since, q in product(
        (None, "A"),
        (None, "DOWNSTREAM", "PROXY_RESPONSE"),
        (None, "Reset"),
        (None, 30),
        (None, 4),
        (None, 2.5),
        (None, "1"),
    ):
        yield FrameQuery(
            charge_point_id=charger,
            direction=direction,
            action=action,
            before=before,
            after=after,
            since=since,
            q=q,
            limit=3,
        )


def _answers(number: int, new: NewFrame, query: FrameQuery) -> bool:
    return (
        query.charge_point_id in (None, new.charge_point_id)
        and query.direction in (None, new.direction)
        and query.action in (None, new.action)
        and (query.before is None or number < query.before)
        and (query.after is None or number > query.after)
        and (query.since is None or new.timestamp > int(query.since))
        and (query.q is None or query.q in new.payload)
    )


async def test_frames_of_before_a_clock_was_set_back_are_found(database: Database) -> None:
    """They are newer by their time than those that follow."""
    early = frame(timestamp=9000)
    frames = await store(database, early, *(frame(timestamp=100 + n) for n in range(5)))

    assert [6, 1] == ids(await frames.search(FrameQuery(since=103)))


async def test_pages_do_not_wait_for_searches_by_text(database: Database) -> None:
    """They may take minutes, and there are few connections: they have theirs in turn."""
    frames = await store(database, frame())
    searches = []
    async with frames._by_text:
        searches += [asyncio.ensure_future(frames.search(FrameQuery(q="["))) for _ in range(9)]
        page = await frames.search(FrameQuery())
        waiting = [search for search in searches if not search.done()]
    found = await asyncio.gather(*searches)

    assert [1] == ids(page)
    assert searches == waiting
    assert [[1]] * 9 == [ids(each) for each in found]


CHARGERS_WAY = "SEARCH logs USING INDEX ix_logs_charge_point_id_id (charge_point_id=? AND id>"
IN_ORDER = "SEARCH logs USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
DIRECTIONS = "INDEX ix_logs_direction_id (direction=? AND id>?"
ACTIONS = "INDEX ix_logs_action_direction_id (action=? AND direction=? AND id>?"
WAYS = [
    (FrameQuery(), IN_ORDER),
    (FrameQuery(after=7), IN_ORDER),
    (FrameQuery(since=7), IN_ORDER),
    (FrameQuery(charge_point_id="CP"), CHARGERS_WAY),
    (FrameQuery(charge_point_id="CP", direction="UPSTREAM", action="Reset"), CHARGERS_WAY),
    (FrameQuery(charge_point_id="CP", since=7, q="text"), CHARGERS_WAY),
    (FrameQuery(direction="UPSTREAM"), f"{DIRECTIONS} AND id<?"),
    (FrameQuery(direction="UPSTREAM", since=7, before=9), DIRECTIONS),
    (FrameQuery(action="Reset"), ACTIONS),
    (FrameQuery(action="Reset", direction="UPSTREAM"), f"{ACTIONS} AND id<?"),
]


@pytest.mark.parametrize(("query", "way"), WAYS)
async def test_ten_million_frames_are_found_by_an_index(
    file_database: Database, query: FrameQuery, way: str
) -> None:
    """SQLite reads what the page shows: it scans no table, and sorts nothing but ids of pages."""
    plan = await explained(file_database, _statement(query, 7, "sqlite"))

    assert any(way in step for step in plan)
    assert [] == [step for step in plan if step.startswith("SCAN logs")]
    ids_of_pages = [step for step in plan if step.startswith("SCAN anon")]
    assert len(ids_of_pages) == len([step for step in plan if "TEMP B-TREE" in step])


async def test_where_new_frames_begin_is_known_from_the_index_of_times(
    file_database: Database,
) -> None:
    plan = await explained(file_database, _first_after(7))

    way = "SEARCH logs USING COVERING INDEX ix_logs_timestamp (timestamp>?)"
    assert [way] * 2 == [step for step in plan if "logs" in step]
    assert [] == [step for step in plan if "TEMP B-TREE" in step]


@pytest.mark.parametrize("action", [None, "Heartbeat"])
async def test_a_server_looks_for_frames_of_long_ago_by_their_index(
    database: Database, action: str | None
) -> None:
    """PostgreSQL thinks that what was frequent once is found among the newest at once."""
    if database.dialect.name != "postgresql":
        return
    old = [asdict(frame(direction="PROXY_RESPONSE", action="Heartbeat")) for _ in range(1000)]
    new = [asdict(frame(action="Heartbeat")) for _ in range(3000)]
    async with database.writing() as connection:
        await connection.execute(insert(logs), [*old, *new])
        await connection.exec_driver_sql("ANALYZE logs")
    query = FrameQuery(direction="PROXY_RESPONSE", action=action, limit=10)
    plan = await explained(database, _statement(query, None, "postgresql"))

    index = "ix_logs_direction_id" if action is None else "ix_logs_action_direction_id"
    assert any(f"Scan Backward using {index}" in step for step in plan)
    assert [] == [step for step in plan if "Seq Scan" in step or "Backward using pk_logs" in step]


async def explained(database: Database, statement: Select[Any]) -> list[str]:
    compiled = statement.compile(dialect=database.dialect, compile_kwargs={"literal_binds": True})
    word = "EXPLAIN QUERY PLAN" if database.dialect.name == "sqlite" else "EXPLAIN"
    async with database.reading() as connection:
        return [row[-1] for row in await connection.exec_driver_sql(f"{word} {compiled}")]


async def test_large_frames_come_few_at_a_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's frames may be 4 MiB each: a page of them must not fill the memory."""
    monkeypatch.setattr(frames_module, "SEARCH_CHARACTERS", 250)
    frames = await store(database, *(frame(payload="x" * 100) for _ in range(7)))
    pages, before = [], None
    while True:
        page = await frames.page(FrameQuery(limit=5, before=before))
        pages.append(ids(page.frames))
        if page.is_last:
            break
        before = page.frames[-1].id

    assert [[7, 6, 5], [4, 3, 2], [1]] == pages
    assert [3, 2, 1] == ids(await frames.search(FrameQuery(after=0)))
