"""Transactions as they pass a hub, and the records that are made of them (docs/OCPP.md)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.proxy.features.conftest import Site, site_in
from tests.proxy.hub.conftest import World, boot, until

from oye_proxy.errors import StorageError
from oye_proxy.features.transaction_queue import ChangeQueue, Waiting
from oye_proxy.features.transaction_records import BATCH, READS_AT_ONCE, TransactionRecords
from oye_proxy.hub.injections import Origin
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import MessageId, build_call, build_error, build_result
from oye_proxy.ocppj.intents.requests import StartRequest
from oye_proxy.ocppj.timestamps import to_text
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.ocppj.transaction_samples import BURST
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import StorageSettings
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.transaction_rows import TransactionRow
from oye_proxy.storage.transactions import TransactionQuery, TransactionStore
from oye_proxy.transport.ports import Connection

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ENERGY = "Energy.Active.Import.Register"
ACCEPTED = {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}


def recorder(world: World, store: Any = None, **options: Any) -> TransactionRecords:
    return TransactionRecords(
        world.hub,
        store or TransactionStore(world.database),
        world.keeper,
        sample_interval=SECOND,
        **options,
    )


@pytest.fixture
async def records(site: Site) -> AsyncIterator[TransactionRecords]:
    feature = recorder(site.world)
    feature.start()
    yield feature
    await feature.stop()


async def rows_of(world: World, records: TransactionRecords) -> list[TransactionRow]:
    """Return what is stored, the newest first, when all that was told is."""
    world.hub.snapshot()
    records.flush()
    await world.settle()
    return await TransactionStore(world.database).search(TransactionQuery())


def start_at(time: datetime, **more: Any) -> dict[str, Any]:
    start = {"connectorId": 1, "idTag": "CARD-1234", "meterStart": 1000}
    return start | {"timestamp": to_text(time)} | more


def stop_at(time: datetime, transaction_id: int = 7, **more: Any) -> dict[str, Any]:
    return {"transactionId": transaction_id, "meterStop": 6000, "timestamp": to_text(time)} | more


def values_at(time: datetime, value: float, transaction_id: int | None = 7) -> dict[str, Any]:
    sampled = [{"value": str(value)}]
    report = {
        "connectorId": 1,
        "meterValue": [{"timestamp": to_text(time), "sampledValue": sampled}],
    }
    return report if transaction_id is None else report | {"transactionId": transaction_id}


class Wire:
    """Frames of a connection, told to the hub as the transport tells them."""

    def __init__(self, world: World, version: OcppVersion, charge_point_id: str = "CP1") -> None:
        self.world = world
        self.connection: Connection = world.bridge(charge_point_id, version=version)
        world.hub.attach(self.connection)

    def call(self, action: str, payload: Any) -> None:
        call = build_call("m", action, payload)
        self._tell(Record(source=Peer.CHARGER, target=Peer.CSMS, data=call.text, frame=call))

    def answer(
        self, action: str, payload: Any, answer: Any, source: Peer = Peer.CSMS, **record: Any
    ) -> None:
        call = build_call("m", action, payload)
        frame = build_result(MessageId.of("m"), answer)
        given: dict[str, Any] = {"source": source, "target": Peer.CHARGER, **record}
        self._tell(Record(data=frame.text, frame=frame, call=call, **given))

    def refuse(self, action: str, payload: Any, target: Peer = Peer.CHARGER) -> None:
        call, error = build_call("m", action, payload), build_error(MessageId.of("m"), "Busy", "")
        self._tell(Record(source=Peer.CSMS, target=target, data=error.text, frame=error, call=call))

    def leave(self) -> None:
        self.world.hub.detach(self.connection)

    def _tell(self, record: Record) -> None:
        self.world.hub.observe(self.connection, record, self.world.now)


async def test_a_transaction_in_standalone_is_recorded_and_waits_for_a_csms(
    site: Site, records: TransactionRecords
) -> None:
    now = site.world.now
    charger = await site.charger()
    answer = await charger.send_call("StartTransaction", start_at(now))
    transaction_id = answer.payload["transactionId"]
    await charger.send_call("MeterValues", values_at(now + SECOND, 3500, transaction_id))
    await charger.send_call("StopTransaction", stop_at(now + HOUR, transaction_id))
    row = (await rows_of(site.world, records))[0]

    assert (str(transaction_id), "CP1", "1.6", 1, "CARD-1234", "Accepted", "local") == (
        row.transaction_id,
        row.charge_point_id,
        row.ocpp_version,
        row.evse_id,
        row.id_tag,
        row.id_tag_status,
        row.started_by,
    )
    assert (1000.0, 6000.0, 5000.0, "Local", False, False) == (
        row.meter_start_wh,
        row.meter_stop_wh,
        row.energy_wh,
        row.reason,
        row.gap,
        row.adopted,
    )
    assert (None, None, None) == (
        row.csms_transaction_id,
        row.start_acknowledged_at,
        row.stop_acknowledged_at,
    )
    samples = (await SampleStore(site.world.database).of(1)).samples
    assert [(ENERGY, 3500.0)] == [(one.measurand, one.value) for one in samples]


async def test_the_csms_s_answers_in_relay_acknowledge(
    site: Site, records: TransactionRecords, csms: ScriptedCsms
) -> None:
    await site.follow(csms)
    now = site.world.now
    charger = await site.world.connect()
    link = await csms.next_connection()

    async def exchange(action: str, payload: Any, answer: Any) -> None:
        sending = asyncio.ensure_future(charger.send_call(action, payload))
        await link.answer_next(answer, action)
        await sending

    await exchange("StartTransaction", start_at(now), ACCEPTED)
    started = (await rows_of(site.world, records))[0]
    await exchange("StopTransaction", stop_at(now + HOUR), {})
    ended = (await rows_of(site.world, records))[0]

    assert ("7", "7", None, None) == (
        started.transaction_id,
        started.csms_transaction_id,
        started.closed_at,
        started.stop_acknowledged_at,
    )
    assert None is not started.start_acknowledged_at
    assert (started.start_acknowledged_at, 5000.0) == (
        ended.start_acknowledged_at,
        ended.energy_wh,
    )
    assert None is not ended.stop_acknowledged_at


async def test_an_owner_s_start_is_the_owner_s(site: Site, records: TransactionRecords) -> None:
    charger = await site.charger()
    await site.done(StartRequest(connector_id=1, id_tag="CARD"), Origin("admin"))
    await site.start_transaction(charger)

    assert ["owner"] == [row.started_by for row in await rows_of(site.world, records)]


@pytest.mark.parametrize("version", [OcppVersion.V2_0_1, OcppVersion.V2_1])
async def test_events_of_2_x_are_one_record(
    site: Site, records: TransactionRecords, version: OcppVersion
) -> None:
    """P2 E01 to E12: the charger numbers its events, and a number that is missing is a gap."""
    wire = Wire(site.world, version)
    now = site.world.now

    def event(kind: str, seq_no: int, value: float, **info: Any) -> dict[str, Any]:
        time = to_text(now + seq_no * 60 * SECOND)
        return {
            "eventType": kind,
            "timestamp": time,
            "triggerReason": "MeterValuePeriodic",
            "seqNo": seq_no,
            "transactionInfo": {"transactionId": "t-1", **info},
            "evse": {"id": 2, "connectorId": 1},
            "idToken": {"idToken": "CARD-1234", "type": "ISO14443"},
            "meterValue": [{"timestamp": time, "sampledValue": [{"value": value}]}],
        }

    events = [
        event("Started", 0, 1000),
        event("Updated", 1, 2000),
        event("Updated", 3, 4000),
        event("Ended", 4, 5000.5, stoppedReason="EVDisconnected"),
    ]
    for one in events:
        wire.call("TransactionEvent", one)
        wire.answer("TransactionEvent", one, {"idTokenInfo": {"status": "Accepted"}})
    row = (await rows_of(site.world, records))[0]

    assert (version.value, 2, 1, "CARD-1234", "ISO14443", "Accepted") == (
        row.ocpp_version,
        row.evse_id,
        row.connector_id,
        row.id_tag,
        row.id_tag_type,
        row.id_tag_status,
    )
    assert (4000.5, "EVDisconnected", True, False, to_text(now + 240 * SECOND)) == (
        row.energy_wh,
        row.reason,
        row.gap,
        row.adopted,
        to_text(row.stopped_at or now),
    )
    assert None is not row.start_acknowledged_at
    assert None is not row.stop_acknowledged_at
    assert 4 == (await SampleStore(site.world.database).of(1)).total


async def test_a_start_whose_answer_was_lost_is_repeated_as_one_record(
    site: Site, records: TransactionRecords
) -> None:
    """The charger sends it again (C16 3.7.1); who gives it the same id means the same one."""
    wire = Wire(site.world, OcppVersion.V1_6)
    start = start_at(site.world.now)
    wire.call("StartTransaction", start)
    wire.call("StartTransaction", start)
    wire.refuse("StartTransaction", start)
    assert [] == await rows_of(site.world, records)
    for _ in range(2):
        wire.answer("StartTransaction", start, ACCEPTED)

    assert ["7"] == [row.transaction_id for row in await rows_of(site.world, records)]


async def test_a_transaction_that_runs_already_is_adopted(
    site: Site, records: TransactionRecords
) -> None:
    wire = Wire(site.world, OcppVersion.V1_6)
    now = site.world.now
    wire.call("MeterValues", values_at(now, 3500))
    adopted = (await rows_of(site.world, records))[0]
    wire.call("StopTransaction", stop_at(now + HOUR))
    ended = (await rows_of(site.world, records))[0]

    assert ("7", True, True, None) == (
        adopted.transaction_id,
        adopted.adopted,
        adopted.gap,
        adopted.closed_at,
    )
    assert (1, 6000.0, None, None) == (
        ended.id,
        ended.meter_stop_wh,
        ended.energy_wh,
        ended.started_at,
    )


async def test_a_replay_acknowledges_late_and_brings_the_csms_s_own_id(
    site: Site, records: TransactionRecords
) -> None:
    """What the proxy answered is told to the CSMS when it returns; the answer ends here."""
    world = site.world
    wire = Wire(world, OcppVersion.V1_6)
    start, stop = start_at(world.now), stop_at(world.now + HOUR, 1_000_000_001)
    mine = {"transactionId": 1_000_000_001, "idTagInfo": {"status": "Accepted"}}
    wire.answer("StartTransaction", start, mine, Peer.PROXY)
    wire.call("StopTransaction", stop)
    wire.answer("StopTransaction", stop, {}, Peer.PROXY)
    before = (await rows_of(world, records))[0]
    world.now += 5 * HOUR
    answer = {"transactionId": 57, "idTagInfo": {"status": "Invalid"}}
    wire.answer("StartTransaction", start, answer, target=Peer.PROXY)
    wire.refuse("StopTransaction", stop | {"transactionId": 57}, Peer.PROXY)
    refused = (await rows_of(world, records))[0]
    wire.answer("StopTransaction", stop | {"transactionId": 57}, {}, target=Peer.PROXY)
    after = (await rows_of(world, records))[0]

    assert (None, None) == (before.start_acknowledged_at, before.stop_acknowledged_at)
    assert ("57", world.now, "Invalid", "Busy") == (
        refused.csms_transaction_id,
        refused.start_acknowledged_at,
        refused.id_tag_status,
        refused.stop_refusal,
    )
    assert ("1000000001", world.now, None, 5000.0) == (
        after.transaction_id,
        after.stop_acknowledged_at,
        after.stop_refusal,
        after.energy_wh,
    )


async def test_energy_is_never_negative(site: Site, records: TransactionRecords) -> None:
    wire = Wire(site.world, OcppVersion.V1_6)
    now = site.world.now
    wire.answer("StartTransaction", start_at(now), ACCEPTED)
    wire.call("MeterValues", values_at(now + SECOND, 10))
    wire.call("StopTransaction", stop_at(now + HOUR, meterStop=20))

    assert [0.0] == [row.energy_wh for row in await rows_of(site.world, records)]


@pytest.mark.parametrize("facts_survive", [True, False])
async def test_an_open_transaction_goes_on_in_its_row_after_a_restart(
    tmp_path: Path, *, facts_survive: bool
) -> None:
    """Also when the machine died before the facts of the charger were on disk."""
    storage = StorageSettings(data_dir=tmp_path / "data")
    async with World(storage) as world, site_in(world):
        now = world.now
        first = recorder(world)
        first.start()
        wire = Wire(world, OcppVersion.V1_6)
        wire.answer("StartTransaction", start_at(now), ACCEPTED)
        await rows_of(world, first)
        if not facts_survive:
            async with world.database.writing() as connection:
                await connection.exec_driver_sql("DELETE FROM chargers")
            world.records._changed.clear()
            world.keeper.drop_all("CP1")
        await first.stop()
        wire.leave()
    async with World(storage) as world, site_in(world):
        second = recorder(world)
        second.start()
        wire = Wire(world, OcppVersion.V1_6)
        wire.call("MeterValues", values_at(now + 60 * SECOND, 3500))
        running = await rows_of(world, second)
        wire.call("StopTransaction", stop_at(now + HOUR))
        ended = await rows_of(world, second)
        await second.stop()

    assert [(1, 2500.0, "CARD-1234", None, False)] == [
        (row.id, row.energy_wh, row.id_tag, row.closed_at, row.gap) for row in running
    ]
    assert [(1, 5000.0, False)] == [(row.id, row.energy_wh, row.adopted) for row in ended]


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


async def test_a_deleted_charger_leaves_no_record(site: Site, records: TransactionRecords) -> None:
    world = site.world
    wire = Wire(world, OcppVersion.V1_6)
    now = world.now
    wire.answer("StartTransaction", start_at(now), ACCEPTED)
    await rows_of(world, records)
    wire.call("MeterValues", values_at(now, 3500))
    wire.leave()
    await world.hub.forget("CP1")

    assert [] == await rows_of(world, records)


async def test_after_the_stop_nothing_is_recorded(site: Site) -> None:
    records = recorder(site.world)
    records.start()
    await records.stop()
    await records.stop()
    starts(Wire(site.world, OcppVersion.V1_6), 1)

    assert [] == await rows_of(site.world, records)


async def test_garbage_breaks_nothing(site: Site, records: TransactionRecords) -> None:
    """Bad input is normal input: neither frames nor records stop because of it."""
    charger: ScriptedCharger = await site.charger()
    for payload in ("null", "[]", '{"transactionId":{}}', '{"meterValue":[[]]}', '{"evse":7}'):
        for action in ("MeterValues", "StartTransaction", "StopTransaction", "TransactionEvent"):
            await charger.send_text(f'[2,"{action}","{action}",{payload}]')
    await boot(charger)
    answer = await charger.send_call("StartTransaction", start_at(site.world.now))

    assert str(answer.payload["transactionId"]) in [
        row.transaction_id for row in await rows_of(site.world, records)
    ]
