"""Background tasks: named, kept, ended; a crash is logged once."""

import asyncio
import contextlib
import gc
import logging
import threading
from collections.abc import Iterator

import pytest

from oye_proxy import tasks
from oye_proxy.tasks import cancel, in_threads, spawn


async def forever(ended: asyncio.Event | None = None) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        if ended is not None:
            ended.set()


async def crash() -> None:
    raise RuntimeError("boom")


async def seven() -> int:
    return 7


async def test_a_task_has_its_name_and_its_result() -> None:
    task = spawn(seven(), name="count")

    assert "count" == task.get_name()
    assert 7 == await task


async def test_a_running_task_is_kept_though_nobody_holds_it() -> None:
    """The event loop alone keeps but a weak reference."""
    ended = asyncio.Event()
    name = spawn(forever(ended), name="pump").get_name()
    await asyncio.sleep(0)
    gc.collect()

    (task,) = [task for task in tasks._running if task.get_name() == name]
    assert not ended.is_set()
    await cancel(task)


async def test_an_ended_task_is_not_kept() -> None:
    task = spawn(seven(), name="count")
    await task
    await asyncio.sleep(0)

    assert task not in tasks._running


async def test_a_crash_is_logged_once_with_name_and_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    task = spawn(crash(), name="pump CP-001")
    with pytest.raises(RuntimeError):
        await task
    await asyncio.sleep(0)

    (record,) = caplog.records
    assert logging.ERROR == record.levelno
    assert "task pump CP-001 crashed" == record.getMessage()
    assert record.exc_info is not None


async def test_cancel_waits_until_all_have_ended_and_logs_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended = asyncio.Event()
    running = spawn(forever(ended), name="pump")
    done = spawn(seven(), name="count")
    await done

    await cancel(running, None, done)

    assert ended.is_set()
    assert running.cancelled()
    assert [] == caplog.records


async def test_cancel_of_a_task_that_crashes_while_it_ends_does_not_raise(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def crash_at_the_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError("boom")

    task = spawn(crash_at_the_end(), name="pump")
    await asyncio.sleep(0)

    await cancel(task)

    assert ["task pump crashed"] == [record.getMessage() for record in caplog.records]


async def test_cancel_of_nothing_is_nothing() -> None:
    await cancel()
    await cancel(None)


async def test_what_waits_for_a_disk_is_entered_and_left_in_threads() -> None:
    steps: list[tuple[str, bool]] = []

    @contextlib.contextmanager
    def manager() -> Iterator[int]:
        main = threading.main_thread()
        steps.append(("in", threading.current_thread() is main))
        try:
            yield 7
        except ZeroDivisionError:
            steps.append(("failed", threading.current_thread() is main))
            raise
        steps.append(("out", threading.current_thread() is main))

    async with in_threads(manager()) as value:
        assert 7 == value
    with pytest.raises(ZeroDivisionError):
        async with in_threads(manager()):
            raise ZeroDivisionError

    assert [("in", False), ("out", False), ("in", False), ("failed", False)] == steps


async def test_a_manager_may_keep_an_error_to_itself() -> None:
    async with in_threads(contextlib.suppress(ZeroDivisionError)):
        raise ZeroDivisionError
