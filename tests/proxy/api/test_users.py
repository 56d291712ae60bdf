"""Accounts; the sentences of `/api/change-password` are those of the Node proxy."""

import pytest
from tests.proxy.api.conftest import ADMIN, Api, basic, bearer

from oye_proxy.accounts import Accounts


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "Current password and new password are required"),
        ({"currentPassword": "x"}, "Current password and new password are required"),
        (
            {"currentPassword": ADMIN[1], "newPassword": "short"},
            "New password must be at least 8 characters long",
        ),
        (
            {"currentPassword": "wrong", "newPassword": "long enough"},
            "Current password is incorrect",
        ),
    ],
)
async def test_a_bad_change_of_password_says_why(
    api: Api, body: dict[str, str], sentence: str
) -> None:
    expected = {"error": sentence, "code": "invalid_request"}

    assert (400, expected) == await api.ask("POST", "/api/change-password", body)


async def test_a_changed_password_counts_at_once(api: Api) -> None:
    change = {"currentPassword": ADMIN[1], "newPassword": "long enough"}
    expected = {"status": "success", "message": "Password changed successfully"}

    assert (200, expected) == await api.ask("POST", "/api/change-password", change)
    status, _ = await api.ask("GET", "/api/info", headers=basic(ADMIN[0], "long enough"))
    assert 200 == status


async def test_a_token_has_no_password(api: Api) -> None:
    change = {"currentPassword": ADMIN[1], "newPassword": "long enough"}
    status, body = await api.ask(
        "POST", "/api/change-password", change, headers=bearer("token-of-read")
    )

    assert (403, "not_permitted") == (status, body["code"])


async def test_accounts_come_and_go(api: Api, accounts: Accounts) -> None:
    account = {"username": "\u00f6/x", "password": "long enough"}
    assert (200, {"success": True}) == await api.ask("POST", "/api/users", account)
    again, _ = await api.ask("POST", "/api/users", account)
    _, users = await api.ask("GET", "/api/users")
    removed, _ = await api.ask("DELETE", "/api/users/%C3%B6%2Fx")

    assert 409 == again
    assert ["admin", "\u00f6/x"] == [user["username"] for user in users]
    assert (200, ["admin"]) == (removed, [user.username for user in await accounts.users()])


async def test_the_last_account_stays(api: Api) -> None:
    status, _ = await api.ask("DELETE", "/api/users/admin")
    unknown, _ = await api.ask("DELETE", "/api/users/nobody")

    assert (409, 404) == (status, unknown)


@pytest.mark.parametrize("account", [{"username": "u", "password": "short"}, {"username": ""}, {}])
async def test_a_poor_account_is_refused(api: Api, account: dict[str, str]) -> None:
    status, _ = await api.ask("POST", "/api/users", account)

    assert 400 == status
