"""What a database holds: the same rows, digests and counters for each kind of it."""

import math
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
)
from tests.proxy.storage.rich import content_of, filled

from oye_proxy.errors import StorageError
from oye_proxy.settings import Secret, StorageSettings
from oye_proxy.storage import content
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import api_tokens, config, id_tags, logs

_table = Table(
    "t",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    Column("name", String(5)),
    Column("text", Text),
    Column("ratio", Float),
    Column("octets", LargeBinary),
)


def frame(number: int, payload: str = "x") -> dict[str, Any]:
    return {
        "id": number,
        "charge_point_id": "CP",
        "direction": "UPSTREAM",
        "payload": payload,
        "timestamp": 1,
    }


async def test_rows_are_read_as_they_were_written(database: Database) -> None:
    written = await filled(database)

    assert written == await content_of(database)


async def test_rows_are_part_of_the_transaction(database: Database) -> None:
    async def fail() -> None:
        async with database.changing() as connection:
            await content.add(connection, config, [["a", "1", None]])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    async with database.reading() as connection:
        assert 0 == await content.count(connection, config)


async def test_a_row_that_does_not_fit_is_a_storage_error(database: Database) -> None:
    with pytest.raises(StorageError):
        async with database.changing() as connection:
            await content.add(connection, config, [["a", None, None]])


@pytest.mark.parametrize("updated_at", ["yesterday", 2**70])
async def test_a_value_of_another_type_is_named_by_its_table(
    postgresql_url: Secret, updated_at: object
) -> None:
    """SQLite takes any value in any column."""
    database = Database(StorageSettings(database_url=postgresql_url))
    await database.open()
    with pytest.raises(StorageError, match="does not fit the table config: it has a value"):
        async with database.changing() as connection:
            await content.add(connection, config, [["a", "1", updated_at]])
    await database.close()


async def test_batches_are_bounded_by_rows_and_by_size(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "BATCH_ROWS", 200)
    monkeypatch.setattr(content, "BATCH_CHARACTERS", 50_000)
    monkeypatch.setattr(content, "_FETCH_ROWS", 10)
    async with database.writing() as connection:
        await connection.execute(insert(logs), [frame(number) for number in range(1, 501)])
        large = [frame(number, "x" * 10_000) for number in range(501, 551)]
        await connection.execute(insert(logs), large)

    async with database.lasting() as connection:
        sizes = [len(batch) async for batch in content.batches(connection, logs)]

    assert 550 == sum(sizes)
    assert 200 == max(sizes)
    assert 10 == sizes[-1]


async def test_reading_goes_on_behind_a_position(database: Database) -> None:
    position = content.Position()
    rows = [[f"cp{number % 3}", f"tag{number:02}", "x"] for number in range(20)]
    names = ("charge_point_id", "id_tag", "id_tag_type")
    async with database.writing() as connection:
        values = [dict(zip(names, row, strict=True)) for row in rows]
        await connection.execute(
            insert(id_tags), [{**row, "status": "Accepted", "updated_at": 1} for row in values]
        )

    async with database.lasting() as connection:
        whole = [row async for batch in content.batches(connection, id_tags) for row in batch]
        position.advance(id_tags, whole[:7])
        rest = [
            row
            async for batch in content.batches(connection, id_tags, position.after)
            for row in batch
        ]

    assert whole[7:] == rest
    assert (7, whole[6][:3]) == (position.rows, position.after)


async def test_digests_do_not_depend_on_the_order(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(config), [{"key": key, "value": "1"} for key in "aBcÄ"])
    async with database.lasting() as connection:
        position = await content.position_of(connection, config, lambda *_: None)
    rows = [[key, "1", None] for key in "ÄcBa"]

    assert (4, content.digest(rows)) == (position.rows, position.digest)
    assert content.digest(rows) != content.digest(rows[:3])
    assert content.digest([["a", None]]) != content.digest([["a", "null"]])


async def test_counting_goes_on_behind_what_was_deleted(database: Database) -> None:
    """Clients hold ids as cursors: none comes back in a copy either."""
    async with database.writing() as connection:
        await connection.execute(insert(logs), [frame(7)])
        await content.set_last_id(connection, logs, 41)
        assert 41 == await content.last_id(connection, logs)
        await connection.execute(delete(logs))
        row = {key: value for key, value in frame(0).items() if key != "id"}
        added = await connection.execute(insert(logs).values(row).returning(logs.c.id))

        assert 42 == added.scalar_one()
        assert 42 == await content.last_id(connection, logs)


async def test_counting_goes_on_behind_all_that_are_there(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(logs), [frame(70)])
        await content.set_last_id(connection, logs, None)

        assert 70 == await content.last_id(connection, logs)


async def test_what_counts_nothing_has_no_last_id(database: Database) -> None:
    async with database.writing() as connection:
        await content.set_last_id(connection, config, 7)
        await content.set_last_id(connection, api_tokens, 0)

        assert await content.last_id(connection, config) is None
        assert not await content.last_id(connection, api_tokens)


@pytest.mark.parametrize(
    "values",
    [
        [1, "a", "☃\u2028", 0.1, None],
        [2**62, None, None, None, b"\x00\xff"],
        [-1, "", "\\", -0.0, b""],
    ],
)
def test_a_row_travels_as_a_line(values: content.Values) -> None:
    line = content.to_line(values)

    assert b"\n" not in line
    assert values == content.from_line(_table, line)


@pytest.mark.parametrize("ratio", [math.inf, -math.inf, math.nan])
def test_numbers_without_a_word_in_json_travel(ratio: float) -> None:
    back = content.from_line(_table, content.to_line([1, "a", "b", ratio, None]))

    assert repr(ratio) == repr(back[3])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[1]",
        b'[1,"a","b",0.1,null,1]',
        b'[1,{},"b",0.1,null]',
        b'[9223372036854775808,"a","b",0.1,null]',
        b'[1,"a","b","x",null]',
        b'[1,"a","b",0.1,"?"]',
        b"[" * 100_000,
    ],
)
def test_what_is_no_row_is_refused(line: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        content.from_line(_table, line)


async def test_texts_are_made_such_that_the_database_takes_them(database: Database) -> None:
    rows: list[content.Values] = [[1, "abcdefg", "a\0b" * 3, None, None]]
    fitted = content.fitted(database.dialect, _table, rows)

    if database.dialect.name == "sqlite":
        assert rows == fitted
    else:
        assert [[1, "abcde", "a?b" * 3, None, None]] == fitted
