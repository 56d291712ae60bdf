"""The whole proxy with its journal: in place of a CSMS, and in front of one."""

import asyncio
import statistics
from collections.abc import Callable
from pathlib import Path

from benchmark.databases import BenchDatabase
from benchmark.load import Fleet, Sample, percentile
from benchmark.subjects import Oye
from benchmark.wire import Charger, Csms, TransactionCharger

CHARGERS = (1, 10, 200)
RELAY_CHARGERS = 200
WARM_UP = 0.7

# Clean-ups have their own measurement.
_SETTINGS = {"OYE_STORAGE_MAX_BYTES": "0", "OYE_STORAGE_RETENTION_DAYS": "0"}


async def print_standalone(database: BenchDatabase, folder: Path, seconds: float) -> None:
    """Print how many transactions are answered with their messages on disk, without a CSMS."""
    print(
        f"\nThe proxy without a CSMS, on {database.name}: StartTransaction and StopTransaction in"
        f" closed loop, {seconds:g} s each\n"
        f"{'chargers':>10}{'transactions/s':>16}{'messages/s':>12}{'CPU us each':>13}"
        f"{'p50 ms':>9}{'p99 ms':>9}"
    )
    oye = Oye("OYE", folder, {**_SETTINGS, **database.environment})
    try:
        await asyncio.to_thread(oye.start, None)
        for chargers in CHARGERS:
            fleet = Fleet(f"ALONE{chargers}", chargers, TransactionCharger)
            sample = await closed_loop(fleet, oye.port, seconds, oye.cpu_seconds)
            print(
                f"{chargers:>10}{sample.round_trips_per_second / 2:>16,.0f}"
                f"{sample.round_trips_per_second:>12,.0f}{sample.cpu_us:>13.0f}"
                f"{1e3 * statistics.median(sample.latencies):>9.2f}"
                f"{1e3 * percentile(sample.latencies, 99):>9.2f}",
                flush=True,
            )
    finally:
        await asyncio.to_thread(oye.stop)


async def print_relay(
    databases: tuple[BenchDatabase, BenchDatabase], folder: Path, seconds: float, rounds: int
) -> None:
    """Print what the journal costs while the CSMS is there: nothing, it is not asked."""
    csms = await asyncio.get_running_loop().create_server(Csms, "127.0.0.1", 0, backlog=4096)
    port: int = csms.sockets[0].getsockname()[1]
    subjects = {
        on_loss: Oye(
            on_loss,
            folder / on_loss,
            {**_SETTINGS, **database.environment, "OYE_CSMS_ON_LOSS": on_loss},
        )
        for on_loss, database in zip(("standalone", "close"), databases, strict=True)
    }
    kinds = {"MeterValues": Charger, "transactions": TransactionCharger}
    samples: dict[tuple[str, str], list[Sample]] = {}
    try:
        for subject in subjects.values():
            await asyncio.to_thread(subject.start, port)
        for number in range(rounds):
            # Neighbours are compared, and the first of two is not always the same.
            turns = list(subjects.items())[:: 1 if number % 2 else -1]
            for what, kind in kinds.items():
                for on_loss, subject in turns:
                    fleet = Fleet(f"{what[:5]}{number}", RELAY_CHARGERS, kind)
                    sample = await closed_loop(fleet, subject.port, seconds, subject.cpu_seconds)
                    samples.setdefault((what, on_loss), []).append(sample)
    finally:
        for subject in subjects.values():
            await asyncio.to_thread(subject.stop)
        csms.close()
    print(
        f"\nRelay on {databases[0].name}: {RELAY_CHARGERS} chargers in closed loop, round trips a"
        f" second, medians of {rounds} x {seconds:g} s\n"
        f"{'':14}{'with journal':>14}{'without':>10}{'ratio':>8}{'CPU us':>9}{'without':>9}"
    )
    for what in kinds:
        mine, others = samples[what, "standalone"], samples[what, "close"]
        rates, cpu = (
            [[getattr(sample, name) for sample in each] for each in (mine, others)]
            for name in ("round_trips_per_second", "cpu_us")
        )
        ratio = statistics.median(a / b for a, b in zip(*rates, strict=True))
        print(
            f"{what:14}{statistics.median(rates[0]):>14,.0f}{statistics.median(rates[1]):>10,.0f}"
            f"{ratio:>8.2f}{statistics.median(cpu[0]):>9.0f}{statistics.median(cpu[1]):>9.0f}",
            flush=True,
        )


async def closed_loop(
    fleet: Fleet, port: int, seconds: float, cpu_seconds: Callable[[], float]
) -> Sample:
    """Let a fleet come, work and go."""
    await fleet.connect(port)
    await fleet.boot()
    sample = await fleet.closed_loop(WARM_UP, seconds, cpu_seconds)
    await fleet.disconnect()
    return sample
