"""Which limit is in force, and whose: a GetCompositeSchedule answer against what we know."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from oye_proxy.ocppj.acceptance import accepted
from oye_proxy.ocppj.profiles.ids import Purpose
from oye_proxy.ocppj.profiles.plan import period_at
from oye_proxy.ocppj.profiles.schedules import RateUnit, Schedule, Traits, convert, read_schedule
from oye_proxy.ocppj.profiles.table import Profile, is_owners
from oye_proxy.ocppj.timestamps import from_text
from oye_proxy.ocppj.versions import OcppVersion

TOLERANCE_A: Final = 0.5

# The charger may convert watts with another voltage than the measured one.
_CONVERTED_TOLERANCE: Final = 0.1


class Party(StrEnum):
    """Whose limit is in force."""

    NO_LIMIT = "no_limit"
    OWNER = "owner"
    CSMS = "csms"
    CHARGER = "charger"


class Effective(Struct, frozen=True):
    """The limit in force in amperes and whose it is; not `honoured` when it is above ours."""

    limit_a: float | None
    party: Party
    honoured: bool = True


def effective_limit(
    version: OcppVersion,
    answer: Any,
    connector_id: int,
    profiles: Iterable[Profile],
    traits: Traits,
    now: datetime,
) -> Effective | None:
    """
    Compare a GetCompositeSchedule answer with the owner's and the CSMS's limits.

    None when the charger refused or its answer cannot be read: it is unverifiable, not failing.
    """
    known = list(profiles)
    ours = limit_now([held for held in known if is_owners(held)], connector_id, traits, now)
    theirs = limit_now([held for held in known if not is_owners(held)], connector_id, traits, now)
    if accepted(version, "GetCompositeSchedule", answer) is not True:
        return None
    if _has_no_schedule(version, answer):
        return Effective(None, Party.NO_LIMIT) if ours is None and theirs is None else None
    composite = _composite(version, answer, traits, now)
    if composite is None:
        return None
    limit_a, tolerance = composite
    honoured = ours is None or limit_a <= ours + tolerance
    return Effective(limit_a, _party(limit_a, ours, theirs, tolerance), honoured)


def limit_now(
    profiles: Iterable[Profile], connector_id: int, traits: Traits, now: datetime
) -> float | None:
    """Return the lowest limit in amperes that these profiles set; None when they set none."""
    known = list(profiles)
    caps = [held for held in known if held.purpose == Purpose.MAXIMUM]
    limits = [_amperes(caps, traits, now)]
    if connector_id:
        sessions = [
            held
            for held in known
            if held.purpose == Purpose.SESSION and held.connector_id in (connector_id, None)
        ]
        defaults = [held for held in known if held.purpose == Purpose.DEFAULT]
        own = [held for held in defaults if held.connector_id == connector_id]
        shared = [held for held in defaults if held.connector_id == 0]
        stacks = (_amperes(stack, traits, now) for stack in (sessions, own, shared))
        limits.append(next((limit for limit in stacks if limit is not None), None))
    return min((limit for limit in limits if limit is not None), default=None)


def _amperes(stack: list[Profile], traits: Traits, now: datetime) -> float | None:
    found = period_at(stack, now)
    if found is None:
        return None
    unit, period = found
    return convert(period.limit, unit, RateUnit.A, traits, period.phases)


def _party(limit_a: float, ours: float | None, theirs: float | None, tolerance: float) -> Party:
    for party, limit in sorted(
        ((Party.OWNER, ours), (Party.CSMS, theirs)), key=lambda known: known[1] or 0
    ):
        if limit is not None and abs(limit_a - limit) <= tolerance:
            return party
    return Party.CHARGER


def _has_no_schedule(version: OcppVersion, answer: dict[str, Any]) -> bool:
    return answer.get("chargingSchedule" if version.is_1_6 else "schedule") is None


def _composite(
    version: OcppVersion, answer: dict[str, Any], traits: Traits, now: datetime
) -> tuple[float, float] | None:
    """Return the limit that holds now and its tolerance, both in amperes."""
    value = answer.get("chargingSchedule" if version.is_1_6 else "schedule")
    start = from_text((answer if version.is_1_6 else _dict(value)).get("scheduleStart"))
    plain = {key: item for key, item in _dict(value).items() if key in _COMPOSITE_KEYS}
    schedule = read_schedule(plain)
    if schedule is None:
        return None
    period = schedule.periods[0]
    if start is not None:
        dated = Schedule(unit=schedule.unit, periods=schedule.periods, start=start)
        period = dated.period_at(now) or period
    limit_a = convert(period.limit, schedule.unit, RateUnit.A, traits, period.phases)
    if schedule.unit is RateUnit.A:
        return limit_a, TOLERANCE_A
    return limit_a, max(TOLERANCE_A, limit_a * _CONVERTED_TOLERANCE)


_COMPOSITE_KEYS = ("chargingRateUnit", "chargingSchedulePeriod")


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
