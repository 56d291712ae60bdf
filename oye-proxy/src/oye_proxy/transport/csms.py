"""
Dials CSMSs; with `csms_link.py` all that knows the library that dials.

`websockets` shakes hands and writes what is rare; its parser, its queue and its tasks are left out,
because every frame of every charger passes here.
"""

import asyncio
import hashlib
import logging
import ssl
from collections.abc import Generator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

from websockets.asyncio.client import ClientConnection, connect
from websockets.client import ClientProtocol
from websockets.datastructures import Headers, HeadersLike
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.http11 import USER_AGENT, Response
from websockets.protocol import Protocol, State
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from oye_proxy.errors import (
    CsmsLoopError,
    CsmsRefusedError,
    CsmsUnreachableError,
    SettingsError,
)
from oye_proxy.settings import CsmsSettings
from oye_proxy.transport.backoff import retry_after_seconds
from oye_proxy.transport.csms_link import CsmsLink
from oye_proxy.transport.frame_reader import FrameReader
from oye_proxy.transport.own_dials import OwnDial, OwnDials
from oye_proxy.transport.ports import CsmsTarget, Hello
from oye_proxy.transport.sockets import CLOSE_TIMEOUT
from oye_proxy.transport.upstream import UpstreamUrl, parse_url, upstream_url

# The library logs whole handshakes at DEBUG, Authorization included.
_wire = logging.getLogger(f"{__name__}.wire")
_wire.setLevel(logging.WARNING)

_MIRRORED_HEADERS = ("WWW-Authenticate", "Retry-After")


class CsmsDialer:
    """Opens links to CSMSs, with verified TLS and within a bounded time."""

    def __init__(self, settings: CsmsSettings, *, max_frame: int) -> None:
        self._settings = settings
        self._max_frame = max_frame
        self._own_dials = OwnDials()
        try:
            self._tls = ssl.create_default_context(cafile=settings.ca_file)
        except OSError as error:
            raise SettingsError(f"csms.ca_file: {settings.ca_file}: {error}") from error
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2

    async def dial(self, target: CsmsTarget, hello: Hello) -> CsmsLink:
        """
        Open the charger's link; `start` it to get its messages.

        Raise CsmsRefusedError for a 4xx (and 502 for a redirect elsewhere), else
        CsmsUnreachableError, which is a CsmsLoopError when the dial came back to our own door.
        """
        with self._own_dials.begin() as own:
            try:
                return await self._open(target, hello, own)
            except (CsmsRefusedError, CsmsUnreachableError):
                if own.came_back:
                    raise CsmsLoopError from None
                raise

    def is_own(self, key: str) -> bool:
        """Tell whether a handshake with this key is one of our dials that came back."""
        return self._own_dials.recognise(key)

    async def _open(self, target: CsmsTarget, hello: Hello, own: OwnDial) -> CsmsLink:
        query = hello.query if self._settings.forward_query else ""
        try:
            url = upstream_url(target.url, hello.raw_id, query)
        except ValueError as error:
            raise CsmsUnreachableError(str(error)) from None
        try:
            attempt = _Attempt(url, hello, self._settings, self._max_frame, self._tls, own)
            attempt.additional_headers = _authorization(hello, url)
            connection = await attempt
        except InvalidStatus as error:
            raise _judged(url, error.response) from None
        except (OSError, WebSocketException, ValueError, EOFError) as error:
            text = str(error) or type(error).__name__
            raise CsmsUnreachableError(f"{url.site}: {text}") from error
        assert isinstance(connection, _Connection)  # noqa: S101 - made by our own factory
        return connection.link


class _Attempt(connect):
    """One dial; redirects stay on the same scheme, host and port."""

    def __init__(
        self,
        url: UpstreamUrl,
        hello: Hello,
        settings: CsmsSettings,
        max_frame: int,
        tls: ssl.SSLContext,
        own: OwnDial,
    ) -> None:
        super().__init__(
            url.site,
            compression=None,
            user_agent_header=hello.user_agent,
            proxy=settings.proxy,
            open_timeout=settings.dial_timeout,
        )
        if url.secure:
            self.create_connection_kwargs["ssl"] = tls
        self._url = url
        # Not parse_uri: it drops what follows a `;`, and ids may hold one.
        self.ws_uri = WebSocketURI(url.secure, url.host, url.port, url.path, url.query)

        def make(uri: WebSocketURI) -> ClientConnection:
            protocol = _Protocol(
                uri,
                subprotocols=[Subprotocol(name) for name in hello.offered] or None,
                extensions=[ClientPerMessageDeflateFactory()] if settings.compression else None,
                logger=_wire,
            )
            own.add_key(protocol.key)
            return _Connection(protocol, settings.pin_sha256, max_frame)

        self.factory = make

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Return the address to follow; else an exception."""
        if not isinstance(exc, InvalidStatus):
            return exc
        response = exc.response
        location = response.headers.get("Location")
        if response.status_code not in range(300, 400):
            return exc
        refusal = CsmsRefusedError(HTTPStatus.BAD_GATEWAY, {})
        if location is None:
            return refusal
        try:
            url = parse_url(urljoin(self._url.site + self.ws_uri.resource_name, location))
        except ValueError:
            return refusal
        if url.origin != self._url.origin:
            return refusal
        return url.site + url.resource


class _HandshakeOnly(Protocol):
    """Leaves what follows the handshake to the link's reader, which is compiled."""

    def parse(self) -> Generator[None]:
        """Wait for the end of the stream."""
        while not self.reader.eof:
            yield
        yield from self.discard()


class _Protocol(ClientProtocol, _HandshakeOnly):
    """Accepts the CSMS's subprotocol, whatever it is: the charger judges it."""

    def process_subprotocol(self, headers: Headers) -> Subprotocol | None:
        """Return the name that the CSMS answered, None when there is none."""
        names = [line.strip() for line in headers.get_all("Sec-WebSocket-Protocol")]
        return Subprotocol(names[0]) if names and names[0] else None


class _Connection(ClientConnection):
    """The library's connection with our callbacks instead of its queue and tasks."""

    def __init__(self, protocol: ClientProtocol, pin_sha256: str | None, max_frame: int) -> None:
        super().__init__(
            protocol,
            ping_interval=None,
            ping_timeout=None,
            close_timeout=CLOSE_TIMEOUT,
            max_queue=None,
        )
        self._pin_sha256 = pin_sha256
        self._max_frame = max_frame
        self._reader: FrameReader | None = None
        self.link = CsmsLink(self, self.loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TCP and TLS are up."""
        super().connection_made(transport)
        self.link.opened()

    async def handshake(
        self,
        additional_headers: HeadersLike | None = None,
        user_agent_header: str | None = USER_AGENT,
    ) -> None:
        """Check the pin before anything is said, then shake hands."""
        if self._pin_sha256 is not None:
            _check_pin(self.transport, self._pin_sha256)
        await super().handshake(additional_headers, user_agent_header)

    def data_received(self, data: bytes) -> None:
        """Take bytes from the network: the handshake's answer, then frames."""
        if self._reader is not None:
            self._reader.feed_data(data)
            return
        super().data_received(data)
        if self.protocol.state is State.OPEN:
            self._reader = self.link.reader(self._max_frame)
            early = self.protocol.reader.buffer
            if early:
                self._reader.feed_data(bytes(early))
                early.clear()

    def connection_lost(self, exc: Exception | None) -> None:
        """TCP is gone."""
        super().connection_lost(exc)
        self.link.lost()


def _authorization(hello: Hello, url: UpstreamUrl) -> Mapping[str, str]:
    """The charger's own header first, then the owner's for this CSMS."""
    value = hello.authorization.reveal() if hello.authorization is not None else url.basic
    return {} if value is None else {"Authorization": value}


def _judged(url: UpstreamUrl, response: Response) -> CsmsRefusedError | CsmsUnreachableError:
    """A 4xx is a decision, everything else an outage."""
    status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS or status not in range(400, 500):
        retry_after = ", ".join(response.headers.get_all("Retry-After"))
        return CsmsUnreachableError(
            f"{url.site}: HTTP {status}", retry_after_seconds(retry_after, datetime.now(UTC))
        )
    headers = {
        name: ", ".join(values)
        for name in _MIRRORED_HEADERS
        if (values := response.headers.get_all(name))
    }
    return CsmsRefusedError(status, headers)


def _check_pin(transport: asyncio.BaseTransport, pin_sha256: str) -> None:
    tls: Any = transport.get_extra_info("ssl_object")
    if tls is None:
        return
    found = hashlib.sha256(tls.getpeercert(binary_form=True)).hexdigest()
    if found != pin_sha256.replace(":", "").lower():
        raise ssl.SSLCertVerificationError("the certificate is not the pinned one")
