"""The database stays within its size; a disk that fills up is told."""

import asyncio

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.features.space import SpaceWatch
from oye_proxy.storage.space import SpaceUse

KIB = 1024
MIB = 1024 * KIB


class Store:
    """A database of frames that are a KiB each, and things that cannot go."""

    def __init__(self, frames: int, rest: int = 0, *, free: int | None = None) -> None:
        self.frames = frames
        self.rest = rest
        self.free = free
        self.away = False
        self.counted = 0

    async def measure(self) -> SpaceUse:
        if self.away:
            raise StorageError("it is away")
        used = self.frames * KIB + self.rest
        total = None if self.free is None else 100 * MIB
        return SpaceUse(
            size_bytes=used, used_bytes=used, disk_free_bytes=self.free, disk_total_bytes=total
        )

    async def oldest(self, rows: int) -> int:
        gone = min(rows, self.frames)
        self.frames -= gone
        return gone

    async def row_bytes(self) -> float:
        return float(KIB)

    async def count(self) -> None:
        self.counted += 1


class Told:
    def __init__(self) -> None:
        self.sentence: str | None = "nothing was told"
        self.warning = False

    def __call__(self, sentence: str | None, *, warning: bool = False) -> None:
        self.sentence, self.warning = sentence, warning


class Watched:
    def __init__(self, store: Store, max_bytes: int = MIB) -> None:
        self.store = store
        self.size, self.disk = Told(), Told()
        self.rounds = asyncio.Semaphore(0)
        self.wake = asyncio.Event()
        self.watch = SpaceWatch(
            store.measure,
            store,
            store,
            lambda: max_bytes,
            on_size=self.size,
            on_disk=self.disk,
            sleep=self._sleep,
        )

    async def _sleep(self, _seconds: float) -> None:
        self.rounds.release()
        self.wake.clear()
        await self.wake.wait()


async def test_below_its_size_nothing_goes() -> None:
    watched = Watched(Store(frames=1024))
    await watched.watch.look()

    assert 1024 == watched.store.frames
    assert watched.size.sentence is None


async def test_above_it_the_oldest_frames_go_and_leave_room_for_some_more() -> None:
    watched = Watched(Store(frames=1200, rest=100 * KIB))
    await watched.watch.look()
    use = watched.watch.use

    assert 1024 * 0.95 - 100 == pytest.approx(watched.store.frames, abs=1)
    assert watched.size.sentence is None
    assert use is not None
    assert use.used_bytes <= MIB


async def test_without_a_size_nothing_goes() -> None:
    watched = Watched(Store(frames=10_000), max_bytes=0)
    await watched.watch.look()

    assert 10_000 == watched.store.frames


async def test_a_size_that_cannot_be_held_is_told_until_it_is_held() -> None:
    """Journal and transactions never go."""
    watched = Watched(Store(frames=10, rest=2 * MIB))
    await watched.watch.look()
    assert watched.size.sentence is None

    await watched.watch.look()
    assert "2 MiB" in str(watched.size.sentence)
    assert "raise it" in str(watched.size.sentence)

    watched.store.rest = 0
    await watched.watch.look()
    assert watched.size.sentence is None


@pytest.mark.parametrize(
    ("free_mib", "full", "warning"),
    [(20, None, False), (19, "81 % full", True), (5, "95 % full", True), (4, "96 % full", False)],
)
async def test_a_disk_that_fills_up_is_a_warning_and_an_error_at_the_end(
    free_mib: int,
    full: str | None,
    warning: bool,  # noqa: FBT001 - a table of cases
) -> None:
    watched = Watched(Store(frames=1, free=free_mib * MIB))
    await watched.watch.look()

    assert warning is watched.disk.warning
    if full is None:
        assert watched.disk.sentence is None
    else:
        assert full in str(watched.disk.sentence)
        assert f"{free_mib} MiB are free" in str(watched.disk.sentence)


async def test_what_was_measured_is_told_by_name() -> None:
    watched = Watched(Store(frames=1, free=50 * MIB))
    before = watched.watch.bytes_by_kind()
    await watched.watch.look()
    of_no_disk = Watched(Store(frames=1))
    await of_no_disk.watch.look()

    assert {} == before
    assert {
        "size": KIB,
        "used": KIB,
        "max": MIB,
        "disk_free": 50 * MIB,
        "disk_total": 100 * MIB,
    } == watched.watch.bytes_by_kind()
    assert {"size", "used", "max"} == set(of_no_disk.watch.bytes_by_kind())


async def test_it_looks_every_minute_and_counts_in_every_tenth_round() -> None:
    watched = Watched(Store(frames=5))
    watched.watch.start()
    counted = []
    for _ in range(11):
        await watched.rounds.acquire()
        counted.append(watched.store.counted)
        watched.wake.set()
    await watched.watch.stop()

    assert [1] * 10 + [2] == counted


async def test_a_database_that_is_away_does_not_end_it() -> None:
    watched = Watched(Store(frames=5))
    watched.store.away = True
    watched.watch.start()
    await watched.rounds.acquire()
    watched.store.away = False
    watched.wake.set()
    await watched.rounds.acquire()
    await watched.watch.stop()

    assert watched.watch.use is not None


async def test_it_can_be_stopped_before_it_started() -> None:
    await Watched(Store(frames=0)).watch.stop()
