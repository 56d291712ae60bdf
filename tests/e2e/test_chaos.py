"""
Everything dies and returns at random; in the end the operator knows all, once and in order.

`OYE_CHAOS_SECONDS=120 OYE_CHAOS_SEED=7 scripts/test -n 0 -s tests/e2e/test_chaos.py` goes on for
longer, with other accidents, and shows the figures.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.e2e import chaos
from tests.e2e.chaos import Outage, Site
from tests.e2e.disk import locked, small_disk
from tests.e2e.network import Network
from tests.e2e.programs import CsmsProgram, ProxyProgram, alive
from tests.e2e.reckoning import Reckoning
from tests.proxy.postgresql import PostgresqlServer

SEED = int(os.environ.get("OYE_CHAOS_SEED", "1"))  # noqa: TID251 - the tests have no settings
SECONDS = os.environ.get("OYE_CHAOS_SECONDS")  # noqa: TID251 - the tests have no settings
TIMEOUT = 120 + float(SECONDS or 30) * 2

pytestmark = pytest.mark.timeout(TIMEOUT)


EVERYTHING = (*chaos.CSMS_OUTAGES, *chaos.PROXY_OUTAGES, *chaos.NETWORK_OUTAGES)


async def test_chargers_that_are_closed_keep_everything_themselves(tmp_path: Path) -> None:
    """LC 6.3, `on_loss: close`: without a journal nothing is lost, as chargers buffer."""
    async with _site(tmp_path, {"OYE_CSMS_ON_LOSS": "close"}) as site:
        await _survive(site, EVERYTHING, float(SECONDS or 8))


async def test_the_journal_keeps_everything_in_a_file(tmp_path: Path) -> None:
    """P4-E 4.13: an LC that keeps its chargers tells the CSMS later; the disk is full or locked."""
    with small_disk(tmp_path / "disk", 64) as disk:
        settings = {"OYE_STORAGE_DATA_DIR": str(disk.folder / "data")}
        file = disk.folder / "data/db/oye-proxy.db"

        async def database_locked(_site: Site, seconds: float) -> None:
            if file.exists():
                async with locked(file):
                    await asyncio.sleep(seconds)

        async def database_full(_site: Site, seconds: float) -> None:
            await asyncio.to_thread(disk.fill)
            await asyncio.sleep(seconds)
            disk.make_room()

        async with _site(tmp_path, settings) as site:
            outages = (*EVERYTHING, database_locked, database_full)
            await _survive(site, outages, float(SECONDS or 20))


async def test_the_journal_keeps_everything_in_postgresql(
    tmp_path: Path, postgresql: PostgresqlServer
) -> None:
    """The same, while PostgreSQL dies and hangs."""

    async def database_stopped(_site: Site, seconds: float) -> None:
        await asyncio.to_thread(postgresql.stop)
        await asyncio.sleep(seconds)
        # In this thread: the server ends with the thread that starts it.
        postgresql.start()

    async def database_frozen(_site: Site, seconds: float) -> None:
        with postgresql.frozen():
            await asyncio.sleep(seconds)

    settings = {"OYE_DATABASE_URL": postgresql.url(postgresql.create()).reveal()}
    async with _site(tmp_path, settings) as site:
        outages = (*EVERYTHING, database_stopped, database_frozen)
        await _survive(site, outages, float(SECONDS or 20))


async def _survive(site: Site, outages: Sequence[Outage], seconds: float) -> None:
    await site.start()
    try:
        await site.work(outages, seconds)
        await site.settle()
        journal = await site.journal()
    finally:
        await site.stop()
    reckoning = Reckoning(site.chargers, site.csms.ledger)
    figures = {
        "seed": SEED,
        "seconds": seconds,
        **reckoning.figures(),
        "messages that went through the journal": journal.total(),
        "starts of the proxy": site.proxy.starts,
        **dict(sorted(site.counts.items())),
    }
    print("\n".join(f"{number:>8} {name}" for name, number in figures.items()))  # noqa: T201

    assert [] == reckoning.differences()
    assert {"acknowledged"} >= set(journal)
    assert "Traceback" not in site.proxy.output


@asynccontextmanager
async def _site(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Site]:
    csms = CsmsProgram(folder / "csms")
    async with Network(csms.port) as back:
        proxy = ProxyProgram(folder / "proxy", back.port, {**chaos.QUICK, **settings})
        async with Network(proxy.port) as front:
            with alive(csms, proxy):
                yield Site(csms, proxy, front, back, SEED)
