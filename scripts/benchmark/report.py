"""The printed tables."""

import argparse
import statistics
from collections.abc import Mapping

from benchmark.load import Sample, percentile

OF_RELAY, OF_NGINX, ADDED_MS, MEMORY_MB = 0.5, 0.25, 2.0, 400.0
MEMORY_CHARGERS = 5000


class Throughput:
    """The samples of one subject; each figure is the median of its rounds."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []

    def add(self, sample: Sample) -> None:
        """Take the sample of one round."""
        self.samples.append(sample)

    @property
    def rate(self) -> float:
        """Round trips per second."""
        return statistics.median(sample.round_trips_per_second for sample in self.samples)

    def share_of(self, other: "Throughput") -> float:
        """Compare round by round: noise that comes and goes hits neighbours alike."""
        pairs = zip(self.samples, other.samples, strict=True)
        return statistics.median(
            mine.round_trips_per_second / theirs.round_trips_per_second for mine, theirs in pairs
        )

    @property
    def cpu_us(self) -> float:
        """CPU time of the proxy per round trip."""
        return statistics.median(sample.cpu_us for sample in self.samples)

    def latency_ms(self, percent: int) -> float:
        """One percentile of the time from a CALL to its answer."""
        return 1e3 * statistics.median(
            percentile(sample.latencies, percent) for sample in self.samples
        )


def print_throughput(rows: Mapping[str, Throughput], arguments: argparse.Namespace) -> None:
    """Print how many round trips each carried, and what of the relay and nginx OYE reached."""
    print(
        f"\nClosed loop: {arguments.chargers} chargers, MeterValues of 600 bytes and their answers,"
        f" median of {arguments.rounds} x {arguments.seconds:g} s, all on this machine"
    )
    print(
        f"{'':12}{'round trips/s':>14}{'of relay':>10}{'of nginx':>10}"
        f"{'CPU us each':>13}{'p50 ms':>9}{'p99 ms':>9}"
    )
    relay, nginx, oye = rows["bare relay"], rows.get("nginx"), rows["OYE"]
    for name, row in rows.items():
        of_nginx = f"{row.share_of(nginx):10.2f}" if nginx else f"{'-':>10}"
        print(
            f"{name:12}{row.rate:14,.0f}{row.share_of(relay):10.2f}{of_nginx}"
            f"{row.cpu_us:13.1f}{row.latency_ms(50):9.2f}{row.latency_ms(99):9.2f}"
        )
    print_target("of the bare relay", oye.share_of(relay), at_least=OF_RELAY)
    if nginx:
        print_target("of nginx (one worker)", oye.share_of(nginx), at_least=OF_NGINX)


def print_storage(*, sent: int, stored: int, dropped: int) -> None:
    """Print whether the figures count: they do when every frame was stored."""
    print(f"\nStorage: {sent:,} frames sent through OYE, {stored:,} stored, {dropped:,} dropped")
    if dropped or stored < sent:
        print("  the figures do not count: frames are missing in the database")


def print_latency(p50: Mapping[str, float], p99: Mapping[str, float], direct: str) -> None:
    """Print the latency at a calm pace, and what is added to that of no proxy."""
    print("\nOne message per charger and second")
    print(f"{'':12}{'p50 ms':>9}{'added':>9}{'p99 ms':>9}{'added':>9}")
    for name in p50:
        added = [1e3 * (each[name] - each[direct]) for each in (p50, p99)]
        print(
            f"{name:12}{1e3 * p50[name]:9.2f}{added[0]:9.2f}{1e3 * p99[name]:9.2f}{added[1]:9.2f}"
        )
    print_target("ms added (p99)", 1e3 * (p99["OYE"] - p99[direct]), at_most=ADDED_MS)


def print_memory(
    name: str, *, chargers: int, before: int, after: int, handshakes_per_second: float
) -> None:
    """Print what idle chargers with their CSMS links hold."""
    print(
        f"\n{name}: {chargers:,} idle chargers with CSMS links: {after / 1e6:.0f} MB in all,"
        f" {(after - before) / chargers / 1e3:.1f} KB each;"
        f" they connected at {handshakes_per_second:,.0f} a second"
    )
    if name == "OYE" and chargers >= MEMORY_CHARGERS:
        print_target("MB in all", after / 1e6, at_most=MEMORY_MB)


def print_target(
    what: str, reached: float, *, at_least: float | None = None, at_most: float | None = None
) -> None:
    """Print a figure beside what it must reach."""
    if at_least is not None:
        verdict, bound = reached >= at_least, f"at least {at_least:g}"
    else:
        verdict, bound = at_most is not None and reached <= at_most, f"at most {at_most:g}"
    print(f"  {'reached' if verdict else 'MISSED '}  {reached:.2f} {what} ({bound})")
