"""What breaks around a running proxy: no message is lost, none comes twice, and it mends itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TypeAlias

import aiohttp
import pytest
from tests.e2e.disk import locked, small_disk
from tests.e2e.ledger_csms import Faults, LedgerCsms
from tests.e2e.network import Network
from tests.e2e.persistent_charger import ChargerTiming, PersistentCharger
from tests.e2e.programs import free_port
from tests.e2e.reckoning import Reckoning
from tests.proxy.postgresql import PostgresqlServer

from oye_proxy.app import running
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import (
    ApiSettings,
    ChargerSettings,
    CsmsSettings,
    OcppSettings,
    Secret,
    ServerSettings,
    Settings,
    StorageSettings,
)

PATIENT = ChargerTiming(call_timeout=6.0, longest_delay=0.3, retry_delay=0.2)

pytestmark = pytest.mark.timeout(120)


class Site:
    """A proxy, the way to it and from it, and a charger of each version."""

    def __init__(self, csms: LedgerCsms, front: Network, back: Network, port: int) -> None:
        self.csms = csms
        self.front = front
        self.back = back
        self.port = port
        self.chargers = [
            PersistentCharger(f"ws://127.0.0.1:{front.port}", version.name, version, timing=PATIENT)
            for version in OcppVersion
        ]

    def charge(self) -> None:
        """Let each charger do a transaction."""
        for charger in self.chargers:
            charger.charge(samples=2)

    async def told(self) -> None:
        """Wait until the chargers are rid of everything."""
        for charger in self.chargers:
            await charger.until_told()

    async def recorded(self) -> None:
        """Wait until the CSMS has everything, and see that it has it once and in order."""
        with suppress(TimeoutError):  # what is missing is told below
            made = sum(len(charger.made) for charger in self.chargers)
            await self.csms.until_recorded(made)
        await self.told()
        assert [] == Reckoning(self.chargers, self.csms.path).differences()

    async def until_connected(self, count: int) -> None:
        """Wait until the proxy has so many chargers."""
        async with asyncio.timeout(30), aiohttp.ClientSession() as session:
            while True:
                async with session.get(f"http://127.0.0.1:{self.port}/health") as response:
                    if (await response.text()).endswith(f": {count}"):
                        return
                await asyncio.sleep(0.05)


Start: TypeAlias = Callable[..., Awaitable[Site]]


@pytest.fixture
async def csms(tmp_path: Path) -> AsyncIterator[LedgerCsms]:
    async with LedgerCsms(tmp_path / "ledger") as csms:
        yield csms


@pytest.fixture
async def start(tmp_path: Path, csms: LedgerCsms) -> AsyncIterator[Start]:
    """Return a function that starts everything."""
    async with AsyncExitStack() as stack:

        async def start(storage: StorageSettings | None = None) -> Site:
            port = free_port()
            front = await stack.enter_async_context(Network(port))
            back = await stack.enter_async_context(Network(csms.port))
            settings = Settings(
                server=ServerSettings(host="127.0.0.1", port=port),
                storage=storage or StorageSettings(data_dir=tmp_path / "data"),
                csms=CsmsSettings(
                    url=f"ws://127.0.0.1:{back.port}",
                    standalone_after=0.2,
                    replay_retry=0.2,
                    reconnect_delay=0.05,
                    reconnect_delay_max=0.2,
                    dial_timeout=1.0,
                    ping_interval=0.5,
                    ping_timeout=1.0,
                ),
                charger=ChargerSettings(ping_interval=0.5, ping_timeout=1.0),
                ocpp=OcppSettings(call_timeout=3.0),
                api=ApiSettings(initial_admin_password=Secret("correct horse")),
            )
            await stack.enter_async_context(running(settings))
            site = Site(csms, front, back, port)
            for charger in site.chargers:
                charger.start()
                stack.push_async_callback(charger.stop)
            return site

        yield start


# The database


async def test_while_the_disk_is_full_chargers_keep_their_transactions(
    tmp_path: Path, start: Start
) -> None:
    """C16 3.7.1, E13: what cannot be kept is answered InternalError."""
    with small_disk(tmp_path / "disk", 64) as disk:
        site = await start(StorageSettings(data_dir=disk.folder / "data"))
        await site.csms.stop()
        site.charge()
        await site.told()
        await asyncio.to_thread(disk.fill)
        await _refused(site)
        disk.make_room()
        await site.told()
        await site.csms.start()
        await site.recorded()


async def test_while_another_program_locks_the_file_chargers_keep_their_transactions(
    tmp_path: Path, start: Start
) -> None:
    site = await start()
    await site.csms.stop()
    site.charge()
    await site.told()
    async with locked(tmp_path / "data/db/oye-proxy.db"):
        await _refused(site)
    await site.told()
    await site.csms.start()
    await site.recorded()


async def test_while_postgresql_is_away_chargers_keep_their_transactions(
    start: Start, postgresql: PostgresqlServer
) -> None:
    site = await start(StorageSettings(database_url=postgresql.url(postgresql.create())))
    await site.csms.stop()
    site.charge()
    await site.told()
    await asyncio.to_thread(postgresql.stop)
    try:
        await _refused(site)
    finally:
        postgresql.start()
    await site.told()
    await site.csms.start()
    await site.recorded()


async def _refused(site: Site) -> None:
    """Let chargers charge until each was told that something could not be taken, and has it."""
    for charger in site.chargers:
        while not charger.refusals:
            charger.charge(samples=2)
            await charger.until(lambda charger=charger: charger.refusals or not charger.queue)

        assert charger.queue


# The CSMS


@pytest.mark.parametrize(
    "faults",
    [
        Faults(handshake=0),
        Faults(answers_after=None),
        Faults(answers_after=4.0),
        Faults(answers_cut=2),
        Faults(refused=2),
        Faults(handshake=429, headers=(("Retry-After", "1"),)),
        Faults(handshake=503, headers=(("Retry-After", "1"),)),
        Faults(handshake=302, headers=(("Location", "ws://127.0.0.1:9/elsewhere"),)),
        Faults(handshake=404),
        Faults(registration="Pending", interval=1),
        Faults(registration="Rejected", interval=1),
    ],
    ids=[
        "silent after TCP",
        "silent after the upgrade",
        "answers too late",
        "cut in a frame",
        "refuses twice",
        "429",
        "503",
        "redirects",
        "404",
        "pending",
        "rejected",
    ],
)
async def test_a_csms_that_returns_badly_gets_everything_when_it_is_well(
    start: Start, csms: LedgerCsms, faults: Faults
) -> None:
    """Met while dialling again, none of it is the chargers' trouble."""
    site = await start()
    await csms.stop()
    site.charge()
    await site.told()
    csms.faults = faults
    dials = site.back.connections
    await csms.start()
    await _dialled(site, dials + len(site.chargers))
    site.charge()
    await site.told()
    csms.faults = Faults()
    await site.recorded()


async def test_a_csms_that_wants_a_boot_gets_one_before_the_rest(
    start: Start, csms: LedgerCsms
) -> None:
    """B01.FR.10: it answers SecurityError until then; the chargers booted long ago."""
    site = await start()
    site.charge()
    await site.recorded()
    await csms.stop()
    site.charge()
    await site.told()
    csms.faults = Faults(asks_for_boot=True)
    await csms.start()
    await site.recorded()


async def test_a_csms_that_hangs_in_the_middle_is_left(start: Start) -> None:
    """What it got without an answer comes again, under the same id: it may arrive twice."""
    site = await start()
    site.charge()
    await site.recorded()
    site.back.stall()
    site.charge()
    await site.told()
    site.back.flow()
    await site.recorded()


async def _dialled(site: Site, dials: int) -> None:
    """Wait until the CSMS was met that often."""
    async with asyncio.timeout(30):
        while site.back.connections < dials:  # noqa: ASYNC110 - seen from outside, nothing tells
            await asyncio.sleep(0.02)


# The chargers


@pytest.mark.parametrize("csms_is_there", [True, False], ids=["relay", "standalone"])
async def test_a_half_open_charger_is_dropped_and_tells_everything_again(
    start: Start, csms: LedgerCsms, *, csms_is_there: bool
) -> None:
    """J16-E 3.4: it comes back by itself."""
    site = await start()
    if not csms_is_there:
        await csms.stop()
    site.charge()
    await site.told()
    site.front.stall()
    site.charge()
    await site.until_connected(0)
    site.front.flow()
    await site.told()
    if not csms_is_there:
        await csms.start()
    await site.recorded()
