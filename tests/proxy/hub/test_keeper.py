"""The keeper writes in the background, each key's newest job, and survives a dead database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from tests.proxy.hub.conftest import until

from oye_proxy.errors import ChargerUnknownError, StorageError
from oye_proxy.hub.keeper import Job, Keeper

Told = list[str | None]


def noting(into: list[str], word: str) -> Job:
    async def job() -> None:
        into.append(word)

    return job


class Disk:
    """Fails as long as it is told to."""

    def __init__(self) -> None:
        self.full = True
        self.tried = asyncio.Event()
        self.written: list[str] = []

    def write(self, word: str) -> Callable[[], Awaitable[None]]:
        async def job() -> None:
            self.tried.set()
            if self.full:
                raise StorageError("the disk is full")
            self.written.append(word)

        return job


async def test_jobs_run_in_the_order_in_which_their_keys_came() -> None:
    done: list[str] = []
    keeper = Keeper(lambda _: None)
    for word in ("a", "b", "c"):
        keeper.put((word,), noting(done, word))
    keeper.start()
    await keeper.stop()

    assert ["a", "b", "c"] == done


async def test_a_newer_job_of_the_same_key_replaces_the_one_that_waits() -> None:
    done: list[str] = []
    keeper = Keeper(lambda _: None)
    keeper.put(("facts", "CP1"), noting(done, "old"))
    keeper.put(("facts", "CP1"), noting(done, "new"))
    await keeper.stop()

    assert ["new"] == done


async def test_what_fails_is_tried_again_and_the_trouble_is_told_until_it_is_over() -> None:
    told: Told = []
    disk = Disk()
    keeper = Keeper(told.append, retry_seconds=0.001)
    keeper.start()
    keeper.put(("facts", "CP1"), disk.write("facts"))
    await disk.tried.wait()
    disk.full = False
    await until(lambda: bool(disk.written))
    await keeper.stop()

    assert ["facts"] == disk.written
    assert ["the disk is full", None] == [told[0], told[-1]]
    assert 1 == told.count(None)


async def test_the_end_of_what_it_was_about_ends_the_job_not_the_keeper() -> None:
    """A charger can be deleted while its facts wait."""
    done: list[str] = []

    async def for_nobody() -> None:
        raise ChargerUnknownError("no such charger")

    keeper = Keeper(lambda _: None)
    keeper.start()
    keeper.put(("facts", "CP1"), for_nobody)
    keeper.put(("facts", "CP2"), noting(done, "CP2"))
    await keeper.stop()

    assert ["CP2"] == done


async def test_what_the_database_refuses_for_ever_holds_up_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []
    told: Told = []

    async def refused() -> None:
        raise StorageError("this row is too long", refused=True)

    keeper = Keeper(told.append)
    keeper.start()
    with caplog.at_level(logging.WARNING):
        keeper.put(("facts", "CP1"), refused)
        keeper.put(("facts", "CP2"), noting(done, "CP2"))
        await keeper.stop()

    assert ["CP2"] == done
    assert [] == told
    assert ["a change is not written: this row is too long"] == caplog.messages


async def test_stopping_writes_what_waits_and_gives_up_on_a_dead_database(
    caplog: pytest.LogCaptureFixture,
) -> None:
    disk = Disk()
    keeper = Keeper(lambda _: None)
    keeper.put(("facts", "CP1"), disk.write("facts"))
    with caplog.at_level(logging.WARNING):
        await keeper.stop()

    assert ["1 changes could not be written: the disk is full"] == caplog.messages


async def test_a_job_that_is_interrupted_by_the_stop_is_finished_by_it() -> None:
    begun = asyncio.Event()
    attempts: list[str] = []

    async def slow_at_first() -> None:
        attempts.append("attempt")
        if len(attempts) == 1:
            begun.set()
            await asyncio.Event().wait()

    keeper = Keeper(lambda _: None)
    keeper.start()
    keeper.put(("facts", "CP1"), slow_at_first)
    await begun.wait()
    await keeper.stop()

    assert 2 == len(attempts)


async def test_beyond_its_bound_the_oldest_is_dropped_and_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []
    keeper = Keeper(lambda _: None, limit=2)
    for word in ("a", "b", "c"):
        keeper.put((word,), noting(done, word))
    keeper.start()
    await until(lambda: not keeper.waiting)
    await keeper.stop()

    assert ["b", "c"] == done
    assert "1 changes were lost: the database was away" in caplog.messages


async def test_no_older_job_runs_while_somebody_writes_alone() -> None:
    done: list[str] = []
    keeper = Keeper(lambda _: None)
    keeper.start()
    async with keeper.alone():
        keeper.put(("credentials", "CP1"), noting(done, "asks"))
        keeper.put(("end", "CP1"), noting(done, "ends"))
        keeper.put(("end", "CP2"), noting(done, "other"))
        keeper.put(("id tags",), noting(done, "tags"))
        await asyncio.sleep(0)
        keeper.drop_all("CP1")
    await keeper.stop()

    assert ["other", "tags"] == done
