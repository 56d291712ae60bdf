"""
Which certificates nginx uses: the owner's pair from `/ssl` when it is good, else one of our own.

nginx reads copies that were checked, never a file that another program is writing. A pair of our
own is kept, and its certificate made anew with the same key when names change or it ends soon, so
that a charger which trusts the key goes on.
"""

import contextlib
import os
import ssl
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec import Struct

from oye_proxy.errors import CertificateError
from oye_proxy.ha_app.files import PRIVATE, make_folder, write_file
from oye_proxy.ha_app.names import NameKind, TrustedName
from oye_proxy.ha_app.openssl import Certificate, make_key, read_certificate, self_sign

RENEW_BEFORE: Final = timedelta(days=30)
# A machine without a clock of its own starts in the past, then learns the time.
CLOCK_STEP: Final = timedelta(days=1)
LARGEST: Final = 1024 * 1024


class Pair(Struct, frozen=True):
    """A certificate chain with its key, checked, and what it says."""

    chain: bytes
    key: bytes
    certificate: Certificate


def read_owner_pair(folder: Path, certfile: str, keyfile: str, now: datetime) -> Pair:
    """Read the owner's pair; raise CertificateError, which names the file and the reason."""
    chain = _read_inside(folder, certfile)
    key = _read_inside(folder, keyfile)
    try:
        pair = check_pair(chain, key)
    except CertificateError as error:
        raise CertificateError(f"{folder / certfile} with {folder / keyfile}: {error}") from error
    certificate = pair.certificate
    if now >= certificate.valid_until:
        raise CertificateError(f"{folder / certfile} ended on {certificate.valid_until:%Y-%m-%d}")
    if now < certificate.valid_from:
        raise CertificateError(
            f"{folder / certfile} is valid only from {certificate.valid_from:%Y-%m-%d %H:%M} UTC;"
            " is the clock right?"
        )
    return pair


def check_pair(chain: bytes, key: bytes) -> Pair:
    """Check that both can be read and fit together; raise CertificateError."""
    certificate = read_certificate(chain)
    with tempfile.TemporaryDirectory() as name:
        files = Path(name, "chain"), Path(name, "key")
        write_file(files[0], chain, PRIVATE)
        write_file(files[1], key, PRIVATE)
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*files, _no_password)
        except ssl.SSLError as error:
            raise CertificateError(_reason(error)) from error
    return Pair(chain, key, certificate)


def own_pair(
    folder: Path, purpose: str, names: Sequence[str], addresses: Sequence[str], now: datetime
) -> Pair:
    """Return our own pair for these names, made or renewed when needed; raise CertificateError."""
    present = read_kept(folder, purpose)
    wanted = {*names, *addresses}
    if present is not None:
        certificate = present.certificate
        begun = certificate.valid_from - CLOCK_STEP <= now
        lasts = begun and now < certificate.valid_until - RENEW_BEFORE
        if lasts and wanted == set(certificate.names):
            return present
    key = present.key if present is not None else make_key()
    pair = check_pair(self_sign(key, names, addresses), key)
    try:
        make_folder(folder, 0o700)
        keep(folder, purpose, pair.chain, pair.key)
    except OSError as error:
        raise CertificateError(f"{folder} cannot be written: {error.strerror}") from error
    return pair


def read_kept(folder: Path, purpose: str) -> Pair | None:
    """Return the pair that is kept in a folder of ours; None when there is no good one."""
    present = kept_bytes(folder, purpose)
    if present is None:
        return None
    with contextlib.suppress(CertificateError):
        return check_pair(*present)
    return None


def kept_bytes(folder: Path, purpose: str) -> tuple[bytes, bytes] | None:
    """Return chain and key that are kept, unchecked; None when one is missing."""
    try:
        chain, key = (path.read_bytes() for path in _files(folder, purpose))
    except OSError:
        return None
    return chain, key


def keep(folder: Path, purpose: str, chain: bytes, key: bytes) -> None:
    """Write a pair, the key first: it may belong to the certificate that is there already."""
    chain_file, key_file = _files(folder, purpose)
    write_file(key_file, key, PRIVATE)
    write_file(chain_file, chain, PRIVATE)


def missing_names(certificate: Certificate, trusted: Sequence[TrustedName]) -> list[str]:
    """Return the trusted names that a certificate does not stand for."""
    return [
        name.text
        for name in trusted
        if name.kind is not NameKind.ADDRESS and not _covers(certificate.names, name.text)
    ]


def _covers(names: Sequence[str], wanted: str) -> bool:
    parent = wanted.partition(".")[2]
    return wanted in names or f"*.{parent}" in names


def _files(folder: Path, purpose: str) -> tuple[Path, Path]:
    return folder / f"{purpose}.pem", folder / f"{purpose}.key"


def _read_inside(folder: Path, name: str) -> bytes:
    """Read a file that is really below the folder, whatever links say."""
    path = folder / name
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(folder.resolve()):
            raise CertificateError(f"{path} leads out of {folder}")
        # A pipe in its place would hold up the start.
        handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            content = file.read(LARGEST + 1) or b""
    except FileNotFoundError:
        raise CertificateError(f"{path} is missing") from None
    except OSError as error:
        raise CertificateError(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise CertificateError(f"{path} is too big for a certificate or key")
    return content


def _no_password() -> str:
    raise CertificateError("the key is locked with a password; use one without")


def _reason(error: ssl.SSLError) -> str:
    reasons = {
        "KEY_VALUES_MISMATCH": "the key belongs to another certificate",
        "EE_KEY_TOO_SMALL": "the key is too short to be safe",
        "CA_MD_TOO_WEAK": "the signature is too weak to be safe",
    }
    code = error.reason or "unknown"
    return reasons.get(code, f"OpenSSL cannot use them ({code.lower().replace('_', ' ')})")
