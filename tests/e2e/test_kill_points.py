"""kill -9 at any point between a message and its end: nothing answered is lost, nothing doubled."""

import asyncio
import signal
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from tests.e2e.chaos import QUICK
from tests.e2e.ledger_csms import LedgerCsms
from tests.e2e.persistent_charger import ChargerTiming, PersistentCharger
from tests.e2e.programs import ProxyProgram, alive
from tests.e2e.reckoning import Reckoning

from oye_proxy.ocppj.versions import OcppVersion

LAUNCHER = str(Path(__file__).with_name("killed_at.py"))
# Passings that hit starts, meter values and stops; each charger makes four messages a round. One
# of each is enough for the second database: what is walked is our code.
ALONE = {
    "before-the-entry": (3,),
    "entry-not-committed": (4,),
    "entry-committed": (1, 2),
    "before-the-answer": (4,),
    "after-the-answer": (3,),
}
REPLAYING = {
    "before-the-replay": (3,),
    "after-the-replay": (2,),
    "csms-answered": (1, 4),
    "before-the-settlement": (2,),
    "settlement-not-committed": (1,),
    "settlement-committed": (3,),
}

pytestmark = pytest.mark.timeout(240)


async def test_at_every_point_nothing_is_lost_and_nothing_comes_twice(
    tmp_path: Path, database: Mapping[str, str]
) -> None:
    """P2 E13, C16 3.7.1; what the charger was told is accepted was on disk before."""
    async with AsyncExitStack() as stack:
        csms = await stack.enter_async_context(LedgerCsms(tmp_path / "ledger"))
        proxy = ProxyProgram(tmp_path / "proxy", csms.port, {**QUICK, **database})
        stack.enter_context(alive(proxy))
        chargers = [
            PersistentCharger(
                proxy.url,
                f"{version.name}-{'FRESH' if fresh_ids else 'SAME'}",
                version,
                fresh_ids=fresh_ids,
                timing=ChargerTiming(first_delay=0.05, longest_delay=0.2),
            )
            for version, fresh_ids in (
                (OcppVersion.V1_6, False),
                (OcppVersion.V1_6, True),
                (OcppVersion.V2_0_1, False),
            )
        ]
        for charger in chargers:
            charger.start()
            stack.push_async_callback(charger.stop)
        await csms.stop()
        for launcher in _walk(ALONE, database):
            await _die(proxy, launcher, chargers)
        await csms.start()
        for launcher in _walk(REPLAYING, database):
            await _die(proxy, launcher, chargers)
        proxy.launch_with("-m", "oye_proxy")
        proxy.start()
        made = sum(len(charger.made) for charger in chargers)
        with suppress(TimeoutError):  # what is missing is told below
            await csms.until_recorded(made)
        for charger in chargers:
            await charger.until_told()
        reckoning = Reckoning(chargers, tmp_path / "ledger")

    assert [] == reckoning.differences()
    assert "Traceback" not in proxy.output


def _walk(
    points: Mapping[str, tuple[int, ...]], database: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Return how to launch the proxy for each of its deaths."""
    for point, passings in points.items():
        for passing in passings[-1:] if database else passings:
            yield LAUNCHER, point, str(passing)


async def _die(
    proxy: ProxyProgram, launcher: tuple[str, str, str], chargers: list[PersistentCharger]
) -> None:
    """Let chargers charge until the proxy kills itself at its point."""
    proxy.launch_with(*launcher)
    proxy.start()
    for charger in chargers:
        charger.charge(samples=2)
    assert -signal.SIGKILL == await asyncio.to_thread(proxy.wait), f"{launcher}: {proxy.output}"
