"""
Who calls: HTTP Basic, bearer tokens, the console's cookie, the token for metrics, or ingress.

A browser sends a cookie whoever made the request. With a cookie alone one may therefore only read;
to change something takes the console's header, which no foreign page can send, and a WebSocket
takes the `Origin` of this site.
"""

import base64
import binascii
import hmac
import re
from enum import StrEnum
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from oye_proxy.accounts import Accounts, Principal, Scope, Sessions
from oye_proxy.api.cookies import session_cookie
from oye_proxy.api.problems import CONSOLE_HEADER
from oye_proxy.errors import NotAuthenticatedError, NotPermittedError
from oye_proxy.settings import ApiSettings

UNIX_PEER = "unix"
METRICS_PRINCIPAL = Principal(name="metrics", scope=Scope.READ, kind="token")
_SAFE_METHODS = {hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS}
_METRICS_HEADERS = ("X-Health-Token", "X-Metrics-Token")
_USER_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_USER_NAMES = ("X-Remote-User-Display-Name", "X-Remote-User-Name")
_MAX_USER_NAME = 128
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Site(StrEnum):
    """The two listeners: `public` asks who calls, `ingress` is reached through Home Assistant."""

    PUBLIC = "public"
    INGRESS = "ingress"


class Gate:
    """Lets callers of one site in."""

    def __init__(
        self, site: Site, accounts: Accounts, sessions: Sessions, settings: ApiSettings
    ) -> None:
        self.site = site
        self._accounts = accounts
        self._sessions = sessions
        self._settings = settings

    async def identify(self, request: web.Request, *, metrics_token: bool = False) -> Principal:
        """Return who calls, or raise NotAuthenticatedError, TooManyRequestsError."""
        principal = await self.find(request, metrics_token=metrics_token)
        if principal is None:
            raise NotAuthenticatedError("Authentication required")
        return principal

    async def find(self, request: web.Request, *, metrics_token: bool = False) -> Principal | None:
        """
        Return who calls, None without credentials and when the session is over.

        Raise NotAuthenticatedError for wrong credentials, TooManyRequestsError for too many.
        """
        if self.site is Site.INGRESS:
            # The socket is the proof; the header is for the record.
            return Principal(name=f"ha:{_remote_user(request)}", scope=Scope.ADMIN, kind="ingress")
        if metrics_token and self._has_metrics_token(request):
            return METRICS_PRINCIPAL
        if hdrs.AUTHORIZATION not in request.headers:
            cookie = session_cookie(request, secure=self.is_secure(request))
            return None if cookie is None else await self._find_session(request, cookie)
        scheme, value = _credentials(request)
        client = client_address(request, self._settings.trusted_proxies)
        try:
            if scheme == "bearer":
                return await self._accounts.sign_in_with_token(value, client)
            username, password = _username_and_password(value)
            return await self._accounts.sign_in(username, password, client)
        except _UnreadableError:
            raise NotAuthenticatedError("Authentication failed") from None
        except NotAuthenticatedError:
            raise NotAuthenticatedError("Invalid credentials") from None

    def is_secure(self, request: web.Request) -> bool:
        """Tell whether the browser's connection is encrypted, as far as can be believed."""
        return is_secure(request, self._settings.trusted_proxies)

    def check_origin(self, request: web.Request, *, upgrade: bool = False) -> None:
        """
        Refuse what a foreign web page sends with the credentials that a browser remembers.

        Through ingress a browser always has a cookie and the origin is Home Assistant's; there the
        console's header, which no foreign page can send, is the proof.
        """
        changes = request.method not in _SAFE_METHODS
        if self.site is Site.INGRESS:
            if changes:
                require_console(request)
            return
        origins = request.headers.getall(hdrs.ORIGIN, [])
        hosts = request.headers.getall(hdrs.HOST, [])
        if (changes or upgrade) and any(not _same_host(origin, hosts) for origin in origins):
            raise NotPermittedError("This request comes from another web site")

    async def _find_session(self, request: web.Request, cookie: str) -> Principal | None:
        principal = await self._sessions.identify(cookie)
        if principal is None:
            return None
        if request.method not in _SAFE_METHODS:
            require_console(request)
        if hdrs.UPGRADE in request.headers and hdrs.ORIGIN not in request.headers:
            raise NotPermittedError(f"The header {hdrs.ORIGIN} is missing")
        return principal

    def _has_metrics_token(self, request: web.Request) -> bool:
        token = self._settings.metrics_token
        if token is None:
            return False
        given = [value for name in _METRICS_HEADERS for value in request.headers.getall(name, [])]
        scheme, _, value = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.lower() == "bearer":
            given.append(value.strip())
        expected = token.reveal().encode()
        return any(hmac.compare_digest(expected, one.encode(errors="replace")) for one in given)


def require_scope(principal: Principal, scope: Scope) -> None:
    """Refuse a caller whose scope is smaller than the route's."""
    if not principal.scope.includes(scope):
        raise NotPermittedError(f"This needs the scope {scope.value}")


def require_console(request: web.Request) -> None:
    """Refuse what may come from a foreign page."""
    if CONSOLE_HEADER not in request.headers:
        raise NotPermittedError(f"The header {CONSOLE_HEADER} is missing")


def is_secure(request: web.Request, trusted: tuple[str, ...]) -> bool:
    """Tell whether the client's connection is encrypted; only trusted proxies tell of another."""
    told = request.headers.get("X-Forwarded-Proto", "").lower() == "https"
    return request.secure or (told and _is_trusted(request.remote or UNIX_PEER, trusted))


def remote_user_name(request: web.Request) -> str | None:
    """Return the name that Home Assistant gives to its user, for display."""
    for header in _USER_NAMES:
        given = request.headers.getall(header, [])
        name = given[0].encode("utf-8", "surrogateescape").decode(errors="replace") if given else ""
        if len(given) == 1 and name.isprintable() and 1 <= len(name) <= _MAX_USER_NAME:
            return name
    return None


def client_address(request: web.Request, trusted: tuple[str, ...]) -> str:
    """Return the nearest address that is no trusted proxy (`unix` trusts a unix socket's peer)."""
    address = request.remote or UNIX_PEER
    forwarded = [
        part.strip()
        for line in request.headers.getall("X-Forwarded-For", [])
        for part in line.split(",")
    ]
    while forwarded and _is_trusted(address, trusted):
        address = forwarded.pop()
    return address


def _remote_user(request: web.Request) -> str:
    """Return the id that Supervisor gives for its user; what is none is not repeated."""
    given = request.headers.getall("X-Remote-User-Id", [])
    return given[0] if len(given) == 1 and _USER_ID.fullmatch(given[0]) else ""


class _UnreadableError(NotAuthenticatedError):
    """There are credentials, but they make no sense."""


def _credentials(request: web.Request) -> tuple[str, str]:
    lines = request.headers.getall(hdrs.AUTHORIZATION)
    scheme, _, value = lines[0].partition(" ")
    if len(lines) > 1 or scheme.lower() not in {"basic", "bearer"} or not value.strip():
        raise NotAuthenticatedError("Authentication failed")
    return scheme.lower(), value.strip()


def _username_and_password(value: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(value.encode("ascii"), validate=True).decode()
    except (ValueError, binascii.Error):
        raise _UnreadableError from None
    username, colon, password = text.partition(":")
    if not colon:
        raise _UnreadableError
    return username, password


def _same_host(origin: str, hosts: list[str]) -> bool:
    """Compare without the scheme: TLS may end in front of the proxy."""
    if len(hosts) != 1:
        return False
    try:
        parts = urlsplit(origin)
        host = urlsplit(f"//{hosts[0]}")
        default = _DEFAULT_PORTS.get(parts.scheme)
        ports_match = (parts.port or default) == (host.port or default)
    except ValueError:
        return False
    return parts.hostname is not None and parts.hostname == host.hostname and ports_match


def _is_trusted(address: str, trusted: tuple[str, ...]) -> bool:
    if address in trusted:
        return True
    try:
        parsed = ip_address(address)
        return any(parsed in ip_network(one, strict=False) for one in trusted if one != UNIX_PEER)
    except ValueError:
        return False
