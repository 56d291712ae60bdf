import asyncio

import pytest
from sqlalchemy import update

from oye_proxy.errors import StorageError
from oye_proxy.settings import StorageSettings
from oye_proxy.storage import transaction_ids as module
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import sequences
from oye_proxy.storage.transaction_ids import FIRST, LAST, TransactionIds


async def settled(ids: TransactionIds) -> None:
    if ids._reserving is not None:
        await asyncio.wait([ids._reserving])


async def test_ids_rise_in_a_range_that_csms_products_do_not_use(database: Database) -> None:
    """1 000 000 000-1 499 999 999 from a random start."""
    ids = TransactionIds(database)
    await ids.open()
    given = [ids.next() for _ in range(10)]

    assert FIRST <= given[0] <= LAST
    assert list(range(given[0], given[0] + 10)) == given

    await ids.close()


async def test_the_start_is_random() -> None:
    starts = set()
    for _ in range(4):
        database = Database(StorageSettings(memory=True))
        await database.open()
        ids = TransactionIds(database)
        await ids.open()
        starts.add(ids.next())
        await database.close()

    assert 1 < len(starts)


async def test_no_id_comes_twice_across_restarts_and_blocks(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BLOCK", 4)
    given = []
    for _ in range(3):
        ids = TransactionIds(database)
        await ids.open()
        for _ in range(11):
            given.append(ids.next())
            await settled(ids)
        await ids.close()

    assert len(set(given)) == len(given)


async def test_the_range_begins_again_at_its_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BLOCK", 4)
    await TransactionIds(database).open()
    async with database.writing() as connection:
        await connection.execute(update(sequences).values(next_value=LAST - 5))
    ids = TransactionIds(database)
    await ids.open()
    given = []
    for _ in range(6):
        given.append(ids.next())
        await settled(ids)

    assert [LAST - 5, LAST - 4, LAST - 3, LAST - 2, FIRST, FIRST + 1] == given

    await ids.close()


async def test_a_dead_database_ends_the_ids_rather_than_repeating_them(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BLOCK", 4)
    ids = TransactionIds(database)
    await ids.open()
    await database.close()
    for _ in range(4):
        ids.next()
        await settled(ids)

    with pytest.raises(StorageError, match="no new transaction ids"):
        ids.next()

    await database.open()
    await settled(ids)
    with pytest.raises(StorageError, match="no new transaction ids"):
        ids.next()
    await settled(ids)

    assert ids.next() >= FIRST

    await ids.close()
