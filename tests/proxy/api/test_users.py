"""Accounts; the sentences of `/api/change-password` are those of the Node proxy."""

import pytest
from tests.proxy.api.conftest import ADMIN, Api, basic, bearer, signed_in
from tests.proxy.api.test_mail import options
from tests.proxy.mail.conftest import dead_port, mail_server

from oye_proxy.accounts import Accounts, PasswordNotices


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


async def test_an_account_is_changed_disabled_and_enabled(api: Api) -> None:
    account = {"username": "jo", "password": "long enough", "email": "jo@example.org"}
    await api.ask("POST", "/api/users", account)
    change = {"email": "other@example.org", "language": "de", "disabled": True}
    changed = await api.ask("PATCH", "/api/users/jo", change)
    _, users = await api.ask("GET", "/api/users")
    refused, _ = await api.ask("GET", "/api/info", headers=basic("jo", "long enough"))
    await api.ask("PATCH", "/api/users/jo", {"disabled": False, "email": None})
    allowed, _ = await api.ask("GET", "/api/info", headers=basic("jo", "long enough"))

    assert (200, {"success": True}) == changed
    assert {**change, "username": "jo", "lastLogin": None} == {
        key: value for key, value in users[1].items() if key != "createdAt"
    }
    assert users[0]["lastLogin"] is not None
    assert (401, 200) == (refused, allowed)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"email": "nobody"}, 400),
        ({"language": "English"}, 400),
        ({"disabled": "yes"}, 400),
        ({"role": "admin"}, 400),
        ({"disabled": True}, 409),
    ],
)
async def test_a_change_that_cannot_be_is_refused(
    api: Api, change: dict[str, object], status: int
) -> None:
    """The last one: nobody could sign in any more."""
    assert status == (await api.ask("PATCH", "/api/users/admin", change))[0]
    assert 404 == (await api.ask("PATCH", "/api/users/nobody", {}))[0]


async def test_an_administrator_sets_the_password_of_another(api: Api) -> None:
    await api.ask("POST", "/api/users", {"username": "jo", "password": "long enough"})
    cookie = {"Cookie": await signed_in(api, "jo", "long enough")}
    new = {"newPassword": "battery staple"}

    assert (200, {"success": True}) == await api.ask("POST", "/api/users/jo/password", new)
    assert 401 == (await api.ask("GET", "/api/info", headers=cookie))[0]
    assert 200 == (await api.ask("GET", "/api/info", headers=basic("jo", "battery staple")))[0]
    assert [409, 404, 400] == [
        (await api.ask("POST", "/api/users/admin/password", new))[0],
        (await api.ask("POST", "/api/users/nobody/password", new))[0],
        (await api.ask("POST", "/api/users/jo/password", {"newPassword": "short"}))[0],
    ]


async def test_a_changed_password_is_told_by_mail_whoever_changed_it(
    api: Api, accounts: Accounts, notices: PasswordNotices
) -> None:
    """The owner of the account, or another one for it; a change that is refused is none."""
    await accounts.change_user("admin", email="admin@example.org")
    await accounts.add_user("jo", "battery staple", "jo@example.org")
    own = {"currentPassword": ADMIN[1], "newPassword": "long enough"}
    of_jo = {"newPassword": "another staple"}
    async with mail_server() as mailbox:
        await api.ask("PATCH", "/api/mail", options(mailbox.port))
        refused, _ = await api.ask("POST", "/api/users/jo/password", {"newPassword": "x"})
        assert 200 == (await api.ask("POST", "/api/users/jo/password", of_jo))[0]
        await notices.idle()
        assert 200 == (await api.ask("POST", "/api/change-password", own))[0]
        await notices.idle()

    assert 400 == refused
    assert ["jo@example.org", "admin@example.org"] == mailbox.recipients
    assert "another staple" not in str(mailbox.mails[0])


async def test_a_mail_that_cannot_be_sent_keeps_no_password_from_changing(
    api: Api, accounts: Accounts, notices: PasswordNotices
) -> None:
    await accounts.change_user("admin", email="admin@example.org")
    await api.ask("PATCH", "/api/mail", options(dead_port()))
    own = {"currentPassword": ADMIN[1], "newPassword": "long enough"}
    status, _ = await api.ask("POST", "/api/change-password", own)
    await notices.idle()

    assert 200 == status
    assert 200 == (await api.ask("GET", "/api/info", headers=basic("admin", "long enough")))[0]


@pytest.mark.parametrize(("language", "status"), [("de", 200), (None, 200), ("German", 400)])
async def test_an_account_is_made_with_the_language_of_its_mails(
    api: Api, accounts: Accounts, language: str | None, status: int
) -> None:
    account = {"username": "jo", "password": "long enough", "language": language}
    answered, _ = await api.ask("POST", "/api/users", account)
    jo = await accounts.user("jo")

    assert status == answered
    assert (language if status == 200 else None) == (jo and jo.language)
