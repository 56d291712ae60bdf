"""Who writes to the database while the proxy runs: frames, chargers, journal."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

from msgspec import Struct

from oye_proxy.app.storage import StorageTrouble
from oye_proxy.hub.id_tags import IdTagRecords
from oye_proxy.hub.journals import JournalKeeper
from oye_proxy.hub.keeper import Keeper
from oye_proxy.hub.records import ChargerRecords
from oye_proxy.metrics import Metrics
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.chargers import ChargerStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_count import FrameCount
from oye_proxy.storage.injections import InjectionStore
from oye_proxy.storage.journal import JournalStore
from oye_proxy.storage.writer import FrameWriter


class Writers(Struct, frozen=True, kw_only=True):
    """All of them, and what they tell."""

    trouble: StorageTrouble
    frame_count: FrameCount
    frames: FrameWriter
    keeper: Keeper
    records: ChargerRecords
    journals: JournalKeeper


def start_writers(
    settings: StorageSettings,
    database: Database,
    tag_records: IdTagRecords,
    metrics: Metrics,
    stack: AsyncExitStack,
) -> Writers:
    """Start them; at the end they write what waits, together."""
    trouble, frame_count = StorageTrouble(), FrameCount(database)
    frames = FrameWriter(
        database,
        settings.queue_frames,
        metrics,
        partial(trouble.tell, "frames"),
        frame_count.changed,
    )
    keeper = Keeper(partial(trouble.tell, "chargers"))
    records = ChargerRecords(
        keeper=keeper,
        chargers=ChargerStore(database, frame_count.changed),
        injections=InjectionStore(database),
        tags=tag_records,
    )
    journals = JournalKeeper(JournalStore(database), partial(trouble.tell, "journal"))
    for writer in (frames, records, journals):
        writer.start()

    async def stop() -> None:
        """A dead database holds up the end once, not three times."""
        await asyncio.gather(frames.stop(), records.stop(), journals.stop())

    stack.push_async_callback(stop)
    return Writers(
        trouble=trouble,
        frame_count=frame_count,
        frames=frames,
        keeper=keeper,
        records=records,
        journals=journals,
    )
