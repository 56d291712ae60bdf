import asyncio

from oye_proxy.storage.database import Database
from oye_proxy.storage.users import UserStore


async def test_a_user_is_added_once(database: Database) -> None:
    users = UserStore(database)

    assert await users.add("jo", "h1")
    assert not await users.add("jo", "h2")
    assert await users.add("an", "h3")
    assert [("an", "h3"), ("jo", "h1")] == [
        (row.username, row.password_hash) for row in await users.all()
    ]


async def test_a_user_is_found_by_the_exact_name(database: Database) -> None:
    users = UserStore(database)
    await users.add("jo", "h1")
    found = await users.get("jo")

    assert found is not None
    assert "h1" == found.password_hash
    assert await users.get("JO") is None


async def test_only_one_first_user_is_made(database: Database) -> None:
    users = UserStore(database)

    added = await asyncio.gather(*(users.add_first("admin", str(n)) for n in range(5)))

    assert 1 == added.count(True)
    assert 1 == len(await users.all())


async def test_a_password_changes_and_a_user_goes(database: Database) -> None:
    users = UserStore(database)
    await users.add("jo", "h1")

    assert await users.set_password("jo", "h2")
    assert not await users.set_password("nobody", "h2")
    assert ["h2"] == [row.password_hash for row in await users.all()]
    assert await users.delete("jo")
    assert not await users.delete("jo")
