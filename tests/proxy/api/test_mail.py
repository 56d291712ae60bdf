"""How mail is sent, and a test of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.proxy.api.conftest import ADMIN, Api
from tests.proxy.mail.conftest import HOST, Mailbox, dead_port, mail_server

from oye_proxy.accounts import Accounts
from oye_proxy.mail import Mail

NOTHING = {
    "offered": True,
    "configured": False,
    "server": None,
    "port": None,
    "security": "starttls",
    "username": None,
    "passwordSet": False,
    "sender": None,
    "publicUrl": None,
    "language": "en",
}


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with mail_server() as mailbox:
        yield mailbox


def options(port: int) -> dict[str, Any]:
    return {
        "server": HOST,
        "port": port,
        "security": "none",
        "sender": "oye@example.org",
        "publicUrl": "https://oye.example.org",
    }


async def test_at_first_there_is_no_mail(api: Api) -> None:
    status, body = await api.ask("GET", "/api/mail")

    assert 200 == status
    assert "en" in body.pop("languages")
    assert NOTHING == body


async def test_what_is_chosen_counts_at_once_and_the_password_is_never_told(
    api: Api, mailbox: Mailbox
) -> None:
    status, body = await api.ask(
        "PATCH", "/api/mail", {**options(mailbox.port), "username": "u", "password": "hidden"}
    )
    _, shown = await api.ask("GET", "/api/mail")

    assert 200 == status
    assert body == shown
    assert (True, True) == (body["configured"], body["passwordSet"])
    assert "hidden" not in str(body)
    _, cleared = await api.ask("PATCH", "/api/mail", {"password": None, "username": None})
    assert (False, None, True) == (
        cleared["passwordSet"],
        cleared["username"],
        cleared["configured"],
    )


@pytest.mark.parametrize(
    "patch", [{"server": "a b"}, {"port": 0}, {"publicUrl": "x"}, {"sender": "x"}, {"other": 1}]
)
async def test_what_cannot_be_is_refused(api: Api, patch: dict[str, Any]) -> None:
    assert 400 == (await api.ask("PATCH", "/api/mail", patch))[0]


async def test_a_test_goes_to_the_own_address_or_to_the_one_given(
    api: Api, accounts: Accounts, mailbox: Mailbox
) -> None:
    await api.ask("PATCH", "/api/mail", options(mailbox.port))
    without = await api.ask("POST", "/api/mail/test", {})
    await accounts.change_user(ADMIN[0], email="jo@example.org")

    assert (400, "invalid_request") == (without[0], without[1]["code"])
    assert (200, {"success": True}) == await api.ask("POST", "/api/mail/test", {})
    assert 200 == (await api.ask("POST", "/api/mail/test", {"to": "an@example.org"}))[0]
    assert ["jo@example.org", "an@example.org"] == mailbox.recipients
    assert 400 == (await api.ask("POST", "/api/mail/test", {"to": "a@b\r\nc"}))[0]


async def test_a_test_that_fails_says_why(api: Api) -> None:
    await api.ask("PATCH", "/api/mail", options(dead_port()))
    told = await api.ask("POST", "/api/mail/test", {"to": "jo@example.org"})
    expected = {
        "error": "The mail server cannot be reached: check its name and port",
        "code": "mail",
    }

    assert (502, expected) == told


async def test_without_mail_a_test_says_so(api: Api, mail: Mail) -> None:
    for offered, word in ((True, "users passwd"), (False, "in Home Assistant")):
        mail.offered = offered
        status, body = await api.ask("POST", "/api/mail/test", {"to": "jo@example.org"})

        assert (409, "mail_not_configured") == (status, body["code"])
        assert word in body["error"]


async def test_in_the_app_nothing_can_be_set(api: Api, mail: Mail) -> None:
    mail.offered = False
    status, body = await api.ask("PATCH", "/api/mail", {"server": "mail.example.org"})

    assert (409, "mail_not_configured") == (status, body["code"])
    assert not (await api.ask("GET", "/api/mail"))[1]["offered"]
