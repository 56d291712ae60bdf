"""Who calls, and what is said to somebody who did not prove it (contracts of the Node proxy)."""

import asyncio
import base64

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict
from tests.proxy.api.conftest import ADMIN, METRICS_TOKEN, Api, basic, bearer
from tests.proxy.api.memory import MemoryHub

from oye_proxy.accounts import Accounts
from oye_proxy.api.auth import client_address

CHALLENGE = 'Basic realm="OCPP Proxy"'


def _basic(text: bytes) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(text).decode()}"}


@pytest.mark.parametrize(
    ("headers", "sentence", "challenge"),
    [
        ({}, "Authentication required", CHALLENGE),
        ({"X-OYE-Console": "1"}, "Authentication required", None),
        (basic("admin", "wrong"), "Invalid credentials", None),
        (basic("nobody", "wrong"), "Invalid credentials", None),
        (bearer("wrong"), "Invalid credentials", None),
        ({"Authorization": "Basic"}, "Authentication failed", None),
        ({"Authorization": "Basic %%%"}, "Authentication failed", None),
        (_basic(b"no colon"), "Authentication failed", None),
        (_basic(b"\xff:\xff"), "Authentication failed", None),
        ({"Authorization": "Bearer "}, "Authentication failed", None),
        ({"Authorization": "Digest x"}, "Authentication failed", None),
    ],
)
async def test_who_is_not_known_hears_why(
    api: Api, headers: dict[str, str], sentence: str, challenge: str | None
) -> None:
    async with api.session.get(f"{api.url}/api/info", headers=headers) as response:
        body = await response.json()

        assert 401 == response.status
        assert {"error": sentence, "code": "not_authenticated"} == body
        assert challenge == response.headers.get("WWW-Authenticate")


async def test_two_authorization_headers_are_none(api: Api) -> None:
    headers = [*basic(*ADMIN).items(), *basic(*ADMIN).items()]
    status, body = await api.ask("GET", "/api/info", headers=headers)

    assert (401, "Authentication failed") == (status, body["error"])


async def test_a_password_may_hold_colons(api: Api, accounts: Accounts) -> None:
    await accounts.add_user("u", "a:b:c:d:e")
    status, _ = await api.ask("GET", "/api/info", headers=basic("u", "a:b:c:d:e"))

    assert 200 == status


@pytest.mark.parametrize("token", ["token-of-read", "token-of-control"])
async def test_a_bearer_token_opens_what_its_scope_allows(api: Api, token: str) -> None:
    status, _ = await api.ask("GET", "/api/state", headers=bearer(token))
    admin_status, _ = await api.ask("GET", "/api/users", headers=bearer(token))

    assert (200, 403) == (status, admin_status)


@pytest.mark.parametrize(
    "headers",
    [bearer(METRICS_TOKEN), {"X-Health-Token": METRICS_TOKEN}, {"X-Metrics-Token": METRICS_TOKEN}],
)
async def test_the_token_for_metrics_opens_numbers_and_health_alone(
    api: Api, headers: dict[str, str]
) -> None:
    async with api.session.get(f"{api.url}/metrics", headers=headers) as response:
        assert 200 == response.status
    json_headers = {**headers, "Accept": "application/json"}
    async with api.session.get(f"{api.url}/health", headers=json_headers) as response:
        assert 200 == response.status
    async with api.session.get(f"{api.url}/api/state", headers=headers) as response:
        assert 401 == response.status


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://[", "http://h:x"]
)
async def test_another_web_site_changes_nothing(api: Api, origin: str) -> None:
    """A browser sends remembered Basic credentials along with a foreign page's requests."""
    headers = {**basic(*ADMIN), "Origin": origin}
    status, body = await api.ask("POST", "/api/config", {"defaultIdTag": "X"}, headers=headers)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await api.live(headers=headers)

    assert (403, "not_permitted", 403) == (status, body["code"], refused.value.status)
    assert "ADMIN_TAG" == api.dependencies.state.current.default_id_tag


async def test_the_own_web_site_may_change(api: Api) -> None:
    headers = {**basic(*ADMIN), "Origin": api.url}
    status, _ = await api.ask("POST", "/api/config", {"defaultIdTag": "X"}, headers=headers)
    async with api.live(headers=headers) as live:
        snapshot = await live.receive_json()

    assert (200, "snapshot") == (status, snapshot["type"])


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://oye.example", "oye.example"),
        ("https://oye.example", "OYE.example:443"),
        ("http://oye.example", "oye.example:80"),
        ("http://[::1]:8080", "[::1]:8080"),
    ],
)
async def test_default_ports_and_case_make_no_other_site(api: Api, origin: str, host: str) -> None:
    """TLS may end in front of the proxy, so the scheme says nothing."""
    headers = {**basic(*ADMIN), "Origin": origin, "Host": host}
    status, _ = await api.ask("POST", "/api/config", {}, headers=headers)

    assert 200 == status


async def test_ingress_needs_no_credentials_but_the_consoles_header(
    ingress: Api, hub: MemoryHub
) -> None:
    """Trust comes from the socket; the header proves that no foreign page made the request."""
    headers = {"X-Remote-User-Id": "abc", "Origin": "https://home.example"}
    read, _ = await ingress.ask("GET", "/api/users", headers=headers)
    bare, _ = await ingress.ask("POST", "/api/inject/CP1", {"action": "Heartbeat"}, headers=headers)
    meant, _ = await ingress.ask(
        "POST",
        "/api/inject/CP1",
        {"action": "Heartbeat"},
        headers={**headers, "X-OYE-Console": "1"},
    )

    assert (200, 403, 200) == (read, bare, meant)
    assert "ha:abc" == hub.injected[0][3].user


@pytest.mark.parametrize("given", [["a b"], ["abc", "def"], ["x" * 65], ["ä"], []])
async def test_an_id_that_supervisor_would_not_send_is_not_repeated(
    ingress: Api, hub: MemoryHub, given: list[str]
) -> None:
    headers = [("X-OYE-Console", "1"), *(("X-Remote-User-Id", one) for one in given)]
    await ingress.ask("POST", "/api/inject/CP1", {"action": "Heartbeat"}, headers=headers)

    assert "ha:" == hub.injected[0][3].user


async def test_no_charger_comes_through_ingress(ingress: Api) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    status, _ = await ingress.ask("GET", "/ocpp/CP1", headers=upgrade)

    assert 404 == status


async def test_the_public_site_ignores_the_headers_of_ingress(api: Api) -> None:
    status, _ = await api.ask("GET", "/api/users", headers={"X-Remote-User-Id": "abc"})

    assert 401 == status


TRUSTED = ("127.0.0.1", "10.0.0.0/8", "unix")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        (("127.0.0.1", 1), [], "127.0.0.1"),
        (("127.0.0.1", 1), ["198.51.100.1"], "198.51.100.1"),
        (("127.0.0.1", 1), ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        (("10.9.9.9", 1), ["6.6.6.6", "198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        (("127.0.0.1", 1), ["not an address"], "not an address"),
        ("", ["198.51.100.1"], "198.51.100.1"),
        (("192.0.2.1", 1), ["198.51.100.1"], "192.0.2.1"),
    ],
)
def test_only_trusted_proxies_name_the_client(
    peer: object, forwarded: list[str], address: str
) -> None:
    """What stands left of an address that is not trusted was written by a stranger."""
    transport = _Peer(peer)
    headers = CIMultiDict([("X-Forwarded-For", line) for line in forwarded])
    request = make_mocked_request("GET", "/", headers=headers, transport=transport)

    assert address == client_address(request, TRUSTED)


async def test_many_failures_are_answered_429(api: Api) -> None:
    answers = [
        await api.ask("GET", "/api/info", headers=basic("admin", "wrong")) for _ in range(12)
    ]

    assert (401, 429) == (answers[0][0], answers[-1][0])
    assert answers[-1][1]["retryAfter"] > 0


class _Peer(asyncio.Transport):
    """A transport of which only the other end's address is known."""

    def __init__(self, peer: object) -> None:
        super().__init__({"peername": peer})
