"""Records of transactions in a flood, and when the database is slow, away or refuses."""

import asyncio
import logging
from collections.abc import Sequence

import pytest
from tests.proxy.features.conftest import Site
from tests.proxy.features.transactions import (
    ACCEPTED,
    HOUR,
    SECOND,
    Wire,
    recorder,
    rows_of,
    start_at,
    stop_at,
    values_at,
)
from tests.proxy.hub.conftest import until

from oye_proxy.errors import StorageError
from oye_proxy.features.transaction_queue import ChangeQueue, Waiting
from oye_proxy.features.transaction_records import BATCH, READS_AT_ONCE, TransactionRecords
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.ocppj.transaction_samples import BURST
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.storage.samples import SampleStore


async def test_meter_values_faster_than_anybody_reads_cost_little(
    site: Site, records: TransactionRecords
) -> None:
    """Of thousands in one moment a bounded number is read, and one a second is kept."""
    wire = Wire(site.world, OcppVersion.V1_6)
    now = site.world.now
    wire.answer("StartTransaction", start_at(now), ACCEPTED)
    for number in range(2 * BURST):
        wire.call("MeterValues", values_at(now + number * SECOND / 40, 1000 + number))
    rows = await rows_of(site.world, records)

    assert [BURST - 1.0] == [row.energy_wh for row in rows]
    assert BURST / 40 == (await SampleStore(site.world.database).of(1)).total


async def test_in_a_flood_meter_values_are_read_later_and_before_the_end_of_their_transaction(
    site: Site, records: TransactionRecords
) -> None:
    now = site.world.now
    chargers = range(READS_AT_ONCE // BURST + 2)
    wires = [Wire(site.world, OcppVersion.V1_6, f"CP{number}") for number in chargers]
    for wire in wires:
        wire.answer("StartTransaction", start_at(now), ACCEPTED)
        for second in range(BURST):
            wire.call("MeterValues", values_at(now + second * SECOND, 1000 + second))
    wires[-1].call("StopTransaction", stop_at(now + HOUR))
    store = SampleStore(site.world.database)
    (ended,) = [row for row in await rows_of(site.world, records) if row.stopped_at is not None]

    assert BURST == (await store.of(ended.id or 0)).total

    await records.stop()
    rows = await rows_of(site.world, records)

    assert {BURST} == {(await store.of(row.id or 0)).total for row in rows}


async def test_what_waits_is_not_overtaken_by_a_frame_that_nobody_has_looked_at(
    site: Site,
) -> None:
    now = site.world.now
    order: list[ChangeKind] = []

    class Queue(ChangeQueue):
        def put(self, charge_point_id: str, change: TransactionChange) -> None:
            order.append(change.kind)
            super().put(charge_point_id, change)

    records = recorder(site.world, queue=Queue())
    records.start()
    wires = [Wire(site.world, OcppVersion.V1_6, f"CP{one}") for one in range(READS_AT_ONCE)]
    for wire in wires:
        wire.call("MeterValues", values_at(now, 1000))
    wires[0].call("MeterValues", values_at(now + SECOND, 2000))
    site.world.hub.catch_up()
    wires[0].call("StopTransaction", stop_at(now + HOUR))
    records._read_some()
    await records.stop()

    assert [ChangeKind.UPDATE, ChangeKind.STOP] == order[-2:]


class AwayStore:
    """A store whose database answers what the test says."""

    def __init__(self, *outcomes: StorageError | None) -> None:
        self.outcomes = list(outcomes)
        self.batches: list[list[str | None]] = []

    async def write(self, changes: Sequence[Waiting]) -> None:
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome
        self.batches.append([change.transaction_id for _, change in changes])


def starts(wire: Wire, *ids: int) -> None:
    for number in ids:
        start = start_at(wire.world.now, connectorId=number)
        wire.answer("StartTransaction", start, ACCEPTED | {"transactionId": number})


async def test_what_a_database_that_is_away_did_not_take_is_written_later(site: Site) -> None:
    away = StorageError("the database is away")
    store = AwayStore(away, away)
    records = recorder(site.world, store)
    records.start()
    starts(Wire(site.world, OcppVersion.V1_6), 1, 2, 3)
    await until(lambda: sum(len(batch) for batch in store.batches) == 3)
    await records.stop()

    assert ["1", "2", "3"] == [one for batch in store.batches for one in batch]


async def test_one_change_that_the_database_refuses_holds_up_no_other(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = StorageError("too long", refused=True)
    away = StorageError("the database is away")
    store = AwayStore(refusal, None, refusal, away)
    records = recorder(site.world, store)
    records.start()
    async with site.world.keeper.alone():
        starts(Wire(site.world, OcppVersion.V1_6), 1, 2, 3)
        site.world.hub.snapshot()
    await until(lambda: ["3"] in store.batches)
    await records.stop()

    assert [["1"], ["3"]] == store.batches
    assert "CP1: a change of a transaction is not stored" in caplog.text


async def test_a_long_queue_is_written_in_batches(site: Site) -> None:
    store = AwayStore()
    records = recorder(site.world, store)
    records.start()
    wire = Wire(site.world, OcppVersion.V1_6)
    async with site.world.keeper.alone():
        for number in range(2 * BATCH):
            starts(wire, number % 64 + 1)
        site.world.hub.snapshot()
    await until(lambda: sum(len(batch) for batch in store.batches) == 2 * BATCH)
    await records.stop()

    assert BATCH >= max(len(batch) for batch in store.batches)


async def test_what_was_lost_is_told_once(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    store = AwayStore()
    records = recorder(site.world, store, queue=ChangeQueue(changes=1))
    records.start()
    wire = Wire(site.world, OcppVersion.V1_6)
    async with site.world.keeper.alone():
        starts(wire, 1, 2, 3)
        site.world.hub.snapshot()
    await until(lambda: store.batches == [["3"]])
    starts(wire, 4)
    await until(lambda: len(store.batches) == 2)
    await records.stop()

    assert 1 == caplog.text.count("2 samples and changes of transactions were lost")


async def test_a_writing_that_is_cancelled_loses_nothing(site: Site) -> None:
    class Hanging(AwayStore):
        async def write(self, changes: Sequence[Waiting]) -> None:
            if not self.outcomes:
                await super().write(changes)
                return
            begun.set()
            await asyncio.Event().wait()

    begun = asyncio.Event()
    store = Hanging(None)
    records = recorder(site.world, store)
    records.start()
    starts(Wire(site.world, OcppVersion.V1_6), 1)
    await begun.wait()
    store.outcomes.clear()
    await records.stop()
    await site.world.keeper.stop()

    assert [["1"]] == store.batches


async def test_after_the_stop_nothing_is_recorded(site: Site) -> None:
    records = recorder(site.world)
    records.start()
    await records.stop()
    await records.stop()
    starts(Wire(site.world, OcppVersion.V1_6), 1)

    assert [] == await rows_of(site.world, records)
