"""One mail against a real mail server; whatever goes wrong is a sentence."""

import ssl
from email.message import EmailMessage

import pytest
import trustme
from tests.proxy.mail.conftest import (
    HOST,
    LOGIN,
    Mailbox,
    dead_port,
    mail_server,
    silent_server,
)

from oye_proxy.errors import MailError
from oye_proxy.mail import smtp as module
from oye_proxy.mail.options import MailOptions
from oye_proxy.mail.smtp import send
from oye_proxy.settings import MailSecurity


def options(port: int, security: MailSecurity, username: str | None = None) -> MailOptions:
    return MailOptions(
        server=HOST,
        port=port,
        security=security,
        username=username,
        sender="oye@example.org",
        public_url="https://oye.example.org",
    )


def letter(to: str = "jo@example.org") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "oye@example.org", to, "Grüße"
    message.set_content("☃")
    return message


async def failure(
    options: MailOptions, password: str | None = None, to: str = "jo@a.example"
) -> str:
    with pytest.raises(MailError) as caught:
        await send(letter(to), options, password)
    return str(caught.value)


async def test_a_mail_goes_in_the_clear_where_that_is_wanted(mailbox: Mailbox) -> None:
    await send(letter(), options(mailbox.port, MailSecurity.NONE), None)

    (mail,) = mailbox.mails
    assert ("Grüße", "☃\r\n") == (mail["Subject"], mail.get_content())
    assert ["jo@example.org"] == mailbox.recipients


async def test_a_mail_goes_by_starttls_with_a_login(tls: ssl.SSLContext) -> None:
    async with mail_server(starttls=tls, auth=True) as mailbox:
        with_login = options(mailbox.port, MailSecurity.STARTTLS, LOGIN[0])
        await send(letter(), with_login, LOGIN[1])

        assert 1 == len(mailbox.mails)
        assert "The mail server refuses the user name or the password" == (
            await failure(with_login, "wrong")
        )


async def test_a_mail_goes_by_tls_from_the_start(tls: ssl.SSLContext) -> None:
    async with mail_server(tls=tls) as mailbox:
        await send(letter(), options(mailbox.port, MailSecurity.TLS), None)

        assert 1 == len(mailbox.mails)


async def test_encryption_is_never_left_out(mailbox: Mailbox, tls: ssl.SSLContext) -> None:
    """Who asks for STARTTLS does not send in the clear when the server has none."""
    del tls
    sentence = await failure(options(mailbox.port, MailSecurity.STARTTLS))

    assert sentence.startswith("The mail server cannot do what is asked of it: ")
    assert [] == mailbox.mails


async def test_a_certificate_that_is_not_trusted_ends_it() -> None:
    stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(HOST).configure_cert(stranger)
    async with mail_server(tls=stranger) as mailbox:
        assert "The mail server's certificate is not trusted" == (
            await failure(options(mailbox.port, MailSecurity.TLS))
        )
    async with mail_server(starttls=stranger) as mailbox:
        assert "The mail server's certificate is not trusted" == (
            await failure(options(mailbox.port, MailSecurity.STARTTLS))
        )


async def test_a_server_without_tls_is_named(mailbox: Mailbox) -> None:
    sentence = await failure(options(mailbox.port, MailSecurity.TLS))

    assert sentence.startswith("The mail server does not speak TLS on this port")


async def test_a_dead_server_is_named() -> None:
    sentence = await failure(options(dead_port(), MailSecurity.NONE))

    assert "The mail server cannot be reached: check its name and port" == sentence


@pytest.mark.parametrize("limit", ["STEP_SECONDS", "SEND_SECONDS"])
async def test_a_slow_server_is_given_up(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, limit, 0.05)
    async with silent_server() as port:
        assert "The mail server does not answer in time" == (
            await failure(options(port, MailSecurity.NONE))
        )


async def test_what_the_server_says_is_plain_text(mailbox: Mailbox) -> None:
    sentence = await failure(options(mailbox.port, MailSecurity.NONE), to="jo@refused.example")

    assert "The mail server refuses the recipient's address" == sentence
