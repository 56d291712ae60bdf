"""A graceful stop: within ten seconds whatever hangs, and nothing is lost by it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.e2e.chaos import QUICK
from tests.e2e.disk import locked
from tests.e2e.ledger_csms import Faults, LedgerCsms
from tests.e2e.network import Network
from tests.e2e.persistent_charger import ChargerTiming, PersistentCharger
from tests.e2e.programs import ProxyProgram, alive
from tests.e2e.reckoning import Reckoning
from tests.proxy.postgresql import PostgresqlServer

from oye_proxy.ocppj.versions import OcppVersion

# Ten are promised; a busy machine needs some for the end of the program itself.
STOP_SECONDS = 15.0
MODES = ("relay", "holding", "standalone", "draining")
TIMING = ChargerTiming(call_timeout=3.0, longest_delay=0.3)

pytestmark = pytest.mark.timeout(120)


async def test_it_stops_in_every_mode_while_everything_hangs(tmp_path: Path) -> None:
    """The database is locked, chargers and CSMS answer no Close frame, a dial is in progress."""

    async def stop_and_recover(mode: str) -> None:
        async with _site(tmp_path, mode, {}) as site:
            async with locked(site.proxy.data_dir / "db/oye-proxy.db"):
                await site.stop_proxy()
            await site.recovers()

    # Side by side, as each takes its time.
    async with asyncio.TaskGroup() as modes:
        for mode in MODES:
            modes.create_task(stop_and_recover(mode), name=mode)


async def test_it_stops_while_postgresql_hangs(
    tmp_path: Path, postgresql: PostgresqlServer
) -> None:
    database = {"OYE_DATABASE_URL": postgresql.url(postgresql.create()).reveal()}
    async with _site(tmp_path, "standalone", database) as site:
        with postgresql.frozen():
            await site.stop_proxy()
        await site.recovers()


class _Site:
    def __init__(
        self, csms: LedgerCsms, proxy: ProxyProgram, front: Network, back: Network
    ) -> None:
        self.csms = csms
        self.proxy = proxy
        self.front = front
        self.back = back
        self.chargers = [
            PersistentCharger(f"ws://127.0.0.1:{front.port}", version.name, version, timing=TIMING)
            for version in OcppVersion
        ]

    async def enter(self, mode: str) -> None:
        """Bring the chargers to a mode, with something to tell."""
        self.proxy.start()
        assert await self.proxy.until_ready(), self.proxy.output
        for charger in self.chargers:
            charger.start()
            charger.charge(samples=1)
        await self.told()
        if mode != "relay":
            await self.csms.stop()
        if mode in {"standalone", "draining"}:
            self.charge()
            await self.told()
        if mode == "draining":
            self.csms.faults = Faults(answers_after=None)
            dials = self.back.connections + len(self.chargers)
            await self.csms.start()
            async with asyncio.timeout(30):
                while self.back.connections < dials:  # noqa: ASYNC110 - seen from outside
                    await asyncio.sleep(0.02)
        self.back.stall()
        self.front.stall()
        self.charge()

    async def stop_proxy(self) -> None:
        """Let a charger wait in its handshake, then ask the proxy to end."""
        late = PersistentCharger(self.proxy.url, "LATE", OcppVersion.V1_6, timing=TIMING)
        dials = self.back.connections
        late.start()
        async with asyncio.timeout(30):
            while self.back.connections == dials:  # noqa: ASYNC110 - seen from outside
                await asyncio.sleep(0.02)
        self.proxy.send(signal.SIGTERM)
        code = await asyncio.to_thread(self.proxy.wait, STOP_SECONDS)
        await late.stop()

        assert 0 == code
        assert "Traceback" not in self.proxy.output

    async def recovers(self) -> None:
        """Mend everything and see that nothing is lost."""
        self.front.flow()
        self.back.flow()
        await self.csms.stop()
        await self.csms.start()
        self.proxy.start()
        with suppress(TimeoutError):  # what is missing is told below
            made = sum(len(charger.made) for charger in self.chargers)
            await self.csms.until_recorded(made)
        await self.told()
        assert [] == Reckoning(self.chargers, self.csms.path).differences()

    def charge(self) -> None:
        """Let each charger do a transaction."""
        for charger in self.chargers:
            charger.charge(samples=1)

    async def told(self) -> None:
        """Wait until the chargers are rid of everything."""
        for charger in self.chargers:
            await charger.until_told()


@asynccontextmanager
async def _site(folder: Path, mode: str, database: Mapping[str, str]) -> AsyncIterator[_Site]:
    settings = {
        **QUICK,
        **database,
        "OYE_CSMS_STANDALONE_AFTER": "60" if mode == "holding" else "0.2",
        "OYE_CSMS_DIAL_TIMEOUT": "30",
        "OYE_CSMS_PING_INTERVAL": "30",
        "OYE_CHARGER_PING_INTERVAL": "30",
    }
    async with AsyncExitStack() as stack:
        csms = await stack.enter_async_context(LedgerCsms(folder / f"{mode}-ledger"))
        back = await stack.enter_async_context(Network(csms.port))
        proxy = ProxyProgram(folder / mode, back.port, settings)
        front = await stack.enter_async_context(Network(proxy.port))
        stack.enter_context(alive(proxy))
        site = _Site(csms, proxy, front, back)
        for charger in site.chargers:
            stack.push_async_callback(charger.stop)
        await site.enter(mode)
        yield site
