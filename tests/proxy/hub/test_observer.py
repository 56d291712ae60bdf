"""What the hub makes of conversations and links: issues, news, counts; and nothing waits."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.proxy.hub.conftest import (
    OWNER,
    START,
    Live,
    World,
    boot,
    break_database,
    charger_of,
    relayed,
    until,
)
from tests.proxy.ocppj.lives import start

from oye_proxy.hub.events import ChargerChanged, FramePassed
from oye_proxy.hub.issues import IssueKey, Severity
from oye_proxy.ocppj.commands import (
    InjectionState,
    Notice,
    NoticeName,
    Progress,
)
from oye_proxy.ocppj.modes import Link
from oye_proxy.settings import Secret
from oye_proxy.simulator.peer import ScriptedPeer
from oye_proxy.simulator.scripted import Handshake, ScriptedCharger, ScriptedCsms
from oye_proxy.transport.bridge import Bridge
from oye_proxy.transport.ports import Hello, LinkChange, LinkReason


async def came_and_left(world: World, **info: Any) -> None:
    bridge = world.bridge(**info)
    bridge.start(None)
    await bridge.close(1000, "")


async def boot_answered(charger: ScriptedCharger, link: ScriptedPeer, status: str) -> None:
    await charger.send_text(f'[2,"{status}","BootNotification",{{"chargePointModel":"Test"}}]')
    await link.answer_next(
        {"status": status, "interval": 77, "currentTime": "2026-11-21T10:00:00Z"},
        "BootNotification",
    )
    await charger.receive()


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
    @pytest.mark.parametrize("status", ["Pending", "Rejected"])
    async def test_a_charger_that_its_csms_does_not_accept_is_an_issue_until_it_does(
        self, world: World, csms: ScriptedCsms, status: str
    ) -> None:
        charger, link = await relayed(world, csms)
        async with charger:
            await boot_answered(charger, link, status)
            issue = world.issue(IssueKey.CHARGER_NOT_ACCEPTED)
            await boot_answered(charger, link, "Accepted")

        assert issue is not None
        assert {"status": status.lower()} == issue.params
        assert world.issue(IssueKey.CHARGER_NOT_ACCEPTED) is None

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


class TestSecurity:
    """`charger_unsecured`: over the internet a charger needs TLS and a password."""

    @pytest.mark.parametrize(
        ("address", "secure", "password", "expected"),
        [
            ("8.8.8.8", False, None, {"encrypted": False, "authenticated": False}),
            ("8.8.8.8", False, "x", {"encrypted": False, "authenticated": True}),
            ("8.8.8.8", True, None, {"encrypted": True, "authenticated": False}),
            ("2606:4700::1", False, "x", {"encrypted": False, "authenticated": True}),
            ("8.8.8.8", True, "x", None),
            ("192.168.1.7", False, None, None),
            ("100.64.0.7", False, None, None),
            ("fe80::7", False, None, None),
            ("", False, None, None),
        ],
    )
    async def test_only_who_comes_from_the_internet_is_told_of(
        self,
        world: World,
        address: str,
        password: str | None,
        expected: dict[str, bool] | None,
        *,
        secure: bool,
    ) -> None:
        await world.state.update(csms_url="ws://csms.test/ocpp", forwarding=True)
        secret = None if password is None else Secret(password)
        hello = Hello(raw_id="CP1", authorization=secret)
        await came_and_left(world, remote_address=address, secure=secure, hello=hello)
        issue = world.issue(IssueKey.CHARGER_UNSECURED)

        assert expected == (None if issue is None else issue.params)

    async def test_a_password_that_nobody_checks_is_none(self, world: World) -> None:
        """Without a CSMS and without local authentication."""
        hello = Hello(raw_id="CP1", authorization=Secret("x"))
        await came_and_left(world, remote_address="8.8.8.8", secure=True, hello=hello)
        issue = world.issue(IssueKey.CHARGER_UNSECURED)

        assert issue is not None
        assert {"encrypted": True, "authenticated": False} == issue.params

    @pytest.mark.parametrize(
        "safe",
        [
            {"remote_address": "8.8.8.8", "secure": True, "credential_hash": "argon2"},
            {"remote_address": "10.0.0.7"},
        ],
    )
    async def test_it_is_said_until_the_charger_comes_in_safely(
        self, world: World, safe: dict[str, Any]
    ) -> None:
        await came_and_left(world, remote_address="8.8.8.8")
        said = world.issue(IssueKey.CHARGER_UNSECURED)
        await came_and_left(world, **safe)

        assert said is not None
        assert "CP1" == said.charge_point_id
        assert world.issue(IssueKey.CHARGER_UNSECURED) is None


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

    async def test_the_instant_of_a_re_dial_is_no_issue(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        charger, link = await relayed(world, csms)
        async with charger:
            await link.close(1001)
            await csms.next_connection()
            await until(lambda: len(world.news("csms_restored")) == 2)

        assert not any(type(event).__name__ == "IssuesChanged" for event in world.events)

    async def test_a_csms_that_is_away_is_an_issue_until_it_is_back(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        charger, _ = await relayed(world, csms)
        async with charger:
            await csms.stop()
            await until(lambda: world.issue(IssueKey.CSMS_UNREACHABLE) is not None)
            await csms.start()
            await until(lambda: world.issue(IssueKey.CSMS_UNREACHABLE) is None)

    async def test_why_a_csms_is_away_is_said_and_logged_once(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        bridge = world.bridge()
        bridge.start(None)
        detail = "wss://csms: certificate verify failed"
        change = LinkChange(reason=LinkReason.UNREACHABLE, detail=detail, attempt=1, next_delay=2.0)
        world.hub.link_changed(bridge, change)
        world.hub.link_changed(bridge, replace(change, attempt=2, next_delay=4.0))
        issue = world.issue(IssueKey.CSMS_UNREACHABLE)
        await bridge.close(1000, "")

        assert issue is not None
        assert {"reason": "unreachable", "detail": detail} == issue.params
        assert [f"CP1: its CSMS cannot be reached ({detail}); the next attempt follows in 2 s"] == [
            record.getMessage() for record in caplog.records
        ]

    async def test_a_csms_that_refuses_is_not_away(self, world: World, csms: ScriptedCsms) -> None:
        charger, link = await relayed(world, csms)
        async with charger:
            csms.handshake = Handshake(status=403)
            await link.abort()
            await until(lambda: world.issue(IssueKey.CSMS_REFUSED) is not None)
            issue = world.issue(IssueKey.CSMS_REFUSED)

            assert issue is not None
            assert {"status": 403} == issue.params
            assert world.issue(IssueKey.CSMS_UNREACHABLE) is None

    async def test_an_address_that_leads_back_is_neither_away_nor_a_refusal(
        self, world: World
    ) -> None:
        bridge = world.bridge()
        bridge.start(None)
        for reason in (LinkReason.REFUSED, LinkReason.LOOP):
            world.hub.link_changed(bridge, LinkChange(reason=reason, status=403))
        raised = [(issue.key, issue.severity) for issue in world.hub.issues.issues]
        await bridge.close(1000, "")

        assert [(IssueKey.CSMS_LOOP, Severity.ERROR)] == raised

    @pytest.mark.parametrize(
        "reason", [LinkReason.UNREACHABLE, LinkReason.REFUSED, LinkReason.LOOP]
    )
    async def test_a_charger_that_left_knows_nothing_of_its_csms(
        self, world: World, reason: LinkReason
    ) -> None:
        bridge = world.bridge()
        bridge.start(None)
        world.hub.link_changed(bridge, LinkChange(reason=reason, status=403))
        raised = len(world.hub.issues.issues)
        await bridge.close(1000, "")

        assert 1 == raised
        assert () == world.hub.issues.issues


class TestNotices:
    async def test_a_redirection_is_an_issue_until_the_next_boot(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        charger, link = await relayed(world, csms)
        async with charger:
            key = '{"key":"AuthorizationKey","value":"00112233445566778899aabbccddeeff"}'
            await link.send_text(f'[2,"c-1","ChangeConfiguration",{key}]')
            await charger.receive_call("ChangeConfiguration")
            raised = world.issue(IssueKey.CHARGER_REDIRECTED)
            await boot_answered(charger, link, "Accepted")

        assert raised is not None
        assert world.issue(IssueKey.CHARGER_REDIRECTED) is None

    async def test_a_duplicate_is_an_issue(self, world: World) -> None:
        bridge = world.bridge()
        bridge.start(None)
        world.hub.observe(
            bridge, Notice(NoticeName.DUPLICATE_CHARGER, {"otherAddress": "8.8.8.8"}), START
        )
        await bridge.close(1000, "")
        issue = world.issue(IssueKey.DUPLICATE_CHARGER)

        assert issue is not None
        assert {"otherAddress": "8.8.8.8"} == issue.params

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
