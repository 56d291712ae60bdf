"""Certificates of our own have what chargers ask for; others are read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.proxy.ha_app.conftest import NOW, Issued

from oye_proxy.errors import CertificateError
from oye_proxy.ha_app import openssl
from oye_proxy.ha_app.openssl import make_key, read_certificate, self_sign


@pytest.fixture(scope="module")
def key() -> bytes:
    return make_key()


def test_a_certificate_of_our_own_names_everything(key: bytes) -> None:
    names = [f"n{number}.example.org" for number in range(200)] + ["*.example.net"]
    certificate = read_certificate(self_sign(key, names, ["192.0.2.7", "2001:db8::1"]))

    assert (*names, "192.0.2.7", "2001:db8::1") == certificate.names
    assert certificate.self_signed
    assert certificate.valid_until - certificate.valid_from == timedelta(days=3650)
    assert 32 * 3 - 1 == len(certificate.fingerprint)


def test_it_is_rsa_2048_for_servers_and_no_authority(key: bytes) -> None:
    """As old 1.6 modems accept it (J16 6.2.1)."""
    text = openssl._openssl("x509", "-noout", "-text", given=self_sign(key, ["a.org"], []))

    assert "Public-Key: (2048 bit)" in text
    assert "sha256WithRSAEncryption" in text
    assert "CA:FALSE" in text
    assert "TLS Web Server Authentication" in text


def test_a_certificate_of_an_authority_is_read(issue: Callable[..., Issued]) -> None:
    certificate = read_certificate(issue("ocpp.example.org", "192.0.2.7", days=30).chain)

    assert ("ocpp.example.org", "192.0.2.7") == certificate.names
    assert NOW + timedelta(days=30) == certificate.valid_until
    assert not certificate.self_signed


@pytest.mark.parametrize("pem", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_an_error(pem: bytes) -> None:
    with pytest.raises(CertificateError, match="openssl x509 failed"):
        read_certificate(pem)


def test_a_machine_without_openssl_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CertificateError, match="openssl cannot be used"):
        make_key()
