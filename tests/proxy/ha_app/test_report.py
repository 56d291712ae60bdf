"""The start-up lines: one fact each, ready to be copied, without secrets."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.proxy.ha_app.conftest import DOMAIN, NOW, options_of

from oye_proxy.ha_app import report
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.report import CsmsState
from oye_proxy.ha_app.urls import ChargerUrl
from oye_proxy.status_file import CertificateStatus

STATUS = CertificateStatus(
    purpose="main",
    names=(DOMAIN,),
    self_signed=False,
    fingerprint="3F",
    valid_until=NOW + timedelta(days=90),
)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            {"trusted_domains": [DOMAIN, "*.a.org"]},
            f"Access: {DOMAIN}, *.a.org; LAN on (IP address or *.local, private addresses only)",
        ),
        ({"allow_lan": False}, "Access: no trusted domain; LAN off"),
    ],
)
def test_who_may_come_in(paths: Paths, options: dict[str, Any], line: str) -> None:
    assert line == report.access_line(options_of(paths, **options))


def test_nobody_is_a_warning(paths: Paths) -> None:
    closed = options_of(paths, allow_lan=False)
    remarks = [remark.text for remark in report.access_remarks(closed)]

    assert 1 == len(remarks)
    assert "nobody can connect: trusted_domains" in remarks[0]
    assert [] == list(report.access_remarks(options_of(paths)))


def test_certificates_are_described_and_their_end_told() -> None:
    ending = replace(STATUS, valid_until=NOW + timedelta(days=3), trouble="x is missing")
    remarks = [one.text for one in report.all_certificate_remarks([STATUS, ending], NOW)]

    assert 2 == len(list(report.certificate_lines([STATUS, ending], NOW)))
    assert "certfile, keyfile: x is missing" == remarks[0]
    assert f"the certificate of {DOMAIN} ends in 3 days" in remarks[1]
    assert 2 == len(remarks)


@pytest.mark.parametrize(
    ("option", "state", "line"),
    [
        ("", None, "CSMS: none, standalone"),
        ("wss://csms.a.org/ocpp/", None, "CSMS: wss://csms.a.org/ocpp/"),
        ("wss://a.org/", CsmsState("ws://b.org/x", forwarding=True), "CSMS: ws://b.org/x"),
        ("wss://a.org/", CsmsState("ws://b.org/x", forwarding=False), "CSMS: none, standalone"),
        ("wss://me:word@a.org:8443/x?token=word", None, "CSMS: wss://a.org:8443/x"),
    ],
)
def test_the_csms_is_the_one_in_force_and_never_with_credentials(
    paths: Paths, option: str, state: CsmsState | None, line: str
) -> None:
    assert line == report.csms_line(options_of(paths, csms_url=option), state)


def test_addresses_stand_below_each_other() -> None:
    urls = [ChargerUrl("ws://a:9080/ocpp/"), ChargerUrl("ws://longer:9080/ocpp/", "not encrypted")]

    assert [
        "Charger URLs (append the charger's id unless the charger does it itself):",
        "  ws://a:9080/ocpp/",
        "  ws://longer:9080/ocpp/  (not encrypted)",
    ] == list(report.url_lines(urls))
    assert [] == list(report.url_lines([]))
