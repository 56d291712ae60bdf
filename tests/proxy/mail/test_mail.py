"""The owner's options of mail: seeded, changed, kept; and the mails that are made of them."""

import asyncio
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.proxy.mail.conftest import HOST, Mailbox

from oye_proxy.errors import InvalidRequestError, MailNotConfiguredError
from oye_proxy.mail import Mail, MailChange, MailOptions, load_mail_texts
from oye_proxy.secrets_file import load_secrets
from oye_proxy.settings import MailSecurity, MailSettings, Secret

SEED = MailSettings(
    server="mail.example.org",
    username="oye",
    password=Secret("hidden"),
    sender="oye@example.org",
    public_url="https://oye.example.org",
)
TEXTS = load_mail_texts()


class Config:
    """The table `config`."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def all(self) -> dict[str, str]:
        return self.values

    async def set(self, values: Mapping[str, str]) -> None:
        self.values.update(values)


@pytest.fixture
def config() -> Config:
    return Config()


async def loaded(config: Config, folder: Path, seed: MailSettings, *, offered: bool = True) -> Mail:
    mail = Mail(config, folder, TEXTS, offered=offered)
    await mail.load(seed)
    return mail


async def test_settings_seed_the_options(config: Config, tmp_path: Path) -> None:
    mail = await loaded(config, tmp_path, SEED)

    assert mail.configured
    assert ("mail.example.org", "oye", True) == (
        mail.options.server,
        mail.options.username,
        mail.has_password,
    )
    assert "https://oye.example.org/#/reset/x" == mail.link("#/reset/x")


async def test_a_password_lies_where_only_its_owner_reads(config: Config, tmp_path: Path) -> None:
    await loaded(config, tmp_path, SEED)

    assert "hidden" not in str(config.values)
    kept = await asyncio.to_thread(load_secrets, tmp_path)
    assert "hidden" == kept.mail_password
    assert 0o600 == stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode)


async def test_what_the_owner_chose_outlasts_a_restart_with_the_same_settings(
    config: Config, tmp_path: Path
) -> None:
    mail = await loaded(config, tmp_path, SEED)
    await mail.change(MailChange(options=replace(mail.options, server="other.example.org")))
    again = await loaded(config, tmp_path, SEED)
    without = await loaded(config, tmp_path, MailSettings())
    other = await loaded(config, tmp_path, replace(SEED, server="third.example.org"))

    assert ["other.example.org", "other.example.org", "third.example.org"] == [
        one.options.server for one in (again, without, other)
    ]


async def test_another_server_does_not_learn_the_password(config: Config, tmp_path: Path) -> None:
    for change in (
        {"server": "evil.example"},
        {"port": 2525},
        {"security": MailSecurity.NONE},
    ):
        mail = await loaded(Config(), tmp_path / str(*change), SEED)
        await mail.change(MailChange(options=replace(mail.options, sender="x@example.org")))
        assert mail.has_password
        await mail.change(MailChange(options=replace(mail.options, **change)))
        assert not mail.has_password
    mail = await loaded(config, tmp_path, SEED)
    await mail.change(
        MailChange(options=replace(mail.options, server="o.example"), password="other")
    )
    kept = await asyncio.to_thread(load_secrets, tmp_path)
    assert "other" == kept.mail_password
    await mail.change(MailChange(options=mail.options, password=None))
    assert not mail.has_password


async def test_options_that_cannot_be_change_nothing(config: Config, tmp_path: Path) -> None:
    mail = await loaded(config, tmp_path, SEED)
    with pytest.raises(InvalidRequestError, match=r"^publicUrl: "):
        await mail.change(MailChange(options=replace(mail.options, public_url="nowhere")))

    assert "https://oye.example.org" == mail.options.public_url


async def test_damaged_options_are_none(config: Config, tmp_path: Path) -> None:
    config.values["mail"] = "{"
    mail = await loaded(config, tmp_path, MailSettings())

    assert not mail.configured


async def test_without_mail_a_person_hears_of_the_command_line(
    config: Config, tmp_path: Path
) -> None:
    mail = await loaded(config, tmp_path, MailSettings())
    with pytest.raises(MailNotConfiguredError, match="oye-proxy users passwd"):
        await mail.send("jo@example.org", "test", [], {})


async def test_the_app_has_no_mail_and_says_where_to_go(config: Config, tmp_path: Path) -> None:
    mail = await loaded(config, tmp_path, SEED, offered=False)

    assert not mail.configured
    with pytest.raises(MailNotConfiguredError, match="in Home Assistant"):
        mail.check_configured()
    with pytest.raises(MailNotConfiguredError, match="in Home Assistant"):
        await mail.change(MailChange(options=MailOptions()))


async def test_a_mail_is_plain_and_says_who_sent_it(
    config: Config, tmp_path: Path, mailbox: Mailbox
) -> None:
    seed = replace(SEED, server=HOST, port=mailbox.port, security=MailSecurity.NONE, username=None)
    mail = await loaded(config, tmp_path, replace(seed, sender="Öye <oye@example.org>"))
    await mail.send("jo@example.org", "test", ["xx"], {"name": "Jö", "link": mail.link("")})

    (message,) = mailbox.mails
    assert "text/plain" == message.get_content_type()
    assert ("Öye <oye@example.org>", "jo@example.org") == (message["From"], message["To"])
    assert message["Message-ID"].endswith("@example.org>")
    assert "auto-generated" == message["Auto-Submitted"]
    assert "Hello Jö," in message.get_content()
    assert "https://oye.example.org/\r\n" in message.get_content()
