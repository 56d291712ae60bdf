"""
The names by which chargers and browsers may reach the app: the option `trusted_domains`.

What is read here ends up in nginx's configuration, so nothing passes that is not a host name of
letters, digits, hyphens and dots, or a canonical address.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

import idna
from msgspec import Struct

from oye_proxy.ha_app.remarks import Remark, quoted
from oye_proxy.settings import LogLevel

OPTION: Final = "trusted_domains"

_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST: Final = 253
_WITH_PORT: Final = re.compile(r"(\[[^\]]*\]|[^:]*):\d{1,5}")


class NameKind(StrEnum):
    """What a trusted name is."""

    DOMAIN = "domain"
    WILDCARD = "wildcard"
    ADDRESS = "address"


class TrustedName(Struct, frozen=True):
    """One name as nginx knows it: lower case, ASCII, an IPv6 address in brackets."""

    text: str
    kind: NameKind

    @property
    def address(self) -> str:
        """The address without brackets."""
        return self.text.strip("[]")


class _UnusableError(ValueError):
    """An entry is no name; the text says why and what to write."""


def read_names(entries: Sequence[object]) -> tuple[tuple[TrustedName, ...], list[Remark]]:
    """Return the names that are usable, each once; a remark names each entry that is not."""
    found: dict[str, TrustedName] = {}
    remarks: list[Remark] = []
    for entry in entries:
        try:
            name, dropped = _read(entry)
        except _UnusableError as error:
            remarks.append(Remark(f"{OPTION}: {quoted(entry)} is ignored: {error}"))
            continue
        if dropped:
            remarks.append(
                Remark(f"{OPTION}: {quoted(entry)} is read as {name.text}", LogLevel.NOTICE)
            )
        found.setdefault(name.text, name)
    return tuple(found.values()), remarks


def hostname_of(told: object) -> str | None:
    """Return the checked host of a URL that another program told; None when there is none."""
    name = _told(told)
    return None if name is None or name.kind is NameKind.WILDCARD else name.text


def machine_name(told: object) -> str | None:
    """Return the checked name of a machine that another program told; None for an address."""
    name = _told(told)
    return name.text if name is not None and name.kind is NameKind.DOMAIN else None


def _told(told: object) -> TrustedName | None:
    if not isinstance(told, str) or not told:
        return None
    try:
        host = urlsplit(told if "://" in told else f"//{told}").hostname
        return _read(host)[0]
    except ValueError:
        return None


def _read(entry: object) -> tuple[TrustedName, bool]:
    """Return the name, and whether something that is no part of it was dropped."""
    if not isinstance(entry, str):
        raise _UnusableError("write it as text")
    text = entry.strip()
    if "://" in text or "/" in text:
        raise _UnusableError("write the host name alone, without scheme and path")
    host = _without_port(text).removesuffix(".")
    dropped = host != text
    address = _address(host)
    if address is not None:
        return _trusted_address(address), dropped
    if host.startswith("*."):
        domain = _domain(host.removeprefix("*."))
        return TrustedName(f"*.{domain}", NameKind.WILDCARD), dropped
    return TrustedName(_domain(host), NameKind.DOMAIN), dropped


def _without_port(text: str) -> str:
    found = _WITH_PORT.fullmatch(text)
    return found[1] if found else text


def _address(host: str) -> IPv4Address | IPv6Address | None:
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        return ip_address(bare)
    except ValueError:
        return None


def _trusted_address(address: IPv4Address | IPv6Address) -> TrustedName:
    if isinstance(address, IPv4Address):
        unusable = address.is_unspecified or address.is_multicast
        text = str(address)
    else:
        unusable = address.is_unspecified or address.is_multicast or address.scope_id is not None
        text = f"[{address}]"
    if unusable:
        raise _UnusableError("nobody can be reached by this address")
    return TrustedName(text, NameKind.ADDRESS)


def _domain(host: str) -> str:
    """Return a checked name in lower case and ASCII."""
    if "*" in host:
        raise _UnusableError("a star stands only for the whole first part, as in *.example.org")
    text = host.lower()
    if not text.isascii():
        try:
            text = idna.encode(text, uts46=True).decode()
        except idna.IDNAError:
            raise _UnusableError("it is no host name") from None
    labels = text.split(".")
    if len(text) > _LONGEST or not all(map(_LABEL.fullmatch, labels)):
        raise _UnusableError("it is no host name; write it like ocpp.example.org")
    if labels[-1].isdigit():
        raise _UnusableError("it is neither a host name nor an address")
    return text
