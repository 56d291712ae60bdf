"""
Put the certificates in place that nginx reads, and say how they are.

At the start the owner's pair is used when it is good. Later a broken new one keeps the one in use:
a renewal that goes wrong takes no charger away.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from msgspec import Struct

from oye_proxy.errors import CertificateError
from oye_proxy.ha_app.certificates import (
    Pair,
    keep,
    kept_bytes,
    missing_names,
    own_pair,
    read_kept,
    read_owner_pair,
)
from oye_proxy.ha_app.names import NameKind
from oye_proxy.ha_app.options import Options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.remarks import Remark
from oye_proxy.settings import LogLevel
from oye_proxy.status_file import CertificateStatus

MAIN: Final = "main"
LAN: Final = "lan"
# Days before the end at which a person is reminded.
REMINDERS: Final = (0, 1, 3, 7, 14, 30)


class Choice(Struct, frozen=True, kw_only=True):
    """A pair for one purpose, whether it is ours, and what is wrong with it or the owner's."""

    purpose: str
    pair: Pair
    own: bool
    trouble: str | None = None

    @property
    def status(self) -> CertificateStatus:
        """What the proxy is told of it."""
        certificate = self.pair.certificate
        return CertificateStatus(
            purpose=self.purpose,
            names=certificate.names,
            self_signed=self.own or certificate.self_signed,
            fingerprint=certificate.fingerprint,
            valid_until=certificate.valid_until,
            trouble=self.trouble,
        )


def choose(
    options: Options, paths: Paths, hostname: str | None, now: datetime, *, starting: bool
) -> list[Choice]:
    """Choose a pair for each purpose; raise CertificateError when not even ours can be made."""
    chosen = []
    if _domains(options):
        chosen.append(_choose_main(options, paths, now, starting=starting))
    chosen.append(_choose_lan(options, paths, hostname, now))
    return chosen


def put_in_place(paths: Paths, choice: Choice) -> bool:
    """Copy a pair to where nginx reads it; return whether that changed anything."""
    pair = choice.pair
    if kept_bytes(paths.tls, choice.purpose) == (pair.chain, pair.key):
        return False
    keep(paths.tls, choice.purpose, pair.chain, pair.key)
    return True


def describe(status: CertificateStatus, now: datetime) -> str:
    """Return the line for the log."""
    end = f"valid until {status.valid_until:%Y-%m-%d}"
    if not status.self_signed:
        return f"TLS {', '.join(status.names)}: from /ssl, {end} ({_days(status, now)} days)"
    what = "LAN" if status.purpose == LAN else ", ".join(status.names)
    return f"TLS {what}: self-signed, SHA-256 {status.fingerprint}, {end}"


def certificate_remarks(status: CertificateStatus) -> Iterator[Remark]:
    """Say what is wrong."""
    if status.trouble is not None:
        yield Remark(f"certfile, keyfile: {status.trouble}")


def reminder(status: CertificateStatus, now: datetime) -> int | None:
    """Return the step of REMINDERS that an end has come to; None while it is far away."""
    return next((step for step in REMINDERS if _days(status, now) <= step), None)


def remind(status: CertificateStatus, now: datetime) -> Remark:
    """Say when a certificate ends."""
    names = ", ".join(status.names)
    if now >= status.valid_until:
        return Remark(f"the certificate of {names} has ended: renew it", LogLevel.ERROR)
    return Remark(
        f"the certificate of {names} ends in {_days(status, now)} days,"
        f" on {status.valid_until:%Y-%m-%d}: renew it"
    )


def _choose_main(options: Options, paths: Paths, now: datetime, *, starting: bool) -> Choice:
    try:
        pair = read_owner_pair(paths.ssl, options.certfile, options.keyfile, now)
    except CertificateError as error:
        return _instead(options, paths, now, str(error), starting=starting)
    missing = missing_names(pair.certificate, options.trusted_names)
    trouble = f"{paths.ssl / options.certfile} does not name {', '.join(missing)}"
    return Choice(purpose=MAIN, pair=pair, own=False, trouble=trouble if missing else None)


def _instead(
    options: Options, paths: Paths, now: datetime, trouble: str, *, starting: bool
) -> Choice:
    """Keep the owner's former pair while the app runs; else use one of ours."""
    used = read_kept(paths.tls, MAIN)
    ours = read_kept(paths.own_tls, MAIN)
    if used is not None and not starting and (ours is None or used.chain != ours.chain):
        return Choice(
            purpose=MAIN, pair=used, own=False, trouble=f"{trouble}; the former one stays in use"
        )
    pair = own_pair(paths.own_tls, MAIN, _domains(options), (), now)
    trouble = f"{trouble}; a self-signed one is used, which a charger must be told to trust"
    return Choice(purpose=MAIN, pair=pair, own=True, trouble=trouble)


def _choose_lan(options: Options, paths: Paths, hostname: str | None, now: datetime) -> Choice:
    names = {"homeassistant.local"}
    if hostname is not None:
        names.add(f"{hostname.removesuffix('.local')}.local")
    elif (present := read_kept(paths.own_tls, LAN)) is not None:
        # Nobody told the name now: the one of the last time holds.
        names.update(name for name in present.certificate.names if name.endswith(".local"))
    addresses = [name.address for name in options.trusted_names if name.kind is NameKind.ADDRESS]
    pair = own_pair(paths.own_tls, LAN, sorted(names), addresses, now)
    return Choice(purpose=LAN, pair=pair, own=True)


def _domains(options: Options) -> list[str]:
    return [name.text for name in options.trusted_names if name.kind is not NameKind.ADDRESS]


def _days(status: CertificateStatus, now: datetime) -> int:
    return (status.valid_until - now).days
