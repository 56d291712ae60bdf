"""The address of a charger at its CSMS."""

import base64
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from msgspec import Struct

PLACEHOLDER = "{id}"
DEFAULT_PORTS = {"ws": 80, "wss": 443}
_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}


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
    """Take a ws, wss, http or https URL apart; raise ValueError when it is none."""
    parts = urlsplit(text)
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None or not parts.hostname:
        raise ValueError("the CSMS's address must begin with ws:// or wss:// and name a host")
    return UpstreamUrl(
        secure=scheme == "wss",
        host=parts.hostname,
        port=parts.port or DEFAULT_PORTS[scheme],
        path=parts.path or "/",
        query=parts.query,
        basic=_basic(parts),
    )


def _basic(parts: SplitResult) -> str | None:
    if not parts.username and not parts.password:
        return None
    pair = f"{parts.username or ''}:{parts.password or ''}"
    return "Basic " + base64.b64encode(unquote_to_bytes(pair)).decode()
