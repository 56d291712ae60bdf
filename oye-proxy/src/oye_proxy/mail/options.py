"""What the proxy must know to send mail, and what of it can be used."""

import re
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from oye_proxy.errors import InvalidRequestError
from oye_proxy.settings import MailSecurity

_PORTS: Final = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}
_MAX_ADDRESS: Final = 254
_MAX_TEXT: Final = 255
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+")
_HOST = re.compile(r"[\w.:-]+", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class MailOptions(Struct, frozen=True, kw_only=True, rename="camel"):
    """How mail is sent; without server, sender and public URL none is."""

    server: str | None = None
    port: int | None = None
    security: MailSecurity = MailSecurity.STARTTLS
    username: str | None = None
    sender: str | None = None
    public_url: str | None = None
    language: str = "en"

    @property
    def complete(self) -> bool:
        """Whether mail can be sent with this."""
        return None not in (self.server, self.sender, self.public_url)

    @property
    def port_in_use(self) -> int:
        """The port, given or usual."""
        return _PORTS[self.security] if self.port is None else self.port

    @property
    def sender_domain(self) -> str:
        """The domain of the address that mails come from."""
        return parseaddr(self.sender or "")[1].rpartition("@")[2]


def check_options(options: MailOptions) -> None:
    """Raise InvalidRequestError for what cannot be used, by its name in the API."""
    if options.server is not None and not _HOST.fullmatch(options.server):
        raise InvalidRequestError("server: give a host name such as mail.example.org")
    if options.username is not None and not _is_line(options.username):
        raise InvalidRequestError("username: give one line of text")
    if options.sender is not None:
        _check_sender(options.sender)
    if options.public_url is not None:
        _check_public_url(options.public_url)
    if not _LANGUAGE.fullmatch(options.language):
        raise InvalidRequestError("language: give a code such as en")


def check_address(address: str) -> None:
    """Raise InvalidRequestError unless this can be an e-mail address."""
    usable = address.isprintable() and len(address) <= _MAX_ADDRESS
    if not usable or not _ADDRESS.fullmatch(address):
        raise InvalidRequestError("An e-mail address looks like jo@example.org")


def _check_sender(sender: str) -> None:
    address = parseaddr(sender)[1]
    if not _is_line(sender) or not _ADDRESS.fullmatch(address):
        raise InvalidRequestError(
            "sender: give an address such as oye@example.org or OYE <oye@example.org>"
        )


def _check_public_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
        parts = urlsplit("")
    extra = parts.query or parts.fragment or "@" in parts.netloc
    if not usable or extra or not _is_line(url) or any(one.isspace() for one in url):
        raise InvalidRequestError(
            "publicUrl: give the console's address such as https://oye.example.org"
        )


def _is_line(text: str) -> bool:
    return text.isprintable() and 1 <= len(text) <= _MAX_TEXT
