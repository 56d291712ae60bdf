import pytest
from tests.proxy.accounts.conftest import STRANGER, Clock

from oye_proxy.accounts import Attempts
from oye_proxy.accounts import attempts as module
from oye_proxy.accounts.attempts import HourlyLimit
from oye_proxy.errors import TooManyRequestsError


def test_failures_are_forgotten_after_an_hour_and_waits_are_capped(clock: Clock) -> None:
    attempts = Attempts(clock)
    for _ in range(30):
        attempts.begin(STRANGER)
        clock.now += 900
    clock.now -= 900
    with pytest.raises(TooManyRequestsError) as caught:
        attempts.begin(STRANGER)
    assert 900 == caught.value.retry_after

    clock.now += 3601
    for _ in range(10):
        attempts.begin(STRANGER)


def test_a_network_of_ipv6_counts_as_one_client(clock: Clock) -> None:
    attempts = Attempts(clock)
    for number in range(10):
        attempts.begin(f"2001:db8::{number:x}")

    with pytest.raises(TooManyRequestsError):
        attempts.begin("2001:db8::ffff")
    attempts.begin("2001:db8:0:1::1")
    attempts.begin("::1")
    for number in range(11):
        attempts.begin(f"::ffff:10.0.0.{number}")
        attempts.begin(f"socket {number}")


def test_memory_of_failures_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_ATTEMPTS", 10)
    attempts = Attempts(clock)
    for number in range(50):
        attempts.begin(f"client {number}", f"name {number}")

    assert 10 == len(attempts._failures)


def test_a_few_pass_in_an_hour_for_each_key(clock: Clock) -> None:
    limit = HourlyLimit(2, clock)
    for name in ("a", "b"):
        limit.count("client", name)

    with pytest.raises(TooManyRequestsError) as caught:
        limit.count("client", "c")
    assert 3600 == caught.value.retry_after
    limit.count("other client", "c")
    clock.now += 3600
    limit.count("client", "c")


def test_memory_of_requests_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_ATTEMPTS", 10)
    limit = HourlyLimit(2, clock)
    for number in range(50):
        limit.count(f"client {number}")

    assert 10 == len(limit._moments)
