"""In the app the integration has a token from the first start on, and one alone."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.proxy.app.conftest import settings

from oye_proxy.accounts import Accounts, Scope
from oye_proxy.app import accounts_of, database_of, running
from oye_proxy.app.integration_token import NAME, ensure_integration_token
from oye_proxy.secrets_file import Secrets, load_secrets
from oye_proxy.settings import ServerSettings


@pytest.fixture
async def accounts(tmp_path: Path) -> AsyncIterator[Accounts]:
    async with database_of(settings(tmp_path)) as database, accounts_of(database) as accounts:
        yield accounts


async def secrets_in(folder: Path) -> Secrets:
    return await asyncio.to_thread(load_secrets, folder)


async def test_a_token_is_made_once(tmp_path: Path, accounts: Accounts) -> None:
    await ensure_integration_token(tmp_path, accounts)
    first = await secrets_in(tmp_path)
    await ensure_integration_token(tmp_path, accounts)
    rows = await accounts.tokens()

    assert first == await secrets_in(tmp_path)
    assert [(NAME, Scope.CONTROL)] == [(row.name, row.scope) for row in rows]
    assert first.integration_token is not None
    assert await accounts.knows_token(first.integration_token)
    assert 0o600 == stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode)


async def test_a_revoked_token_is_replaced_and_never_comes_back(
    tmp_path: Path, accounts: Accounts
) -> None:
    await ensure_integration_token(tmp_path, accounts)
    first = await secrets_in(tmp_path)
    await accounts.revoke_token((await accounts.tokens())[0].id)
    await ensure_integration_token(tmp_path, accounts)
    second = await secrets_in(tmp_path)

    assert first.instance_id == second.instance_id
    assert first.integration_token != second.integration_token
    assert not await accounts.knows_token(first.integration_token or "")


async def test_a_proxy_of_its_own_makes_none(tmp_path: Path) -> None:
    async with running(settings(tmp_path)):
        pass

    assert None is (await secrets_in(tmp_path)).integration_token


async def test_a_proxy_in_the_app_has_one_when_it_is_ready(tmp_path: Path) -> None:
    sockets = ServerSettings(
        public_socket=tmp_path / "public.sock", ingress_socket=tmp_path / "ingress.sock"
    )
    async with running(settings(tmp_path, server=sockets)):
        token = (await secrets_in(tmp_path)).integration_token

    assert (token or "").startswith("oye_")
