import asyncio
from datetime import UTC, datetime

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.features.record_retention import RecordRetention

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class Aging:
    def __init__(self, name: str, told: list[str], error: StorageError | None = None) -> None:
        self.name = name
        self.told = told
        self.error = error

    async def prune(self, before: datetime) -> int:
        self.told.append(f"{self.name} before {before:%Y-%m-%d}")
        if self.error is not None:
            raise self.error
        return 1


async def rounds(
    transaction_days: int, sample_days: int, error: StorageError | None = None
) -> list[str]:
    """Return what happens in two rounds."""
    told: list[str] = []
    over = asyncio.Event()

    async def sleep(seconds: float) -> None:
        told.append(f"sleep {seconds:g}")
        if len([one for one in told if one.startswith("sleep")]) == 2:
            over.set()
            await asyncio.Event().wait()

    retention = RecordRetention(
        Aging("transactions", told),
        Aging("samples", told, error),
        transaction_days=transaction_days,
        sample_days=sample_days,
        wall=lambda: NOW,
        sleep=sleep,
    )
    retention.start()
    await over.wait()
    await retention.stop()
    return told


async def test_samples_and_transactions_go_by_their_own_days() -> None:
    one = ["samples before 2026-11-11", "transactions before 2025-11-21", "sleep 3600"]

    assert one * 2 == await rounds(365, 10)


async def test_no_days_mean_for_ever() -> None:
    assert ["sleep 3600"] * 2 == await rounds(0, 0)


async def test_a_database_that_is_away_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    told = await rounds(365, 10, StorageError("the database is away"))

    assert 2 == told.count("samples before 2026-11-11")
    assert 2 == told.count("transactions before 2025-11-21")
    assert "old samples stay for now" in caplog.text


async def test_stopping_what_was_not_started_does_nothing() -> None:
    idle = Aging("", [])
    await RecordRetention(idle, idle, transaction_days=0, sample_days=0).stop()
