import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.features.journal_retention import JournalRetention

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class Journal:
    """A store that notes its rounds; it can fail."""

    def __init__(self) -> None:
        self.rounds: list[datetime] = []
        self.fails = False

    async def prune(self, before: datetime) -> int:
        self.rounds.append(before)
        if self.fails:
            raise StorageError("the disk is full")
        return 3


class Sleep:
    """Lets the test wake who sleeps."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.asleep = asyncio.Event()
        self.wake = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.asleep.set()
        await self.wake.wait()
        self.wake.clear()


@pytest.mark.parametrize("fails", [False, True])
async def test_it_prunes_what_was_final_for_30_days_now_and_daily(
    *, fails: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The view of what the operator was told, and when, reaches back 30 days."""
    journal, sleep = Journal(), Sleep()
    journal.fails = fails
    feature = JournalRetention(journal, wall=lambda: NOW, sleep=sleep)
    feature.start()
    await sleep.asleep.wait()
    sleep.asleep.clear()
    sleep.wake.set()
    await sleep.asleep.wait()
    with caplog.at_level(logging.WARNING):
        await feature.stop()

    assert [NOW - timedelta(days=30)] * 2 == journal.rounds
    assert [86_400] * 2 == sleep.seconds
    assert fails == (
        "old entries of the journal stay until tomorrow: the disk is full" in caplog.messages
    )


async def test_it_can_be_stopped_before_it_started() -> None:
    await JournalRetention(Journal()).stop()
