"""Conversations are made from settings and shared knowledge; state counts at once."""

import pytest
from tests.proxy.hub.conftest import Live, World, charger_of

from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import GuardMode, OcppSettings
from oye_proxy.simulator.scripted import ScriptedCsms

TAG = {"idTag": "04A1B2C3"}


async def test_a_conversation_has_the_mode_and_version_of_its_charger(world: World) -> None:
    charger = world.maker.new_charger("CP1")
    conversation = world.maker.conversation(charger, OcppVersion.V2_1, Mode.MONITOR)

    assert (OcppVersion.V2_1, Mode.MONITOR) == (conversation.version, conversation.mode)


async def test_the_memory_of_injections_outlives_the_connection(world: World) -> None:
    async with await world.connect():
        before = charger_of(world).memory
    async with await world.connect():
        assert before is charger_of(world).memory


@pytest.mark.parametrize("interval", [60, 300])
async def test_the_heartbeat_interval_is_the_setting(live: Live, interval: int) -> None:
    world = await live(ocpp=OcppSettings(heartbeat_interval=interval))
    async with await world.connect() as charger:
        answer = await charger.send_call("BootNotification", {"chargePointModel": "Test"})

    assert f'"interval":{interval}' in answer.text.replace(" ", "")


async def test_automatic_charging_accepts_every_tag_from_the_moment_it_is_on(
    world: World,
) -> None:
    async with await world.connect() as charger:
        before = await charger.send_call("Authorize", TAG)
        await world.state.update(auto_charge=True)
        after = await charger.send_call("Authorize", TAG)
        world.events.clear()
        await world.state.update(auto_charge=False)
        again = await charger.send_call("Authorize", TAG)

    said = ["Accepted" in answer.text for answer in (before, after, again)]

    assert [False, True, False] == said


@pytest.mark.parametrize(("guard", "passes"), [(GuardMode.ALLOW, True), (GuardMode.BLOCK, False)])
async def test_the_guard_is_the_setting(
    live: Live, csms: ScriptedCsms, guard: GuardMode, *, passes: bool
) -> None:
    world = await live(ocpp=OcppSettings(guard=guard))
    await world.state.update(csms_url=f"{csms.url}/ocpp", forwarding=True)
    async with await world.connect() as charger:
        link = await csms.next_connection()
        await link.send_text(
            '[2,"c-1","ChangeConfiguration",{"key":"AuthorizationKey","value":"00112233"}]'
        )
        await link.send_text('[2,"c-2","ClearCache",{}]')
        first = await charger.receive_call()

    assert passes is (first.action == "ChangeConfiguration")
