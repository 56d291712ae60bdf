import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.features.retention import Retention, _next_cleanup, clean_up
from oye_proxy.hub.storage_policy import RetentionLimits

LIMITS = RetentionLimits(count=1000, days=90, max_bytes=0)
DAY = timedelta(days=1)


class Frames:
    """A store that notes what it is asked; it may fail."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.aged: list[datetime] = []
        self.failing = False

    async def all_by_count(self, keep: int) -> int:
        return self._note(f"all {keep}")

    async def new_by_count(self, keep: int) -> int:
        return self._note(f"new {keep}")

    async def by_age(self, before: datetime) -> int:
        self.aged.append(before)
        return 4

    def _note(self, what: str) -> int:
        self.asked.append(what)
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


def retention(frames: Frames, time: Time, hours: float = 24) -> Retention:
    return Retention(
        frames,
        lambda: LIMITS,
        cleanup_interval=timedelta(hours=hours),
        wall=lambda: time.now,
        sleep=time.sleep,
    )


async def rounds(frames: Frames, time: Time, number: int, hours: float = 24) -> None:
    feature = retention(frames, time, hours)
    feature.start()
    await time.asleep.wait()
    for _ in range(number - 1):
        await time.next_sleep()
    await feature.stop()


async def test_it_cleans_up_at_start_and_at_two_and_looks_at_new_frames_between() -> None:
    """When the Node oye-proxy does, and every ten minutes."""
    time = Time(datetime(2026, 11, 21, 1, 45, tzinfo=UTC))
    frames = Frames()
    await rounds(frames, time, 4)

    assert ["all 1000", "new 1000", "all 1000", "new 1000"] == frames.asked
    assert [600, 300, 600, 600] == time.sleeps


async def test_it_cleans_up_as_often_as_the_setting_says() -> None:
    time = Time(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
    frames = Frames()
    await rounds(frames, time, 5, hours=0.25)

    assert ["all 1000", "new 1000", "all 1000", "new 1000", "all 1000"] == frames.asked
    assert [600, 300, 600, 300, 600] == time.sleeps


async def test_a_database_that_is_away_does_not_end_it_and_the_clean_up_is_tried_again() -> None:
    time = Time(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
    frames = Frames()
    frames.failing = True
    await rounds(frames, time, 3)

    assert ["all 1000"] * 3 == frames.asked
    assert [600] * 3 == time.sleeps


async def test_it_can_be_stopped_before_it_started() -> None:
    await retention(Frames(), Time(datetime.now(UTC))).stop()


@pytest.mark.parametrize(("days", "before"), [(90, [90]), (1, [1]), (0, [])])
async def test_frames_leave_by_age_unless_there_is_no_limit(days: int, before: list[int]) -> None:
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    frames = Frames()
    limits = RetentionLimits(count=10, days=days, max_bytes=0)

    assert 3 + 4 * len(before) == await clean_up(frames, limits, now)
    assert [now - each * DAY for each in before] == frames.aged


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2026-11-21T01:59:59+00:00", "2026-11-21T02:00:00+00:00"),
        ("2026-11-21T02:00:00+00:00", "2026-11-22T02:00:00+00:00"),
        ("2026-11-21T23:55:00+00:00", "2026-11-22T02:00:00+00:00"),
        ("2026-11-21T02:55:00+01:00", "2026-11-21T02:00:00+00:00"),
    ],
)
def test_the_daily_clean_up_is_in_utc(now: str, following: str) -> None:
    assert datetime.fromisoformat(following) == _next_cleanup(datetime.fromisoformat(now), DAY)
