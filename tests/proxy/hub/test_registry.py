"""The hub: who is known, who is connected, and that nothing is lost."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.proxy.hub.conftest import (
    OWNER,
    START,
    Live,
    World,
    boot,
    charger_of,
    locked,
    refusal,
    relayed,
    until,
)

from oye_proxy.errors import (
    ChargerNotConnectedError,
    ChargerUnknownError,
    InjectionAbortedError,
)
from oye_proxy.hub.events import ChargerChanged, ChargerRemoved
from oye_proxy.hub.issues import IssueKey
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import ChargerAuth, OnCsmsLoss
from oye_proxy.simulator.scripted import (
    Handshake,
    ScriptedCsms,
    basic_authorization,
)
from oye_proxy.storage.frames import FrameQuery, FrameStore

PASSWORD = "correct horse batte"


class TestConnections:
    async def test_a_charger_is_known_from_its_first_connection_on(self, world: World) -> None:
        async with await world.connect():
            chargers, issues = world.hub.snapshot()

        assert [("CP1", True)] == [(one.charge_point_id, one.connected) for one in chargers]
        assert () == issues

    async def test_it_stays_known_when_it_left(self, world: World) -> None:
        async with await world.connect() as charger:
            await boot(charger)
        await until(lambda: world.hub.connected == 0)
        state = world.hub.charger("CP1")

        assert (False, None, "OYE") == (state.connected, state.connected_at, state.vendor)

    async def test_news_come_in_order(self, world: World) -> None:
        async with await world.connect() as charger:
            await boot(charger)
        await until(lambda: world.hub.connected == 0)

        assert ["connected", "boot", "disconnected"] == [news.event for news in world.news()]

    async def test_the_snapshot_is_sorted(self, world: World) -> None:
        async with await world.connect("CP2"), await world.connect("CP1"):
            chargers, _ = world.hub.snapshot()

        assert ["CP1", "CP2"] == [charger.charge_point_id for charger in chargers]

    async def test_the_end_of_an_old_connection_leaves_the_new_one(self, world: World) -> None:
        """By connection object, never by id."""
        old, new = world.bridge(), world.bridge()
        old.start(None)
        new.start(None)
        world.hub.detach(old)
        kept = world.hub.bridge("CP1")
        await new.close(1000, "")
        gone = world.hub.bridge("CP1")
        await old.close(1000, "")

        assert kept is new
        assert gone is None

    async def test_a_link_of_an_old_connection_says_nothing_about_the_new_one(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        await relayed(world, csms)
        old = world.bridge("CP1")
        old.start(None)
        await old.close(1000, "")

        assert [] == world.news("csms_lost")

    async def test_who_is_unknown_has_no_bridge(self, world: World) -> None:
        assert world.hub.bridge("CP1") is None
        with pytest.raises(ChargerUnknownError):
            world.hub.charger("CP1")

    async def test_what_no_charger_told_is_ignored(self, world: World) -> None:
        world.hub.detach(world.bridge("CP9"))

        assert [] == world.events


class TestRemoval:
    async def test_disconnect_closes_the_connection(self, world: World) -> None:
        async with await world.connect() as charger:
            await world.hub.disconnect("CP1", "by the owner")

            assert 1008 == await charger.wait_ended()
        with pytest.raises(ChargerNotConnectedError):
            await world.hub.disconnect("CP1", "again")

    async def test_a_deleted_charger_is_gone_with_its_record(self, live: Live) -> None:
        world = await live()
        async with await world.connect() as charger:
            await boot(charger)
            injection = await world.hub.inject("CP1", "ClearCache", {}, origin=OWNER)
            await world.hub.forget("CP1")
            with pytest.raises(InjectionAbortedError):
                await injection.outcome(5)
        removed = ChargerRemoved("CP1") in world.events
        await world.settle()
        second = await live()

        assert removed
        assert ([], ()) == world.hub.snapshot()
        assert ([], ()) == second.hub.snapshot()

    async def test_what_a_deleted_charger_was_sent_is_not_answered_to_its_csms(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        """Promise 3."""
        await world.state.update(csms_url=csms.url, forwarding=True)
        async with await world.connect():
            injection = await world.hub.inject("CP1", "ClearCache", {}, origin=OWNER)
            await world.hub.forget("CP1")
        await csms.next_connection()
        async with await world.connect() as charger:
            link = await csms.next_connection()
            await charger.send_text(f'[3,"{injection.message_id}",{{"status":"Accepted"}}]')
            await charger.send_text('[2,"1","Heartbeat",{}]')

            assert '[2,"1","Heartbeat",{}]' == await link.receive()

    async def test_no_frame_of_a_deleted_charger_is_stored_late(self, world: World) -> None:
        async with await world.connect() as charger, await world.connect("CP2") as other:
            await boot(other)
            await boot(charger)
            await world.hub.forget("CP1")
        await until(lambda: world.hub.connected == 0)
        await world.writer.stop()
        frames = await FrameStore(world.database).search(FrameQuery())

        assert {"CP2"} == {frame.charge_point_id for frame in frames}

    async def test_nothing_that_waits_for_the_database_brings_a_deleted_charger_back(
        self, live: Live
    ) -> None:
        world = await live()
        async with await world.connect():
            async with locked(world):
                forgetting = asyncio.ensure_future(world.hub.forget("CP1"))
                await until(lambda: world.hub.connected == 0)
            await forgetting
        await world.settle()

        assert [] == await world.store.all()

    async def test_a_charger_that_comes_back_while_it_is_deleted_is_a_new_one(
        self, world: World
    ) -> None:
        async with await world.connect():
            await world.hub.policies.rename("CP1", "Garage")
            async with locked(world):
                forgetting = asyncio.ensure_future(world.hub.forget("CP1"))
                await until(lambda: world.hub.connected == 0)
                again = await world.connect()
            await forgetting
            await again.wait_ended()
            async with await world.connect():
                state = world.hub.charger("CP1")

        assert (None, True) == (state.name, state.connected)


class TestTurnedAway:
    """A charger that is not let in because of its CSMS: the owner sees why."""

    async def test_a_refusal_in_the_handshake_is_an_issue_until_the_charger_is_in(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        charger, _ = await relayed(world, csms)
        await charger.close()
        csms.handshake = Handshake(status=403)
        seen = await refusal(world)
        issue = world.issue(IssueKey.CSMS_REFUSED)
        csms.handshake = Handshake()
        async with await world.connect():
            after = world.issue(IssueKey.CSMS_REFUSED)

        assert 403 == seen
        assert issue is not None
        assert ("CP1", {"status": 403}) == (issue.charge_point_id, issue.params)
        assert after is None

    async def test_another_answer_is_another_issue(self, live: Live, csms: ScriptedCsms) -> None:
        world = await live(on_loss=OnCsmsLoss.CLOSE)
        charger, _ = await relayed(world, csms)
        await charger.close()
        keys = []
        for status in (401, 500, 404):
            csms.handshake = Handshake(status=status)
            await refusal(world)
            keys.append([issue.key for issue in world.hub.issues.issues])

        assert [
            [IssueKey.CSMS_REFUSED],
            [IssueKey.CSMS_UNREACHABLE],
            [IssueKey.CSMS_REFUSED],
        ] == keys

    async def test_a_stranger_leaves_no_trace(self, world: World, csms: ScriptedCsms) -> None:
        """Else anybody could fill the list of issues."""
        await world.state.update(csms_url=csms.url, forwarding=True)
        csms.handshake = Handshake(status=403)
        await refusal(world)

        assert ([], ()) == world.hub.snapshot()

    @pytest.mark.parametrize(
        ("change", "left"),
        [
            ({"csms_url": "ws://elsewhere/ocpp"}, 0),
            ({"forwarding": False}, 0),
            ({"auto_charge": True}, 1),
        ],
    )
    async def test_what_a_csms_said_ends_with_its_address(
        self, world: World, csms: ScriptedCsms, change: dict[str, Any], left: int
    ) -> None:
        charger, _ = await relayed(world, csms)
        await charger.close()
        csms.handshake = Handshake(status=403)
        await refusal(world)
        world.events.clear()
        await world.state.update(**change)
        await until(lambda: ChargerChanged("CP1") in world.events)

        assert left == len(world.hub.issues.issues)


class TestAuthentication:
    async def test_the_default_is_transparent_with_a_csms_and_none_without(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        async with await world.connect(headers=[basic_authorization("CP1", "anything")]):
            pass
        charger, _ = await relayed(world, csms)
        async with charger:
            assert 1 == len(csms.requests)

    async def test_a_wrong_password_is_refused_and_counted(self, live: Live) -> None:
        world = await live(auth=ChargerAuth.LOCAL)

        assert 401 == await refusal(world, headers=[basic_authorization("CP1", PASSWORD)])
        assert {("basic_invalid", "local"): 1} == world.metrics.auth_failures.values

    async def test_the_right_one_is_let_in_and_counted(self, live: Live) -> None:
        world = await live()
        async with await world.connect():
            pass
        charger = charger_of(world)
        charger.credential_hashes = (await world.checker.hash(PASSWORD.encode(), OcppVersion.V1_6),)
        world.records.credentials(charger)
        await world.settle()
        second = await live(auth=ChargerAuth.LOCAL)
        async with await second.connect(headers=[basic_authorization("CP1", PASSWORD)]):
            connected = second.hub.connected

        assert 1 == connected
        assert {("local",): 1} == second.metrics.auth_success.values


class TestRestart:
    async def test_facts_survive(self, live: Live) -> None:
        world = await live()
        async with await world.connect() as charger:
            await boot(charger)
        await until(lambda: world.hub.connected == 0)
        await world.settle()
        second = await live()
        state = second.hub.charger("CP1")

        assert ("OYE", "Test", False) == (state.vendor, state.model, state.connected)

    async def test_the_answer_to_an_injection_of_before_a_restart_is_swallowed(
        self, live: Live, csms: ScriptedCsms
    ) -> None:
        """It never reaches a CSMS, not after a restart of the proxy either (promise 3)."""
        world = await live()
        charger, _ = await relayed(world, csms)
        async with charger:
            await world.hub.inject("CP1", "ClearCache", {}, origin=OWNER)
            call = await charger.receive_call("ClearCache")
            await world.settle()
        second = await live()
        async with await second.connect() as charger:
            link = await csms.next_connection()
            await charger.answer(call, {"status": "Accepted"})
            await charger.send_text('[2,"after","Heartbeat",{}]')
            first_up = await link.receive()

        assert '[2,"after","Heartbeat",{}]' == first_up

    async def test_what_a_deleted_charger_was_sent_is_known_after_a_restart(
        self, live: Live, csms: ScriptedCsms
    ) -> None:
        """Promise 3: results and reports; and of the command itself nothing is left."""
        world = await live()
        charger, _ = await relayed(world, csms, subprotocols=["ocpp2.0.1"])
        async with charger:
            report = {"reportBase": "FullInventory"}
            await world.hub.inject("CP1", "GetBaseReport", report, origin=OWNER)
            call = await charger.receive_call("GetBaseReport")
            await world.hub.forget("CP1")
        await world.settle()
        second = await live()
        known, rows = second.hub.snapshot(), await second.injections.recent(START)
        async with await second.connect(subprotocols=["ocpp2.0.1"]) as charger:
            link = await csms.next_connection()
            await charger.answer(call, {"status": "Accepted"})
            notify = {"requestId": call.payload["requestId"], "seqNo": 0, "tbc": False}
            await charger.send_text(f'[2,"n","NotifyReport",{json.dumps(notify)}]')
            await charger.send_text('[2,"after","Heartbeat",{}]')
            first_up = await link.receive()

        assert '[2,"after","Heartbeat",{}]' == first_up
        assert ([], ()) == known
        assert [("", json.dumps({"requestId": notify["requestId"]}, separators=(",", ":")))] == [
            (row.user, row.payload) for row in rows
        ]

    async def test_what_changes_is_announced(self, world: World) -> None:
        async with await world.connect() as charger:
            await boot(charger)
            world.events.clear()
            await world.hub.policies.rename("CP1", "Garage")

        assert ChargerChanged("CP1") in world.events

    async def test_the_last_frame_survives(self, live: Live) -> None:
        world = await live()
        async with await world.connect() as charger:
            await boot(charger)
        await until(lambda: world.hub.connected == 0)
        last_seen = world.hub.charger("CP1").last_seen
        await world.settle()
        second = await live()
        kept = second.hub.charger("CP1").last_seen

        assert last_seen is not None
        assert kept is not None
        assert abs(last_seen - kept) < timedelta(seconds=1)
