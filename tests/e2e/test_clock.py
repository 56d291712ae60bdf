"""A wall clock that jumps: what waits, waits as long as before, and what is in order stays so."""

import signal
from contextlib import suppress
from pathlib import Path

import pytest
from tests.e2e.chaos import QUICK
from tests.e2e.ledger_csms import LedgerCsms
from tests.e2e.persistent_charger import ChargerTiming, PersistentCharger
from tests.e2e.programs import ProxyProgram, alive
from tests.e2e.reckoning import Reckoning

from oye_proxy.ocppj.versions import OcppVersion

LAUNCHER = str(Path(__file__).with_name("moved_clock.py"))
# Long enough to see that nobody gave up a connection or an answer.
CALM = {"OYE_CSMS_PING_INTERVAL": "10", "OYE_CHARGER_PING_INTERVAL": "10"}

pytestmark = pytest.mark.timeout(120)


@pytest.mark.parametrize("jump", [signal.SIGUSR1, signal.SIGUSR2], ids=["a day on", "a day back"])
async def test_a_jump_of_the_wall_clock_changes_nothing(
    tmp_path: Path, jump: signal.Signals
) -> None:
    """In relay, on the way to standalone, in standalone, over a restart and in the replay."""
    async with LedgerCsms(tmp_path / "ledger") as csms:
        proxy = ProxyProgram(tmp_path / "proxy", csms.port, {**QUICK, **CALM})
        proxy.launch_with(LAUNCHER)
        with alive(proxy):
            proxy.start()
            assert await proxy.until_ready(), proxy.output
            charger = PersistentCharger(
                proxy.url, "CP1", OcppVersion.V1_6, timing=ChargerTiming(call_timeout=30)
            )
            charger.start()
            try:
                charger.charge(samples=1)
                await charger.until_told()
                proxy.send(jump)
                charger.charge(samples=1)
                await charger.until_told()
                assert 1 == charger.connections, "a connection was given up"
                await csms.stop()
                proxy.send(jump)
                charger.charge(samples=1)
                await charger.until_told()
                proxy.send(jump)
                charger.charge(samples=1)
                await charger.until_told()
                assert 1 == charger.connections, "a connection was given up"
                proxy.kill()
                proxy.start()  # the clock is right again
                charger.charge(samples=1)
                await charger.until_told()
                proxy.send(jump)
                await csms.start()
                with suppress(TimeoutError):  # what is missing is told below
                    await csms.until_recorded(len(charger.made))
            finally:
                await charger.stop()

    assert [] == Reckoning([charger], csms.path).differences()
