"""Limits of the owner, carried out on a charger that answers as a test says."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from oye_proxy.ocppj.profiles.course import Course, Recurrence
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.owner import OwnerLimits
from oye_proxy.ocppj.profiles.schedules import Period
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.wishes import ChargerView, Order
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CAP = Slot(LimitScope.MAXIMUM, 0)
SESSION_1 = Slot(LimitScope.SESSION, 1)
IDLE = ChargerView(version=V16)
DAILY = Course(NOON, (Period(0, 16), Period(3600, 8)), Recurrence.DAILY)


def charging(transactions: Mapping[int, str] | None = None, **members: Any) -> ChargerView:
    """Return a 1.6 charger that charges."""
    defaults = {"version": V16, "transactions": transactions or {1: "42"}}
    return ChargerView(**{**defaults, **members})


def observe(
    limits: OwnerLimits,
    action: str,
    payload: Any,
    *,
    version: OcppVersion = V16,
    ours: bool = False,
) -> None:
    """Let the table learn what the charger accepted, as the hub does with every frame."""
    limits._table.observe_accepted(version, action, payload, ours=ours)


def limit_of(order: Order) -> float:
    """Return the limit that an order sets."""
    schedule = order.payload["csChargingProfiles"]["chargingSchedule"]
    limit: float = schedule["chargingSchedulePeriod"][0]["limit"]
    return limit


def sent(
    limits: OwnerLimits,
    now: datetime,
    view: ChargerView = IDLE,
    *,
    accepted: bool | None = True,
) -> list[float | str]:
    """Carry out what is due; tell the limits of what was set and the actions of all else."""
    done: list[float | str] = []
    for order in limits.take(now, view).orders:
        done.append(limit_of(order) if order.action == "SetChargingProfile" else order.action)
        if accepted:
            observe(limits, order.action, order.payload, version=order.version, ours=True)
        limits.settle(order, accepted=accepted, now=now)
    return done


def capped(limit_a: float = 16) -> OwnerLimits:
    """Return limits whose cap is in the charger."""
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.MAXIMUM, 0, limit_a)
    assert [limit_a] == sent(limits, NOON)
    return limits
