"""The issues of one charger: raised with their reason, and gone with it."""

from typing import Any

import pytest
from msgspec.structs import replace
from tests.proxy.hub.conftest import START, World, boot_answered, relayed, until

from oye_proxy.hub.issues import IssueKey, Severity
from oye_proxy.ocppj.commands import Notice, NoticeName
from oye_proxy.settings import Secret
from oye_proxy.simulator.scripted import Handshake, ScriptedCsms
from oye_proxy.transport.ports import Hello, LinkChange, LinkReason


async def came_and_left(world: World, **info: Any) -> None:
    bridge = world.bridge(**info)
    bridge.start(None)
    await bridge.close(1000, "")


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


class TestCsms:
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


async def test_a_duplicate_is_an_issue(world: World) -> None:
    bridge = world.bridge()
    bridge.start(None)
    world.hub.observe(
        bridge, Notice(NoticeName.DUPLICATE_CHARGER, {"otherAddress": "8.8.8.8"}), START
    )
    await bridge.close(1000, "")
    issue = world.issue(IssueKey.DUPLICATE_CHARGER)

    assert issue is not None
    assert {"otherAddress": "8.8.8.8"} == issue.params
