"""Forgotten passwords: one answer for everybody, a link that works once and for half an hour."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.proxy.accounts.conftest import HOME, STRANGER, TEXTS, Clock, settings
from tests.proxy.accounts.test_sessions import Wall
from tests.proxy.mail.conftest import Mailbox, dead_port

from oye_proxy.accounts import Accounts, PasswordNotices, PasswordResets, Passwords
from oye_proxy.accounts import outgoing as module
from oye_proxy.errors import (
    InvalidRequestError,
    LinkExpiredError,
    MailNotConfiguredError,
    NotAuthenticatedError,
    TooManyRequestsError,
)
from oye_proxy.mail import Mail
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import password_resets
from oye_proxy.storage.resets import ResetStore
from oye_proxy.storage.users import UserStore


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
async def resets(
    database: Database, passwords: Passwords, mail: Mail, clock: Clock, wall: Wall
) -> AsyncIterator[PasswordResets]:
    notices = PasswordNotices(UserStore(database), mail, wall)
    resets = PasswordResets(
        UserStore(database), ResetStore(database), passwords, mail, notices, clock, wall
    )
    yield resets
    await resets.close()
    await notices.close()


@pytest.fixture
async def accounts(accounts: Accounts) -> Accounts:
    """Return accounts in which jo has an address."""
    await accounts.change_user("jo", email="jo@example.org")
    return accounts


async def asked(resets: PasswordResets, account: str = "jo", client: str = HOME) -> None:
    resets.ask(account, client, ["de", "en"])
    await resets.idle()


def token_of(mailbox: Mailbox) -> str:
    text = mailbox.mails[-1].get_content()
    (link,) = [line for line in text.splitlines() if line.startswith("https://")]
    start = "https://oye.example.org/below/#/reset/"
    assert link.startswith(start)
    return str(link.removeprefix(start))


@pytest.mark.parametrize("account", ["jo", " jo ", "jo@example.org", "JO@Example.org"])
async def test_a_link_comes_by_mail_and_sets_the_password_once(
    resets: PasswordResets, accounts: Accounts, mailbox: Mailbox, account: str
) -> None:
    await asked(resets, account)
    token = token_of(mailbox)
    await resets.use(token, "battery staple")

    assert ["jo@example.org"] == mailbox.recipients
    assert "jo" == (await accounts.sign_in("jo", "battery staple", HOME)).name
    with pytest.raises(NotAuthenticatedError):
        await accounts.sign_in("jo", "correct horse", HOME)
    with pytest.raises(LinkExpiredError):
        await resets.use(token, "another one")


async def test_only_a_hash_is_stored(
    resets: PasswordResets, accounts: Accounts, mailbox: Mailbox, database: Database
) -> None:
    del accounts
    await asked(resets)
    async with database.reading() as connection:
        (row,) = await connection.execute(password_resets.select())

    assert token_of(mailbox) not in repr(row)


async def test_a_link_lives_half_an_hour(
    resets: PasswordResets, accounts: Accounts, mailbox: Mailbox, wall: Wall
) -> None:
    del accounts
    await asked(resets)
    wall.later(minutes=30, seconds=1)

    with pytest.raises(LinkExpiredError):
        await resets.use(token_of(mailbox), "battery staple")


async def test_a_poor_password_does_not_use_the_link_up(
    resets: PasswordResets, accounts: Accounts, mailbox: Mailbox
) -> None:
    del accounts
    await asked(resets)
    with pytest.raises(InvalidRequestError, match="at least 8 characters"):
        await resets.use(token_of(mailbox), "short")

    await resets.use(token_of(mailbox), "battery staple")


@pytest.mark.parametrize("token", ["", "wrong", "\ud800", "x" * 1000])
async def test_a_guess_is_no_link(resets: PasswordResets, token: str) -> None:
    with pytest.raises(LinkExpiredError):
        await resets.use(token, "battery staple")


async def test_who_has_no_account_no_address_or_no_access_gets_no_mail(
    resets: PasswordResets, accounts: Accounts, mailbox: Mailbox
) -> None:
    """And the one who asks is told nothing of it."""
    await accounts.add_user("an", "battery staple")
    await accounts.add_user("ed", "battery staple", "ed@example.org")
    await accounts.change_user("ed", disabled=True)
    for number, account in enumerate(("nobody", "an", "ed", "ed@example.org", "a\0b")):
        await asked(resets, account, f"192.0.2.{number}")

    assert [] == mailbox.mails


async def test_a_client_asks_five_times_an_hour_and_so_is_an_account_asked_for(
    resets: PasswordResets, accounts: Accounts, clock: Clock
) -> None:
    """Known and unknown accounts alike."""
    del accounts
    for account in ("jo", "nobody"):
        for number in range(5):
            await asked(resets, account, f"{account}-{number}")
        with pytest.raises(TooManyRequestsError):
            resets.ask(account.upper(), f"{account}-5", [])
    for number in range(5):
        await asked(resets, f"somebody {number}", STRANGER)
    with pytest.raises(TooManyRequestsError) as caught:
        resets.ask("somebody else", STRANGER, [])
    clock.now += caught.value.retry_after
    await asked(resets, "somebody else", STRANGER)


async def test_an_account_gets_five_mails_an_hour_however_it_is_spelt(
    resets: PasswordResets, accounts: Accounts, mailbox: Mailbox
) -> None:
    del accounts
    for number in range(4):
        await asked(resets, "jo", f"192.0.2.{number}")
        await asked(resets, "jo@example.org", f"198.51.100.{number}")

    assert 5 == len(mailbox.mails)


async def test_a_mail_server_that_is_away_is_nobodys_answer(
    database: Database,
    passwords: Passwords,
    accounts: Accounts,
    clock: Clock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    del accounts
    mail = Mail(ConfigStore(database), tmp_path, TEXTS)
    await mail.load(settings(dead_port()))
    notices = PasswordNotices(UserStore(database), mail)
    resets = PasswordResets(
        UserStore(database), ResetStore(database), passwords, mail, notices, clock
    )
    await asked(resets)

    assert "The mail server cannot be reached" in caplog.text
    assert "jo@example.org" not in caplog.text


async def test_what_is_being_sent_is_bounded(
    resets: PasswordResets,
    accounts: Accounts,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del accounts
    monkeypatch.setattr(module, "MOST_WAITING", 0)
    await asked(resets)

    assert [] == mailbox.mails


async def test_without_mail_the_other_way_is_told(
    database: Database, passwords: Passwords, clock: Clock, tmp_path: Path
) -> None:
    mail = Mail(ConfigStore(database), tmp_path, TEXTS)
    notices = PasswordNotices(UserStore(database), mail)
    resets = PasswordResets(
        UserStore(database), ResetStore(database), passwords, mail, notices, clock
    )

    with pytest.raises(MailNotConfiguredError, match="oye-proxy users passwd"):
        resets.ask("jo", HOME, [])


async def test_what_is_being_sent_is_given_up_at_the_end(
    resets: PasswordResets, accounts: Accounts
) -> None:
    del accounts
    resets.ask("jo", HOME, [])
    await resets.close()
