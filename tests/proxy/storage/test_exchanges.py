"""Exchanges read from the stored frames."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import asdict
from sqlalchemy import insert

from oye_proxy.storage import exchanges, frames
from oye_proxy.storage.database import Database
from oye_proxy.storage.exchanges import ExchangeQuery, ExchangeStore, StoredExchange
from oye_proxy.storage.frame_rows import NewFrame
from oye_proxy.storage.frames import FrameStore
from oye_proxy.storage.models import logs

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


def frame(
    number: int, message_type: int | None, message_id: str | None = None, **values: Any
) -> NewFrame:
    """Return the frame of a second; by default the charger asks and the CSMS answers."""
    second = int(AT.timestamp()) + number
    answers = message_type in {3, 4}
    row = {
        "charge_point_id": "CP1",
        "direction": "DOWNSTREAM" if answers else "UPSTREAM",
        "peer": "csms" if answers else "charger",
        "payload": f"[{message_type}]",
        "timestamp": second,
        "at_us": second * 1_000_000,
        "message_type": message_type,
        "message_id": message_id,
        "action": None if message_type is None else "Heartbeat",
        **values,
    }
    return NewFrame(**row)


async def store(database: Database, *frames: NewFrame) -> ExchangeStore:
    async with database.writing() as connection:
        for new in frames:
            await connection.execute(insert(logs).values(asdict(new)))
    return ExchangeStore(FrameStore(database))


def shown(found: list[StoredExchange]) -> list[tuple[int, ...]]:
    """Return the rows of each exchange."""
    return [(one.request.id, *(answer.id for answer in one.answers)) for one in found]


async def test_calls_come_with_their_answers_newest_first(database: Database) -> None:
    reader = await store(
        database,
        frame(1, 2, "a"),
        frame(2, 2, "b", charge_point_id="CP2"),
        frame(3, 3, "b", charge_point_id="CP2"),
        frame(4, 3, "a"),
        frame(5, 2, "c"),
    )
    page = await reader.page(ExchangeQuery())

    assert [(5,), (2, 3), (1, 4)] == shown(page.exchanges)
    assert page.next_before is None


async def test_the_newest_page_holds_what_just_passed(database: Database) -> None:
    """What waits to be written is stored first; older pages do not wait for it."""

    async def catch_up() -> None:
        await store(database, frame(1, 2, "a"), frame(2, 2, "b"))

    reader = ExchangeStore(FrameStore(database), catch_up)
    older = await reader.page(ExchangeQuery(before=2))
    newest = await reader.page(ExchangeQuery(limit=2))

    assert [] == older.exchanges
    assert [(2,), (1,)] == shown(newest.exchanges)


async def test_an_id_that_is_used_again_is_another_exchange(database: Database) -> None:
    """Many chargers count from 1 again after a restart."""
    reader = await store(
        database, frame(1, 2, "1"), frame(2, 3, "1"), frame(3, 2, "1"), frame(4, 4, "1")
    )

    assert [(3, 4), (1, 2)] == shown((await reader.page(ExchangeQuery())).exchanges)


async def test_both_answers_of_a_call_are_told(database: Database) -> None:
    reader = await store(database, frame(1, 2, "a"), frame(2, 4, "a"), frame(3, 3, "a", late=True))

    assert [(1, 2, 3)] == shown((await reader.page(ExchangeQuery())).exchanges)


async def test_what_belongs_to_no_call_stands_alone(database: Database) -> None:
    reader = await store(database, frame(1, None), frame(2, 3, "x", action=None), frame(3, 6, "y"))

    assert [(3,), (2,), (1,)] == shown((await reader.page(ExchangeQuery())).exchanges)


async def test_pages_lead_on_without_a_gap_and_find_answers_above_them(database: Database) -> None:
    reader = await store(
        database, frame(1, 2, "a"), frame(2, 2, "b"), frame(3, 3, "b"), frame(4, 3, "a")
    )
    first = await reader.page(ExchangeQuery(limit=1))
    second = await reader.page(ExchangeQuery(limit=1, before=first.next_before))

    assert [(2, 3)] == shown(first.exchanges)
    assert [(1, 4)] == shown(second.exchanges)


async def test_a_page_goes_on_behind_large_frames(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Storage gives few of them at a time; that is not the end."""
    monkeypatch.setattr(frames, "SEARCH_CHARACTERS", 5)
    reader = await store(database, *(frame(number, 2, str(number)) for number in range(5)))
    page = await reader.page(ExchangeQuery())

    assert [(5,), (4,), (3,), (2,), (1,)] == shown(page.exchanges)
    assert page.next_before is None


async def test_conditions_narrow(database: Database) -> None:
    reader = await store(
        database,
        frame(1, 2, "a"),
        frame(2, 2, "b", action="Reset"),
        frame(3, 2, "c", charge_point_id="CP2"),
        frame(4, None),
    )

    async def found(**query: Any) -> list[tuple[int, ...]]:
        return shown((await reader.page(ExchangeQuery(**query))).exchanges)

    assert [(4,), (2,), (1,)] == await found(charge_point_id="CP1")
    assert [(3,), (1,)] == await found(action="Heartbeat")
    assert [(4,), (2,)] == await found(without_actions=("Heartbeat",))
    assert [(4,), (3,)] == await found(since=AT + timedelta(seconds=3))
    assert [(2,), (1,)] == await found(until=AT + timedelta(seconds=2))
    assert [] == await found(until=AT)
    assert [(1,)] == await found(until=AT + timedelta(seconds=2), before=2)
    assert [(2,)] == await found(wanted=lambda one: one.request.message_id == "b")


async def test_a_search_that_finds_little_ends_and_says_where_to_go_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "BATCH_FRAMES", 2)
    monkeypatch.setattr(exchanges, "SCAN_FRAMES", 4)
    reader = await store(database, *(frame(number, 2, f"m{number}") for number in range(6)))
    query = ExchangeQuery(wanted=lambda one: one.request.id == 1)
    first = await reader.page(query)

    assert ([], 3) == (first.exchanges, first.next_before)
    second = await reader.page(ExchangeQuery(wanted=query.wanted, before=first.next_before))
    assert [(1,)] == shown(second.exchanges)


@pytest.mark.parametrize("row", [1, 3, 4])
async def test_an_exchange_is_found_by_each_of_its_frames(database: Database, row: int) -> None:
    reader = await store(
        database,
        frame(1, 2, "a"),
        frame(2, 2, "a", charge_point_id="CP2"),
        frame(3, 4, "a"),
        frame(4, 3, "a", late=True),
        frame(5, 2, "a"),
        frame(6, 3, "a"),
    )
    found = await reader.find(row)

    assert found is not None
    assert [(1, 3, 4)] == shown([found])


async def test_a_frame_that_stands_alone_is_found_and_one_that_is_not_stored_is_not(
    database: Database,
) -> None:
    reader = await store(database, frame(1, None), frame(2, 3, "gone"))

    for row in (1, 2):
        found = await reader.find(row)
        assert found is not None
        assert [(row,)] == shown([found])
    assert await reader.find(3) is None
    assert await reader.find(10**30) is None


async def test_the_frames_around_and_the_one_before_are_of_the_same_charger(
    database: Database,
) -> None:
    reader = await store(
        database,
        frame(1, 2, "a"),
        frame(2, 3, "a"),
        frame(3, 2, "b", charge_point_id="CP2"),
        frame(4, 2, "c"),
        frame(5, 2, "d", action="Reset"),
    )
    found = await reader.find(4)

    assert found is not None
    assert [(5,), (4,), (1, 2)] == shown(await reader.near(found.request))
    before = await reader.previous(found.request)
    assert before is not None
    assert 1 == before.id
    assert await reader.previous(before) is None
