from typing import Any

import msgspec
import pytest

from oye_proxy.errors import InvalidRequestError
from oye_proxy.mail.options import MailOptions, check_address, check_options
from oye_proxy.settings import MailSecurity

FULL: dict[str, Any] = {
    "server": "mail.example.org",
    "sender": "OYE <oye@example.org>",
    "public_url": "https://oye.example.org/below/",
}


def test_mail_needs_a_server_a_sender_and_a_public_address() -> None:
    assert MailOptions(**FULL).complete
    assert [] == [
        name
        for name in FULL
        if msgspec.structs.replace(MailOptions(**FULL), **{name: None}).complete
    ]
    assert "example.org" == MailOptions(**FULL).sender_domain


def test_a_port_is_the_usual_one_unless_given() -> None:
    ports = [MailOptions(security=security).port_in_use for security in MailSecurity]

    assert [587, 465, 25] == ports
    assert 2525 == MailOptions(port=2525).port_in_use


@pytest.mark.parametrize(
    "values",
    [
        FULL,
        {"server": "192.0.2.1"},
        {"server": "::1"},
        {"sender": "oye@localhost"},
        {"public_url": "http://192.168.1.2:8080"},
        {"language": "de"},
    ],
)
def test_what_can_be_used(values: dict[str, Any]) -> None:
    check_options(MailOptions(**values))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("server", "mail example"),
        ("server", "https://mail"),
        ("server", ""),
        ("username", "a\r\nb"),
        ("sender", "nobody"),
        ("sender", "a@b\r\nBcc: c@d"),
        ("public_url", "oye.example.org"),
        ("public_url", "ftp://oye.example.org"),
        ("public_url", "https://"),
        ("public_url", "https://user:password@oye.example.org"),
        ("public_url", "https://oye.example.org/?a=b"),
        ("public_url", "https://oye.example.org/#a"),
        ("public_url", "https://oye.example.org/ a"),
        ("public_url", "https://[oye"),
        ("public_url", "https://oye:0"),
        ("language", "English"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidRequestError, match=f"^{name.replace('_u', 'U')}: "):
        check_options(msgspec.structs.replace(MailOptions(), **{name: value}))


def test_addresses() -> None:
    check_address("jo.o'neil+oye@sub.example.org")
    for address in ("", "a", "a@", "@b", "a@b@c", "a b@c", "<a@b>", "a@b\0", "a@" + "b" * 254):
        with pytest.raises(InvalidRequestError):
            check_address(address)
