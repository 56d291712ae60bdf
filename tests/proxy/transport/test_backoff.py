from datetime import UTC, datetime

import pytest

from oye_proxy.transport.backoff import Backoff, retry_after_seconds

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def make(spread: float = 0.5) -> Backoff:
    return Backoff(first=1.0, cap=300.0, spread=lambda: spread)


def test_the_delay_doubles_up_to_the_cap_and_never_ends() -> None:
    backoff = make()

    delays = [backoff.failed() for _ in range(12)]

    assert [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300] == delays
    assert 12 == backoff.attempt


@pytest.mark.parametrize(("spread", "expected"), [(0.0, 0.5), (1.0, 1.5)])
def test_the_delay_is_spread_by_half(spread: float, expected: float) -> None:
    assert expected == make(spread).failed()


def test_a_stable_link_starts_again_from_the_beginning() -> None:
    backoff = make()
    for _ in range(5):
        backoff.failed()
    backoff.opened(now=100)

    assert 1 == backoff.lost(now=160, close_code=1006)


def test_a_short_link_keeps_backing_off() -> None:
    backoff = make()
    for _ in range(5):
        backoff.failed()
    backoff.opened(now=100)

    assert 32 == backoff.lost(now=159, close_code=1006)


@pytest.mark.parametrize("code", [1008, 4000, 4999])
def test_a_csms_that_sends_us_away_is_left_alone_for_longer(code: int) -> None:
    backoff = make()
    backoff.opened(now=0)

    assert [30, 60] == [backoff.lost(now=100, close_code=code), backoff.failed()]


def test_retry_after_is_honoured_within_reason() -> None:
    backoff = make()

    assert [20, 2, 3600] == [backoff.failed(20), backoff.failed(1), backoff.failed(1e9)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 2026 00:01:00 -0000", 60.0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, expected: float | None) -> None:
    assert expected == retry_after_seconds(value, NOW)
