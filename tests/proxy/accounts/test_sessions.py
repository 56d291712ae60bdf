"""Login sessions: for a bounded time, across restarts, until they are ended."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.proxy.accounts.conftest import HOME, Clock

from oye_proxy.accounts import Accounts, Principal, Scope, Sessions
from oye_proxy.settings import ApiSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import login_sessions
from oye_proxy.storage.sessions import MOST_OF_A_USER, SessionStore

SETTINGS = ApiSettings(session_idle_hours=10, session_days=2)


class Wall:
    """A calendar that a test turns."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
async def sessions(
    database: Database, accounts: Accounts, wall: Wall, clock: Clock
) -> AsyncIterator[Sessions]:
    del accounts  # its user is what matters
    sessions = Sessions(SessionStore(database), SETTINGS, wall, clock)
    yield sessions
    await sessions.close()


async def test_a_session_is_its_users(sessions: Sessions) -> None:
    opened = await sessions.open("jo", HOME, "Browser")

    assert Principal("jo", Scope.ADMIN, "user", opened.row.id) == (
        await sessions.identify(opened.token)
    )
    assert await sessions.identify("wrong") is None
    assert await sessions.identify("\ud800") is None


async def test_only_a_hash_is_stored(sessions: Sessions, database: Database) -> None:
    opened = await sessions.open("jo", HOME, "Browser")
    async with database.reading() as connection:
        (row,) = await connection.execute(login_sessions.select())

    assert opened.token not in repr(row)


async def test_a_session_that_is_used_goes_on_until_it_is_as_old_as_it_may_get(
    sessions: Sessions, wall: Wall
) -> None:
    opened = await sessions.open("jo", HOME, "Browser")
    alive = []
    for _ in range(6):
        wall.later(hours=9)
        alive.append(await sessions.identify(opened.token) is not None)

    assert [True, True, True, True, True, False] == alive


async def test_a_session_that_is_not_used_ends(sessions: Sessions, wall: Wall) -> None:
    opened = await sessions.open("jo", HOME, "Browser")
    wall.later(hours=10)

    assert await sessions.identify(opened.token) is None
    assert [] == await sessions.all()


async def test_a_session_survives_a_restart_with_its_last_use(
    sessions: Sessions, database: Database, wall: Wall, clock: Clock
) -> None:
    opened = await sessions.open("jo", HOME, "Browser")
    wall.later(hours=9)
    await sessions.identify(opened.token)
    await sessions.close()
    wall.later(hours=9)
    restarted = Sessions(SessionStore(database), SETTINGS, wall, clock)

    assert await restarted.identify(opened.token) is not None
    await restarted.close()


async def test_the_last_use_is_written_now_and_then(
    sessions: Sessions, database: Database, wall: Wall, clock: Clock
) -> None:
    opened = await sessions.open("jo", HOME, "Browser")
    wall.later(minutes=2)
    clock.now += 120
    await sessions.identify(opened.token)
    await sessions.close()
    (row,) = await SessionStore(database).all()

    assert wall.now == row.last_used


async def test_an_ended_session_is_over_at_once(sessions: Sessions) -> None:
    first, second, third = [await sessions.open("jo", HOME, "Browser") for _ in range(3)]

    assert await sessions.end(first.row.id)
    assert not await sessions.end(first.row.id)
    assert await sessions.identify(first.token) is None
    assert await sessions.identify(second.token) is not None
    assert 0 == await sessions.end_all("an")
    assert 2 == await sessions.end_all(None)
    assert await sessions.identify(third.token) is None


async def test_another_password_ends_the_sessions_but_the_one_that_is_kept(
    sessions: Sessions, accounts: Accounts
) -> None:
    kept, other = [await sessions.open("jo", HOME, "Browser") for _ in range(2)]
    await accounts.change_password(
        "jo", "correct horse", "battery staple", HOME, keep_session=kept.row.id
    )

    assert [kept.row.id] == [row.id for row in await sessions.all()]
    assert await sessions.identify(other.token) is None
    await accounts.set_password("jo", "correct horse")
    assert [] == await sessions.all()


async def test_who_is_disabled_or_gone_has_no_session(
    sessions: Sessions, accounts: Accounts
) -> None:
    await accounts.add_user("an", "battery staple")
    for end in (accounts.change_user("an", disabled=True), accounts.remove_user("an")):
        opened = await sessions.open("an", HOME, "Browser")
        await end

        assert await sessions.identify(opened.token) is None
        assert [] == await sessions.all()


async def test_texts_of_strangers_are_cut_and_cleaned(sessions: Sessions) -> None:
    opened = await sessions.open("jo", "192.0.2.1\r\n", "\x1b[31m\0" + "x" * 1000)

    assert "192.0.2.1" == opened.row.remote_address
    assert 255 == len(opened.row.user_agent)
    assert opened.row.user_agent.isprintable()


async def test_a_user_has_a_bounded_number_of_sessions(sessions: Sessions) -> None:
    first = await sessions.open("jo", HOME, "Browser")
    for _ in range(MOST_OF_A_USER):
        await sessions.open("jo", HOME, "Browser")

    assert MOST_OF_A_USER == len(await sessions.all())
    assert await sessions.identify(first.token) is None


async def test_sessions_that_are_over_are_forgotten(
    sessions: Sessions, database: Database, wall: Wall
) -> None:
    await sessions.open("jo", HOME, "Browser")
    wall.later(days=3)
    opened = await sessions.open("jo", HOME, "Browser")

    assert [opened.row.id] == [row.id for row in await SessionStore(database).all()]
