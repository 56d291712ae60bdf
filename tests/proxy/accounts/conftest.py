"""What the tests of accounts share: a clock that they move, cheap hashes, one user, a mailbox."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.proxy.mail.conftest import HOST, Mailbox, mail_server

from oye_proxy.accounts import Accounts, Passwords
from oye_proxy.mail import Mail, load_mail_texts
from oye_proxy.settings import MailSecurity, MailSettings
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.tokens import TokenStore
from oye_proxy.storage.users import UserStore

HOME = "192.168.1.2"
STRANGER = "203.0.113.9"
TEXTS = load_mail_texts()


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class CountingPasswords(Passwords):
    """Cheap hashes, and how many were checked."""

    def __init__(self) -> None:
        super().__init__(memory_kib=8, passes=1)
        self.checks = 0
        self.may_check = asyncio.Event()
        self.may_check.set()

    async def verify(self, password_hash: str | None, password: str | bytes) -> bool:
        self.checks += 1
        await self.may_check.wait()
        return await super().verify(password_hash, password)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def passwords() -> AsyncIterator[CountingPasswords]:
    passwords = CountingPasswords()
    yield passwords
    passwords.close()


@pytest.fixture
async def accounts(
    database: Database, passwords: CountingPasswords, clock: Clock
) -> AsyncIterator[Accounts]:
    accounts = Accounts(UserStore(database), TokenStore(database), passwords, clock)
    await accounts.add_user("jo", "correct horse")
    yield accounts
    await accounts.close()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
async def mail(database: Database, tmp_path: Path, mailbox: Mailbox) -> Mail:
    mail = Mail(ConfigStore(database), tmp_path, TEXTS)
    await mail.load(settings(mailbox.port))
    return mail


def settings(port: int) -> MailSettings:
    """Return settings with which mail is sent to this port."""
    return MailSettings(
        server=HOST,
        port=port,
        security=MailSecurity.NONE,
        sender="oye@example.org",
        public_url="https://oye.example.org/below/",
    )
