"""What the API and retention do with millions of rows, on each kind of database."""

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

from benchmark import fill, retention
from benchmark.databases import KINDS, BenchDatabase, new_database
from benchmark.pages import TARGET_MS, pages_of_frames, pages_of_transactions, print_pages
from benchmark.subjects import Oye

FRAMES = 10_000_000

# Nothing that is measured may be deleted by a clean-up.
_KEEP_ALL = {
    "OYE_STORAGE_RETENTION_COUNT": "1000000000",
    "OYE_STORAGE_RETENTION_DAYS": "0",
    "OYE_STORAGE_MAX_BYTES": "0",
    "OYE_STORAGE_SAMPLE_DAYS": "0",
}


async def run(folder: Path, frames: int) -> None:
    """Fill, ask and delete."""
    frames = fill.whole(frames)
    for kind in KINDS:
        with new_database(kind, folder) as database:
            if database is not None:
                await measure(database, folder / f"proxy-{kind}", frames)


async def measure(database: BenchDatabase, folder: Path, frames: int) -> None:
    """Print the figures of one database."""
    now = datetime.now(UTC)
    total = fill.count_transactions(frames)
    print(
        f"\n{database.name}: {frames:,} frames of {fill.CHARGERS:,} chargers,"
        f" {total:,} transactions",
        flush=True,
    )
    seconds = await fill.fill(database.settings, frames, now)
    if database.server is not None:
        # As the server does by itself within minutes.
        url = database.environment["OYE_DATABASE_URL"]
        await asyncio.to_thread(database.server.run, "VACUUM ANALYZE", url.rpartition("/")[2])
    print(f"loaded in {seconds:.0f} s; pages of the API, the target is {TARGET_MS:g} ms at worst")
    environment = {**_KEEP_ALL, **database.environment}
    oye = Oye("OYE", folder, environment)
    rng = random.Random(1)  # noqa: S311 - the same pages in each run
    pages = [*pages_of_frames(frames, now, rng), *pages_of_transactions(total, now, rng)]
    try:
        await asyncio.to_thread(oye.start, None)
        await asyncio.to_thread(print_pages, oye.port, pages)
    finally:
        await asyncio.to_thread(oye.stop)
    await retention.run(database.settings, now)
