"""A charger as clients see it, connected or not."""

import msgspec
import pytest
from tests.proxy.hub.conftest import START, World, boot, charger_of

from oye_proxy.hub.chargers import ChargerState
from oye_proxy.ocppj.modes import Link, Mode
from oye_proxy.simulator.scripted import ScriptedCsms


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
