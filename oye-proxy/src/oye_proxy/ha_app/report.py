"""The lines of the start, for the person who opens the app's log."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct

from oye_proxy.ha_app.options import Options
from oye_proxy.ha_app.remarks import Remark
from oye_proxy.ha_app.tls import certificate_remarks, describe, remind, reminder
from oye_proxy.ha_app.urls import ChargerUrl
from oye_proxy.status_file import CertificateStatus


class CsmsState(Struct, frozen=True):
    """The CSMS that is in force, and whether chargers are forwarded to it."""

    url: str
    forwarding: bool


def access_line(options: Options) -> str:
    """Say who may come in."""
    names = ", ".join(name.text for name in options.trusted_names) or "no trusted domain"
    lan = "off"
    if options.allow_lan:
        lan = "on (IP address or *.local, private addresses only)"
    return f"Access: {names}; LAN {lan}"


def access_remarks(options: Options) -> Iterator[Remark]:
    """Say when nobody can come in."""
    if not options.trusted_names and not options.allow_lan:
        yield Remark(
            "nobody can connect: trusted_domains has no usable entry and allow_lan is off;"
            " set one of them"
        )


def certificate_lines(certificates: Iterable[CertificateStatus], now: datetime) -> Iterator[str]:
    """Describe each certificate in use."""
    return (describe(certificate, now) for certificate in certificates)


def all_certificate_remarks(
    certificates: Iterable[CertificateStatus], now: datetime
) -> Iterator[Remark]:
    """Say what is wrong with certificates, and which of them end soon."""
    for certificate in certificates:
        yield from certificate_remarks(certificate)
        if reminder(certificate, now) is not None:
            yield remind(certificate, now)


def csms_line(options: Options, state: CsmsState | None) -> str:
    """Say where chargers are forwarded to: what is in force, else what the option says."""
    if state is None:
        state = CsmsState(options.csms_url or "", options.csms_url is not None)
    if not state.forwarding:
        return "CSMS: none, standalone"
    return f"CSMS: {_without_secrets(state.url)}"


def url_lines(urls: Iterable[ChargerUrl]) -> Iterator[str]:
    """Return the addresses, ready to be copied."""
    urls = list(urls)
    if not urls:
        return
    yield "Charger URLs (append the charger's id unless the charger does it itself):"
    width = max(len(one.url) for one in urls)
    for one in urls:
        note = f"  ({one.note})" if one.note else ""
        yield f"  {one.url:{width if note else 0}}{note}"


def _without_secrets(url: str) -> str:
    """Leave out what may hold credentials: user, password, query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
