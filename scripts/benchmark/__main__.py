"""Measure, in turns so that noise hits all alike, and print the table."""

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import uvloop

from benchmark import console, journal, report, rows
from benchmark.load import Fleet, percentile
from benchmark.subjects import Nginx, Oye, Relay, Subject
from benchmark.wire import Csms

DIRECT = "no proxy"
SPARE_FILES = 500
WARM_UP = 0.7
CONSOLE_SECONDS = 60.0


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a first impression in half a minute")
    parser.add_argument("--chargers", type=int, default=200, help="chargers under load (200)")
    parser.add_argument("--rounds", type=int, help="rounds of each measurement (8)")
    parser.add_argument("--seconds", type=float, help="length of one measurement (2)")
    parser.add_argument("--idle", type=int, help="chargers of the memory measurement (5000)")
    parser.add_argument("--journal", action="store_true", help="measure the journal alone")
    parser.add_argument("--console", action="store_true", help="watch a flood in the console")
    parser.add_argument("--database-url", help="with --journal: one more empty PostgreSQL")
    parser.add_argument(
        "--rows",
        type=int,
        nargs="?",
        const=rows.FRAMES,
        help="measure with stored frames (10 million)",
    )
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (2 if arguments.quick else 8)
    arguments.seconds = arguments.seconds or (1.0 if arguments.quick else 2.0)

    with tempfile.TemporaryDirectory(prefix="oye-bench-") as folder:
        if arguments.journal:
            measured = (arguments.database_url, arguments.seconds, arguments.rounds)
            uvloop.run(journal.run(Path(folder), *measured))
            return
        if arguments.console:
            uvloop.run(console.run(Path(folder), CONSOLE_SECONDS))
            return
        if arguments.rows is not None:
            uvloop.run(rows.run(Path(folder), arguments.rows))
            return
        arguments.idle = affordable(arguments.idle or (1000 if arguments.quick else 5000))
        uvloop.run(Bench(arguments, Path(folder)).run())


class Bench:
    """One run: every subject against the same CSMS and the same chargers."""

    def __init__(self, arguments: argparse.Namespace, folder: Path) -> None:
        self._arguments = arguments
        self._folder = folder
        self._csms_port = 0

    async def run(self) -> None:
        """Measure throughput, latency and memory."""
        loop = asyncio.get_running_loop()
        csms = await loop.create_server(Csms, "127.0.0.1", 0, backlog=4096)
        self._csms_port = csms.sockets[0].getsockname()[1]

        relay, oye = Relay("bare relay", self._folder / "relay"), Oye("OYE", self._folder / "oye")
        subjects: list[Subject] = [relay, oye]
        if Nginx.is_installed():
            subjects.insert(1, Nginx("nginx", self._folder / "nginx"))
        else:
            print("nginx is not installed: no comparison with it")
        try:
            for subject in subjects:
                subject.start(self._csms_port)
            carried = await self._throughput(subjects)
            await self._storage(oye, carried)
            await self._latency(subjects)
        finally:
            for subject in subjects:
                subject.stop()
        await self._memory(Relay("bare relay", self._folder / "idle-relay"))
        await self._memory(Oye("OYE", self._folder / "idle-oye"))
        csms.close()

    async def _throughput(self, subjects: Sequence[Subject]) -> int:
        """Run the closed loop in turns; return the round trips that OYE carried in all."""
        rows = {name: report.Throughput() for name in self._names(subjects)}
        carried = 0
        for number in range(self._arguments.rounds):
            for name, port, cpu_seconds in self._ways(subjects):
                fleet = Fleet(f"CP{number}", self._arguments.chargers)
                await fleet.connect(port)
                sample = await fleet.closed_loop(WARM_UP, self._arguments.seconds, cpu_seconds)
                await fleet.disconnect()
                rows[name].add(sample)
                carried += fleet.answers_of_all_time if name == "OYE" else 0
        report.print_throughput(rows, self._arguments)
        return carried

    async def _storage(self, oye: Oye, carried: int) -> None:
        """Wait until the frames are on disk, and compare with what was sent."""
        stored, deadline = -1, time.monotonic() + 60
        while stored < 2 * carried and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
            stored = await asyncio.to_thread(oye.stored_frames)
        dropped = await asyncio.to_thread(oye.dropped_frames)
        report.print_storage(sent=2 * carried, stored=stored, dropped=dropped)

    async def _latency(self, subjects: Sequence[Subject]) -> None:
        """Send one message per charger and second, with and without a proxy between."""
        rounds: dict[str, list[Sequence[float]]] = {name: [] for name in self._names(subjects)}
        for number in range(self._arguments.rounds):
            for name, port, _ in self._ways(subjects):
                fleet = Fleet(f"PACED{number}", self._arguments.chargers)
                await fleet.connect(port)
                rounds[name].append(await fleet.paced(self._arguments.seconds))
                await fleet.disconnect()
        p50, p99 = (
            {
                name: statistics.median(percentile(each, percent) for each in latencies)
                for name, latencies in rounds.items()
            }
            for percent in (50, 99)
        )
        report.print_latency(p50, p99, DIRECT)

    async def _memory(self, subject: Subject) -> None:
        """Connect many chargers that say who they are and then nothing."""
        subject.start(self._csms_port)
        try:
            fleet = Fleet("IDLE", self._arguments.idle)
            before, begin = subject.memory_bytes(), time.perf_counter()
            await fleet.connect(subject.port)
            connected = time.perf_counter() - begin
            await fleet.boot()
            await asyncio.sleep(3)
            report.print_memory(
                subject.name,
                chargers=self._arguments.idle,
                before=before,
                after=subject.memory_bytes(),
                handshakes_per_second=self._arguments.idle / connected,
            )
            await fleet.disconnect()
        finally:
            subject.stop()

    def _ways(self, subjects: Sequence[Subject]) -> list[tuple[str, int, Callable[[], float]]]:
        """List what a charger can connect to: the CSMS itself, or a proxy before it."""
        direct = (DIRECT, self._csms_port, lambda: 0.0)
        return [direct, *((each.name, each.port, each.cpu_seconds) for each in subjects)]

    def _names(self, subjects: Sequence[Subject]) -> list[str]:
        return [name for name, _, _ in self._ways(subjects)]


def affordable(chargers: int) -> int:
    """Raise the limit of open files, here and for what is started; reduce what exceeds it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * chargers + SPARE_FILES
    limit = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    if limit < wanted:
        chargers = (limit - SPARE_FILES) // 2
        print(f"only {limit} files may be open: memory is measured with {chargers} chargers")
    return chargers


if __name__ == "__main__":
    main()
