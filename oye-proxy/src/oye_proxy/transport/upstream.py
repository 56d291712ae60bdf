"""The address of a charger at its CSMS."""

import base64
import ipaddress
import re
import string
from typing import Final
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from msgspec import Struct

PLACEHOLDER = "{id}"
DEFAULT_PORTS = {"ws": 80, "wss": 443}
_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
_EXAMPLE: Final = "such as wss://csms.example.com/ocpp"
NO_WEBSOCKET: Final = f"The CSMS address must begin with ws:// or wss://, {_EXAMPLE}"
HIDDEN_CHARACTER: Final = "The CSMS address has a blank or an invisible character in it"
_LONGEST_HOST: Final = 253
# Underscores are in the names of containers.
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_UNSENDABLE = re.compile(r"[\x00-\x20\x7f]")


class UpstreamUrl(Struct, frozen=True, kw_only=True):
    """
    A dialled address without user info; `path` and `query` go out as they are.

    `basic` is the value of an Authorization header made from the user info, never to be logged.
    """

    secure: bool
    host: str
    port: int
    path: str
    query: str = ""
    basic: str | None = None

    @property
    def origin(self) -> tuple[bool, str, int]:
        """What a redirect must not change."""
        return self.secure, self.host, self.port

    @property
    def site(self) -> str:
        """Scheme, host and port as a URL without a path."""
        scheme = "wss" if self.secure else "ws"
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[scheme] else f":{self.port}"
        return f"{scheme}://{host}{port}"

    @property
    def resource(self) -> str:
        """Path and query, as they are requested."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        """Return the address as it may be logged: without user info and query."""
        return self.site + self.path

    def __repr__(self) -> str:
        return f"UpstreamUrl({self})"


def upstream_url(configured: str, raw_id: str, forwarded_query: str = "") -> UpstreamUrl:
    """
    Return where a charger is dialled; raise ValueError when the configured URL is unusable.

    `{id}` is replaced by the raw id; without it, the id is appended to the path (contracts of
    OCPP-J: `url + "/" + id`), before a configured query.
    """
    has_place = PLACEHOLDER in configured
    url = parse_url(configured.replace(PLACEHOLDER, raw_id))
    path = url.path if has_place else f"{url.path.rstrip('/')}/{raw_id}"
    query = "&".join(part for part in (url.query, forwarded_query) if part)
    return UpstreamUrl(
        secure=url.secure, host=url.host, port=url.port, path=path, query=query, basic=url.basic
    )


def parse_url(text: str) -> UpstreamUrl:
    """
    Take a ws, wss, http or https URL apart; raise ValueError, a sentence, when it is none.

    What is not ASCII is written as machines write it: the host by IDNA, path and query in UTF-8.
    """
    if _UNSENDABLE.search(text):
        raise ValueError(HIDDEN_CHARACTER)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(_unreadable(text)) from None
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None or "://" not in text:
        raise ValueError(NO_WEBSOCKET)
    if "\\" in parts.netloc:
        raise ValueError("The CSMS address must not hold a backslash; in a password write %5C")
    return UpstreamUrl(
        secure=scheme == "wss",
        host=_host(parts.hostname or ""),
        port=_port(parts, DEFAULT_PORTS[scheme]),
        path=_ascii(parts.path) or "/",
        query=_ascii(parts.query),
        basic=_basic(parts),
    )


def _unreadable(text: str) -> str:
    if "[" not in text and "]" not in text:
        return _wrong_host()
    return (
        "The CSMS address has brackets where none can be: an IPv6 address stands in [ and ]; in a"
        " password write %5B and %5D"
    )


def _wrong_host() -> str:
    return (
        f"The host in the CSMS address is no name or IP address of a machine; write it {_EXAMPLE}"
    )


def _host(text: str) -> str:
    """Return the host in ASCII; raise ValueError when no machine can have this name."""
    try:
        if ":" in text:
            ipaddress.IPv6Address(text)
            return text
        # Encoding takes time that grows with the square of the length.
        host = text.encode("idna").decode() if len(text) <= _LONGEST_HOST else ""
    except ValueError:
        host = ""
    if not _NAME.fullmatch(host):
        raise ValueError(_wrong_host())
    return host


def _port(parts: SplitResult, default: int) -> int:
    try:
        port = default if parts.port is None else parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("The port in the CSMS address must be a number from 1 to 65535")
    return port


def _ascii(text: str) -> str:
    """Escape what is not ASCII and leave every other character."""
    return quote(text, safe=string.printable)


def _basic(parts: SplitResult) -> str | None:
    if not parts.username and not parts.password:
        return None
    pair = f"{parts.username or ''}:{parts.password or ''}"
    return "Basic " + base64.b64encode(unquote_to_bytes(pair)).decode()
