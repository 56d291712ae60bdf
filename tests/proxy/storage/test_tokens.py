from datetime import UTC, datetime

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.storage.database import Database
from oye_proxy.storage.tokens import TokenStore

T1 = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)


async def test_tokens_are_added_used_and_deleted(database: Database) -> None:
    tokens = TokenStore(database)
    first = await tokens.add("Home Assistant", "control", "a" * 64)
    second = await tokens.add("Grafana", "read", "b" * 64)
    await tokens.touch({second.id: T1})
    await tokens.touch({})

    assert [(1, "Home Assistant", None), (2, "Grafana", T1)] == [
        (row.id, row.name, row.last_used) for row in await tokens.all()
    ]
    assert first == (await tokens.all())[0]
    assert first == await tokens.by_hash("a" * 64)
    assert await tokens.by_hash("d" * 64) is None
    assert await tokens.delete(second.id)
    assert not await tokens.delete(second.id)

    third = await tokens.add("Grafana", "read", "c" * 64)

    assert 3 == third.id


async def test_one_token_is_stored_once(database: Database) -> None:
    tokens = TokenStore(database)
    await tokens.add("one", "read", "a" * 64)

    with pytest.raises(StorageError, match=r"(?i)unique"):
        await tokens.add("two", "read", "a" * 64)
