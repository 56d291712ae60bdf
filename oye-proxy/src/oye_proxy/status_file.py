"""
`status.json`: what the server in front tells the proxy that it cannot see itself.

The Home Assistant app writes it beside nginx's configuration: the certificates in use, which only
root can read, and the addresses under which chargers come in.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct


class CertificateStatus(Struct, frozen=True, kw_only=True, rename="camel"):
    """
    One certificate in use; `purpose` is `main` (trusted names) or `lan` (addresses, `.local`).

    `trouble` says why it is not the one that the owner meant, or what is wrong with it.
    """

    purpose: str
    names: tuple[str, ...]
    self_signed: bool
    fingerprint: str
    valid_until: Annotated[datetime, Meta(tz=True)]
    trouble: str | None = None


class FrontStatus(Struct, frozen=True, kw_only=True, rename="camel"):
    """Everything that the server in front tells."""

    certificates: tuple[CertificateStatus, ...] = ()
    charger_urls: tuple[str, ...] = ()


NOTHING_TOLD = FrontStatus()


def read_status(path: Path) -> FrontStatus:
    """Read the file; raise OSError, or ValueError when it is damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=FrontStatus)
    except RecursionError as error:
        raise ValueError(str(error)) from error
