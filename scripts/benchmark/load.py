"""The load: many chargers on one proxy, in closed loop, at a steady pace, or idle."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmark.wire import Charger

CONNECTING_AT_ONCE = 100
ANSWER_TIMEOUT = 30.0
CLOSE_TIMEOUT = 30.0


@dataclass(frozen=True)
class Sample:
    """What one stretch of load showed."""

    round_trips_per_second: float
    cpu_us: float
    latencies: Sequence[float]


class Fleet:
    """Chargers that are connected through one proxy."""

    def __init__(self, prefix: str, size: int, kind: type[Charger] = Charger) -> None:
        self._names = [f"{prefix}-{number:05d}" for number in range(size)]
        self._kind = kind
        self._chargers: list[Charger] = []
        self._on_answer: Callable[[Charger], None] = _nothing
        self.answers_of_all_time = 0

    async def connect(self, port: int) -> None:
        """Connect every charger; fail if one is refused."""
        gate = asyncio.Semaphore(CONNECTING_AT_ONCE)
        self._chargers = await asyncio.gather(
            *(self._connect_one(name, port, gate) for name in self._names)
        )

    async def boot(self) -> None:
        """Let every charger say what it is, some hundred at a time."""
        for start in range(0, len(self._chargers), CONNECTING_AT_ONCE):
            some = self._chargers[start : start + CONNECTING_AT_ONCE]
            for charger in some:
                charger.send_boot_notification()
            await asyncio.wait_for(_all_answered(some), ANSWER_TIMEOUT)

    async def closed_loop(
        self, warm_up: float, seconds: float, cpu_seconds: Callable[[], float]
    ) -> Sample:
        """Let every charger send its next CALL when the last one is answered."""
        self._on_answer = self._kind.send_next
        for charger in self._chargers:
            charger.send_next()
        await asyncio.sleep(warm_up)
        self._forget_latencies()

        cpu, begin = cpu_seconds(), time.perf_counter()
        await asyncio.sleep(seconds)
        cpu, elapsed = cpu_seconds() - cpu, time.perf_counter() - begin

        latencies = self._latencies()
        self._on_answer = _nothing
        await asyncio.wait_for(_all_answered(self._chargers), ANSWER_TIMEOUT)
        return Sample(len(latencies) / elapsed, cpu / max(1, len(latencies)) * 1e6, latencies)

    async def paced(self, seconds: float) -> Sequence[float]:
        """Send one CALL per charger and second, evenly spread; return the latencies."""
        self._forget_latencies()
        loop = asyncio.get_running_loop()
        begin = loop.time()
        pause = 1 / len(self._chargers)
        for number in range(int(seconds * len(self._chargers))):
            await asyncio.sleep(begin + number * pause - loop.time())
            self._chargers[number % len(self._chargers)].send_meter_values()
        await asyncio.wait_for(_all_answered(self._chargers), ANSWER_TIMEOUT)
        return self._latencies()

    async def disconnect(self) -> None:
        """Close every connection and wait until all are closed."""
        self.answers_of_all_time += sum(charger.answers for charger in self._chargers)
        for charger in self._chargers:
            charger.close()
        closed = [charger.closed for charger in self._chargers]
        await asyncio.wait_for(asyncio.gather(*closed), CLOSE_TIMEOUT)
        self._chargers = []

    async def _connect_one(self, name: str, port: int, gate: asyncio.Semaphore) -> Charger:
        async with gate:
            _, charger = await asyncio.get_running_loop().create_connection(
                lambda: self._kind(name, self._answered), "127.0.0.1", port
            )
            await asyncio.wait_for(charger.connected, ANSWER_TIMEOUT)
            return charger

    def _answered(self, charger: Charger) -> None:
        self._on_answer(charger)

    def _latencies(self) -> Sequence[float]:
        return [latency for charger in self._chargers for latency in charger.latencies]

    def _forget_latencies(self) -> None:
        for charger in self._chargers:
            charger.latencies.clear()


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which `percent` of a hundred lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


async def _all_answered(chargers: Sequence[Charger]) -> None:
    """Wait until no CALL is in flight."""
    while any(charger.answers < charger.calls for charger in chargers):  # noqa: ASYNC110 - many
        await asyncio.sleep(0.005)


def _nothing(_: Charger) -> None:
    pass
