"""What fails is said once and tried again, later and later; what works is looked at again."""

import asyncio

import pytest

from oye_proxy.errors import OyeError, SupervisorError
from oye_proxy.ha_app.errands import EVERY, LONGEST_DELAY, Errand
from oye_proxy.ha_app.remarks import Lines
from oye_proxy.settings import LogLevel


class Errands:
    """An errand whose outcome a test sets, and what it says."""

    def __init__(self, level: LogLevel = LogLevel.WARNING) -> None:
        self.said: list[str] = []
        self.outcome: str | OyeError | None = None
        self.runs = 0
        self.errand = Errand("Discovery", self._run, Lines(LogLevel.INFO, self.said.append), level)

    async def _run(self) -> str | None:
        self.runs += 1
        if isinstance(self.outcome, OyeError):
            raise self.outcome
        return self.outcome


async def test_a_success_is_said_and_looked_at_again() -> None:
    one = Errands()
    one.outcome = "announced"

    assert EVERY == await one.errand.attempt()
    assert ["Discovery: announced"] == one.said


async def test_nothing_to_do_is_nothing_to_say() -> None:
    one = Errands()
    await one.errand.attempt()

    assert [] == one.said


async def test_a_failure_is_said_once_and_tried_later_and_later() -> None:
    one = Errands()
    one.outcome = SupervisorError("Supervisor is not up")
    delays = [await one.errand.attempt() for _ in range(9)]

    assert [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, LONGEST_DELAY] == delays
    assert ["warning: Discovery: Supervisor is not up; it is tried again"] == one.said


async def test_another_failure_is_said_and_a_success_begins_anew() -> None:
    one = Errands()
    delays = []
    for outcome in ("a", "b"):
        one.outcome = SupervisorError(outcome)
        delays.append(await one.errand.attempt())
    one.outcome = None
    await one.errand.attempt()
    one.outcome = SupervisorError("b")
    delays.append(await one.errand.attempt())

    assert [5.0, 10.0, 5.0] == delays
    assert ["a", "b", "b"] == [line.split(": ")[2].partition(";")[0] for line in one.said]


async def test_what_nobody_waits_for_is_said_to_developers_alone() -> None:
    one = Errands(LogLevel.DEBUG)
    one.outcome = SupervisorError("Core is not up")
    await one.errand.attempt()

    assert [] == one.said


async def test_it_goes_on_until_it_is_told_to_stop() -> None:
    one = Errands()
    stop = asyncio.Event()
    keeping = asyncio.ensure_future(one.errand.keep(stop, pace=0.0))
    async with asyncio.timeout(10):
        while one.runs < 3:  # noqa: ASYNC110 - seen from outside, nothing tells
            await asyncio.sleep(0)
        stop.set()
        await keeping


async def test_it_begins_later_when_another_one_was_first() -> None:
    one = Errands()
    later = Errand("Discovery", one._run, Lines(LogLevel.INFO, print), start_after=3600)
    stop = asyncio.Event()
    keeping = asyncio.ensure_future(later.keep(stop))
    await asyncio.sleep(0)
    stop.set()
    await keeping

    assert 0 == one.runs


async def test_a_mistake_of_ours_ends_it() -> None:
    async def fail() -> str | None:
        raise KeyError("slug")

    errand = Errand("Discovery", fail, Lines(LogLevel.INFO, print))
    with pytest.raises(KeyError):
        await errand.attempt()
