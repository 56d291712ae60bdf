import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from oye_proxy.simulator.clock import START, ManualClock, ScaledClock, from_rfc3339, rfc3339
from oye_proxy.tasks import spawn


def test_a_manual_clock_calls_in_order_at_the_times_due() -> None:
    clock = ManualClock()
    seen: list[tuple[str, float]] = []

    def note(name: str) -> None:
        seen.append((name, (clock.now() - START).total_seconds()))

    clock.call_later(2, lambda: note("two"))
    clock.call_later(1, lambda: clock.call_later(0.5, lambda: note("then")))
    clock.call_later(1, lambda: note("one"))
    clock.call_later(9, lambda: note("never"))
    clock.advance(3)

    assert [("one", 1.0), ("then", 1.5), ("two", 2.0)] == seen
    assert START + timedelta(seconds=3) == clock.now()


def test_a_cancelled_call_is_not_made() -> None:
    clock = ManualClock()
    seen: list[int] = []
    clock.call_later(1, lambda: seen.append(1)).cancel()

    clock.advance(2)

    assert [] == seen


async def test_sleep_ends_when_the_clock_was_moved() -> None:
    clock = ManualClock()
    sleeping = spawn(clock.sleep(10), name="sleeper")
    await asyncio.sleep(0)

    clock.advance(9)
    await asyncio.sleep(0)
    assert not sleeping.done()
    clock.advance(1)
    await sleeping


async def test_a_scaled_clock_runs_faster() -> None:
    clock = ScaledClock(speed=36_000)
    began = clock.now()

    await clock.sleep(360)
    called = asyncio.Event()
    clock.call_later(360, called.set)
    await called.wait()

    assert clock.now() - began >= timedelta(seconds=719)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T05:04:05+02:00", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ],
)
def test_times_are_read_with_and_without_zone(text: str, expected: datetime) -> None:
    assert expected == from_rfc3339(text)


def test_times_are_written_in_utc_with_milliseconds() -> None:
    at = from_rfc3339("2026-01-02T05:04:05.123456+02:00")

    assert "2026-01-02T03:04:05.123Z" == rfc3339(at)
