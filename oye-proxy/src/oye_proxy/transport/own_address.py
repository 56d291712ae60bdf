"""Tells the addresses under which this proxy itself is reached: no CSMS is there."""

import asyncio
import socket
from collections.abc import Callable, Iterable
from typing import Any, Final

from oye_proxy.errors import AdmissionError
from oye_proxy.transport.identity import identify
from oye_proxy.transport.upstream import UpstreamUrl, parse_url, upstream_url

LOOK_UP_SECONDS: Final = 2.0

_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound
_ANY_CHARGER = "ID"


class OwnAddress:
    """
    The addresses of this proxy: its port on this machine, and what `urls` returns.

    `port` is that of the settings until the listener is open, 0 when nothing is known.
    """

    def __init__(self, host: str, port: int) -> None:
        self.port = port
        self.urls: Callable[[], Iterable[str]] = tuple
        self._host = host

    async def leads_here(self, csms_url: str) -> bool:
        """Tell whether a CSMS's address is one of ours; False when nobody knows its name."""
        try:
            dialled = upstream_url(csms_url, _ANY_CHARGER)
        except ValueError:
            return False
        if any(_is_at(dialled, url) for url in self.urls()):
            return True
        return self.port != 0 and dialled.port == self.port and await self._is_here(dialled.host)

    async def _is_here(self, host: str) -> bool:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                found = await _look_up(host)
                if self._host in _EVERYWHERE:
                    return any(_is_of_this_machine(*one) for one in found)
                own = await _look_up(self._host)
        except (OSError, UnicodeError):  # a time-out is one, too
            return False
        return bool({address[0] for _, address in found} & {address[0] for _, address in own})


def _is_at(dialled: UpstreamUrl, url: str) -> bool:
    """Tell whether a charger who dials this comes to us; another path may lead elsewhere."""
    try:
        own = parse_url(url)
    except ValueError:
        return False
    if (dialled.host, dialled.port) != (own.host, own.port):
        return False
    if dialled.path == f"/{_ANY_CHARGER}":
        return True
    try:
        identify(dialled.path, ())
    except AdmissionError:
        return False
    return True


async def _look_up(host: str) -> list[tuple[int, Any]]:
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    return [(family, address) for family, _, _, _, address in found]


def _is_of_this_machine(family: int, address: Any) -> bool:
    """Only an address of this machine can be bound; nothing is sent."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(address)
        except OSError:
            return False
    return True
