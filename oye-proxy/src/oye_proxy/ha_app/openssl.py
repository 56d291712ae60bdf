"""What the `openssl` program is asked: what a certificate says, and to make a new one."""

import functools
import ssl
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from msgspec import Struct

from oye_proxy.errors import CertificateError

TIMEOUT: Final = 60.0
DAYS: Final = 3650
KEY_BITS: Final = 2048

# A configuration of our own: the machine's may ask for other things.
_CONFIGURATION: Final = """
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
string_mask = utf8only
[name]
CN = OYE
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = {names}
"""


class Certificate(Struct, frozen=True, kw_only=True):
    """What a certificate says of itself; `names` as in its SAN, addresses as text."""

    names: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    fingerprint: str
    self_signed: bool


@functools.lru_cache(maxsize=16)
def read_certificate(pem: bytes) -> Certificate:
    """Read the first certificate of a chain; raise CertificateError."""
    said = _openssl(
        *("x509", "-noout", "-subject", "-issuer", "-startdate", "-enddate"),
        *("-fingerprint", "-sha256", "-ext", "subjectAltName"),
        given=pem,
    )
    values = dict(line.partition("=")[::2] for line in said.splitlines() if "=" in line)
    try:
        return Certificate(
            names=_names(said),
            valid_from=_moment(values["notBefore"]),
            valid_until=_moment(values["notAfter"]),
            fingerprint=values["sha256 Fingerprint"].upper(),
            self_signed=values["subject"] == values["issuer"],
        )
    except (KeyError, ValueError) as error:
        raise CertificateError(f"openssl answers what nobody understands: {error}") from error


def make_key() -> bytes:
    """Make a key that old chargers can use, too."""
    return _openssl(
        "genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{KEY_BITS}"
    ).encode()


def self_sign(key: bytes, names: Sequence[str], addresses: Sequence[str]) -> bytes:
    """Make a certificate for a key; the names are checked host names and addresses."""
    alternatives = [f"DNS:{name}" for name in names] + [f"IP:{one}" for one in addresses]
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder, "openssl.cnf")
        configuration.write_text(_CONFIGURATION.format(names=", ".join(alternatives)))
        return _openssl(
            *("req", "-x509", "-new", "-sha256", "-days", str(DAYS)),
            *("-config", str(configuration), "-key", "/dev/stdin"),
            given=key,
        ).encode()


def _openssl(*arguments: str, given: bytes = b"") -> str:
    """Run it; the reason of a failure is its last line."""
    try:
        ended = subprocess.run(  # noqa: S603 - nothing here comes from strangers
            ["openssl", *arguments],  # noqa: S607 - the system's
            input=given,
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CertificateError(f"openssl cannot be used: {error}") from error
    if ended.returncode != 0:
        lines = ended.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise CertificateError(f"openssl {arguments[0]} failed: {lines[0]}")
    return ended.stdout.decode(errors="replace")


def _names(said: str) -> tuple[str, ...]:
    """Read the lines `DNS:a, IP Address:192.0.2.1` below the extension's heading."""
    lines = [line.strip() for line in said.splitlines() if line.startswith(" ")]
    names = []
    for part in (part.strip() for line in lines for part in line.split(",")):
        kind, _, value = part.partition(":")
        if kind == "DNS":
            names.append(value.lower())
        elif kind == "IP Address":
            names.append(str(ip_address(value)))
    return tuple(names)


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
