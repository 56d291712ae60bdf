"""Signing in to the console and out of it, and who one is."""

from typing import Any

import pytest
from msgspec.structs import replace
from tests.proxy.api.conftest import ADMIN, Api, basic, bearer, serve, signed_in

from oye_proxy.accounts import Accounts
from oye_proxy.mail import Mail
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import auth_users

CONSOLE = {"X-OYE-Console": "1"}
LOGIN = {"username": ADMIN[0], "password": ADMIN[1]}
SCOPES = ["read", "control", "admin"]


async def who(api: Api, headers: dict[str, str]) -> dict[str, Any]:
    status, body = await api.ask("GET", "/api/session", headers=headers)
    assert 200 == status
    return dict(body)


@pytest.mark.parametrize("headers", [{}, {"Cookie": "oye_session=over"}])
async def test_a_browser_that_is_not_signed_in_is_nobody(api: Api, headers: dict[str, str]) -> None:
    """It asks at each first visit; a refusal would stand in its console as an error."""
    body = await who(api, headers)

    assert ("", "nobody", None, []) == (body["name"], body["via"], body["scope"], body["can"])


@pytest.mark.parametrize("headers", [basic(ADMIN[0], "wrong"), {"Authorization": "Basic x"}])
async def test_wrong_credentials_are_refused_here_too(api: Api, headers: dict[str, str]) -> None:
    assert 401 == (await api.ask("GET", "/api/session", headers=headers))[0]


async def test_a_session_says_who_one_is(api: Api) -> None:
    status, told = await api.ask("POST", "/api/session", LOGIN, headers=CONSOLE)
    api.session.cookie_jar.clear()
    cookie = {"Cookie": await signed_in(api)}
    body = await who(api, cookie)

    assert 200 == status
    assert {
        "name": "admin",
        "via": "session",
        "scope": "admin",
        "can": [*SCOPES, "own_account", "mail"],
        "email": None,
        "language": None,
        "generatedPassword": False,
    } == {key: value for key, value in body.items() if key not in {"sessionId", "expiresAt"}}
    assert body.keys() == told.keys()
    assert isinstance(body["sessionId"], int)
    assert isinstance(body["expiresAt"], str)


async def test_basic_and_tokens_have_no_session(api: Api) -> None:
    user = await who(api, basic(*ADMIN))
    token = await who(api, bearer("token-of-control"))

    assert ("basic", None, [*SCOPES, "own_account", "mail"]) == (
        user["via"],
        user["sessionId"],
        user["can"],
    )
    assert ("token", "Home Assistant", ["read", "control"]) == (
        token["via"],
        token["name"],
        token["can"],
    )


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"X-Remote-User-Id": "abc"}, "ha:abc"),
        ({"X-Remote-User-Id": "abc", "X-Remote-User-Name": "jo"}, "jo"),
        ({"X-Remote-User-Name": "jo", "X-Remote-User-Display-Name": "Jö ☃"}, "Jö ☃"),
        ({"X-Remote-User-Display-Name": "x" * 129}, "ha:"),
    ],
)
async def test_ingress_tells_the_name_of_home_assistant(
    ingress: Api, headers: dict[str, str], name: str
) -> None:
    body = await who(ingress, headers)

    assert (name, "ingress", None) == (body["name"], body["via"], body["sessionId"])
    assert [*SCOPES, "mail"] == body["can"]


async def test_through_home_assistant_there_are_no_sessions(ingress: Api) -> None:
    begun = await ingress.ask("POST", "/api/session", LOGIN, headers=CONSOLE)
    ended = await ingress.ask("DELETE", "/api/session", headers=CONSOLE)

    assert (409, "conflict") == (begun[0], begun[1]["code"])
    assert (409, "conflict") == (ended[0], ended[1]["code"])


@pytest.mark.parametrize("name", [ADMIN[0], "nobody", "a\0b"])
async def test_a_wrong_name_and_a_wrong_password_are_told_alike(api: Api, name: str) -> None:
    body = {"username": name, "password": "wrong"}
    async with api.session.post(f"{api.url}/api/session", json=body, headers=CONSOLE) as response:
        told = await response.json()

        assert 401 == response.status
        assert {"error": "Invalid credentials", "code": "not_authenticated"} == told
        assert "Set-Cookie" not in response.headers
        assert "WWW-Authenticate" not in response.headers


async def test_many_failures_are_told_how_long_to_wait(api: Api) -> None:
    body = {"username": ADMIN[0], "password": "wrong"}
    answers = [await api.ask("POST", "/api/session", body, headers=CONSOLE) for _ in range(11)]

    assert (429, "too_many_requests") == (answers[-1][0], answers[-1][1]["code"])
    assert 1 == answers[-1][1]["retryAfter"]


async def test_no_foreign_page_signs_a_browser_in(api: Api) -> None:
    status, body = await api.ask("POST", "/api/session", LOGIN, headers={})

    assert (403, "not_permitted") == (status, body["code"])


async def test_signing_out_ends_the_session_and_clears_the_cookie(api: Api) -> None:
    headers = {"Cookie": await signed_in(api), **CONSOLE}
    async with api.session.delete(f"{api.url}/api/session", headers=headers) as response:
        assert 200 == response.status
        assert "oye_session=" in response.headers["Set-Cookie"]
        assert "Max-Age=0" in response.headers["Set-Cookie"]
    after = await who(api, headers)
    without, _ = await api.ask("DELETE", "/api/session", headers=basic(*ADMIN))

    assert ("nobody", 409) == (after["via"], without)


async def test_signing_in_again_ends_the_session_that_the_browser_had(api: Api) -> None:
    headers = {"Cookie": await signed_in(api), **CONSOLE}
    await api.ask("POST", "/api/session", LOGIN, headers=headers)
    api.session.cookie_jar.clear()

    assert "nobody" == (await who(api, headers))["via"]


@pytest.mark.parametrize(
    ("trusted", "name"), [(("127.0.0.1",), "__Secure-oye_session"), ((), "oye_session")]
)
async def test_only_a_trusted_proxy_says_that_it_is_tls(
    api: Api, trusted: tuple[str, ...], name: str
) -> None:
    settings = replace(api.dependencies.settings, trusted_proxies=trusted)
    headers = {**CONSOLE, "X-Forwarded-Proto": "https"}
    async for behind in serve(replace(api.dependencies, settings=settings), api.hub):
        url = f"{behind.url}/api/session"
        async with behind.session.post(url, json=LOGIN, headers=headers) as response:
            cookie = response.headers["Set-Cookie"]
        behind.session.cookie_jar.clear()
        pair = cookie.partition(";")[0]
        told = await who(behind, {**headers, "Cookie": pair})

        assert (name, "session") == (pair.partition("=")[0], told["via"])
        assert bool(trusted) == ("Secure" in cookie.split("; "))


async def test_a_generated_password_is_told_until_it_was_changed(
    api: Api, accounts: Accounts, database: Database
) -> None:
    async with database.writing() as connection:
        await connection.execute(auth_users.delete())
    made = await accounts.first_user(None)
    assert made is not None
    assert made[1] is not None
    before = await who(api, basic("admin", made[1]))
    await accounts.set_password("admin", "battery staple")
    after = await who(api, basic("admin", "battery staple"))

    assert (True, False) == (before["generatedPassword"], after["generatedPassword"])


async def test_the_page_for_signing_in_knows_how_a_password_is_replaced(
    api: Api, mail: Mail
) -> None:
    answers = []
    for offered in (True, False):
        mail.offered = offered
        answers.append(await api.ask("GET", "/api/sign-in", headers={}))

    assert [
        (200, {"passwordReset": "command_line", "hasAccounts": True}),
        (200, {"passwordReset": "home_assistant", "hasAccounts": True}),
    ] == answers
