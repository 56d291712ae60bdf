"""A site on which everything dies and returns at random."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import aiohttp
from tests.e2e.ledger_csms import Faults
from tests.e2e.network import Network
from tests.e2e.persistent_charger import PersistentCharger
from tests.e2e.programs import PASSWORD, CsmsProgram, ProxyProgram

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.scripted import basic_authorization
from oye_proxy.tasks import cancel, spawn

SETTLE_SECONDS = 90.0
LONGEST_OUTAGE = 4.0
POWER_CUTS = 0.03  # of the transactions
# As quick as the deaths are; what takes minutes in the field takes seconds here.
QUICK = {
    "OYE_CSMS_STANDALONE_AFTER": "0.3",
    "OYE_CSMS_RECONNECT_DELAY": "0.2",
    "OYE_CSMS_RECONNECT_DELAY_MAX": "1",
    "OYE_CSMS_DIAL_TIMEOUT": "3",
    "OYE_CSMS_PING_INTERVAL": "1",
    "OYE_CSMS_PING_TIMEOUT": "4",
    "OYE_CHARGER_PING_INTERVAL": "1",
    "OYE_CHARGER_PING_TIMEOUT": "4",
    "OYE_OCPP_CALL_TIMEOUT": "5",
    "OYE_LOG_LEVEL": "warning",
}

Outage: TypeAlias = Callable[["Site", float], Awaitable[None]]


class Site:
    """Chargers, networks, the proxy and the CSMS, and what was done to them."""

    def __init__(
        self, csms: CsmsProgram, proxy: ProxyProgram, front: Network, back: Network, seed: int
    ) -> None:
        self.csms = csms
        self.proxy = proxy
        self.front = front
        self.back = back
        self.counts: Counter[str] = Counter()
        self._seed = seed
        self.chance = self._randomness("outages")
        url = f"ws://127.0.0.1:{front.port}"
        self.chargers = [
            PersistentCharger(
                url,
                f"{version.name}-{'FRESH' if fresh_ids else 'SAME'}",
                version,
                seed=str(seed),
                fresh_ids=fresh_ids,
            )
            for version in OcppVersion
            for fresh_ids in (False, True)
        ]

    async def start(self) -> None:
        """Let everything run."""
        self.csms.start()
        self.proxy.start()
        assert await self.csms.until_ready(), self.csms.output
        assert await self.proxy.until_ready(), self.proxy.output
        for charger in self.chargers:
            charger.start()

    async def stop(self) -> None:
        """Stop the chargers."""
        for charger in self.chargers:
            await charger.stop()

    async def work(self, outages: Sequence[Outage], seconds: float) -> None:
        """Let chargers charge while things die for so many seconds; then everything is healed."""
        ending = asyncio.get_running_loop().time() + seconds
        lives = [
            spawn(
                self._charge(each, ending, self._randomness(each.charge_point_id)), name="drivers"
            )
            for each in self.chargers
        ]
        lives.append(spawn(self._inject(ending, self._randomness("owner")), name="owner"))
        busy: set[str] = set()
        deaths = [
            spawn(self._break(outages, busy, ending, self._randomness(name)), name=name)
            for name in ("chaos", "more chaos")
        ]
        try:
            await asyncio.gather(*lives, *deaths)
        finally:
            await cancel(*lives, *deaths)
        await self.keep_proxy_running()

    async def settle(self) -> None:
        """Wait until everything is told and relayed again, or nothing more can be expected."""
        loop = asyncio.get_running_loop()
        ending = loop.time() + SETTLE_SECONDS
        while loop.time() < ending:
            await self.keep_proxy_running()
            if not any(each.queue for each in self.chargers) and await self._is_relayed():
                return
            await asyncio.sleep(0.1)

    async def journal(self) -> Counter[str]:
        """Count the messages of transactions in the journals by what became of them."""
        states: Counter[str] = Counter()
        for charger in self.chargers:
            path = f"/api/chargers/{charger.charge_point_id}/journal?limit=100"
            page = await self._ask(path)
            while page["entries"]:
                states.update(each["state"] for each in page["entries"] if each["class"] == "T")
                page = await self._ask(f"{path}&before={page['entries'][-1]['sequence']}")
        return states

    async def _is_relayed(self) -> bool:
        state = await self._ask("/api/state")
        links = [(each["link"], each["journalPending"]) for each in state["chargers"]]
        return links == [("connected", 0)] * len(self.chargers)

    async def _ask(self, path: str, method: str = "GET", **options: Any) -> Any:
        headers = [basic_authorization("admin", PASSWORD)]
        url = f"http://127.0.0.1:{self.proxy.port}{path}"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, url, raise_for_status=True, **options) as response,
        ):
            return await response.json()

    async def keep_proxy_running(self) -> None:
        """Start the proxy until it runs: its database may have been away."""
        while not await self.proxy.until_ready():
            self.counts["refused starts"] += 1
            await asyncio.sleep(0.2)
            self.proxy.start()

    def _randomness(self, name: str) -> random.Random:
        """Return chance of one's own: what others do at the same time does not change it."""
        return random.Random(f"{self._seed}/{name}")  # noqa: S311  it must be the same again

    async def _charge(
        self, charger: PersistentCharger, ending: float, chance: random.Random
    ) -> None:
        loop = asyncio.get_running_loop()
        while loop.time() < ending:
            transaction = charger.begin()
            for _ in range(chance.randint(1, 4)):
                await asyncio.sleep(chance.uniform(0.05, 0.5))
                charger.meter(transaction)
            await asyncio.sleep(chance.uniform(0.05, 0.5))
            charger.end(transaction)
            if chance.random() < POWER_CUTS:
                self.counts["power cuts"] += 1
                charger.power_cut()

    async def _inject(self, ending: float, chance: random.Random) -> None:
        """Let the owner command; to the CSMS, an answer to that would be one without a CALL."""
        loop = asyncio.get_running_loop()
        while loop.time() < ending:
            await asyncio.sleep(chance.uniform(0.1, 0.5))
            path = f"/api/inject/{chance.choice(self.chargers).charge_point_id}?wait=1"
            command = {"action": "ClearCache", "payload": {}}
            with suppress(aiohttp.ClientError, TimeoutError):
                answer = await self._ask(path, "POST", json=command)
                self.counts["injections answered"] += answer.get("response") is not None

    async def _break(
        self, outages: Sequence[Outage], busy: set[str], ending: float, chance: random.Random
    ) -> None:
        loop = asyncio.get_running_loop()
        while loop.time() < ending:
            await asyncio.sleep(chance.uniform(0.3, 1.5))
            subject = chance.choice(sorted({_subject(each) for each in outages} - busy))
            outage = chance.choice([each for each in outages if _subject(each) == subject])
            busy.add(subject)
            self.counts[outage.__name__.replace("_", " ")] += 1
            await outage(self, min(0.3 + chance.expovariate(1.0), LONGEST_OUTAGE))
            busy.discard(subject)


def _subject(outage: Outage) -> str:
    """Return what dies: two deaths of the same thing do not overlap."""
    return outage.__name__.partition("_")[0]


# What can happen; each is over and healed when it returns.


async def csms_killed(site: Site, seconds: float) -> None:
    """The operator's server dies, and may have forgotten who has booted."""
    site.csms.kill()
    await asyncio.sleep(seconds)
    site.csms.begin_with(Faults(asks_for_boot=site.chance.random() < 0.5))
    site.csms.start()
    await site.csms.until_ready()


async def csms_silent(site: Site, seconds: float) -> None:
    """It takes everything and answers nothing."""
    await _misbehave(site, Faults(answers_after=None), seconds)


async def csms_overloaded(site: Site, seconds: float) -> None:
    """It takes nobody in, and throws out who is there."""
    site.back.reset()
    await _misbehave(site, Faults(handshake=503, headers=(("Retry-After", "1"),)), seconds)


async def csms_cut_short(site: Site, seconds: float) -> None:
    """It dies in the middle of an answer."""
    await _misbehave(site, Faults(answers_cut=1), seconds)


async def proxy_killed(site: Site, seconds: float) -> None:
    """A power cut."""
    site.proxy.kill()
    await asyncio.sleep(seconds / 4)
    site.proxy.start()
    await site.keep_proxy_running()


async def proxy_restarted(site: Site, _seconds: float) -> None:
    """An update."""
    if site.proxy.exit_code is None:
        site.proxy.send(signal.SIGTERM)
        await asyncio.to_thread(site.proxy.wait)
        site.proxy.start()
    await site.keep_proxy_running()


async def front_reset(site: Site, _seconds: float) -> None:
    """The chargers' connections break."""
    site.front.reset()


async def front_refused(site: Site, seconds: float) -> None:
    """Chargers cannot reach the proxy."""
    await site.front.refuse()
    await asyncio.sleep(seconds / 2)
    await site.front.accept()


async def front_stalled(site: Site, seconds: float) -> None:
    """Packets of chargers are late."""
    site.front.stall()
    await asyncio.sleep(seconds / 2)
    site.front.flow()


async def front_cut(site: Site, _seconds: float) -> None:
    """A frame of or to a charger is cut."""
    site.front.cut_in_the_middle()


async def back_dropped(site: Site, _seconds: float) -> None:
    """The connections to the CSMS end."""
    site.back.drop()


async def back_refused(site: Site, seconds: float) -> None:
    """The CSMS cannot be reached."""
    await site.back.refuse()
    await asyncio.sleep(seconds)
    await site.back.accept()


async def back_stalled(site: Site, seconds: float) -> None:
    """Packets to and from the CSMS are late."""
    site.back.stall()
    await asyncio.sleep(seconds / 2)
    site.back.flow()


async def back_cut(site: Site, _seconds: float) -> None:
    """A frame of or to the CSMS is cut."""
    site.back.cut_in_the_middle()


async def _misbehave(site: Site, faults: Faults, seconds: float) -> None:
    site.csms.misbehave(faults)
    await asyncio.sleep(seconds)
    site.csms.misbehave(Faults())


CSMS_OUTAGES: tuple[Outage, ...] = (csms_killed, csms_silent, csms_overloaded, csms_cut_short)
PROXY_OUTAGES: tuple[Outage, ...] = (proxy_killed, proxy_killed, proxy_restarted)
NETWORK_OUTAGES: tuple[Outage, ...] = (
    front_reset,
    front_refused,
    front_stalled,
    front_cut,
    back_dropped,
    back_refused,
    back_stalled,
    back_cut,
)
