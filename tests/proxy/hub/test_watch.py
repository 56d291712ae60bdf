"""The round every minute: silent chargers, chargers that refuse too much, issues that are old."""

from datetime import timedelta

import pytest
from tests.proxy.hub.conftest import START, World, charger_of

from oye_proxy.hub.issues import IssueKey
from oye_proxy.ocppj.commands import Notice, NoticeName, Peer, Record
from oye_proxy.ocppj.frames import parse
from oye_proxy.ocppj.journal.journal import Journal, Stock
from oye_proxy.transport.bridge import Bridge
from oye_proxy.transport.ports import LinkChange, LinkReason


def connected(world: World) -> Bridge:
    bridge = world.bridge()
    bridge.start(None)
    charger_of(world).last_seen = world.now
    return bridge


def tell(world: World, bridge: Bridge, text: str, times: int = 1) -> None:
    record = Record(source=Peer.CHARGER, target=Peer.CSMS, data=text, frame=parse(text))
    for _ in range(times):
        world.hub.observe(bridge, record, world.now)


class TestSilence:
    async def test_a_quarter_of_an_hour_without_a_frame(self, world: World) -> None:
        bridge = connected(world)
        world.now += timedelta(minutes=15)
        world.watch.look()
        before = world.issue(IssueKey.CHARGER_SILENT)
        world.now += timedelta(seconds=1)
        world.watch.look()
        issue = world.issue(IssueKey.CHARGER_SILENT)
        await bridge.close(1000, "")

        assert before is None
        assert issue is not None
        assert {"lastSeen": START.isoformat()} == issue.params

    async def test_a_frame_ends_it(self, world: World) -> None:
        bridge = connected(world)
        world.now += timedelta(hours=1)
        world.watch.look()
        tell(world, bridge, '[2,"1","Heartbeat",{}]')
        world.watch.look()
        await bridge.close(1000, "")

        assert world.issue(IssueKey.CHARGER_SILENT) is None

    async def test_three_heartbeats_may_be_longer(self, world: World) -> None:
        bridge = connected(world)
        call = parse('[2,"1","BootNotification",{}]')
        text = '[3,"1",{"status":"Accepted","interval":3600,"currentTime":"2026-11-21T10:00:00Z"}]'
        answer = Record(
            source=Peer.CSMS,
            target=Peer.CHARGER,
            data=text,
            frame=parse(text),
            call=call,  # type: ignore[arg-type]  # it is a CALL
        )
        world.hub.observe(bridge, answer, world.now)
        world.now += timedelta(hours=3)
        world.watch.look()
        await bridge.close(1000, "")

        assert world.issue(IssueKey.CHARGER_SILENT) is None

    async def test_who_is_away_is_not_silent(self, world: World) -> None:
        bridge = connected(world)
        world.now += timedelta(hours=1)
        world.watch.look()
        await bridge.close(1000, "")
        world.watch.look()

        assert world.issue(IssueKey.CHARGER_SILENT) is None


class TestErrorRate:
    async def test_more_than_five_percent_in_ten_minutes(self, world: World) -> None:
        """Contracts 4.4: > 5 % of CALLs answered by CALLERROR in 10 min."""
        bridge = connected(world)
        tell(world, bridge, '[3,"1",{}]', times=18)
        tell(world, bridge, '[4,"1","InternalError","",{}]', times=2)
        world.watch.look()
        issue = world.issue(IssueKey.ERROR_RATE)
        for _ in range(10):
            world.watch.look()
        await bridge.close(1000, "")

        assert issue is not None
        assert {"percent": 10} == issue.params
        assert world.issue(IssueKey.ERROR_RATE) is None

    async def test_a_few_answers_are_no_rate(self, world: World) -> None:
        bridge = connected(world)
        tell(world, bridge, '[4,"1","InternalError","",{}]', times=19)
        world.watch.look()
        await bridge.close(1000, "")

        assert world.issue(IssueKey.ERROR_RATE) is None

    async def test_a_deleted_charger_is_forgotten(self, world: World) -> None:
        bridge = connected(world)
        tell(world, bridge, '[4,"1","InternalError","",{}]', times=20)
        await world.hub.forget("CP1")
        world.watch.look()

        assert () == world.hub.issues.issues


class TestOldIssues:
    async def test_a_duplicate_is_old_ten_minutes_after_its_last_refusal(
        self, world: World
    ) -> None:
        bridge = connected(world)
        for minutes in (0, 9):
            world.now = START + timedelta(minutes=minutes)
            world.hub.observe(bridge, Notice(NoticeName.DUPLICATE_CHARGER, {}), world.now)
        world.now += timedelta(minutes=10)
        world.watch.look()
        still = world.issue(IssueKey.DUPLICATE_CHARGER)
        world.now += timedelta(seconds=1)
        world.watch.look()
        await bridge.close(1000, "")

        assert still is not None
        assert world.issue(IssueKey.DUPLICATE_CHARGER) is None

    async def test_a_refusal_is_old_a_day_after_the_last_attempt(self, world: World) -> None:
        """The charger may be unplugged since."""
        bridge = connected(world)
        world.hub.link_changed(bridge, LinkChange(reason=LinkReason.REFUSED, status=403))
        world.now += timedelta(hours=25)
        world.watch.look()
        issues = world.hub.issues.issues
        await bridge.close(1000, "")

        assert IssueKey.CSMS_REFUSED not in {issue.key for issue in issues}

    async def test_a_redirection_is_old_after_a_day(self, world: World) -> None:
        bridge = connected(world)
        world.hub.observe(bridge, Notice(NoticeName.CHARGER_REDIRECTED, {}), world.now)
        world.now += timedelta(hours=25)
        world.watch.look()
        await bridge.close(1000, "")

        assert world.issue(IssueKey.CHARGER_REDIRECTED) is None


async def test_when_it_stopped_it_counts_no_more(world: World) -> None:
    bridge = connected(world)
    await world.watch.stop()
    tell(world, bridge, '[4,"1","InternalError","",{}]', times=20)
    world.watch.look()
    await bridge.close(1000, "")

    assert world.issue(IssueKey.ERROR_RATE) is None


class TestJournal:
    @pytest.mark.parametrize(
        ("pending", "told"),
        [
            ((1000,), [None]),
            ((1001, 1500), [1001, 1500]),
            ((1001, 900, 501, 500), [1001, 1001, 1001, None]),
        ],
    )
    async def test_more_than_a_thousand_messages_that_wait_for_the_csms_are_told(
        self, world: World, pending: tuple[int, ...], told: list[int | None]
    ) -> None:
        """Until half of them are gone: an issue that flickers helps nobody."""
        bridge = connected(world)
        found = []
        for count in pending:
            charger_of(world).journal = Journal(Stock(transactions=count))
            world.watch.look()
            issue = world.issue(IssueKey.JOURNAL_GROWING)
            found.append(None if issue is None else issue.params["pending"])
        await bridge.close(1000, "")

        assert told == found
