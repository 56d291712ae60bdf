"""What holds for every test: nothing is left behind, nothing blocks the loop, CI skips nothing."""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import blockbuster
import hypothesis
import pytest

IN_CI = os.environ.get("CI") == "true"  # noqa: TID251 - the tests have no settings of their own
LOOP_TURNS_TO_END = 20
THREAD_END_TIMEOUT = 5.0

# No deadline and no health check by the clock: a busy machine is not a failure.
_unhurried = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("quick", _unhurried, max_examples=50)
hypothesis.settings.register_profile("ci", _unhurried, max_examples=500, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "quick")


@pytest.fixture(scope="session", autouse=True)
def _nothing_blocks_the_loop() -> Iterator[None]:
    """Fail what makes our code wait for a disk, a lock or a socket inside the event loop."""
    with blockbuster.blockbuster_ctx("oye_proxy"):
        yield


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    # The threads of asyncio's own pool end with the loop, later than this.
    leftover = [
        thread
        for thread in threading.enumerate()
        if thread not in before and not thread.name.startswith("asyncio_")
    ]
    for thread in leftover:
        thread.join(THREAD_END_TIMEOUT)

    assert [] == [thread.name for thread in leftover if thread.is_alive()]


@pytest.fixture(autouse=True)
def _no_logging_is_left() -> Iterator[None]:
    """Fail a test after which the process logs more, less or elsewhere."""
    loggers = [logging.getLogger(name) for name in (None, "oye_proxy")]

    def how() -> list[object]:
        return [(one.level, one.disabled, one.propagate, len(one.handlers)) for one in loggers]

    before = how()
    yield

    assert before == how()


@pytest.fixture
async def _no_task_is_left() -> AsyncIterator[None]:
    """Fail a test that leaves a task running; see `pytest_collection_modifyitems`."""
    before = asyncio.all_tasks()
    yield
    leftover: set[asyncio.Task[Any]] = set()
    for _ in range(LOOP_TURNS_TO_END):
        await asyncio.sleep(0)
        leftover = asyncio.all_tasks().difference(before, [asyncio.current_task()])
        if not leftover:
            break

    assert [] == sorted(task.get_name() for task in leftover)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each asynchronous test the check for tasks; set up first, it looks last."""
    for item in items:
        if item.get_closest_marker("asyncio") and isinstance(item, pytest.Function):
            item.fixturenames.insert(0, "_no_task_is_left")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one in CI."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped test file into a failed one in CI."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report
