"""Who has an account hears that its password is another one; the change depends on no mail."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.proxy.accounts.conftest import TEXTS, settings
from tests.proxy.accounts.test_resets import asked, token_of
from tests.proxy.accounts.test_sessions import Wall
from tests.proxy.mail.conftest import Mailbox, dead_port

from oye_proxy.accounts import Accounts, PasswordNotices, PasswordResets, Passwords
from oye_proxy.mail import Mail
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.resets import ResetStore
from oye_proxy.storage.users import UserStore

AT = datetime(2026, 11, 21, 22, 5, 59, tzinfo=UTC)


@pytest.fixture
async def notices(database: Database, mail: Mail) -> AsyncIterator[PasswordNotices]:
    notices = PasswordNotices(UserStore(database), mail, lambda: AT)
    yield notices
    await notices.close()


@pytest.mark.parametrize("language", sorted(TEXTS))
async def test_the_mail_is_in_the_language_of_the_account(
    accounts: Accounts, notices: PasswordNotices, mailbox: Mailbox, language: str
) -> None:
    await accounts.change_user("jo", email="jo@example.org", language=language)
    notices.tell("jo")
    await notices.idle()
    (mail,) = mailbox.mails
    text = mail.get_content()

    assert ["jo@example.org"] == mailbox.recipients
    assert TEXTS[language]["password_changed"].subject == mail["Subject"]
    assert "2026-11-21 22:05 UTC" in text
    assert "https://oye.example.org/below/" in text
    assert "{" not in text


async def test_each_language_says_it_in_its_own_words() -> None:
    assert len(TEXTS) == len({texts["password_changed"].body for texts in TEXTS.values()})


async def test_who_has_no_address_or_is_gone_gets_none(
    accounts: Accounts, notices: PasswordNotices, mailbox: Mailbox
) -> None:
    del accounts
    for username in ("jo", "nobody"):
        notices.tell(username)
    await notices.idle()

    assert [] == mailbox.mails


async def test_where_no_mail_is_sent_nothing_happens(
    accounts: Accounts, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await accounts.change_user("jo", email="jo@example.org")
    notices = PasswordNotices(UserStore(database), Mail(ConfigStore(database), tmp_path, TEXTS))
    notices.tell("jo")
    await notices.idle()

    assert "" == caplog.text


async def test_a_mail_server_that_is_away_is_logged_without_the_address(
    accounts: Accounts, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await accounts.change_user("jo", email="jo@example.org")
    mail = Mail(ConfigStore(database), tmp_path, TEXTS)
    await mail.load(settings(dead_port()))
    notices = PasswordNotices(UserStore(database), mail)
    notices.tell("jo")
    await notices.idle()

    assert "tells of a changed password could not be sent: The mail server cannot" in caplog.text
    assert "jo@example.org" not in caplog.text


async def test_the_use_of_a_link_is_told_and_a_guess_is_not(
    accounts: Accounts,
    database: Database,
    passwords: Passwords,
    mail: Mail,
    notices: PasswordNotices,
    mailbox: Mailbox,
) -> None:
    await accounts.change_user("jo", email="jo@example.org")
    resets = PasswordResets(
        UserStore(database), ResetStore(database), passwords, mail, notices, lambda: 0.0, Wall()
    )
    await asked(resets)
    await resets.use(token_of(mailbox), "battery staple")
    await notices.idle()

    assert 2 == len(mailbox.mails)
    assert TEXTS["en"]["password_changed"].subject == mailbox.mails[-1]["Subject"]
    assert "battery staple" not in mailbox.mails[-1].get_content()
