from datetime import UTC, datetime, timedelta

from oye_proxy.storage.database import Database
from oye_proxy.storage.sessions import MOST_OF_A_USER, SessionStore
from oye_proxy.storage.users import UserStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def test_a_session_is_found_by_its_hash_while_its_user_may_sign_in(
    database: Database,
) -> None:
    users, sessions = UserStore(database), SessionStore(database)
    for name in ("jo", "an"):
        await users.add(name, "h")
    added = await sessions.add("jo", "t1", NOW, "192.0.2.1", "Browser")

    assert added == await sessions.by_hash("t1")
    assert await sessions.by_hash("t2") is None
    await users.change("jo", disabled=True)
    assert await sessions.by_hash("t1") is None


async def test_nobodys_session_is_none(database: Database) -> None:
    sessions = SessionStore(database)
    await sessions.add("jo", "t1", NOW, "", "")

    assert await sessions.by_hash("t1") is None


async def test_uses_are_noted(database: Database) -> None:
    sessions = SessionStore(database)
    added = await sessions.add("jo", "t1", NOW, "", "")
    await sessions.touch({})
    await sessions.touch({added.id: NOW + timedelta(hours=1), 999: NOW})

    assert [NOW + timedelta(hours=1)] == [row.last_used for row in await sessions.all()]


async def test_a_users_oldest_session_makes_room(database: Database) -> None:
    sessions = SessionStore(database)
    other = await sessions.add("an", "of an", NOW, "", "")
    rows = [await sessions.add("jo", f"t{n}", NOW, "", "") for n in range(MOST_OF_A_USER + 1)]

    assert [row.id for row in reversed(rows[1:])] + [other.id] == [
        row.id for row in await sessions.all()
    ]


async def test_sessions_end_one_of_a_user_all_or_the_old(database: Database) -> None:
    sessions = SessionStore(database)
    old = await sessions.add("jo", "t0", NOW - timedelta(days=40), "", "")
    await sessions.touch({old.id: NOW})
    await sessions.add("jo", "t1", NOW - timedelta(days=10), "", "")
    for number in range(2, 5):
        await sessions.add("jo", f"t{number}", NOW, "", "")
    for name in ("an", "ed"):
        await sessions.add(name, name, NOW, "", "")

    await sessions.delete_expired(NOW - timedelta(days=7), NOW - timedelta(days=30))
    assert 5 == len(await sessions.all())
    (first, *_) = await sessions.all()
    assert await sessions.delete(first.id)
    assert not await sessions.delete(first.id)
    assert 3 == await sessions.delete_of("jo")
    assert 1 == await sessions.delete_of(None)
