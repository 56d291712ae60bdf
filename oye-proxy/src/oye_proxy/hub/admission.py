"""Which chargers may come in that were never seen before."""

import ipaddress
from collections import deque
from collections.abc import Callable

from oye_proxy.errors import AdmissionError
from oye_proxy.settings import UnknownChargers

NEW_IDS_PER_MINUTE = 10
UNCONFIRMED_RECORDS = 1000
ADDRESSES = 1024


class Newcomers:
    """
    Limits what strangers can make us remember.

    From public addresses: ten new ids a minute and address, a thousand records that neither the
    owner nor a CSMS confirmed. Loopback and private addresses are free: a site, a bench.
    """

    def __init__(self, policy: UnknownChargers) -> None:
        self._policy = policy
        self._recent: dict[str, deque[float]] = {}

    @property
    def wait_for_approval(self) -> bool:
        """Whether the owner must agree before a new charger comes in."""
        return self._policy is UnknownChargers.APPROVE

    def check(self, remote_address: str, unconfirmed: Callable[[], int], now: float) -> None:
        """Raise AdmissionError (404, 429) when an unknown id may not come in."""
        if self._policy is UnknownChargers.REJECT:
            raise AdmissionError(404, "This charger is not known here")
        if not is_public(remote_address):
            return
        arrivals = self._arrivals(_source(remote_address), now)
        if len(arrivals) >= NEW_IDS_PER_MINUTE:
            raise AdmissionError(429, "Too many new chargers from this address", retry_after=60)
        if unconfirmed() >= UNCONFIRMED_RECORDS:
            raise AdmissionError(429, "Too many chargers wait for confirmation", retry_after=3600)
        arrivals.append(now)

    def _arrivals(self, source: str, now: float) -> deque[float]:
        arrivals = self._recent.pop(source, None) or deque()
        while arrivals and now - arrivals[0] > 60:  # noqa: PLR2004 - a minute
            arrivals.popleft()
        if len(self._recent) >= ADDRESSES:
            del self._recent[next(iter(self._recent))]
        self._recent[source] = arrivals
        return arrivals


def is_public(remote_address: str) -> bool:
    """Tell whether this is an address of the internet."""
    address = _parsed(remote_address)
    return address is not None and address.is_global


def _source(remote_address: str) -> str:
    """Return what counts as one address: in IPv6 a network of 64 bits belongs to one customer."""
    address = _parsed(remote_address)
    if not isinstance(address, ipaddress.IPv6Address):
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _parsed(remote_address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(remote_address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
