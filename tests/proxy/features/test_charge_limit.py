"""The owner's limits, from the wish to the charger."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.proxy.features.conftest import WAIT, Manners, Site, limits_sent, sent
from tests.proxy.hub.conftest import BOOT

from oye_proxy.errors import (
    ChargerNotConnectedError,
    ChargerReadOnlyError,
    ConflictError,
    InjectionAbortedError,
)
from oye_proxy.hub.injections import Injection
from oye_proxy.hub.issues import IssueKey
from oye_proxy.ocppj.intents.requests import (
    ClearLimitRequest,
    LimitRequest,
    PauseRequest,
    ResumeRequest,
    StartRequest,
)
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.composite import Party
from oye_proxy.ocppj.profiles.ids import CAP_ID, LimitScope
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms

SESSION_ID = 900_000_201
MINUTE = timedelta(minutes=1)


def cap(limit_a: float) -> LimitRequest:
    return LimitRequest(limit_a=limit_a, scope=LimitScope.MAXIMUM)


def session(limit_a: float, connector_id: int = 1) -> LimitRequest:
    return LimitRequest(limit_a=limit_a, connector_id=connector_id)


def rival(limit: float, level: int, purpose: str = "ChargePointMaxProfile") -> dict[str, Any]:
    """Return the SetChargingProfile of a CSMS."""
    schedule = {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
    }
    profile = {
        "chargingProfileId": 1,
        "stackLevel": level,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Relative" if purpose == "TxProfile" else "Absolute",
        "chargingSchedule": schedule | {"startSchedule": "2020-01-01T00:00:00Z"},
    }
    return {"connectorId": 0, "csChargingProfiles": profile}


async def test_a_lasting_limit_is_set_verified_and_shown(site: Site) -> None:
    """Read the settings once, send, verify by GetCompositeSchedule (ocpp.md 13)."""
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


async def test_an_unchanged_limit_is_accepted_without_a_call(site: Site) -> None:
    """Nothing unchanged is written again (C16-E 3.37, K01.FR.27)."""
    charger = await site.charger()
    await site.done(cap(16))
    again = await site.run(cap(16))

    assert (await again.outcome(0)).accepted
    assert not again.queued
    assert [(CAP_ID, 16)] == limits_sent(charger)


async def test_the_newest_wish_replaces_those_that_wait_and_all_get_its_answer(site: Site) -> None:
    """Limits are coalesced (integration.md 2)."""
    manners = Manners()
    charger = await site.charger(manners)
    await site.start_transaction(charger)
    await site.done(session(16))
    manners.held.add("SetChargingProfile")
    first = await site.run(session(10))
    on_its_way = await charger.receive_call("SetChargingProfile")
    second, third = await site.run(session(12)), await site.run(session(14))

    assert second.queued
    assert second.message_id == third.message_id != first.message_id
    manners.held.clear()
    await charger.answer(on_its_way, {"status": "Accepted"})
    outcomes = [await handle.outcome(WAIT) for handle in (first, second, third)]
    assert [True] * 3 == [outcome.accepted for outcome in outcomes]
    assert [16, 10, 14] == [limit for _, limit in limits_sent(charger)]
    assert third.message_id == charger.calls[-1].message_id.text or sent(
        charger, "GetCompositeSchedule"
    )


async def test_the_call_to_come_bears_the_id_that_was_told(site: Site) -> None:
    manners = Manners()
    charger = await site.charger(manners)
    await site.start_transaction(charger)
    await site.done(session(16))
    manners.held.add("SetChargingProfile")
    await site.run(session(10))
    on_its_way = await charger.receive_call("SetChargingProfile")
    waiting = await site.run(session(12))
    await charger.answer(on_its_way, {"status": "Accepted"})
    next_call = await charger.receive_call("SetChargingProfile")
    await charger.answer(next_call, {"status": "Rejected"})

    assert waiting.message_id == next_call.message_id.text
    assert (await waiting.outcome(WAIT)).accepted is False


async def test_who_comes_back_to_the_first_wish_gets_its_answer(site: Site) -> None:
    manners = Manners()
    charger = await site.charger(manners)
    await site.start_transaction(charger)
    await site.done(session(16))
    manners.held.add("SetChargingProfile")
    first = await site.run(session(10))
    on_its_way = await charger.receive_call("SetChargingProfile")
    other, again = await site.run(session(12)), await site.run(session(10))
    await charger.answer(on_its_way, {"status": "Rejected"})

    assert first.message_id == again.message_id
    assert (await again.outcome(WAIT)).accepted is False
    assert (await other.outcome(WAIT)).accepted is False


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


async def test_a_csms_that_clears_everything_is_answered_with_a_new_write(
    site: Site, csms: ScriptedCsms
) -> None:
    await site.follow(csms)
    csms.responder = _csms_answer
    charger = await site.charger()
    link = await csms.next_connection()
    await site.done(cap(16))
    site.world.now += MINUTE
    await link.send_call("ClearChargingProfile", {})
    await site.idle(charger)

    assert [(CAP_ID, 16)] * 2 == limits_sent(charger)


async def test_what_cannot_be_combined_is_told(site: Site, csms: ScriptedCsms) -> None:
    """At ChargeProfileMaxStackLevel nothing is sent; limit_conflict is raised (ocpp.md 13)."""
    await site.follow(csms)
    csms.responder = _csms_answer
    charger = await site.charger()
    link = await csms.next_connection()
    await link.send_call("SetChargingProfile", rival(20, level=8))
    with pytest.raises(ConflictError, match="stack level"):
        await site.run(cap(16))
    issue = site.world.issue(IssueKey.LIMIT_CONFLICT)
    conflict = site.state.limits.conflict
    await link.send_call("ClearChargingProfile", {"id": 1})
    await site.idle(charger)

    assert issue is not None
    assert {"reason": conflict, "scope": "maximum", "connectorId": 0} == issue.params
    assert site.world.issue(IssueKey.LIMIT_CONFLICT) is None
    assert [(1, 20), (CAP_ID, 16)] == limits_sent(charger)


async def test_the_lower_of_two_limits_is_in_force(site: Site, csms: ScriptedCsms) -> None:
    await site.follow(csms)
    csms.responder = _csms_answer
    charger = await site.charger()
    link = await csms.next_connection()
    await link.send_call("SetChargingProfile", rival(10, level=1))
    await site.done(cap(16))
    await site.idle(charger)
    limits = site.state.limits

    assert [(1, 10), (CAP_ID, 10)] == limits_sent(charger)
    assert (16, 10) == (limits.max_current_a, limits.effective_limit_a)
    assert limits.verified is None


async def test_a_refusal_is_told_and_not_repeated(site: Site) -> None:
    manners = Manners()
    manners.statuses["SetChargingProfile"] = "Rejected"
    charger = await site.charger(manners)
    outcome = await site.done(cap(16))
    site.world.now += MINUTE
    site.limits.look("CP1")
    await site.idle(charger)

    assert outcome.accepted is False
    assert {"status": "Rejected"} == outcome.payload
    assert 1 == len(sent(charger))
    assert (16, None) == (
        site.state.limits.max_current_a,
        site.state.limits.max_current_accepted_a,
    )


async def test_a_charger_that_is_away_takes_no_wish(site: Site) -> None:
    charger = await site.charger()
    await charger.close()
    await _until_gone(site)
    with pytest.raises(ChargerNotConnectedError):
        await site.run(cap(16))

    assert () == site.world.hub.find("CP1").limits.wishes


async def test_a_charger_that_is_only_watched_takes_no_wish(site: Site, csms: ScriptedCsms) -> None:
    await site.follow(csms)
    csms.responder = _csms_answer
    await site.charger()
    await site.world.hub.set_mode("CP1", Mode.MONITOR)
    with pytest.raises(ChargerReadOnlyError):
        await site.run(cap(16))

    assert () == site.world.hub.find("CP1").limits.wishes


async def test_what_was_on_its_way_when_the_charger_left_is_sent_again(site: Site) -> None:
    manners = Manners()
    manners.held.add("SetChargingProfile")
    charger = await site.charger(manners)
    first = await _taken(site, charger, cap(16))
    waiting = await site.run(cap(10))
    await charger.close()
    with pytest.raises(InjectionAbortedError):
        await first.outcome(WAIT)
    with pytest.raises(InjectionAbortedError):
        await waiting.outcome(WAIT)
    site.world.now += MINUTE
    again = await site.world.connect()
    again.responder = Manners().answer
    await site.idle(again)

    assert [(CAP_ID, 10)] == limits_sent(again)


async def test_a_lasting_limit_waits_for_its_minute(site: Site) -> None:
    """One write per 60 s of what persists in flash (ocpp.md 13)."""
    charger = await site.charger()
    await site.done(cap(16))
    waiting = await site.run(cap(10))
    too_early = limits_sent(charger)
    site.world.now += MINUTE
    site.limits.look("CP1")

    assert waiting.queued
    assert [(CAP_ID, 16)] == too_early
    assert (await waiting.outcome(WAIT)).accepted
    assert [(CAP_ID, 16), (CAP_ID, 10)] == limits_sent(charger)


async def test_a_charger_that_does_not_tell_its_limit_is_asked_once(site: Site) -> None:
    """Unverifiable, not failing."""
    charger = await site.charger()
    await site.start_transaction(charger)
    await site.done(session(10))
    await site.idle(charger)
    await site.done(session(12))
    await site.idle(charger)
    (connector,) = site.state.limits.connectors

    assert 1 == len(sent(charger, "GetCompositeSchedule"))
    assert (12, Party.OWNER, None) == (
        connector.effective_limit_a,
        connector.limit_source,
        connector.verified,
    )


async def test_a_limit_that_the_charger_exceeds_is_sent_again(site: Site) -> None:
    manners = Manners()
    manners.composite_limit = 32
    charger = await site.charger(manners)
    await site.start_transaction(charger)
    await site.done(session(10))
    await site.idle(charger)
    (connector,) = site.state.limits.connectors

    assert [(SESSION_ID, 10)] * 4 == limits_sent(charger)
    assert (32, Party.CHARGER, False) == (
        connector.effective_limit_a,
        connector.limit_source,
        connector.verified,
    )


async def test_a_charger_that_allows_watts_alone_gets_watts(site: Site) -> None:
    """C16-E 3.88: ChargingScheduleAllowedChargingRateUnit."""
    charger = await site.charger(Manners({"ChargingScheduleAllowedChargingRateUnit": "Power"}))
    await site.done(cap(16))
    schedule = sent(charger)[0]["csChargingProfiles"]["chargingSchedule"]

    assert "W" == schedule["chargingRateUnit"]
    assert 16 * 230 * 3 == schedule["chargingSchedulePeriod"][0]["limit"]


async def test_a_charger_that_does_not_tell_its_settings_is_limited_all_the_same(
    site: Site,
) -> None:
    manners = Manners()
    manners.held.add("GetConfiguration")
    charger = await site.charger(manners)
    running = asyncio.ensure_future(site.run(cap(16)))
    question = await charger.receive_call("GetConfiguration")
    await charger.refuse(question, "NotSupported")

    assert (await (await running).outcome(WAIT)).accepted
    assert [(CAP_ID, 16)] == limits_sent(charger)


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


def _csms_answer(call: Any) -> Any:
    if call.action == "BootNotification":
        return {"status": "Accepted", "currentTime": "2026-11-21T10:00:00Z", "interval": 300}
    return {"currentTime": "2026-11-21T10:00:00Z"} if call.action == "Heartbeat" else {}


async def _taken(site: Site, charger: ScriptedCharger, request: LimitRequest) -> Injection:
    """Run a command whose CALL the charger leaves unanswered."""
    injection = await site.run(request)
    await charger.receive_call("SetChargingProfile")
    return injection


async def _until_gone(site: Site) -> None:
    gone = asyncio.Event()
    unsubscribe = site.world.hub.subscribe(lambda _: None if site.state.connected else gone.set())
    async with asyncio.timeout(WAIT):
        while site.state.connected:
            await gone.wait()
    unsubscribe()
