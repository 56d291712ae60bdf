import asyncio
from datetime import UTC, datetime, timedelta

from oye_proxy.storage.database import Database
from oye_proxy.storage.resets import ResetStore
from oye_proxy.storage.sessions import SessionStore
from oye_proxy.storage.users import UserStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(minutes=30)


async def test_a_link_sets_the_password_once_and_ends_all_access(database: Database) -> None:
    users, sessions, resets = UserStore(database), SessionStore(database), ResetStore(database)
    for name in ("jo", "an"):
        await users.add(name, "h1")
        await sessions.add(name, name, NOW, "", "")
    for token in ("t1", "t2"):
        await resets.add("jo", token, NOW)

    assert await resets.knows("t1", SINCE)
    assert "jo" == await resets.redeem("t1", SINCE, "h2")
    assert await resets.redeem("t1", SINCE, "h3") is None
    assert await resets.redeem("t2", SINCE, "h3") is None
    assert [("an", "h1"), ("jo", "h2")] == [
        (row.username, row.password_hash) for row in await users.all()
    ]
    assert ["an"] == [row.username for row in await sessions.all()]


async def test_of_two_at_once_one_succeeds(database: Database) -> None:
    users, resets = UserStore(database), ResetStore(database)
    await users.add("jo", "h1")
    await resets.add("jo", "t1", NOW)

    outcomes = await asyncio.gather(*(resets.redeem("t1", SINCE, f"h{n}") for n in range(4)))

    assert 1 == outcomes.count("jo")


async def test_a_link_that_is_old_or_of_nobody_does_nothing(database: Database) -> None:
    users, resets = UserStore(database), ResetStore(database)
    for name in ("jo", "an"):
        await users.add(name, "h1")
    await resets.add("jo", "old", SINCE - timedelta(seconds=1))
    await resets.add("nobody", "nobodys", NOW)
    await resets.add("an", "disabled", NOW)
    await users.change("an", disabled=True)
    await resets.add("an", "disabled since", NOW)

    for token in ("old", "nobodys", "disabled", "disabled since", "unknown"):
        assert not await resets.knows(token, SINCE)
        assert await resets.redeem(token, SINCE, "h2") is None


async def test_links_are_counted_and_forgotten(database: Database) -> None:
    resets = ResetStore(database)
    await resets.add("jo", "t1", NOW - timedelta(hours=2))
    await resets.add("jo", "t2", NOW)
    await resets.add("an", "t3", NOW)

    assert 1 == await resets.count_since("jo", NOW - timedelta(hours=1))
    assert 2 == await resets.count_since("jo", NOW - timedelta(hours=3))
    await resets.delete_older(NOW - timedelta(hours=1))
    assert 1 == await resets.count_since("jo", NOW - timedelta(hours=3))


async def test_another_address_ends_links_that_went_to_the_former_one(database: Database) -> None:
    users, resets = UserStore(database), ResetStore(database)
    await users.add("jo", "h1", "jo@example.org")
    await resets.add("jo", "t1", NOW)
    await users.change("jo", email="other@example.org")

    assert not await resets.knows("t1", SINCE)
