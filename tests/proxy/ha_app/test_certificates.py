"""The owner's pair is checked in every way that nginx or a charger would stumble over."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.proxy.ha_app.conftest import DOMAIN, NOW, Issued, put

from oye_proxy.errors import CertificateError
from oye_proxy.ha_app import openssl
from oye_proxy.ha_app.certificates import (
    LARGEST,
    Pair,
    keep,
    kept_bytes,
    missing_names,
    own_pair,
    read_kept,
    read_owner_pair,
)
from oye_proxy.ha_app.names import read_names
from oye_proxy.ha_app.paths import Paths

Issue = Callable[..., Issued]


def read(paths: Paths, certfile: str = "fullchain.pem") -> Pair:
    return read_owner_pair(paths.ssl, certfile, "privkey.pem", NOW)


def test_a_good_pair_is_taken(paths: Paths, issue: Issue) -> None:
    issued = issue(DOMAIN)
    put(paths, issued)
    pair = read(paths)

    assert (issued.chain, issued.key) == (pair.chain, pair.key)
    assert (DOMAIN,) == pair.certificate.names


def test_a_link_inside_the_folder_is_fine(paths: Paths, issue: Issue) -> None:
    put(paths, issue(DOMAIN), "real.pem")
    (paths.ssl / "fullchain.pem").symlink_to("real.pem")

    assert (DOMAIN,) == read(paths).certificate.names


def test_a_link_out_of_the_folder_is_refused(paths: Paths, issue: Issue, tmp_path: Path) -> None:
    put(paths, issue(DOMAIN))
    (tmp_path / "outside.pem").write_bytes((paths.ssl / "fullchain.pem").read_bytes())
    (paths.ssl / "fullchain.pem").unlink()
    (paths.ssl / "fullchain.pem").symlink_to(tmp_path / "outside.pem")

    with pytest.raises(CertificateError, match="leads out of"):
        read(paths)


def test_what_is_missing_is_named(paths: Paths) -> None:
    with pytest.raises(CertificateError, match=r"fullchain\.pem is missing"):
        read(paths)


def test_a_key_of_another_certificate_is_refused(paths: Paths, issue: Issue) -> None:
    put(paths, Issued(issue(DOMAIN).chain, issue(DOMAIN).key))
    with pytest.raises(CertificateError, match="the key belongs to another certificate"):
        read(paths)


@pytest.mark.parametrize(
    ("days", "begins", "reason"),
    [(-1, -9, "ended on"), (90, 1, "is valid only from")],
)
def test_a_pair_out_of_date_is_refused(
    paths: Paths, issue: Issue, days: float, begins: float, reason: str
) -> None:
    put(paths, issue(DOMAIN, days=days, begins=begins))
    with pytest.raises(CertificateError, match=reason):
        read(paths)


@pytest.mark.parametrize("garbage", [b"", b"garbage", b"\x00" * 100])
def test_half_written_files_are_refused(paths: Paths, issue: Issue, garbage: bytes) -> None:
    good = issue(DOMAIN)
    for issued in (Issued(garbage, good.key), Issued(good.chain, garbage)):
        put(paths, issued)
        with pytest.raises(CertificateError, match=r"fullchain\.pem with .*privkey\.pem"):
            read(paths)


def test_a_locked_key_is_refused_and_nobody_is_asked(paths: Paths, issue: Issue) -> None:
    issued = issue(DOMAIN)
    locked = openssl._openssl(
        *("pkcs8", "-topk8", "-passout", "pass:word", "-in", "/dev/stdin"), given=issued.key
    )
    put(paths, Issued(issued.chain, locked.encode()))
    with pytest.raises(CertificateError, match="locked with a password"):
        read(paths)


def test_a_key_that_is_too_short_is_refused(paths: Paths) -> None:
    key = openssl._openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024")
    put(paths, Issued(openssl.self_sign(key.encode(), [DOMAIN], []), key.encode()))
    with pytest.raises(CertificateError, match="too short"):
        read(paths)


def test_neither_a_huge_file_nor_a_pipe_holds_up_the_start(paths: Paths, issue: Issue) -> None:
    put(paths, issue(DOMAIN))
    (paths.ssl / "fullchain.pem").write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(CertificateError, match="too big"):
        read(paths)
    (paths.ssl / "fullchain.pem").unlink()
    os.mkfifo(paths.ssl / "fullchain.pem")
    with pytest.raises(CertificateError, match=r"fullchain\.pem"):
        read(paths)


def test_a_folder_in_the_place_of_a_file_is_one_sentence(paths: Paths) -> None:
    (paths.ssl / "fullchain.pem").mkdir()
    with pytest.raises(CertificateError, match="cannot be read"):
        read(paths)


def test_our_own_pair_stays_the_same(paths: Paths) -> None:
    first = own_pair(paths.own_tls, "main", [DOMAIN], ["192.0.2.7"], NOW)
    later = NOW + timedelta(days=3650 - 31)
    again = own_pair(paths.own_tls, "main", [DOMAIN], ["192.0.2.7"], later)

    assert first == again
    assert (DOMAIN, "192.0.2.7") == first.certificate.names
    assert [0o600, 0o600] == [path.stat().st_mode & 0o777 for path in paths.own_tls.iterdir()]


@pytest.mark.parametrize(
    ("names", "later"),
    [([DOMAIN, "other.example.org"], 0), ([DOMAIN], 3650 - 29), ([DOMAIN], -10)],
)
def test_it_is_renewed_with_the_same_key(paths: Paths, names: list[str], later: int) -> None:
    """Other names, an end in sight, or a clock that was wrong: a charger trusts the key still."""
    first = own_pair(paths.own_tls, "main", [DOMAIN], [], NOW)
    again = own_pair(paths.own_tls, "main", names, [], NOW + timedelta(days=later))

    assert first.key == again.key
    assert first.chain != again.chain
    assert tuple(names) == again.certificate.names


def test_a_damaged_one_is_made_anew(paths: Paths) -> None:
    own_pair(paths.own_tls, "main", [DOMAIN], [], NOW)
    (paths.own_tls / "main.key").write_bytes(b"")
    again = own_pair(paths.own_tls, "main", [DOMAIN], [], NOW)

    assert again == read_kept(paths.own_tls, "main")


def test_a_folder_that_cannot_be_written_is_one_sentence(paths: Paths) -> None:
    paths.own_tls.write_text("no folder")
    with pytest.raises(CertificateError, match="cannot be written"):
        own_pair(paths.own_tls, "main", [DOMAIN], [], NOW)


def test_what_is_kept_is_found_again(paths: Paths, issue: Issue) -> None:
    put(paths, issue(DOMAIN))
    pair = read(paths)
    keep(paths.run, "main", pair.chain, pair.key)

    assert pair == read_kept(paths.run, "main")
    assert (pair.chain, pair.key) == kept_bytes(paths.run, "main")
    assert read_kept(paths.run, "lan") is None


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        ([DOMAIN], []),
        (["*.example.org"], []),
        (["example.org"], [DOMAIN]),
        (["*.org"], [DOMAIN]),
    ],
)
def test_names_that_a_certificate_lacks(
    issue: Issue, paths: Paths, names: list[str], missing: list[str]
) -> None:
    put(paths, issue(*names))
    trusted, _ = read_names([DOMAIN, "192.0.2.7"])

    assert missing == missing_names(read(paths).certificate, trusted)
