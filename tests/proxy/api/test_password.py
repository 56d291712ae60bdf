"""Who forgot the password gets a link by mail; nobody else learns anything."""

import pytest
from tests.proxy.api.conftest import Api, basic, signed_in
from tests.proxy.api.test_mail import options
from tests.proxy.mail.conftest import mail_server

from oye_proxy.accounts import Accounts, PasswordResets
from oye_proxy.mail import Mail

SAME = {"success": True, "message": "If the account exists, a mail is on its way"}


async def test_a_forgotten_password_is_replaced(
    api: Api, accounts: Accounts, resets: PasswordResets
) -> None:
    """The host of the link is that of the options, whatever the request says."""
    cookie = {"Cookie": await signed_in(api)}
    await accounts.change_user("admin", email="jo@example.org")
    async with mail_server() as mailbox:
        await api.ask("PATCH", "/api/mail", options(mailbox.port))
        headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        known = await api.ask(
            "POST", "/api/password/forgot", {"username": "admin"}, headers=headers
        )
        unknown = await api.ask("POST", "/api/password/forgot", {"username": "nobody"}, headers={})
        await resets.idle()
        (mail,) = mailbox.mails

    assert (200, SAME) == known == unknown
    text = mail.get_content()
    assert "evil" not in text
    token = text.partition("https://oye.example.org/#/reset/")[2].split()[0]
    new = {"token": token, "newPassword": "battery staple"}
    assert (200, {"success": True}) == await api.ask("POST", "/api/password/reset", new, headers={})
    again, body = await api.ask("POST", "/api/password/reset", new, headers={})
    assert (400, "link_expired") == (again, body["code"])
    assert 401 == (await api.ask("GET", "/api/info", headers=cookie))[0]
    assert 200 == (await api.ask("GET", "/api/info", headers=basic("admin", "battery staple")))[0]


@pytest.mark.parametrize(("offered", "word"), [(True, "users passwd"), (False, "Home Assistant")])
async def test_without_mail_the_other_way_is_told(
    api: Api, mail: Mail, *, offered: bool, word: str
) -> None:
    mail.offered = offered
    for path, body in (
        ("/api/password/forgot", {"username": "admin"}),
        ("/api/password/reset", {"token": "x", "newPassword": "battery staple"}),
    ):
        status, told = await api.ask("POST", path, body, headers={})

        assert (409, "mail_not_configured") == (status, told["code"])
        assert word in told["error"]


async def test_the_sixth_request_of_an_hour_waits(api: Api) -> None:
    await api.ask("PATCH", "/api/mail", options(25))
    body = {"username": "nobody"}
    answers = [await api.ask("POST", "/api/password/forgot", body, headers={}) for _ in range(6)]

    assert [200] * 5 + [429] == [status for status, _ in answers]
    assert answers[-1][1]["retryAfter"] > 3000


async def test_another_web_site_asks_for_nothing(api: Api) -> None:
    headers = {"Origin": "https://evil.example"}
    status, _ = await api.ask("POST", "/api/password/forgot", {"username": "x"}, headers=headers)

    assert 403 == status
