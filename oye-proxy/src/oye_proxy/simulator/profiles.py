"""Charging profiles as a charger keeps and obeys them (C16 3.13, P2 K)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from oye_proxy.simulator.vehicle import NOMINAL_VOLTAGE_V

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class Purpose(StrEnum):
    """What a profile limits; the charger's own name of the whole-charger purpose differs."""

    MAXIMUM = "ChargingStationMaxProfile"
    EXTERNAL = "ChargingStationExternalConstraints"
    TRANSACTION_DEFAULT = "TxDefaultProfile"
    TRANSACTION = "TxProfile"


class Kind(StrEnum):
    """What a schedule's start relates to."""

    ABSOLUTE = "Absolute"
    RECURRING = "Recurring"
    RELATIVE = "Relative"


class Period(Struct, frozen=True):
    """From `start` seconds on, at most `limit`; None is no limit."""

    start: float
    limit: float | None
    phases: int | None = None


class Profile(Struct, frozen=True, kw_only=True):
    """A charging profile of any OCPP version; `raw` is how it arrived."""

    profile_id: int
    evse_id: int
    stack_level: int
    purpose: Purpose
    kind: Kind
    unit: str
    periods: tuple[Period, ...]
    recurrency: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    transaction_id: str | None = None
    start_schedule: datetime | None = None
    duration: float | None = None
    raw: dict[str, Any] = {}


class Limit(Struct, frozen=True):
    """The most that may flow: amperes per phase, and phases when a profile names them."""

    current_a: float
    phases: int | None = None


class Situation(Struct, frozen=True):
    """What the evaluation must know of an EVSE."""

    evse_id: int
    transaction_id: str | None = None
    transaction_start: datetime | None = None
    sharing: int = 1


class ProfileStore:
    """All profiles of one charger."""

    def __init__(self) -> None:
        self._profiles: list[Profile] = []

    def __len__(self) -> int:
        return len(self._profiles)

    def install(self, profile: Profile) -> None:
        """
        Keep a profile; it replaces the one with its id, and the one in its place.

        A place is an EVSE, a purpose, a stack level and, for TxProfile, a transaction
        (C16 3.13.2, K01.FR.05, K01.FR.06).
        """
        self._profiles = [
            kept
            for kept in self._profiles
            if kept.profile_id != profile.profile_id and _place(kept) != _place(profile)
        ]
        self._profiles.append(profile)

    def matching(
        self,
        *,
        profile_ids: list[int] | None = None,
        evse_id: int | None = None,
        purpose: Purpose | None = None,
        stack_level: int | None = None,
    ) -> list[Profile]:
        """Return the profiles that meet every criterion that is given."""
        return [
            profile
            for profile in self._profiles
            if (profile_ids is None or profile.profile_id in profile_ids)
            and (evse_id is None or profile.evse_id == evse_id)
            and (purpose is None or profile.purpose == purpose)
            and (stack_level is None or profile.stack_level == stack_level)
        ]

    def remove(self, profiles: list[Profile]) -> None:
        """Forget these profiles."""
        self._profiles = [kept for kept in self._profiles if kept not in profiles]

    def end_transaction(self, evse_id: int) -> None:
        """Forget the TxProfiles of an EVSE; they end with their transaction (C16 3.13.1)."""
        self.remove(self.matching(evse_id=evse_id, purpose=Purpose.TRANSACTION))

    def limit(self, situation: Situation, at: datetime) -> Limit | None:
        """
        Return the limit at a time, None when there is none.

        The highest stack level wins within a purpose, the minimum over purposes; a TxProfile
        overrules the TxDefaultProfile (C16 3.13.3, K08.FR.04). A limit of the whole charger is
        shared by the EVSEs that charge.
        """
        limits = [
            limit
            for purpose in (Purpose.MAXIMUM, Purpose.EXTERNAL)
            if (limit := self._of_purpose(purpose, situation, at, situation.sharing)) is not None
        ]
        own = self._of_purpose(Purpose.TRANSACTION, situation, at)
        if own is None:
            own = self._of_purpose(Purpose.TRANSACTION_DEFAULT, situation, at)
        if own is not None:
            limits.append(own)
        if not limits:
            return None
        phases = [limit.phases for limit in limits if limit.phases is not None]
        return Limit(min(limit.current_a for limit in limits), min(phases, default=None))

    def composite(
        self, situation: Situation, start: datetime, duration: float, fallback: Limit
    ) -> list[tuple[float, Limit]]:
        """Return the limits from `start` on as (seconds after start, limit), equal ones joined."""
        end = start + timedelta(seconds=duration)
        boundaries = {start}
        for profile in self._profiles:
            boundaries.update(
                moment
                for moment in _boundaries(profile, situation, start, end)
                if start < moment < end
            )
        steps: list[tuple[float, Limit]] = []
        for moment in sorted(boundaries):
            limit = self.limit(situation, moment) or fallback
            if not steps or steps[-1][1] != limit:
                steps.append(((moment - start).total_seconds(), limit))
        return steps

    def _of_purpose(
        self, purpose: Purpose, situation: Situation, at: datetime, sharing: int = 1
    ) -> Limit | None:
        candidates = [
            profile
            for profile in self._profiles
            if profile.purpose == purpose and _concerns(profile, situation)
        ]
        # An EVSE's own profile goes before one for all EVSEs at the same level.
        candidates.sort(key=lambda each: (each.stack_level, each.evse_id), reverse=True)
        for profile in candidates:
            period = _period(profile, situation, at)
            if period is not None and period.limit is not None:
                return _in_amperes(profile, period, sharing)
        return None


def _place(profile: Profile) -> tuple[object, ...]:
    transaction = profile.transaction_id if profile.purpose == Purpose.TRANSACTION else None
    return profile.evse_id, profile.purpose, profile.stack_level, transaction


def _concerns(profile: Profile, situation: Situation) -> bool:
    if profile.purpose in (Purpose.MAXIMUM, Purpose.EXTERNAL):
        return True
    if profile.purpose == Purpose.TRANSACTION:
        return (
            situation.transaction_start is not None
            and profile.evse_id == situation.evse_id
            and profile.transaction_id in (None, situation.transaction_id)
        )
    return profile.evse_id in (0, situation.evse_id)


def _schedule_start(profile: Profile, situation: Situation, at: datetime) -> datetime:
    """Return when the schedule that holds at a time began."""
    if profile.kind == Kind.RELATIVE or profile.start_schedule is None:
        return situation.transaction_start or profile.valid_from or at
    if profile.kind == Kind.ABSOLUTE:
        return profile.start_schedule
    length = _WEEK if profile.recurrency == "Weekly" else _DAY
    return profile.start_schedule + length * ((at - profile.start_schedule) // length)


def _period(profile: Profile, situation: Situation, at: datetime) -> Period | None:
    if profile.valid_from is not None and at < profile.valid_from:
        return None
    if profile.valid_to is not None and at >= profile.valid_to:
        return None
    elapsed = (at - _schedule_start(profile, situation, at)).total_seconds()
    if elapsed < 0 or (profile.duration is not None and elapsed >= profile.duration):
        return None
    begun = [period for period in profile.periods if period.start <= elapsed]
    return max(begun, key=lambda period: period.start, default=None)


def _boundaries(
    profile: Profile, situation: Situation, start: datetime, end: datetime
) -> Iterator[datetime]:
    yield from (moment for moment in (profile.valid_from, profile.valid_to) if moment is not None)
    recurring = profile.kind == Kind.RECURRING
    moment = start
    while moment < end:
        began = _schedule_start(profile, situation, moment)
        yield began
        for period in profile.periods:
            yield began + timedelta(seconds=period.start)
        if profile.duration is not None:
            yield began + timedelta(seconds=profile.duration)
        if not recurring:
            return
        moment = began + (_WEEK if profile.recurrency == "Weekly" else _DAY)


def _in_amperes(profile: Profile, period: Period, sharing: int) -> Limit:
    """Absent phases mean three (C16 7.6, K01.FR.19)."""
    limit = period.limit or 0.0
    if profile.unit == "W":
        limit /= NOMINAL_VOLTAGE_V * (period.phases or 3)
    return Limit(limit / sharing, period.phases)
