"""`oye-proxy cleanup`: delete the frames that are beyond the limits, now."""

import argparse
from datetime import UTC, datetime
from typing import Any

from oye_proxy.app import database_of
from oye_proxy.cli.options import add_command, add_storage, run_loop, settings_of
from oye_proxy.features.retention import clean_up
from oye_proxy.features.space import make_room
from oye_proxy.hub.storage_policy import StoragePolicy
from oye_proxy.settings import Settings
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.frames import FrameStore
from oye_proxy.storage.pruning import FramePruner
from oye_proxy.storage.space import SpaceUse, measure

_MEBIBYTE = 1024 * 1024


def add_to(commands: Any) -> None:
    """Add the command."""
    cleanup = add_command(
        commands, "cleanup", "delete stored frames that are too many, too old or too large", _clean
    )
    cleanup.add_argument(
        "--compact",
        action="store_true",
        help="give the room back to the disk; the proxy must be stopped, and needs as much again",
    )
    add_storage(cleanup)


def _clean(parsed: argparse.Namespace) -> int:
    settings = settings_of(parsed)
    gone, left, use = run_loop(_clean_up(settings, compact=parsed.compact))
    print(f"{gone} frames deleted, {left} left.")
    print(
        f"The database takes {use.size_bytes / _MEBIBYTE:.1f} MiB"
        f" and uses {use.used_bytes / _MEBIBYTE:.1f} MiB of them."
    )
    return 0


async def _clean_up(settings: Settings, *, compact: bool) -> tuple[int, int, SpaceUse]:
    async with database_of(settings) as database:
        if not compact:
            return await _prune(settings, database)
        async with database.alone():
            gone, left, _ = await _prune(settings, database)
            await database.compact()
            return gone, left, await measure(database)


async def _prune(settings: Settings, database: Database) -> tuple[int, int, SpaceUse]:
    policy = StoragePolicy(ConfigStore(database), settings.storage)
    await policy.load()
    pruner = FramePruner(database)
    limits = policy.limits
    gone = await clean_up(pruner, limits, datetime.now(UTC))
    use = await measure(database)
    if limits.max_bytes and use.used_bytes > limits.max_bytes:
        gone += await make_room(pruner, use, limits.max_bytes)
        use = await measure(database)
    return gone, await FrameStore(database).count(), use
