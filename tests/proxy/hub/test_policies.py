"""What the owner decides about chargers takes effect at once, and stays."""

import pytest
from tests.proxy.hub.conftest import (
    Live,
    World,
    boot,
    break_database,
    charger_of,
    refusal,
    relayed,
    until,
)

from oye_proxy.errors import (
    StorageError,
)
from oye_proxy.hub.issues import IssueKey
from oye_proxy.ocppj.modes import Link, Mode
from oye_proxy.ocppj.profiles.wishes import PauseStrategy
from oye_proxy.settings import UnknownChargers
from oye_proxy.simulator.scripted import (
    ScriptedCsms,
)


class TestPolicies:
    async def test_a_mode_takes_effect_at_once(self, world: World, csms: ScriptedCsms) -> None:
        charger, link = await relayed(world, csms)
        async with charger:
            await world.hub.policies.set_mode("CP1", Mode.STANDALONE)
            await link.wait_ended()
            state = world.hub.charger("CP1")
            await boot(charger)

        assert (Mode.STANDALONE, Link.STANDALONE) == (state.mode, state.link)
        assert (False, None) == (state.csms_connected, state.csms_url)

    async def test_without_a_csms_there_is_only_standalone(self, world: World) -> None:
        async with await world.connect():
            await world.hub.policies.set_mode("CP1", Mode.MONITOR)
            state = world.hub.charger("CP1")

        assert (Mode.STANDALONE, (Mode.STANDALONE,)) == (state.mode, state.modes)
        assert Mode.MONITOR is world.hub.policies.wished_mode("CP1")

    async def test_a_mode_that_cannot_be_stored_is_not_set(self, world: World) -> None:
        async with await world.connect():
            await break_database(world)
            with pytest.raises(StorageError):
                await world.hub.policies.set_mode("CP1", Mode.MONITOR)

        assert charger_of(world).wished_mode is None

    async def test_a_way_to_pause_is_stored_and_shown(self, live: Live) -> None:
        world = await live()
        async with await world.connect():
            await world.hub.policies.set_pause_strategy("CP1", PauseStrategy.REMOTE_STOP)
            shown = world.hub.charger("CP1").pause_strategy
        second = await live()

        assert PauseStrategy.REMOTE_STOP is shown
        assert PauseStrategy.REMOTE_STOP is second.hub.charger("CP1").pause_strategy

    async def test_a_way_to_pause_that_cannot_be_stored_is_not_set(self, world: World) -> None:
        async with await world.connect():
            await break_database(world)
            with pytest.raises(StorageError):
                await world.hub.policies.set_pause_strategy("CP1", PauseStrategy.REMOTE_STOP)

        assert PauseStrategy.LIMIT_ZERO is world.hub.charger("CP1").pause_strategy

    async def test_a_mode_is_stored_even_before_the_connection_is(self, live: Live) -> None:
        """The record of a first connection may still wait for the database."""
        world = await live()
        async with await world.connect(), world.keeper.alone():
            await world.hub.policies.set_mode("CP1", Mode.MONITOR)
            await world.hub.policies.rename("CP1", "Garage")
        second = await live()

        assert Mode.MONITOR is charger_of(second).wished_mode
        assert "Garage" == second.hub.charger("CP1").name

    async def test_forwarding_off_closes_the_links_and_withdraws_what_they_raised(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        charger, link = await relayed(world, csms)
        async with charger:
            await csms.stop()
            await until(lambda: world.issue(IssueKey.CSMS_UNREACHABLE) is not None)
            await world.state.update(forwarding=False)
            await until(lambda: world.issue(IssueKey.CSMS_UNREACHABLE) is None)
            await boot(charger)
        await link.wait_ended()

        assert Link.STANDALONE is world.hub.charger("CP1").link

    async def test_another_csms_is_dialled_at_once(self, world: World, csms: ScriptedCsms) -> None:
        charger, link = await relayed(world, csms)
        async with charger, ScriptedCsms() as other:
            await world.state.update(csms_url=f"{other.url}/elsewhere")
            await link.wait_ended()
            await other.next_connection()
            await until(lambda: world.hub.csms_links == 1)

            assert f"{other.url}/elsewhere" == world.hub.charger("CP1").csms_url


class TestApproval:
    async def test_a_stranger_waits_for_the_owner(self, live: Live) -> None:
        """404 until the owner agrees."""
        world = await live(unknown=UnknownChargers.APPROVE)
        before = await refusal(world)
        waiting = world.hub.charger("CP1")
        await world.hub.policies.approve("CP1", approved=True)
        async with await world.connect() as charger:
            await boot(charger)
            state = world.hub.charger("CP1")

        assert 404 == before
        assert (False, False) == (waiting.approved, waiting.connected)
        assert (True, True) == (state.approved, state.connected)

    @pytest.mark.parametrize("approved", [True, False])
    async def test_the_word_of_the_owner_survives_a_restart(
        self, live: Live, *, approved: bool
    ) -> None:
        world = await live(unknown=UnknownChargers.APPROVE)
        async with world.keeper.alone():
            await refusal(world)
        if approved:
            await world.hub.policies.approve("CP1", approved=True)
        await world.settle()
        second = await live(unknown=UnknownChargers.APPROVE)

        assert approved is second.hub.charger("CP1").approved

    async def test_who_is_not_wanted_any_more_is_closed_and_kept_out(self, world: World) -> None:
        async with await world.connect() as charger:
            await world.hub.policies.approve("CP1", approved=False)
            code = await charger.wait_ended()

        assert 1008 == code
        assert 404 == await refusal(world)

    async def test_a_charger_that_is_away_can_be_kept_out(self, world: World) -> None:
        async with await world.connect():
            pass
        await until(lambda: world.hub.connected == 0)
        await world.hub.policies.approve("CP1", approved=False)

        assert 404 == await refusal(world)

    async def test_rejected_strangers_leave_no_record(self, live: Live) -> None:
        world = await live(unknown=UnknownChargers.REJECT)

        assert 404 == await refusal(world)
        assert ([], ()) == world.hub.snapshot()

    async def test_public_strangers_are_bounded(self, live: Live) -> None:
        world = await live()
        for number in range(10):
            async with await world.connect(f"CP{number}", address="8.8.8.8"):
                pass

        assert 429 == await refusal(world, "CP10", address="8.8.8.8")
        async with await world.connect("CP0", address="8.8.8.8"):
            assert world.hub.charger("CP0").connected

    @pytest.mark.parametrize("by", ["csms", "name", "mode", "approval", "limit", "nobody"])
    async def test_who_is_confirmed_stays_so_over_a_restart(
        self, live: Live, csms: ScriptedCsms, by: str
    ) -> None:
        """A thousand strangers are enough, but a charger that counts is no stranger."""
        world = await live()
        if by == "csms":
            await world.state.update(csms_url=f"{csms.url}/ocpp", forwarding=True)
        async with await world.connect():
            if by == "name":
                await world.hub.policies.rename("CP1", "Garage")
            elif by == "mode":
                await world.hub.policies.set_mode("CP1", Mode.MONITOR)
            elif by == "approval":
                await world.hub.policies.approve("CP1", approved=True)
            elif by == "limit":
                await world.hub.policies.set_max_current("CP1", 16)
            confirmed = charger_of(world).confirmed
        await world.settle()
        second = await live()

        assert (by != "nobody") is confirmed
        assert confirmed is charger_of(second).confirmed
