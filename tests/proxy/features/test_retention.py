import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.features.retention import Retention, _next_round


class Frames:
    """A store that counts its rounds; some of them fail."""

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.failing = False

    async def prune(self, keep: int) -> int:
        self.kept.append(keep)
        if self.failing:
            raise StorageError("the disk is full")
        return 3


class Time:
    """A clock whose sleepers wake when the test says so."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.sleeps: list[float] = []
        self.asleep = asyncio.Event()
        self._wake = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.asleep.set()
        await self._wake.wait()
        self._wake.clear()
        self.now += timedelta(seconds=seconds)

    async def next_sleep(self) -> None:
        self.asleep.clear()
        self._wake.set()
        await self.asleep.wait()


def retention(frames: Frames, time: Time) -> Retention:
    return Retention(frames, 1000, wall=lambda: time.now, sleep=time.sleep)


async def test_it_prunes_at_start_every_ten_minutes_and_at_two() -> None:
    """When the Node oye-proxy does."""
    time = Time(datetime(2026, 11, 21, 1, 45, tzinfo=UTC))
    frames = Frames()
    feature = retention(frames, time)
    feature.start()
    await time.asleep.wait()
    assert [1000] == frames.kept

    for _ in range(3):
        await time.next_sleep()
    await feature.stop()

    assert [1000] * 4 == frames.kept
    assert [600, 300, 600, 600] == time.sleeps
    assert datetime(2026, 11, 21, 2, 10, tzinfo=UTC) == time.now


async def test_a_database_that_is_away_does_not_end_it() -> None:
    time = Time(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
    frames = Frames()
    frames.failing = True
    feature = retention(frames, time)
    feature.start()
    await time.asleep.wait()
    await time.next_sleep()
    await feature.stop()

    assert 2 == len(frames.kept)


async def test_it_can_be_stopped_before_it_started() -> None:
    await retention(Frames(), Time(datetime.now(UTC))).stop()


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2026-11-21T01:59:59+00:00", "2026-11-21T02:00:00+00:00"),
        ("2026-11-21T02:00:00+00:00", "2026-11-21T02:10:00+00:00"),
        ("2026-11-21T23:55:00+00:00", "2026-11-22T00:05:00+00:00"),
        ("2026-11-21T02:55:00+01:00", "2026-11-21T02:00:00+00:00"),
    ],
)
def test_the_daily_round_is_in_utc(now: str, following: str) -> None:
    assert datetime.fromisoformat(following) == _next_round(datetime.fromisoformat(now))
