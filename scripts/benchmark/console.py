"""What the console does while 500 frames a second pass for a minute: a real proxy and Chromium."""

import asyncio
import json
import os
import shutil
import time
from collections import deque
from functools import partial
from pathlib import Path
from typing import Any

from benchmark.subjects import ADMIN_PASSWORD, Oye
from benchmark.wire import Charger, Csms

CHARGERS = 25
FRAMES_PER_SECOND = 500
FRAMES_EACH = 2  # a CALL and its answer
PACE = 0.01
PATIENCE = 60.0
CHROMIUM = shutil.which(os.environ.get("OYE_CHROMIUM", "/usr/bin/chromium"))
MEBIBYTE = 1024 * 1024


class Pace:
    """Chargers that together send so many frames a second; each waits for its answer first."""

    def __init__(self) -> None:
        self.answers = 0
        self._idle: deque[Charger] = deque()

    async def connect(self, port: int) -> None:
        """Open the connections, and say who the chargers are."""
        loop = asyncio.get_running_loop()
        for number in range(CHARGERS):
            kind = partial(Charger, f"BENCH-{number:02}", self._answered)
            _, charger = await loop.create_connection(kind, "127.0.0.1", port)
            await charger.connected
            charger.send_boot_notification()

    async def run(self, seconds: float) -> float:
        """Send for so long; return the CALLs that no charger was free to send in time."""
        begin, sent, missed, before = time.perf_counter(), 0, 0, self.answers
        while (elapsed := time.perf_counter() - begin) < seconds:
            due = int(elapsed * FRAMES_PER_SECOND / FRAMES_EACH)
            while sent + missed < due:
                if self._idle:
                    self._idle.popleft().send_meter_values()
                    sent += 1
                else:
                    missed += 1
            await asyncio.sleep(PACE)
        end = time.monotonic() + PATIENCE
        while self.answers - before < sent and time.monotonic() < end:  # noqa: ASYNC110 - many
            await asyncio.sleep(PACE)
        return missed

    def _answered(self, charger: Charger) -> None:
        self.answers += 1
        self._idle.append(charger)


async def run(folder: Path, seconds: float) -> None:
    """Print what the page, the proxy and the client's queue show."""
    node = shutil.which("node")
    if node is None or CHROMIUM is None:
        raise SystemExit("This needs Node and Chromium (OYE_CHROMIUM names it)")
    csms = await asyncio.get_running_loop().create_server(Csms, "127.0.0.1", 0)
    oye = Oye("OYE", folder / "oye")
    oye.start(csms.sockets[0].getsockname()[1])
    page = None
    try:
        pace = Pace()
        await pace.connect(oye.port)
        page = await _open(node, CHROMIUM, oye.port)
        memory, cpu = oye.memory_bytes(), oye.cpu_seconds()
        begun = time.monotonic()
        missed = await pace.run(seconds)
        elapsed = time.monotonic() - begun
        cpu = (oye.cpu_seconds() - cpu) / elapsed
        seen = await _end(page)
        dropped = await asyncio.to_thread(oye.dropped_frames)
        _print(seen, seconds=elapsed, sent=FRAMES_EACH * pace.answers, missed=missed)
        print(f"{'proxy: memory, MiB':<44}{memory / MEBIBYTE:>10,.0f} ->{_mib(oye):>8,.0f}")
        print(f"{'proxy: share of one core':<44}{cpu:>10.0%}")
        print(f"{'proxy: frames that storage dropped':<44}{dropped:>10,}")
    finally:
        if page is not None and page.returncode is None:
            page.terminate()
            await page.wait()
        oye.stop()
        csms.close()


async def _open(node: str, chromium: str, port: int) -> asyncio.subprocess.Process:
    """Open the stream in Chromium; return when its first rows are there."""
    process = await asyncio.create_subprocess_exec(
        node,
        str(Path(__file__).with_name("console.mjs")),
        env={
            **os.environ,
            "OYE_URL": f"http://127.0.0.1:{port}/",
            "OYE_PASSWORD": ADMIN_PASSWORD,
            "OYE_CHROMIUM": chromium,
        },
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        line = await process.stdout.readline()
    if line.strip() != b"ready":
        raise SystemExit("The page did not open; above is why")
    return process


async def _end(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """Have the page measured; return what it saw."""
    async with asyncio.timeout(PATIENCE):
        output, _ = await process.communicate(b"\n")
    seen: dict[str, Any] = json.loads(output)
    return seen


def _print(seen: dict[str, Any], *, seconds: float, sent: int, missed: float) -> None:
    rate = sent / seconds
    print(f"\nThe console's stream in Chromium, {CHARGERS} chargers, {seconds:.0f} s")
    rows = [
        ("frames that passed, of them a second", f"{sent:>10,}{rate:>11,.0f}"),
        ("CALLs that were not sent in time", f"{missed:>10,}"),
        ("page: frames told, and left out (gap)", f"{seen['frames']:>10,}{seen['dropped']:>11,}"),
        ("page: animation frames a second", f"{seen['animationFrames'] / seconds:>10.1f}"),
        ("page: renders per animation frame, at most", f"{seen['mostRenders']:>10}"),
        ("page: long tasks, longest in ms", f"{seen['longTasks']:>10}{seen['longest']:>11.0f}"),
        (
            "page: heap in MiB after collection",
            f"{seen['heapBefore'] / MEBIBYTE:>10.1f} ->{seen['heapAfter'] / MEBIBYTE:>8.1f}",
        ),
        ("page: rows in the document, and kept", f"{seen['mostRows']:>10}{seen['kept']:>11,}"),
        (
            "page: key to paint in ms, p50 and p95",
            f"{seen['keyP50']:>10.0f}{seen['keyP95']:>11.0f}",
        ),
    ]
    for name, values in rows:
        print(f"{name:<44}{values}")


def _mib(oye: Oye) -> float:
    return oye.memory_bytes() / MEBIBYTE
