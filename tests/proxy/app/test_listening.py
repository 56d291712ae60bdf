"""A whole proxy behind two unix sockets: who is believed where."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.proxy.app.conftest import issues_of_chargers, settings

from oye_proxy.app import Running, running
from oye_proxy.errors import SettingsError
from oye_proxy.settings import ApiSettings, ServerSettings

FORWARDED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
CONSOLE = {"X-OYE-Console": "1", "X-Remote-User-Id": "abc"}


@pytest.fixture
def server(tmp_path: Path) -> ServerSettings:
    return ServerSettings(
        host="127.0.0.1",
        port=0,
        public_socket=tmp_path / "public.sock",
        ingress_socket=tmp_path / "ingress.sock",
    )


@pytest.fixture
async def proxy(tmp_path: Path, server: ServerSettings) -> AsyncIterator[Running]:
    """Start one as the app does: without a password for a first user."""
    async with running(settings(tmp_path, server=server, api=ApiSettings())) as proxy:
        yield proxy


async def ask(socket: Path | None, method: str, path: str, **options: Any) -> tuple[int, Any]:
    assert socket is not None
    async with (
        aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as session,
        session.request(method, f"http://oye{path}", **options) as response,
    ):
        return response.status, await response.json()


async def test_there_is_no_port_and_no_default_account(
    proxy: Running, server: ServerSettings
) -> None:
    status, users = await ask(server.ingress_socket, "GET", "/api/users", headers=CONSOLE)
    _, config = await ask(server.ingress_socket, "GET", "/api/config", headers=CONSOLE)

    assert (0, None) == (proxy.port, proxy.first_user)
    assert (200, []) == (status, users)
    assert "0" == config["port"]


@pytest.mark.usefixtures("proxy")
async def test_identity_comes_from_the_ingress_socket_alone(server: ServerSettings) -> None:
    public, _ = await ask(server.public_socket, "GET", "/api/state", headers=CONSOLE)
    ingress, _ = await ask(server.ingress_socket, "GET", "/api/state")

    assert (401, 200) == (public, ingress)


@pytest.mark.usefixtures("proxy")
async def test_the_first_account_is_made_through_ingress(server: ServerSettings) -> None:
    user = {"username": "me", "password": "correct horse battery"}
    made, _ = await ask(server.ingress_socket, "POST", "/api/users", json=user, headers=CONSOLE)
    signed_in, _ = await ask(
        server.public_socket,
        "GET",
        "/api/state",
        headers={"Authorization": aiohttp.encode_basic_auth(*user.values())},
    )

    assert (200, 200) == (made, signed_in)


@pytest.mark.usefixtures("proxy")
async def test_a_charger_comes_from_where_the_server_in_front_says(server: ServerSettings) -> None:
    connector = aiohttp.UnixConnector(str(server.public_socket))
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.ws_connect("http://oye/ocpp/CP1", protocols=["ocpp1.6"], headers=FORWARDED),
    ):
        _, state = await ask(server.ingress_socket, "GET", "/api/state")
        keys = {issue["key"] for issue in issues_of_chargers(state)}

    assert "203.0.113.7" == state["chargers"][0]["remoteAddress"]
    assert set() == keys


async def test_both_sockets_are_gone_at_the_end(tmp_path: Path, server: ServerSettings) -> None:
    async with running(settings(tmp_path, server=server)):
        pass
    left = await asyncio.to_thread(lambda: list(tmp_path.glob("*.sock")))

    assert [] == left


async def test_a_socket_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    server = ServerSettings(public_socket=tmp_path / ("x" * 200))
    with pytest.raises(SettingsError, match=r"server\.public_socket: cannot listen"):
        async with running(settings(tmp_path, server=server)):
            pass
