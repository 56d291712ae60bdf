"""Transactions as they pass a hub, and the records that are made of them (docs/OCPP.md)."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.proxy.features.conftest import Site, site_in
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
from tests.proxy.hub.conftest import World, boot

from oye_proxy.features.transaction_records import TransactionRecords
from oye_proxy.hub.injections import Origin
from oye_proxy.ocppj.commands import Peer
from oye_proxy.ocppj.intents.requests import StartRequest
from oye_proxy.ocppj.timestamps import to_text
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import StorageSettings
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms
from oye_proxy.storage.samples import SampleStore

ENERGY = "Energy.Active.Import.Register"


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
            world.records._rows.forget("CP1")
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
