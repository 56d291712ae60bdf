"""Which chargers may come in that were never seen before."""

import ipaddress
from collections import deque

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

    def check(self, remote_address: str, unconfirmed: int, now: float) -> None:
        """Raise AdmissionError (404, 429) when an unknown id may not come in."""
        if self._policy is UnknownChargers.REJECT:
            raise AdmissionError(404, "This charger is not known here")
        if not _is_public(remote_address):
            return
        arrivals = self._arrivals(remote_address, now)
        if len(arrivals) >= NEW_IDS_PER_MINUTE:
            raise AdmissionError(429, "Too many new chargers from this address", retry_after=60)
        if unconfirmed >= UNCONFIRMED_RECORDS:
            raise AdmissionError(429, "Too many chargers wait for confirmation", retry_after=3600)
        arrivals.append(now)

    def _arrivals(self, remote_address: str, now: float) -> deque[float]:
        arrivals = self._recent.pop(remote_address, None) or deque()
        while arrivals and now - arrivals[0] > 60:  # noqa: PLR2004 - a minute
            arrivals.popleft()
        if len(self._recent) >= ADDRESSES:
            del self._recent[next(iter(self._recent))]
        self._recent[remote_address] = arrivals
        return arrivals


def _is_public(remote_address: str) -> bool:
    try:
        return ipaddress.ip_address(remote_address.partition("%")[0]).is_global
    except ValueError:
        return False
