"""Everything dies and returns at random; in the end the operator knows all, once and in order."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.e2e import chaos
from tests.e2e.chaos import Outage, Site
from tests.e2e.network import Network
from tests.e2e.programs import CsmsProgram, ProxyProgram, alive
from tests.e2e.reckoning import Reckoning

SEED = int(os.environ.get("OYE_CHAOS_SEED", "1"))  # noqa: TID251 - the tests have no settings
SECONDS = os.environ.get("OYE_CHAOS_SECONDS")  # noqa: TID251 - the tests have no settings
TIMEOUT = 120 + float(SECONDS or 30) * 2

pytestmark = pytest.mark.timeout(TIMEOUT)


async def test_chargers_that_are_closed_keep_everything_themselves(tmp_path: Path) -> None:
    """LC 6.3, `on_loss: close`: without a journal nothing is lost, as chargers buffer."""
    outages = (*chaos.CSMS_OUTAGES, *chaos.PROXY_OUTAGES, *chaos.NETWORK_OUTAGES)
    async with _site(tmp_path, {"OYE_CSMS_ON_LOSS": "close"}) as site:
        await _survive(site, outages, float(SECONDS or 10))


async def _survive(site: Site, outages: Sequence[Outage], seconds: float) -> None:
    await site.start()
    try:
        await site.work(outages, seconds)
        await site.settle()
    finally:
        await site.stop()
    reckoning = Reckoning(site.chargers, site.csms.ledger)
    figures = {"seed": SEED, "seconds": seconds} | reckoning.figures()
    figures |= {"starts of the proxy": site.proxy.starts} | dict(sorted(site.counts.items()))
    print("\n".join(f"{number:>8} {name}" for name, number in figures.items()))  # noqa: T201

    for charger in site.chargers:
        assert reckoning.made(charger) == reckoning.kept(charger)
        assert [] == reckoning.wrong_ids(charger)
        assert [] == reckoning.marks_lost(charger)
        assert charger.fresh_ids or reckoning.renamed(charger) == 0
    assert [] == reckoning.violations()
    assert "Traceback" not in site.proxy.output


@asynccontextmanager
async def _site(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Site]:
    csms = CsmsProgram(folder / "csms")
    async with Network(csms.port) as back:
        proxy = ProxyProgram(folder / "proxy", back.port, {**chaos.QUICK, **settings})
        async with Network(proxy.port) as front:
            with alive(csms, proxy):
                yield Site(csms, proxy, front, back, SEED)
