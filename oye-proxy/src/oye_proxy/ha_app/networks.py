"""Who may speak for others (the option `trusted_proxies`), and which networks are which."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from msgspec import Struct

from oye_proxy.ha_app.remarks import Remark, quoted
from oye_proxy.settings import LogLevel

OPTION: Final = "trusted_proxies"

Network: TypeAlias = IPv4Network | IPv6Network


class Networks(Struct, frozen=True, kw_only=True):
    """
    The networks that nginx's rules speak of.

    `bridge` is Docker's, where strangers may appear under the address of the gateway when Docker
    carries their connection in user space; it is never the LAN.
    """

    lan: tuple[str, ...] = (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("fc00::/7", "fe80::/10"),
    )
    bridge: tuple[str, ...] = ("172.30.32.0/23", "fd0c:ac1e:2100::/48")
    supervisor: str = "172.30.32.2"


GATEWAYS: Final = (ip_address("172.30.32.1"), ip_address("fd0c:ac1e:2100::1"))


class _UnusableError(ValueError):
    """An entry is no network; the text says why."""


def read_networks(entries: Sequence[object]) -> tuple[tuple[str, ...], list[Remark]]:
    """Return the networks that are usable, each once; a remark names each entry that is not."""
    found: dict[str, None] = {}
    remarks: list[Remark] = []
    for entry in entries:
        try:
            network = _read(entry)
        except _UnusableError as error:
            remarks.append(Remark(f"{OPTION}: {quoted(entry)} is ignored: {error}"))
            continue
        if "/" in str(entry) and str(network) != str(entry).strip().lower():
            remarks.append(
                Remark(f"{OPTION}: {quoted(entry)} is read as {network}", LogLevel.NOTICE)
            )
        found[str(network)] = None
    return tuple(found), remarks


def _read(entry: object) -> Network:
    if not isinstance(entry, str):
        raise _UnusableError("write it as text")
    try:
        network = ip_network(entry.strip(), strict=False)
    except ValueError:
        raise _UnusableError("write an address or a network such as 10.0.0.0/24") from None
    if "%" in str(network):
        raise _UnusableError("an address with a zone means nothing to nginx")
    if network.prefixlen == 0:
        raise _UnusableError("it would let everybody claim to be somebody else")
    if any(gateway in network for gateway in GATEWAYS):
        raise _UnusableError("Docker shows strangers under an address of this network")
    return network
