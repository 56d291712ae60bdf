"""How limits travel to one charger: coalesced, paced, verified."""

import asyncio
from datetime import timedelta

import pytest
from tests.proxy.features.conftest import (
    SESSION_ID,
    WAIT,
    Manners,
    Site,
    cap,
    limits_sent,
    sent,
    session,
)

from oye_proxy.errors import InjectionAbortedError
from oye_proxy.hub.injections import Injection
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.intents.requests import ClearLimitRequest, LimitRequest
from oye_proxy.ocppj.profiles.composite import Party
from oye_proxy.ocppj.profiles.ids import CAP_ID
from oye_proxy.simulator.scripted import ScriptedCharger

MINUTE = timedelta(minutes=1)


async def test_an_unchanged_limit_is_accepted_without_a_call(site: Site) -> None:
    """Nothing unchanged is written again (C16-E 3.37, K01.FR.27)."""
    charger = await site.charger()
    await site.done(cap(16))
    again = await site.run(cap(16))

    assert (await again.outcome(0)).accepted
    assert not again.queued
    assert [(CAP_ID, 16)] == limits_sent(charger)


async def test_the_newest_wish_replaces_those_that_wait_and_all_get_its_answer(site: Site) -> None:
    """Limits are coalesced."""
    manners = Manners()
    charger, first, on_its_way = await _limiting(site, manners)
    second, third = await site.run(session(12)), await site.run(session(14))

    assert second.queued
    assert second.message_id == third.message_id != first.message_id
    manners.held.clear()
    await charger.answer(on_its_way, {"status": "Accepted"})
    outcomes = [await handle.outcome(WAIT) for handle in (first, second, third)]
    assert [True] * 3 == [outcome.accepted for outcome in outcomes]
    assert [16, 10, 14] == [limit for _, limit in limits_sent(charger)]
    calls = [call for call in charger.calls if call.action == "SetChargingProfile"]
    assert third.message_id == calls[-1].message_id.text


async def test_the_call_to_come_bears_the_id_that_was_told(site: Site) -> None:
    charger, _, on_its_way = await _limiting(site, Manners())
    waiting = await site.run(session(12))
    await charger.answer(on_its_way, {"status": "Accepted"})
    next_call = await charger.receive_call("SetChargingProfile")
    await charger.answer(next_call, {"status": "Rejected"})

    assert waiting.message_id == next_call.message_id.text
    assert (await waiting.outcome(WAIT)).accepted is False


async def test_who_comes_back_to_the_first_wish_gets_its_answer(site: Site) -> None:
    charger, first, on_its_way = await _limiting(site, Manners())
    other, again = await site.run(session(12)), await site.run(session(10))
    await charger.answer(on_its_way, {"status": "Rejected"})

    assert first.message_id == again.message_id
    assert (await again.outcome(WAIT)).accepted is False
    assert (await other.outcome(WAIT)).accepted is False


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
    """One write per 60 s of what persists in flash."""
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


async def test_the_handle_is_that_of_a_call_that_is_sent_now(site: Site) -> None:
    """The reply's messageId is the first CALL's."""
    charger = await site.charger()
    await site.start_transaction(charger)
    await site.done(cap(16))
    await site.done(session(10))
    clear = await site.run(ClearLimitRequest())

    assert (await clear.outcome(WAIT)).accepted
    assert [{"id": SESSION_ID}] == sent(charger, "ClearChargingProfile")


async def test_a_check_of_the_charger_outlives_a_session(site: Site) -> None:
    manners = Manners()
    manners.composite_limit = 10
    charger = await site.charger(manners)
    await site.start_transaction(charger)
    await site.done(cap(16))
    await site.idle(charger)
    await site.done(session(10))
    await site.idle(charger)
    limits = site.state.limits

    assert (True, True) == (limits.verified, limits.connectors[0].verified)


async def test_what_was_postponed_is_sent_by_itself(site: Site) -> None:
    charger = await site.charger()
    await site.done(cap(16))
    site.world.now += MINUTE - timedelta(milliseconds=50)
    waiting = await site.run(cap(10))
    site.world.now += MINUTE

    assert (await waiting.outcome(WAIT)).accepted
    assert [(CAP_ID, 16), (CAP_ID, 10)] == limits_sent(charger)


async def test_a_wish_that_is_withdrawn_while_it_waits_needs_no_call(site: Site) -> None:
    charger = await site.charger()
    await site.done(cap(16))
    waiting = await site.run(cap(10))
    again = await site.done(cap(16))

    assert again.accepted
    assert (await waiting.outcome(0)).accepted
    assert [(CAP_ID, 16)] == limits_sent(charger)


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


async def _taken(site: Site, charger: ScriptedCharger, request: LimitRequest) -> Injection:
    """Run a command whose CALL the charger leaves unanswered."""
    injection = await site.run(request)
    await charger.receive_call("SetChargingProfile")
    return injection


async def _limiting(site: Site, manners: Manners) -> tuple[ScriptedCharger, Injection, Call]:
    """Limit a transaction to 16 A, then to 10 A by a CALL that the charger leaves unanswered."""
    charger = await site.charger(manners)
    await site.start_transaction(charger)
    await site.done(session(16))
    manners.held.add("SetChargingProfile")
    injection = await site.run(session(10))
    return charger, injection, await charger.receive_call("SetChargingProfile")
