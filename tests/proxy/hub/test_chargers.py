"""A charger as clients see it, connected or not."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest
from tests.proxy.hub.conftest import START, Live, World, boot, charger_of, until

from oye_proxy.hub.chargers import ChargerState
from oye_proxy.ocppj.facts.model import BootState
from oye_proxy.ocppj.modes import Link, Mode
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms


@pytest.mark.parametrize(
    ("wished", "forwarding", "mode"),
    [
        (None, True, Mode.FORWARD),
        (Mode.MONITOR, True, Mode.MONITOR),
        (Mode.MONITOR, False, Mode.STANDALONE),
        (Mode.STANDALONE, True, Mode.STANDALONE),
    ],
)
async def test_the_mode_is_the_owners_wish_where_there_is_a_csms(
    world: World, wished: Mode | None, mode: Mode, *, forwarding: bool
) -> None:
    charger = world.maker.new_charger("CP1")
    charger.wished_mode = wished

    assert mode is charger.mode(forwarding=forwarding)


async def test_a_charger_that_never_came(world: World) -> None:
    state = world.maker.new_charger("CP1").state(START, forwarding=False, csms_url=None)

    assert (False, None, None) == (state.connected, state.connected_at, state.last_seen)
    assert (Link.STANDALONE, False) == (state.link, state.csms_connected)


async def test_a_connected_charger(world: World, csms: ScriptedCsms) -> None:
    await world.state.update(
        csms_url=f"ws://user:secret@127.0.0.1:{csms.port}/a?b=c", forwarding=True
    )
    async with await world.connect(subprotocols=["ocpp2.0.1"]):
        await csms.next_connection()
        state = world.hub.charger("CP1")

    assert (True, "2.0.1", "ocpp2.0.1") == (state.connected, state.ocpp_version, state.subprotocol)
    assert (Link.CONNECTED, True, Mode.FORWARD) == (state.link, state.csms_connected, state.mode)
    assert tuple(Mode) == state.modes
    assert state.csms_url is not None
    assert "secret" not in state.csms_url
    assert "b=c" not in state.csms_url


async def test_it_is_json_in_camel_case(world: World) -> None:
    async with await world.connect() as charger:
        await boot(charger)
        state = world.hub.charger("CP1")
    text = msgspec.json.encode(state)

    assert state == msgspec.json.decode(text, type=ChargerState)
    assert b'"chargePointId":"CP1"' in text


async def test_the_entry_stays_when_the_connection_goes(world: World) -> None:
    async with await world.connect():
        first = charger_of(world)
    async with await world.connect():
        assert first is charger_of(world)


METADATA = {
    "vendor": "OYE",
    "model": "Wall 22",
    "serial_number": "SN-1",
    "firmware_version": "1.2.3",
    "iccid": "8949",
    "imsi": "2620",
    "boot_state": BootState.ACCEPTED,
    "connector_count": 3,
    "rated_power_w": 22_080.0,
}
BOOT_1_6 = {
    "chargePointVendor": "OYE",
    "chargePointModel": "Wall 22",
    "chargePointSerialNumber": "SN-1",
    "chargeBoxSerialNumber": "other",
    "firmwareVersion": "1.2.3",
    "iccid": "8949",
    "imsi": "2620",
    "meterType": "DIN",
    "meterSerialNumber": "M-1",
}
BOOT_2 = {
    "reason": "PowerUp",
    "chargingStation": {
        "vendorName": "OYE",
        "model": "Wall 22",
        "serialNumber": "SN-1",
        "firmwareVersion": "1.2.3",
        "modem": {"iccid": "8949", "imsi": "2620"},
    },
}
TIME = "2026-11-21T10:00:00Z"
OFFERED = {"value": "22.08", "measurand": "Power.Offered", "unit": "kW"}


async def told_1_6(charger: ScriptedCharger) -> None:
    await charger.send_call("BootNotification", BOOT_1_6)
    status = {"connectorId": 3, "errorCode": "NoError", "status": "Available"}
    await charger.send_call("StatusNotification", status)
    values = [{"timestamp": TIME, "sampledValue": [OFFERED]}]
    await charger.send_call("MeterValues", {"connectorId": 1, "meterValue": values})


async def told_2(charger: ScriptedCharger) -> None:
    await charger.send_call("BootNotification", BOOT_2)
    status = {"timestamp": TIME, "connectorStatus": "Available", "evseId": 3, "connectorId": 1}
    await charger.send_call("StatusNotification", status)
    offered = {"value": 22.08, "measurand": "Power.Offered", "unitOfMeasure": {"unit": "kW"}}
    values = [{"timestamp": TIME, "sampledValue": [offered]}]
    await charger.send_call("MeterValues", {"evseId": 1, "meterValue": values})


@pytest.mark.parametrize(
    ("subprotocol", "tell", "version", "meter"),
    [
        ("ocpp1.6", told_1_6, "1.6", ("DIN", "M-1")),
        ("ocpp2.0.1", told_2, "2.0.1", (None, None)),
        ("ocpp2.1", told_2, "2.1", (None, None)),
    ],
)
async def test_the_metadata_of_a_charger_is_what_its_frames_told(
    live: Live,
    subprotocol: str,
    tell: Callable[[ScriptedCharger], Awaitable[None]],
    version: str,
    meter: tuple[str | None, str | None],
) -> None:
    """ocpp.md 18, charger, connector count and rating; and all of it survives a restart."""
    world = await live()
    async with await world.connect(subprotocols=[subprotocol]) as charger:
        await tell(charger)
        connected = world.hub.charger("CP1")
        last_seen = charger_of(world).last_seen
    await until(lambda: world.hub.connected == 0)
    await world.records.stop()
    for state in (connected, (await live()).hub.charger("CP1")):
        assert {name: getattr(state, name) for name in METADATA} == METADATA
        assert (version, *meter) == (
            state.ocpp_version,
            state.meter_type,
            state.meter_serial_number,
        )
        assert last_seen is not None
        assert state.last_seen is not None
        assert abs((state.last_seen - last_seen).total_seconds()) <= 1
    assert "127.0.0.1" == connected.remote_address


async def test_two_sockets_at_once_make_one_charger(world: World) -> None:
    """First contact: one entry, one record, and the newest socket stays."""
    chargers = await asyncio.gather(*(world.connect() for _ in range(5)))
    await until(lambda: sum(charger.is_open for charger in chargers) == 1)
    await world.settle()
    rows = await world.store.all()
    for charger in chargers:
        await charger.close()

    assert ["CP1"] == [row.charge_point_id for row in rows]
    assert ["CP1"] == [charger.charge_point_id for charger in world.hub]
