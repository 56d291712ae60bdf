"""What the hub makes of conversations and links: news, records, counts; and nothing waits."""

from datetime import timedelta

import pytest
from tests.proxy.hub.conftest import (
    OWNER,
    START,
    Live,
    World,
    boot,
    boot_answered,
    break_database,
    charger_of,
    relayed,
    until,
)
from tests.proxy.ocppj.lives import start

from oye_proxy.hub.events import ChargerChanged, FramePassed
from oye_proxy.ocppj.commands import (
    InjectionState,
    Notice,
    NoticeName,
    Progress,
)
from oye_proxy.ocppj.modes import Link
from oye_proxy.simulator.scripted import Handshake, ScriptedCsms
from oye_proxy.transport.bridge import Bridge
from oye_proxy.transport.ports import LinkChange, LinkReason


class TestConnections:
    async def test_an_id_that_makes_trouble_is_warned_of(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        """P4/Q4 3.1.1 and HTTP Basic; case-sensitive ids that only people take for one."""
        long_id = "x" * 49
        for charge_point_id in ("CP1", "cp1", "a:b", long_id):
            await (await world.connect(charge_point_id)).close()

        assert [
            "cp1 differs from CP1 in case only",
            "a:b: an id with a colon cannot be used with a password (HTTP Basic)",
            f"{long_id}: the id has more than the 48 characters that OCPP 2.x allows",
        ] == [record.getMessage() for record in caplog.records]

    async def test_a_charger_is_seen_when_it_sends(self, world: World, csms: ScriptedCsms) -> None:
        """Not when somebody sends to it."""
        charger, link = await relayed(world, csms)
        async with charger:
            await link.send_text('[2,"c-1","ClearCache",{}]')
            await charger.receive()
            silent = charger_of(world).last_seen
            await charger.send_text('[3,"c-1",{"status":"Accepted"}]')
            await link.receive()

        assert charger_of(world).connected_at == silent
        assert silent != charger_of(world).last_seen


class TestFrames:
    async def test_a_frame_is_told_and_counted(self, world: World) -> None:
        async with await world.connect() as charger:
            world.events.clear()
            await boot(charger)
            frames = [event for event in world.events if isinstance(event, FramePassed)]

        assert ["BootNotification"] == [
            frame.record.frame.action
            for frame in frames
            if frame.record.frame is not None and hasattr(frame.record.frame, "action")
        ]
        assert ChargerChanged("CP1") == world.events[-1] or world.news("disconnected")
        assert (1, 1) == (world.metrics.inbound.value, world.metrics.outbound.value)

    async def test_a_broken_database_delays_no_frame(self, world: World) -> None:
        """Promise 4."""
        await break_database(world)
        async with await world.connect() as charger:
            await boot(charger)
            await charger.send_call("Heartbeat", {})

    async def test_frames_of_an_unknown_protocol_pass_unread(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        await world.state.update(csms_url=f"{csms.url}/ocpp", forwarding=True)
        async with await world.connect(subprotocols=["ocpp9.9"]) as charger:
            link = await csms.next_connection()
            await charger.send_text('["anything"]')

            assert '["anything"]' == await link.receive()


class TestBoot:
    async def test_its_heartbeats_judge_the_silence_of_a_charger_without_pongs(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        charger, link = await relayed(world, csms)
        async with charger:
            await boot_answered(charger, link, "Accepted")
            first = charger_of(world).bridge
            assert isinstance(first, Bridge)
            told = first._charger_life.heartbeat_interval
        await until(lambda: world.hub.connected == 0)
        async with await world.connect():
            second = charger_of(world).bridge
            assert isinstance(second, Bridge)
            remembered = second._charger_life.heartbeat_interval

        assert (77, 77) == (told, remembered)

    async def test_a_charger_without_pongs_is_remembered(self, world: World) -> None:
        bridge = world.bridge()
        bridge.start(None)
        bridge._charger_life.no_pong = True
        await bridge.close(1000, "")

        assert charger_of(world).no_pong


class TestLink:
    async def test_a_link_that_comes_and_goes_is_news(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        charger, link = await relayed(world, csms)
        async with charger:
            await link.close(1001)
            await csms.next_connection()
            await until(lambda: len(world.news("csms_restored")) == 2)
            told = [news.event for news in world.news("csms_restored", "csms_lost")]

        assert ["csms_restored", "csms_lost", "csms_restored"] == told

    async def test_news_of_a_transaction_says_whether_the_csms_can_hear_of_it(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        charger, link = await relayed(world, csms)
        async with charger:
            await charger.send_text(start("s-1"))
            answer = {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}
            await link.answer_next(answer, "StartTransaction")
            await charger.receive()
        (news,) = world.news("transaction_started")

        assert news.data["csmsConnected"]


class TestNotices:
    async def test_a_flood_of_frames_is_logged(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        bridge = world.bridge()
        bridge.start(None)
        world.hub.observe(
            bridge, Notice(NoticeName.FRAME_RATE, {"perSecond": 80, "limit": 50}), START
        )
        await bridge.close(1000, "")

        assert "CP1 sends 80 frames a second, more than 50; all of them pass" in caplog.messages

    async def test_what_is_too_much_is_counted(self, world: World) -> None:
        bridge = world.bridge()
        bridge.start(None)
        for name in (NoticeName.PENDING_OVERFLOW, NoticeName.PAYLOAD_TOO_LARGE):
            world.hub.observe(bridge, Notice(name, {}), START)
        await bridge.close(1000, "")

        assert 1 == world.metrics.pending_overflow.value
        assert 1 == world.metrics.payload_too_large.value

    async def test_standing_in_after_a_while_is_told(self, live: Live, csms: ScriptedCsms) -> None:
        """No frame says it: the link was held, and is not any more."""
        world = await live(standalone_after=0.05)
        charger, _ = await relayed(world, csms)
        async with charger:
            csms.handshake = Handshake(silent=True)
            await csms.connections[0].abort()
            await until(lambda: world.hub.charger("CP1").link is Link.HOLDING)
            world.events.clear()
            await until(lambda: ChargerChanged("CP1") in world.events)

            assert Link.STANDALONE is world.hub.charger("CP1").link

    async def test_another_notice_is_news(self, world: World) -> None:
        bridge = world.bridge()
        bridge.start(None)
        world.hub.observe(bridge, Notice(NoticeName.COMMAND_BLOCKED, {"action": "Reset"}), START)
        await bridge.close(1000, "")

        assert [{"action": "Reset"}] == [news.data for news in world.news("command_blocked")]


class TestInjections:
    async def test_its_progress_is_news_and_its_end_counted(self, world: World) -> None:
        async with await world.connect() as charger:
            injection = await world.hub.inject("CP1", "ClearCache", {}, origin=OWNER)
            await charger.answer_next({"status": "Accepted"}, "ClearCache")
            await injection.outcome(5)
        told = [(news.data["state"], news.data["action"]) for news in world.news("injection")]

        assert [("sent", "ClearCache"), ("answered", "ClearCache")] == told
        assert {("answered",): 1} == world.metrics.injections.values

    async def test_a_timeout_is_counted_by_its_action(self, world: World) -> None:
        bridge = world.bridge()
        bridge.start(None)
        injection = await world.hub.inject("CP1", "ClearCache", {}, origin=OWNER)
        timed_out = Progress(message_id=injection.message_id, state=InjectionState.TIMED_OUT)
        world.hub.observe(bridge, timed_out, START + timedelta(seconds=30))
        await bridge.close(1000, "")

        assert {("outbound", "ClearCache"): 1} == world.metrics.timeouts.values

    async def test_follow_ups_are_news(self, world: World) -> None:
        async with await world.connect(subprotocols=["ocpp2.0.1"]) as charger:
            await world.hub.inject(
                "CP1", "GetBaseReport", {"reportBase": "FullInventory"}, origin=OWNER
            )
            call = await charger.answer_next({"status": "Accepted"}, "GetBaseReport")
            report = {"requestId": call.payload["requestId"], "seqNo": 0, "tbc": False}
            await charger.send_call("NotifyReport", report)
        last = world.news("injection")[-1]

        assert ("follow_up", "NotifyReport", True) == (
            last.data["state"],
            last.data["action"],
            last.data["last"],
        )


async def test_what_is_told_of_a_deleted_charger_is_ignored(world: World) -> None:
    bridge = world.bridge()
    bridge.start(None)
    await world.hub.forget("CP1")
    world.events.clear()
    world.hub.observe(bridge, Notice(NoticeName.COMMAND_BLOCKED, {}), START)
    world.hub.link_changed(bridge, LinkChange(reason=LinkReason.CONNECTED))

    assert [] == world.events
