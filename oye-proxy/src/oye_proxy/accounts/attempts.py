"""Who may try how often to sign in: each failure more doubles the wait."""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from oye_proxy.accounts.rules import MAX_NAME
from oye_proxy.errors import TooManyRequestsError

FREE_FAILURES: Final = 10

_LONGEST_WAIT_OF_A_CLIENT: Final = 900.0
_LONGEST_WAIT_OF_A_NAME: Final = 60.0
_FORGOTTEN_SECONDS: Final = 3600.0
_MAX_ATTEMPTS: Final = 10_000


class Attempts:
    """Counts failures per client and per name; each one more doubles the wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def begin(self, client: str, username: str | None = None) -> None:
        """Count an attempt as failed until it succeeds; raise TooManyRequestsError if too many."""
        now = self._clock()
        keys = _keys(client, username)
        wait = max(self._wait(key, longest, now) for key, longest in keys)
        if wait > 0:
            raise TooManyRequestsError("Too many failed logins; try again later", wait)
        for key, _ in keys:
            self._failures[key] = (self._count(key, now) + 1, now)
            self._failures.move_to_end(key)
        while len(self._failures) > _MAX_ATTEMPTS:
            self._failures.popitem(last=False)

    def succeeded(self, client: str, username: str) -> None:
        """Forget the failures."""
        for key, _ in _keys(client, username):
            self._failures.pop(key, None)

    def _count(self, key: tuple[str, str], now: float) -> int:
        count, last = self._failures.get(key, (0, now))
        return 0 if now - last > _FORGOTTEN_SECONDS else count

    def _wait(self, key: tuple[str, str], longest: float, now: float) -> float:
        beyond = self._count(key, now) - FREE_FAILURES
        if beyond < 0:
            return 0.0
        return self._failures[key][1] + min(2.0 ** min(beyond, 30), longest) - now


class HourlyLimit:
    """Lets a few through in an hour for each of the keys given."""

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._moments: OrderedDict[str, list[float]] = OrderedDict()

    def count(self, *keys: str) -> None:
        """Count one for all keys; raise TooManyRequestsError if one of them had too many."""
        now = self._clock()
        recent = {key: self._recent(key, now) for key in keys}
        full = [moments[0] for moments in recent.values() if len(moments) >= self._limit]
        if full:
            wait = max(full) + _FORGOTTEN_SECONDS - now
            raise TooManyRequestsError("Too many requests; try again later", max(1.0, wait))
        for key, moments in recent.items():
            self._moments[key] = [*moments, now]
            self._moments.move_to_end(key)
        while len(self._moments) > _MAX_ATTEMPTS:
            self._moments.popitem(last=False)

    def _recent(self, key: str, now: float) -> list[float]:
        return [one for one in self._moments.get(key, []) if now - one < _FORGOTTEN_SECONDS]


def _keys(client: str, username: str | None) -> list[tuple[tuple[str, str], float]]:
    network = network_of(client)
    if username is None:
        # A client with a revoked token must not lock out the people behind the same address.
        return [(("tokens", network), _LONGEST_WAIT_OF_A_CLIENT)]
    return [
        (("client", network), _LONGEST_WAIT_OF_A_CLIENT),
        # A stranger must not be able to lock a user out for long.
        (("name", username[:MAX_NAME]), _LONGEST_WAIT_OF_A_NAME),
    ]


def network_of(client: str) -> str:
    """One home or server has a whole /64 of IPv6 addresses."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, 64), strict=False))
