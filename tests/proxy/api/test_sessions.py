"""The logins of the console, and their end."""

from tests.proxy.api.conftest import ADMIN, Api, basic, signed_in

from oye_proxy.accounts import Accounts

CONSOLE = {"X-OYE-Console": "1"}


async def test_every_login_is_listed_and_the_own_one_is_marked(api: Api) -> None:
    await signed_in(api)
    own = {"Cookie": await signed_in(api)}
    status, sessions = await api.ask("GET", "/api/sessions", headers=own)

    assert 200 == status
    assert [True, False] == [one["current"] for one in sessions]
    assert {
        "id",
        "username",
        "createdAt",
        "lastUsed",
        "expiresAt",
        "remoteAddress",
        "userAgent",
        "current",
    } == sessions[0].keys()
    assert ("admin", "127.0.0.1") == (sessions[0]["username"], sessions[0]["remoteAddress"])
    assert "aiohttp" in sessions[0]["userAgent"]


async def test_a_login_is_ended(api: Api) -> None:
    cookie = {"Cookie": await signed_in(api)}
    _, (session,) = await api.ask("GET", "/api/sessions")
    path = f"/api/sessions/{session['id']}"

    assert (200, {"success": True}) == await api.ask("DELETE", path)
    assert 401 == (await api.ask("GET", "/api/info", headers=cookie))[0]
    for gone in (path, "/api/sessions/x", "/api/sessions/99999999999999999999"):
        assert 404 == (await api.ask("DELETE", gone))[0]


async def test_signing_out_everywhere_ends_the_own_logins(api: Api, accounts: Accounts) -> None:
    await accounts.add_user("jo", "battery staple")
    jo = {"Cookie": await signed_in(api, "jo", "battery staple")}
    own = [{"Cookie": await signed_in(api), **CONSOLE} for _ in range(2)]

    assert (200, {"ended": 2}) == await api.ask("DELETE", "/api/sessions", headers=own[0])
    assert [401, 401, 200] == [
        (await api.ask("GET", "/api/info", headers=headers))[0] for headers in (*own, jo)
    ]
    assert (200, {"ended": 1}) == await api.ask("DELETE", "/api/sessions?username=jo")


async def test_who_has_no_account_signs_everybody_out(
    ingress: Api, api: Api, accounts: Accounts
) -> None:
    await accounts.add_user("jo", "battery staple")
    await signed_in(api, "jo", "battery staple")
    await signed_in(api)

    assert (200, {"ended": 2}) == await ingress.ask("DELETE", "/api/sessions", headers=CONSOLE)


async def test_a_changed_password_ends_the_other_logins(api: Api) -> None:
    own, other = [{"Cookie": await signed_in(api), **CONSOLE} for _ in range(2)]
    change = {"currentPassword": ADMIN[1], "newPassword": "battery staple"}
    status, _ = await api.ask("POST", "/api/change-password", change, headers=own)

    assert [200, 200, 401] == [
        status,
        (await api.ask("GET", "/api/info", headers=own))[0],
        (await api.ask("GET", "/api/info", headers=other))[0],
    ]
    change = {"currentPassword": "battery staple", "newPassword": ADMIN[1]}
    headers = basic(ADMIN[0], "battery staple")
    await api.ask("POST", "/api/change-password", change, headers=headers)
    assert 401 == (await api.ask("GET", "/api/info", headers=own))[0]
