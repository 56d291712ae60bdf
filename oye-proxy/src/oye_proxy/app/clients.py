"""Where a client comes from, and who in front of the proxy is believed when it says so."""

from collections.abc import Callable

from aiohttp import web

from oye_proxy.api.auth import UNIX_PEER, client_address
from oye_proxy.settings import Settings
from oye_proxy.transport.arrivals import Client, peer_of


def trusted_proxies(settings: Settings) -> tuple[str, ...]:
    """Return who may say where a client comes from; who reaches the unix socket always may."""
    if settings.server.public_socket is None:
        return settings.api.trusted_proxies
    return *settings.api.trusted_proxies, UNIX_PEER


def behind(trusted: tuple[str, ...]) -> Callable[[web.Request], Client]:
    """Make what tells where a charger comes from when trusted proxies stand in front."""

    def client_of(request: web.Request) -> Client:
        peer = peer_of(request)
        address = client_address(request, trusted)
        if address == peer.address:
            return peer
        secure = request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        return Client(address, 0, secure or peer.secure)

    return client_of
