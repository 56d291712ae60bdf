"""The owner's certificate when it is good, else one of our own, and what is said of either."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.proxy.ha_app.conftest import DOMAIN, NOW, Issued, options_of, put

from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.tls import (
    Choice,
    certificate_remarks,
    choose,
    describe,
    put_in_place,
    remind,
    reminder,
)
from oye_proxy.settings import LogLevel
from oye_proxy.status_file import CertificateStatus

Issue = Callable[..., Issued]
STATUS = CertificateStatus(
    purpose="main",
    names=(DOMAIN,),
    self_signed=False,
    fingerprint="3F:A1",
    valid_until=NOW + timedelta(days=74, hours=5),
)


@pytest.fixture(autouse=True)
def _folder_of_pairs_in_use(paths: Paths) -> None:
    paths.tls.mkdir()


def chosen(
    paths: Paths,
    *,
    starting: bool = True,
    hostname: str | None = None,
    now: datetime = NOW,
    **options: Any,
) -> list[Choice]:
    options.setdefault("trusted_domains", [DOMAIN])
    return choose(options_of(paths, **options), paths, hostname, now, starting=starting)


def test_the_owners_pair_is_used_for_names(paths: Paths, issue: Issue) -> None:
    issued = issue(DOMAIN)
    put(paths, issued)
    main, lan = chosen(paths)

    assert ("main", issued.chain, False, None) == (
        main.purpose,
        main.pair.chain,
        main.status.self_signed,
        main.trouble,
    )
    assert ("lan", True) == (lan.purpose, lan.status.self_signed)


def test_a_pair_that_lacks_a_name_is_used_and_told(paths: Paths, issue: Issue) -> None:
    put(paths, issue("other.example.org"))
    main, _ = chosen(paths)

    assert not main.own
    assert f"{paths.ssl}/fullchain.pem does not name {DOMAIN}" == main.trouble


def test_without_one_ours_names_every_trusted_domain(paths: Paths) -> None:
    main, lan = chosen(paths, trusted_domains=[DOMAIN, "*.example.net", "192.0.2.7"])

    assert (DOMAIN, "*.example.net") == main.status.names
    assert ("homeassistant.local", "192.0.2.7") == lan.status.names
    assert main.status.self_signed
    assert "fullchain.pem is missing; a self-signed one is used" in str(main.trouble)


def test_without_trusted_domains_nobody_looks_at_the_owners_pair(paths: Paths) -> None:
    (lan,) = chosen(paths, trusted_domains=["192.0.2.7"])

    assert ("lan", None) == (lan.purpose, lan.trouble)


def test_the_neutral_certificate_names_this_machine_and_no_domain(paths: Paths) -> None:
    named = chosen(paths, hostname="myhouse")[-1]
    later = chosen(paths, hostname=None)[-1]

    assert ("homeassistant.local", "myhouse.local") == named.status.names
    assert named.pair.chain == later.pair.chain


def test_a_broken_renewal_keeps_the_former_pair(paths: Paths, issue: Issue) -> None:
    """And the next good one is taken."""
    first = issue(DOMAIN)
    put(paths, first)
    put_in_place(paths, chosen(paths)[0])
    put(paths, Issued(b"half a cert", first.key))
    broken = chosen(paths, starting=False)[0]
    put(paths, second := issue(DOMAIN))
    renewed = chosen(paths, starting=False)[0]

    assert first.chain == broken.pair.chain
    assert "the former one stays in use" in str(broken.trouble)
    assert (second.chain, None) == (renewed.pair.chain, renewed.trouble)


def test_at_the_start_a_broken_pair_means_ours(paths: Paths, issue: Issue) -> None:
    put(paths, issue(DOMAIN))
    put_in_place(paths, chosen(paths)[0])
    put(paths, issue(DOMAIN, days=-1, begins=-9))

    assert chosen(paths)[0].own


def test_our_own_pair_is_no_reason_to_wait_for_the_owners(paths: Paths, issue: Issue) -> None:
    put_in_place(paths, chosen(paths)[0])
    still = chosen(paths, starting=False)[0]
    put(paths, issue(DOMAIN))
    now = chosen(paths, starting=False)[0]

    assert (True, False) == (still.own, now.own)


def test_a_pair_is_copied_when_it_changed(paths: Paths, issue: Issue) -> None:
    put(paths, issue(DOMAIN))
    first = chosen(paths)[0]
    once, twice = put_in_place(paths, first), put_in_place(paths, first)

    assert (True, False) == (once, twice)
    assert (paths.tls / "main.pem").read_bytes() == first.pair.chain
    assert 0o600 == (paths.tls / "main.key").stat().st_mode & 0o777


def test_the_lines_are_those_of_the_documentation() -> None:
    own = replace(STATUS, self_signed=True)

    assert f"TLS {DOMAIN}: from /ssl, valid until {STATUS.valid_until:%Y-%m-%d} (74 days)" == (
        describe(STATUS, NOW)
    )
    assert f"TLS {DOMAIN}: self-signed, SHA-256 3F:A1, valid until" in describe(own, NOW)
    assert "TLS LAN: self-signed" in describe(replace(own, purpose="lan"), NOW)


def test_trouble_names_the_options() -> None:
    assert [] == list(certificate_remarks(STATUS))
    assert ["certfile, keyfile: x is missing"] == [
        remark.text for remark in certificate_remarks(replace(STATUS, trouble="x is missing"))
    ]


@pytest.mark.parametrize(
    ("days", "step"),
    [
        *((31, None), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3)),
        *((1, 1), (0.5, 0), (-1, 0)),
    ],
)
def test_the_steps_to_the_end(days: float, step: int | None) -> None:
    assert step == reminder(replace(STATUS, valid_until=NOW + timedelta(days=days)), NOW)


def test_the_end_is_an_error_and_the_way_there_a_warning() -> None:
    soon = remind(replace(STATUS, valid_until=NOW + timedelta(days=7)), NOW)
    over = remind(replace(STATUS, valid_until=NOW), NOW)

    assert (LogLevel.WARNING, LogLevel.ERROR) == (soon.level, over.level)
    assert f"the certificate of {DOMAIN} ends in 7 days" in soon.text
    assert f"the certificate of {DOMAIN} has ended: renew it" == over.text
