"""In the app the integration has a token from the start on, and its former one for a while."""

import asyncio
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.proxy.app.conftest import settings

from oye_proxy.accounts import Accounts, Scope
from oye_proxy.api.problems import CONSOLE_HEADER
from oye_proxy.app import accounts_of, database_of, running
from oye_proxy.app.integration_token import FORMER_LIVES, MOST_FORMER, NAME, IntegrationToken
from oye_proxy.errors import StorageError, TooManyRequestsError
from oye_proxy.secrets_file import Secrets, load_secrets
from oye_proxy.settings import ServerSettings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Clock:
    """A wall clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def accounts(tmp_path: Path) -> AsyncIterator[Accounts]:
    opened = database_of(settings(tmp_path), create=True)
    async with opened as database, accounts_of(database) as accounts:
        yield accounts


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def token(tmp_path: Path, accounts: Accounts, clock: Clock) -> IntegrationToken:
    token = IntegrationToken(tmp_path, accounts, wall=clock)
    await token.ensure()
    return token


async def secrets_in(folder: Path) -> Secrets:
    return await asyncio.to_thread(load_secrets, folder)


async def text_in(folder: Path) -> str:
    """Return the token that the app announces."""
    return (await secrets_in(folder)).integration_token or ""


async def test_a_token_is_made_once(
    tmp_path: Path, accounts: Accounts, token: IntegrationToken
) -> None:
    first = await secrets_in(tmp_path)
    await token.ensure()
    rows = await accounts.tokens()

    assert first == await secrets_in(tmp_path)
    assert [(NAME, Scope.CONTROL)] == [(row.name, row.scope) for row in rows]
    assert first.integration_token is not None
    assert await accounts.knows_token(first.integration_token)
    assert 0o600 == stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode)


async def test_a_revoked_token_is_replaced_and_never_comes_back(
    tmp_path: Path, accounts: Accounts, token: IntegrationToken
) -> None:
    first = await secrets_in(tmp_path)
    await accounts.revoke_token((await accounts.tokens())[0].id)
    await token.ensure()
    second = await secrets_in(tmp_path)

    assert first.instance_id == second.instance_id
    assert first.integration_token != second.integration_token
    assert not await accounts.knows_token(first.integration_token or "")


async def test_after_a_rotation_both_are_in_force_for_ten_minutes(
    tmp_path: Path, accounts: Accounts, token: IntegrationToken, clock: Clock
) -> None:
    first = await text_in(tmp_path)
    until = await token.rotate()
    second = await text_in(tmp_path)
    clock.now = until - timedelta(seconds=1)
    await token.end_former()
    before = [await accounts.knows_token(text) for text in (first, second)]
    clock.now = until
    await token.end_former()
    after = [await accounts.knows_token(text) for text in (first, second)]

    assert timedelta(minutes=10) == until - NOON
    assert ([True, True], [False, True]) == (before, after)
    assert () == (await secrets_in(tmp_path)).retired_tokens
    assert 0o600 == stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode)


async def test_a_restart_in_between_ends_the_former_one_in_time(
    tmp_path: Path, accounts: Accounts, token: IntegrationToken, clock: Clock
) -> None:
    first = await text_in(tmp_path)
    until = await token.rotate()
    second = await text_in(tmp_path)
    restarted = IntegrationToken(tmp_path, accounts, wall=clock)
    await restarted.ensure()
    await restarted.end_former()
    meanwhile = await accounts.knows_token(first)
    clock.now = until
    await restarted.end_former()

    assert meanwhile
    assert not await accounts.knows_token(first)
    assert second == await text_in(tmp_path)
    assert await accounts.knows_token(second)


async def test_the_end_comes_by_itself(tmp_path: Path, accounts: Accounts, clock: Clock) -> None:
    token = IntegrationToken(tmp_path, accounts, wall=clock, round_seconds=0.01)
    await token.start()
    first = await text_in(tmp_path)
    clock.now = await token.rotate()
    await until_unknown(accounts, first)
    await token.stop()


async def test_many_rotations_are_refused_until_one_has_ended(
    token: IntegrationToken, clock: Clock
) -> None:
    for _ in range(MOST_FORMER):
        await token.rotate()
    with pytest.raises(TooManyRequestsError) as refused:
        await token.rotate()
    clock.now += FORMER_LIVES
    await token.end_former()

    assert FORMER_LIVES.total_seconds() == refused.value.retry_after
    assert clock.now + FORMER_LIVES == await token.rotate()


async def test_a_rotation_that_cannot_be_written_changes_nothing(
    tmp_path: Path, accounts: Accounts, token: IntegrationToken
) -> None:
    """The app could not announce it."""
    first = await text_in(tmp_path)
    hidden = tmp_path.with_name("hidden")
    await asyncio.to_thread((tmp_path / "secrets.json").rename, hidden)
    await asyncio.to_thread((tmp_path / "secrets.json").mkdir)
    with pytest.raises(StorageError, match=r"secrets\.json cannot be written"):
        await token.rotate()
    await asyncio.to_thread((tmp_path / "secrets.json").rmdir)
    await asyncio.to_thread(hidden.rename, tmp_path / "secrets.json")

    assert [NAME] == [row.name for row in await accounts.tokens()]
    assert first == await text_in(tmp_path)
    assert await accounts.knows_token(first)


async def test_a_proxy_of_its_own_makes_none(tmp_path: Path) -> None:
    async with running(settings(tmp_path)):
        pass

    assert None is (await secrets_in(tmp_path)).integration_token


async def test_a_proxy_in_the_app_has_one_and_rotates_it_through_ingress(tmp_path: Path) -> None:
    """The console in Home Assistant's sidebar offers it; the answer holds no token."""
    sockets = ServerSettings(
        public_socket=tmp_path / "public.sock", ingress_socket=tmp_path / "ingress.sock"
    )
    async with running(settings(tmp_path, server=sockets)):
        first = await text_in(tmp_path)
        info = await asked(sockets, "GET", "/api/info", first)
        rotated = await asked(sockets, "POST", "/api/integration-token/rotate")
        second = await text_in(tmp_path)
        used = [(await asked(sockets, "GET", "/api/state", one))[0] for one in (first, second)]

    assert first.startswith("oye_")
    assert "integration_token" in info[1]["features"]
    assert (200, ["formerValidUntil"]) == (rotated[0], list(rotated[1]))
    assert first != second
    assert [200, 200] == used


async def until_unknown(accounts: Accounts, token: str) -> None:
    """Wait until a token has ended."""
    async with asyncio.timeout(10):
        while await accounts.knows_token(token):
            pass


async def asked(
    sockets: ServerSettings, method: str, path: str, token: str | None = None
) -> tuple[int, Any]:
    """Ask as the integration with a token, through ingress without one."""
    socket = sockets.ingress_socket if token is None else sockets.public_socket
    headers = {CONSOLE_HEADER: "1"} if token is None else {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as session,
        session.request(method, f"http://oye{path}", headers=headers) as response,
    ):
        return response.status, await response.json()
