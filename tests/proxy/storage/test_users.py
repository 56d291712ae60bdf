import asyncio
from datetime import UTC, datetime

from oye_proxy.errors import ConflictError
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
    await users.add("an", "h1")
    await users.add("jo", "h1")

    assert await users.set_password("jo", "h2")
    assert not await users.set_password("nobody", "h2")
    assert ["h1", "h2"] == [row.password_hash for row in await users.all()]
    assert await users.delete("jo")
    assert not await users.delete("jo")


async def test_what_is_known_of_a_user_changes(database: Database) -> None:
    users = UserStore(database)
    await users.add("jo", "h1", "Jo@Example.org")
    await users.add("jo@example.org", "h2")
    moment = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    await users.note_logins({"jo": moment, "nobody": moment})
    await users.note_logins({})

    assert await users.change("jo", language="de")
    assert not await users.change("nobody", language="de")
    found = await users.get("jo")
    assert found is not None
    assert ("Jo@Example.org", "de", moment) == (found.email, found.language, found.last_login)
    assert {"jo", "jo@example.org"} == {
        row.username for row in await users.named_or_reached("jo@example.org")
    }
    assert [] == await users.named_or_reached("JO")
    assert await users.change("jo", email=None)
    assert 1 == len(await users.named_or_reached("jo@example.org"))


async def test_of_the_last_two_who_go_at_once_one_stays(database: Database) -> None:
    users = UserStore(database)
    for name in ("jo", "an", "ed"):
        await users.add(name, "h")
    await users.change("ed", disabled=True)

    outcomes = await asyncio.gather(
        users.delete("jo"), users.change("an", disabled=True), return_exceptions=True
    )

    assert 1 == sum(isinstance(outcome, ConflictError) for outcome in outcomes)
    assert 1 == sum(not row.disabled for row in await users.all())
