"""The owner's limits, from the wish to the charger."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from tests.proxy.features.conftest import (
    SESSION_ID,
    WAIT,
    Manners,
    Site,
    cap,
    csms_answer,
    limits_sent,
    rival,
    sent,
    session,
    site_in,
)
from tests.proxy.hub.conftest import BOOT, World

from oye_proxy.errors import (
    ChargerNotConnectedError,
    ChargerReadOnlyError,
    InvalidRequestError,
)
from oye_proxy.ocppj.intents.requests import (
    ClearLimitRequest,
    LimitRequest,
    PauseRequest,
    ResumeRequest,
    SchedulePeriod,
    ScheduleRequest,
    StartRequest,
)
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.composite import Party
from oye_proxy.ocppj.profiles.ids import CAP_ID, LimitScope
from oye_proxy.ocppj.profiles.wishes import PauseStrategy
from oye_proxy.settings import StorageSettings
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms
from oye_proxy.storage.chargers import Contact

MINUTE = timedelta(minutes=1)


async def test_a_lasting_limit_is_set_verified_and_shown(site: Site) -> None:
    """Read the settings once, send, verify by GetCompositeSchedule."""
    manners = Manners()
    manners.composite_limit = 16
    charger = await site.charger(manners)
    outcome = await site.done(cap(16))
    await site.idle(charger)
    limits = site.state.limits

    assert outcome.accepted
    assert [(CAP_ID, 16)] == limits_sent(charger)
    assert 1 == len(sent(charger, "GetConfiguration"))
    assert (16, 16) == (limits.max_current_a, limits.max_current_accepted_a)
    assert (16, Party.OWNER, True) == (
        limits.effective_limit_a,
        limits.limit_source,
        limits.verified,
    )
    (row,) = await site.world.store.all()
    assert 16 == row.max_power


async def test_a_limit_without_a_transaction_is_kept_for_the_next(site: Site) -> None:
    """A TxProfile needs a running transaction (C16 3.13.1)."""
    charger = await site.charger()
    kept = await site.done(session(10))
    nothing_yet = limits_sent(charger)
    transaction_id = await site.start_transaction(charger)
    await site.idle(charger)

    assert kept.accepted
    assert kept.payload is None
    assert [] == nothing_yet
    assert [(SESSION_ID, 10)] == limits_sent(charger)
    profile = sent(charger)[0]["csChargingProfiles"]
    assert transaction_id == profile["transactionId"]
    (connector,) = site.state.limits.connectors
    assert (10, 10) == (connector.session_limit_a, connector.session_accepted_a)


async def test_a_limit_that_is_missing_is_told_before_its_place(site: Site) -> None:
    """No connector is known yet, but to name one would not help."""
    await site.charger()
    with pytest.raises(InvalidRequestError, match="Give either limitA or limitW"):
        await site.done(LimitRequest())


async def test_a_limit_below_6_a_is_told_as_a_pause(site: Site) -> None:
    """IEC 61851: no AC charging current below 6 A, so the charger gets 0 A."""
    charger = await site.charger()
    await site.start_transaction(charger)
    at_6 = await site.run(session(6))
    at_3 = await site.run(session(3))
    await at_3.outcome(5)
    await site.idle(charger)
    (connector,) = site.state.limits.connectors

    assert (False, True) == (at_6.pauses, at_3.pauses)
    assert [(SESSION_ID, 6), (SESSION_ID, 0)] == limits_sent(charger)
    assert Party.OWNER is connector.paused_by


async def test_a_session_limit_ends_with_its_transaction(site: Site) -> None:
    charger = await site.charger()
    transaction_id = await site.start_transaction(charger)
    await site.done(session(10))
    await site.stop_transaction(charger, transaction_id)
    await site.start_transaction(charger)
    await site.idle(charger)

    assert [(SESSION_ID, 10)] == limits_sent(charger)
    assert () == site.world.hub.find("CP1").limits.wishes


async def test_clearing_removes_own_profiles_by_their_ids(site: Site) -> None:
    """A bare ClearChargingProfile would wipe the CSMS's (C16-E 3.25)."""
    charger = await site.charger()
    await site.start_transaction(charger)
    await site.done(cap(16))
    await site.done(session(10))
    site.world.now += MINUTE
    outcome = await site.done(ClearLimitRequest())
    await site.idle(charger)

    assert outcome.accepted
    assert [{"id": CAP_ID}, {"id": SESSION_ID}] == sent(charger, "ClearChargingProfile")
    (row,) = await site.world.store.all()
    assert row.max_power is None
    assert (await site.done(ClearLimitRequest())).accepted
    assert 2 == len(sent(charger, "ClearChargingProfile"))


async def test_clearing_one_scope_leaves_the_others(site: Site) -> None:
    charger = await site.charger()
    await site.start_transaction(charger)
    await site.done(cap(16))
    await site.done(session(10))
    await site.done(ClearLimitRequest(scope=LimitScope.SESSION))

    assert [{"id": SESSION_ID}] == sent(charger, "ClearChargingProfile")


async def test_a_pause_holds_back_and_gives_the_limit_back(site: Site) -> None:
    charger = await site.charger()
    await site.start_transaction(charger)
    await site.done(session(10))
    await site.done(PauseRequest())
    paused = site.state.limits.connectors[0].paused
    await site.done(ResumeRequest())

    assert paused
    assert [10, 0, 10] == [limit for _, limit in limits_sent(charger)]
    assert not site.state.limits.paused


class TestPauseByStopping:
    """`remote_stop`, for chargers that end a transaction at 0 A anyway."""

    async def paused(self, site: Site, charger: ScriptedCharger) -> None:
        """Limit a transaction, pause it, and let the charger end it."""
        transaction_id = await site.start_transaction(charger)
        await site.world.hub.policies.set_pause_strategy("CP1", PauseStrategy.REMOTE_STOP)
        await site.done(session(10))
        await site.done(PauseRequest())
        await site.stop_transaction(charger, transaction_id)

        assert [{"transactionId": transaction_id}] == sent(charger, "RemoteStopTransaction")
        assert site.state.limits.paused

    async def test_a_resume_starts_again_with_the_tag_and_the_limit(self, site: Site) -> None:
        charger = await site.charger()
        await self.paused(site, charger)
        outcome = await site.done(ResumeRequest(id_tag="CARD"))
        await site.start_transaction(charger)
        await site.idle(charger)

        assert outcome.accepted
        assert [{"idTag": "CARD", "connectorId": 1}] == sent(charger, "RemoteStartTransaction")
        assert [10, 10] == [limit for _, limit in limits_sent(charger)]
        assert 1 == len(sent(charger, "RemoteStopTransaction"))
        assert not site.state.limits.paused

    async def test_a_car_that_has_left_is_not_started(self, site: Site) -> None:
        charger = await site.charger()
        await self.paused(site, charger)
        status = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
        await charger.send_call("StatusNotification", status)
        await site.done(ResumeRequest(id_tag="CARD"))

        assert [] == sent(charger, "RemoteStartTransaction")
        assert not site.state.limits.paused

    async def test_a_tag_that_cannot_be_sent_leaves_the_pause(self, site: Site) -> None:
        charger = await site.charger()
        await self.paused(site, charger)
        with pytest.raises(InvalidRequestError):
            await site.run(ResumeRequest(id_tag="T" * 21))

        assert site.state.limits.paused

    async def test_a_resume_without_a_pause_starts_nothing(self, site: Site) -> None:
        charger = await site.charger()
        await site.world.hub.policies.set_pause_strategy("CP1", PauseStrategy.REMOTE_STOP)
        await site.done(ResumeRequest(connector_id=1))

        assert [] == sent(charger, "RemoteStartTransaction")


async def test_of_several_connectors_the_paused_one_is_meant(site: Site) -> None:
    charger = await site.charger()
    for connector_id in (1, 2):
        await site.start_transaction(charger, connector_id)
    await site.done(PauseRequest(connector_id=2))
    await site.done(ResumeRequest())

    assert not site.state.limits.paused


async def test_a_pause_waits_for_the_transaction(site: Site) -> None:
    charger = await site.charger()
    assert (await site.done(PauseRequest(connector_id=1))).accepted
    await site.start_transaction(charger)
    await site.idle(charger)

    assert [(SESSION_ID, 0)] == limits_sent(charger)


async def test_a_boot_writes_again_after_its_answer_and_a_reconnect_does_not(site: Site) -> None:
    """C16-E 3.37: profiles persist, so a mere reconnect is no reason to wear the flash."""
    charger = await site.charger()
    await site.done(cap(16))
    await charger.close()
    site.world.now += MINUTE
    again = await site.world.connect()
    again.responder = Manners().answer
    await site.idle(again)
    after_reconnect = limits_sent(again)
    await again.send_call("BootNotification", BOOT)
    await site.idle(again)

    assert [] == after_reconnect
    assert [(CAP_ID, 16)] == limits_sent(again)
    assert [] == sent(again, "GetConfiguration")


async def test_a_limit_outlives_a_restart_of_the_proxy(tmp_path: Path) -> None:
    """The wish and what the charger has are kept: nothing is sent before a boot asks for it."""
    storage = StorageSettings(data_dir=tmp_path / "data")
    async with World(storage) as world, site_in(world) as site:
        charger = await site.charger()
        await site.done(cap(16))
    async with World(storage) as world, site_in(world) as site:
        world.now += MINUTE
        charger = await world.connect()
        charger.responder = Manners().answer
        await site.idle(charger)
        before = limits_sent(charger)
        await charger.send_call("BootNotification", BOOT)
        await site.idle(charger)

        assert [] == before
        assert [(CAP_ID, 16)] == limits_sent(charger)
        assert [] == sent(charger, "GetConfiguration")


async def test_the_limit_of_the_node_proxy_is_taken_over(tmp_path: Path) -> None:
    """The column max_power alone is known of a charger of the Node oye-proxy."""
    storage = StorageSettings(data_dir=tmp_path / "data")
    async with World(storage) as world:
        await world.store.note_contacts(
            [
                Contact(
                    charge_point_id="CP1",
                    online=False,
                    remote_ip="192.0.2.1",
                    remote_port=4711,
                    connected_at=world.now,
                    last_seen=world.now,
                )
            ]
        )
        await world.store.set_max_power("CP1", 13)
    async with World(storage) as world, site_in(world) as site:
        charger = await site.charger()
        await site.idle(charger)

        assert [(CAP_ID, 13)] == limits_sent(charger)
        assert 13 == site.state.limits.max_current_accepted_a


async def test_a_csms_that_clears_everything_is_answered_with_a_new_write(
    site: Site, csms: ScriptedCsms
) -> None:
    await site.follow(csms)
    csms.responder = csms_answer
    charger = await site.charger()
    link = await csms.next_connection()
    await site.done(cap(16))
    site.world.now += MINUTE
    await link.send_call("ClearChargingProfile", {})
    await site.idle(charger)

    assert [(CAP_ID, 16)] * 2 == limits_sent(charger)


async def test_the_lower_of_two_limits_is_in_force(site: Site, csms: ScriptedCsms) -> None:
    await site.follow(csms)
    csms.responder = csms_answer
    charger = await site.charger()
    link = await csms.next_connection()
    await link.send_call("SetChargingProfile", rival(10, level=1))
    await site.done(cap(16))
    await site.idle(charger)
    limits = site.state.limits

    assert [(1, 10), (CAP_ID, 10)] == limits_sent(charger)
    assert (16, 10) == (limits.max_current_a, limits.effective_limit_a)
    assert limits.verified is None


async def test_a_charger_that_is_away_takes_no_wish(site: Site) -> None:
    charger = await site.charger()
    await charger.close()
    await _until_gone(site)
    with pytest.raises(ChargerNotConnectedError):
        await site.run(cap(16))

    assert () == site.world.hub.find("CP1").limits.wishes


async def test_a_charger_that_is_only_watched_takes_no_wish(site: Site, csms: ScriptedCsms) -> None:
    await site.follow(csms)
    csms.responder = csms_answer
    await site.charger()
    await site.world.hub.policies.set_mode("CP1", Mode.MONITOR)
    with pytest.raises(ChargerReadOnlyError):
        await site.run(cap(16))

    assert () == site.world.hub.find("CP1").limits.wishes


async def test_the_limit_that_a_start_bears_lasts(site: Site) -> None:
    """Inside a remote start: a TxProfile without transactionId (C16-E 3.41)."""
    charger = await site.charger()
    outcome = await site.done(StartRequest(connector_id=1, limit_a=10))
    await site.start_transaction(charger)
    await site.idle(charger)
    (connector,) = site.state.limits.connectors

    assert outcome.accepted
    assert "chargingProfile" in sent(charger, "RemoteStartTransaction")[0]
    assert 10 == connector.session_limit_a
    assert (SESSION_ID, 10) in limits_sent(charger)


async def test_a_start_that_is_refused_leaves_no_limit(site: Site) -> None:
    manners = Manners()
    manners.statuses["RemoteStartTransaction"] = "Rejected"
    charger = await site.charger(manners)
    await site.done(StartRequest(connector_id=1, limit_a=10))
    await site.idle(charger)

    assert () == site.world.hub.find("CP1").limits.wishes


async def test_a_deleted_charger_is_forgotten(site: Site) -> None:
    charger = await site.charger()
    await site.done(cap(16))
    await site.world.hub.forget("CP1")
    await charger.wait_ended()

    assert {} == site.limits._workers


async def _until_gone(site: Site) -> None:
    gone = asyncio.Event()
    unsubscribe = site.world.hub.subscribe(lambda _: None if site.state.connected else gone.set())
    async with asyncio.timeout(WAIT):
        while site.state.connected:
            await gone.wait()
    unsubscribe()


async def test_a_schedule_becomes_the_periods_of_a_profile(site: Site) -> None:
    """C16 3.13: one profile, so that the charger follows it while the proxy is away."""
    charger = await site.charger()
    periods = [SchedulePeriod(start=0, limit=16), SchedulePeriod(start=3600, limit=3)]
    request = ScheduleRequest(periods=periods, scope=LimitScope.DEFAULT, connector_id=1)
    outcome = await site.done(request)
    await site.idle(charger)
    (profile,) = [payload["csChargingProfiles"] for payload in sent(charger)]
    told = profile["chargingSchedule"]["chargingSchedulePeriod"]

    assert outcome.accepted
    assert "TxDefaultProfile" == profile["chargingProfilePurpose"]
    assert [16.0, 0.0] == [period["limit"] for period in told]


async def test_phases_and_an_end_are_shown(site: Site) -> None:
    charger = await site.charger()
    await site.start_transaction(charger)
    await site.done(LimitRequest(limit_w=2300, phases=1, duration=60, connector_id=1))
    await site.idle(charger)
    (connector,) = site.state.limits.connectors

    assert (10, 1) == (connector.session_limit_a, connector.session_phases)
    assert site.world.now + MINUTE == connector.session_until
