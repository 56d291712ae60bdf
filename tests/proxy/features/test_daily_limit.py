"""What an owner limits by the time of day, as the charger gets it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.proxy.features.conftest import Manners, Site, csms_answer, rival, sent, site_in
from tests.proxy.hub.conftest import BOOT, World

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.intents.requests import SchedulePeriod, ScheduleRequest
from oye_proxy.ocppj.profiles.course import Recurrence
from oye_proxy.ocppj.profiles.ids import LimitScope
from oye_proxy.ocppj.timestamps import from_text
from oye_proxy.settings import StorageSettings
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
PERIODS = [(0, 16.0), (17 * 3600, 10.0), (21 * 3600, 16.0)]
BOOT_2 = {
    "reason": "PowerUp",
    "chargingStation": {"model": "Box", "vendorName": "Acme"},
}


class Old(Manners):
    """A charger that repeats no profile."""

    def answer(self, call: Call) -> Any | None:
        profile = call.payload.get("csChargingProfiles", {})
        if profile.get("chargingProfileKind") == "Recurring":
            return {"status": "Rejected"}
        return super().answer(call)


@pytest.fixture
def today(site: Site) -> datetime:
    """Return today's midnight in Berlin; it is noon there."""
    return _noon(site.world) - timedelta(hours=12)


def _noon(world: World) -> datetime:
    """Let it be noon in a winter of Berlin."""
    world.now = datetime(2026, 2, 3, 11, tzinfo=UTC)
    return world.now


def evening(start: datetime) -> ScheduleRequest:
    """Limit to 10 A from 17:00 to 21:00 every day, by the clocks of Berlin."""
    return ScheduleRequest(
        periods=[SchedulePeriod(start=start, limit=limit) for start, limit in PERIODS],
        scope=LimitScope.MAXIMUM,
        start=start,
        recurrence=Recurrence.DAILY,
        time_zone="Europe/Berlin",
    )


def profiles(charger: ScriptedCharger) -> list[dict[str, Any]]:
    """Return the profiles that a charger got, with the only schedule of each."""
    told = [
        payload.get("csChargingProfiles") or payload["chargingProfile"] for payload in sent(charger)
    ]
    for profile in told:
        schedule = profile["chargingSchedule"]
        profile["schedule"] = schedule[0] if isinstance(schedule, list) else schedule
    return told


def by_the_clock(profile: dict[str, Any]) -> list[tuple[str, float]]:
    """Return at which times of Berlin's day a profile sets which limit, on its first day."""
    start = from_text(profile["schedule"]["startSchedule"])
    assert start is not None
    return [
        (
            f"{(start + timedelta(seconds=one['startPeriod'])).astimezone(BERLIN):%H:%M}",
            one["limit"],
        )
        for one in profile["schedule"]["chargingSchedulePeriod"]
    ]


async def connect(site: Site, version: str) -> ScriptedCharger:
    charger = await site.world.connect(subprotocols=[version])
    charger.responder = Manners().answer
    await charger.send_call("BootNotification", BOOT if version == "ocpp1.6" else BOOT_2)
    return charger


@pytest.mark.parametrize("version", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
async def test_every_day_becomes_a_profile_that_recurs_from_local_midnight(
    site: Site, today: datetime, version: str
) -> None:
    charger = await connect(site, version)
    outcome = await site.done(evening(today))
    await site.idle(charger)
    (profile,) = profiles(charger)

    assert outcome.accepted
    assert ("Recurring", "Daily") == (profile["chargingProfileKind"], profile["recurrencyKind"])
    assert "2026-02-02T23:00:00.000Z" == profile["schedule"]["startSchedule"]
    assert [("00:00", 16.0), ("17:00", 10.0), ("21:00", 16.0)] == by_the_clock(profile)
    assert 86_400 == profile["schedule"]["duration"]


async def test_days_later_nothing_is_written_and_the_limit_in_force_is_that_of_the_hour(
    site: Site, today: datetime
) -> None:
    """Profiles lie in flash: what the charger repeats is not written again."""
    charger = await site.charger()
    await site.done(evening(today))
    await site.idle(charger)
    limits = []
    for hours in (16, 18, 22):
        site.world.now = today + 9 * DAY + timedelta(hours=hours)
        site.limits.look("CP1")
        await site.idle(charger)
        limits.append(site.state.limits.effective_limit_a)

    assert 1 == len(profiles(charger))
    assert [16, 10, 16] == limits


async def test_when_the_clocks_change_the_profile_moves_with_them(
    site: Site, today: datetime
) -> None:
    charger = await site.charger()
    await site.done(evening(today))
    for moment in ("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"):
        site.world.now = datetime.fromisoformat(moment)
        site.limits.look("CP1")
        await site.idle(charger)
    winter, summer, winter_again = profiles(charger)

    assert "2026-02-02T23:00:00.000Z" == winter["schedule"]["startSchedule"]
    assert "2026-03-28T22:00:00.000Z" == summer["schedule"]["startSchedule"]
    assert "2026-10-24T23:00:00.000Z" == winter_again["schedule"]["startSchedule"]


async def test_a_restart_and_a_reconnect_write_nothing_and_the_clocks_still_count(
    tmp_path: Path,
) -> None:
    storage = StorageSettings(data_dir=tmp_path / "data")
    async with World(storage) as world, site_in(world) as site:
        today = _noon(world) - timedelta(hours=12)
        charger = await site.charger()
        await site.done(evening(today))
        await site.idle(charger)
    async with World(storage) as world, site_in(world) as site:
        world.now = today + DAY
        for _ in range(2):
            charger = await world.connect()
            charger.responder = Manners().answer
            await site.idle(charger)

            assert [] == profiles(charger)
        world.now = datetime(2026, 7, 1, 12, tzinfo=UTC)
        site.limits.look("CP1")
        await site.idle(charger)
        (profile,) = profiles(charger)

        assert "2026-06-30T22:00:00.000Z" == profile["schedule"]["startSchedule"]
        assert ("17:00", 10.0) == by_the_clock(profile)[1]


async def test_a_charger_that_repeats_nothing_gets_two_days_written_out_each_day(
    site: Site, today: datetime
) -> None:
    """The owner is told what became of the second profile, not that the first was refused."""
    charger = await site.charger(Old())
    outcome = await site.done(evening(today))
    await site.idle(charger)
    site.world.now = today + DAY
    site.limits.look("CP1")
    await site.idle(charger)
    kinds = [profile["chargingProfileKind"] for profile in profiles(charger)]
    told = [one["limit"] for one in profiles(charger)[-1]["schedule"]["chargingSchedulePeriod"]]

    assert outcome.accepted
    assert ["Recurring", "Absolute", "Absolute"] == kinds
    assert [16.0, 10.0, 16.0, 10.0, 16.0] == told
    assert site.state.limits.conflict is None


async def test_a_charger_that_takes_neither_shape_refuses(site: Site, today: datetime) -> None:
    manners = Manners()
    manners.statuses["SetChargingProfile"] = "Rejected"
    charger = await site.charger(manners)
    outcome = await site.done(evening(today))
    await site.idle(charger)
    kinds = [profile["chargingProfileKind"] for profile in profiles(charger)]

    assert not outcome.accepted
    assert ["Recurring", "Absolute"] == kinds


async def test_beside_a_limit_of_the_csms_the_lower_of_both_is_written_out(
    site: Site, csms: ScriptedCsms, today: datetime
) -> None:
    await site.follow(csms)
    csms.responder = csms_answer
    charger = await site.charger()
    link = await csms.next_connection()
    await link.send_call("SetChargingProfile", rival(12, level=1))
    await site.done(evening(today))
    await site.idle(charger)
    profile = profiles(charger)[-1]
    told = [one["limit"] for one in profile["schedule"]["chargingSchedulePeriod"]]

    assert "Absolute" == profile["chargingProfileKind"]
    assert [12.0, 10.0, 12.0, 10.0, 12.0] == told
