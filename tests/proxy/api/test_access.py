"""Who may do what: each route, asked by everybody there is."""

import msgspec
import pytest
from tests.proxy.api.conftest import ADMIN, Api, basic, bearer, signed_in
from yarl import URL

from oye_proxy.accounts import Accounts, Scope
from oye_proxy.api.routes import Route
from oye_proxy.api.server import ROUTES

# Nothing else answers a stranger: the page, whether the proxy is alive, and the way in.
OPEN = {
    ("GET", "/"),
    ("GET", "/health"),
    ("GET", "/api/sign-in"),
    ("POST", "/api/session"),
    ("POST", "/api/password/forgot"),
    ("POST", "/api/password/reset"),
}
# It tells a stranger that he is one.
TELLS_NOBODY = {("GET", "/api/session")}
CONSOLE = {"X-OYE-Console": "1"}
TOKENS = {Scope.READ: "token-of-read", Scope.CONTROL: "token-of-control"}
READS = {"GET", "HEAD"}

GUARDED = [route for route in ROUTES if route.scope is not None]
UNKNOWN = (401, "not_authenticated")
REFUSED = (403, "not_permitted")


def named(route: Route) -> tuple[str, str]:
    return route.method, route.path


def needs(route: Route) -> Scope:
    assert route.scope is not None
    return route.scope


async def answer(api: Api, route: Route, headers: dict[str, str]) -> tuple[int, str]:
    """Return status and code of a call whose body is none that the route can use."""
    path = "/".join("1.6" if part.startswith("{") else part for part in route.path.split("/"))
    url = URL(f"{api.url}{path}", encoded=True)
    async with api.session.request(route.method, url, headers=headers, data=b"[") as response:
        content = await response.read()
        is_json = response.content_type == "application/json"
        body = msgspec.json.decode(content) if is_json else None
        return response.status, body.get("code", "") if isinstance(body, dict) else ""


def test_the_open_routes_are_those_and_no_other() -> None:
    """A new route needs a scope, or a line above."""
    assert OPEN == {named(route) for route in ROUTES if route.scope is None}


def test_who_answers_a_stranger_with_a_scope_is_that_one() -> None:
    assert TELLS_NOBODY == {named(route) for route in ROUTES if route.answers_nobody}


async def test_a_stranger_gets_in_nowhere(api: Api) -> None:
    for headers in ({}, CONSOLE):
        answers = {named(route): await answer(api, route, headers) for route in ROUTES}

        assert OPEN | TELLS_NOBODY == {name for name, told in answers.items() if told != UNKNOWN}


@pytest.mark.parametrize("scope", TOKENS)
async def test_a_token_opens_what_its_scope_includes(api: Api, scope: Scope) -> None:
    token = bearer(TOKENS[scope])
    answers = {named(route): await answer(api, route, token) for route in GUARDED}

    assert [] == [name for name, told in answers.items() if told[0] == 401]
    assert [named(route) for route in GUARDED if not scope.includes(needs(route))] == [
        name for name, told in answers.items() if told == REFUSED
    ]


async def test_an_administrator_may_do_everything(api: Api) -> None:
    answers = {named(route): await answer(api, route, basic(*ADMIN)) for route in GUARDED}

    assert [] == [name for name, told in answers.items() if told[0] in {401, 403}]


async def test_with_a_cookie_alone_one_may_only_read(api: Api) -> None:
    """A browser adds the cookie to whatever request, also to that of a foreign page."""
    cookie = {"Cookie": await signed_in(api)}
    answers = {named(route): await answer(api, route, cookie) for route in GUARDED}

    assert [] == [name for name, told in answers.items() if told[0] == 401]
    assert [named(route) for route in GUARDED if route.method not in READS] == [
        name for name, told in answers.items() if told == REFUSED
    ]


async def test_with_cookie_and_header_one_may_do_everything(api: Api) -> None:
    refused = []
    for route in GUARDED:
        # Some of them end the session.
        told = await answer(api, route, {"Cookie": await signed_in(api), **CONSOLE})
        if told[0] in {401, 403}:
            refused.append(named(route))

    assert [] == refused


async def test_through_ingress_the_header_alone_decides(ingress: Api) -> None:
    bare = {named(route): await answer(ingress, route, {}) for route in ROUTES}
    meant = {named(route): await answer(ingress, route, CONSOLE) for route in ROUTES}

    assert [named(route) for route in ROUTES if route.method not in READS] == [
        name for name, told in bare.items() if told == REFUSED
    ]
    assert [] == [name for name, told in meant.items() if told[0] in {401, 403}]


async def test_a_foreign_page_cannot_open_the_live_stream(api: Api) -> None:
    """A WebSocket may be opened by any page, and carries the cookie."""
    cookie = {"Cookie": await signed_in(api)}
    for origin in ({}, {"Origin": "https://evil.example"}):
        assert 403 == await handshake(api, {**cookie, **origin})
    assert 101 == await handshake(api, {**cookie, "Origin": api.url})


async def test_an_account_that_is_gone_has_no_access(api: Api, accounts: Accounts) -> None:
    await accounts.add_user("jo", "battery staple")
    cookie = await signed_in(api, "jo", "battery staple")
    route = next(one for one in ROUTES if one.path == "/api/state")
    assert 200 == (await answer(api, route, {"Cookie": cookie}))[0]
    await accounts.change_user("jo", disabled=True)

    assert UNKNOWN == await answer(api, route, {"Cookie": cookie})
    assert 401 == (await answer(api, route, basic("jo", "battery staple")))[0]


async def handshake(api: Api, headers: dict[str, str]) -> int:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    url = f"{api.url}/api/live"
    async with api.session.get(url, headers={**headers, **upgrade}) as response:
        if response.status == 101:
            response.close()
        return response.status
