"""Where a charger comes from: who in front of the proxy is believed, and who is not."""

from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from tests.proxy.app.conftest import ask, issues_of_chargers, settings

from oye_proxy.app import running
from oye_proxy.app.clients import trusted_proxies
from oye_proxy.settings import ApiSettings, Secret, ServerSettings, Settings


@pytest.mark.parametrize(
    ("socket", "trusted"),
    [(None, ("192.0.2.1",)), (Path("public.sock"), ("192.0.2.1", "unix"))],
)
def test_who_reaches_the_unix_socket_is_trusted(
    socket: Path | None, trusted: tuple[str, ...]
) -> None:
    given = Settings(
        server=ServerSettings(public_socket=socket),
        api=ApiSettings(trusted_proxies=("192.0.2.1",)),
    )

    assert trusted == trusted_proxies(given)


@pytest.mark.parametrize(("trusted", "address"), [((), "127.0.0.1"), (("127.0.0.1",), "8.8.8.8")])
async def test_on_a_port_only_a_trusted_proxy_is_believed(
    tmp_path: Path, trusted: tuple[str, ...], address: str
) -> None:
    state = await state_of_forwarded(tmp_path, trusted, "https")

    assert address == state["chargers"][0]["remoteAddress"]


@pytest.mark.parametrize("scheme", ["https", "http"])
async def test_a_trusted_proxy_says_whether_a_charger_came_over_tls(
    tmp_path: Path, scheme: str
) -> None:
    state = await state_of_forwarded(tmp_path, ("127.0.0.1",), scheme)

    assert [("charger_unsecured", scheme == "https")] == [
        (issue["key"], issue["params"]["encrypted"]) for issue in issues_of_chargers(state)
    ]


async def state_of_forwarded(tmp_path: Path, trusted: tuple[str, ...], scheme: str) -> Any:
    """Return the state of a proxy to which a charger came from the internet, as its headers say."""
    api = ApiSettings(initial_admin_password=Secret("correct horse"), trusted_proxies=trusted)
    headers = {"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": scheme}
    async with (
        running(settings(tmp_path, api=api)) as proxy,
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"http://127.0.0.1:{proxy.port}/ocpp/CP1", protocols=["ocpp1.6"], headers=headers
        ),
    ):
        return msgspec.json.decode((await ask(proxy, "/api/state"))[1])
