"""Newcomers: a site is free, strangers from the internet are bounded."""

import pytest

from oye_proxy.errors import AdmissionError
from oye_proxy.hub.admission import ADDRESSES, NEW_IDS_PER_MINUTE, UNCONFIRMED_RECORDS, Newcomers
from oye_proxy.settings import UnknownChargers

PUBLIC = "8.8.8.8"


def none() -> int:
    """Count the records that nobody confirmed."""
    return 0


@pytest.fixture
def newcomers() -> Newcomers:
    return Newcomers(UnknownChargers.ACCEPT)


def arrive(newcomers: Newcomers, address: str, times: int, now: float = 0) -> None:
    for _ in range(times):
        newcomers.check(address, none, now)


def refused(newcomers: Newcomers, address: str, unconfirmed: int = 0, now: float = 0) -> int | None:
    try:
        newcomers.check(address, lambda: unconfirmed, now)
    except AdmissionError as error:
        return error.status
    return None


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "192.168.1.20", "fd00::7", "fe80::1%eth0", "", "unix"]
)
def test_loopback_and_private_addresses_are_free(newcomers: Newcomers, address: str) -> None:
    arrive(newcomers, address, 50)

    assert refused(newcomers, address, UNCONFIRMED_RECORDS) is None


@pytest.mark.parametrize("address", [PUBLIC, "2a00:1450:4001:82a::200e", "::ffff:8.8.8.8"])
def test_ten_new_ids_a_minute_from_a_public_address(newcomers: Newcomers, address: str) -> None:
    arrive(newcomers, address, NEW_IDS_PER_MINUTE, now=5)

    assert 429 == refused(newcomers, address, now=64)
    assert refused(newcomers, address, now=66) is None


def test_addresses_are_counted_apart(newcomers: Newcomers) -> None:
    arrive(newcomers, PUBLIC, NEW_IDS_PER_MINUTE)

    assert refused(newcomers, "8.8.4.4") is None


def test_an_ipv6_network_counts_as_one_address(newcomers: Newcomers) -> None:
    """A customer has 2 to the power of 64 addresses."""
    for host in range(NEW_IDS_PER_MINUTE):
        newcomers.check(f"2a00:1450:4001:82a::{host:x}", none, 0)

    assert 429 == refused(newcomers, "2a00:1450:4001:82a:ffff::1")
    assert refused(newcomers, "2a00:1450:4001:82b::1") is None


def test_a_thousand_unconfirmed_records_are_enough(newcomers: Newcomers) -> None:
    assert refused(newcomers, PUBLIC, UNCONFIRMED_RECORDS - 1) is None
    assert 429 == refused(newcomers, PUBLIC, UNCONFIRMED_RECORDS)


def test_a_refusal_says_when_to_come_again(newcomers: Newcomers) -> None:
    arrive(newcomers, PUBLIC, NEW_IDS_PER_MINUTE)
    with pytest.raises(AdmissionError) as refusal:
        newcomers.check(PUBLIC, none, 0)

    assert 60 == refusal.value.retry_after


def test_the_memory_of_addresses_is_bounded(newcomers: Newcomers) -> None:
    arrive(newcomers, PUBLIC, NEW_IDS_PER_MINUTE)
    for number in range(ADDRESSES):
        newcomers.check(f"11.0.{number // 256}.{number % 256}", none, 0)

    assert ADDRESSES == len(newcomers._recent)
    assert refused(newcomers, PUBLIC) is None


def test_reject_knows_only_those_it_knows() -> None:
    assert 404 == refused(Newcomers(UnknownChargers.REJECT), "127.0.0.1")


def test_approve_lets_them_wait() -> None:
    assert Newcomers(UnknownChargers.APPROVE).wait_for_approval
    assert not Newcomers(UnknownChargers.ACCEPT).wait_for_approval
