"""A limit of the owner that the charger repeats by itself, day by day or week by week."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from oye_proxy.ocppj.profiles.ids import Slot
from oye_proxy.ocppj.profiles.plan import Plan, Step, in_unit
from oye_proxy.ocppj.profiles.rivals import LimitConflict, level_for, rivals_of
from oye_proxy.ocppj.profiles.schedules import Traits
from oye_proxy.ocppj.profiles.table import Profile


def plan_cycle(
    slot: Slot,
    turn: Sequence[Step],
    interval: timedelta,
    profiles: Iterable[Profile],
    traits: Traits,
    now: datetime,
    *,
    transaction_id: str | None = None,
    phases: int | None = None,
) -> Plan | None:
    """
    Plan a profile that recurs, given a turn of it in amperes; None where that would be wrong.

    Beside limits of the CSMS for the same it has to follow those, so it is no cycle.
    """
    rivals = rivals_of(slot, profiles, now)
    level = level_for(rivals, traits)
    steps = _merged(in_unit(turn, traits.unit, traits, phases))
    if rivals.same or rivals.beneath or isinstance(level, LimitConflict) or len(steps) == 1:
        return None
    if traits.max_periods is not None and len(steps) > traits.max_periods:
        return None
    return Plan(
        unit=traits.unit,
        stack_level=level,
        steps=steps,
        transaction_id=transaction_id,
        interval=int(interval.total_seconds()),
    )


def _merged(steps: Sequence[Step]) -> tuple[Step, ...]:
    merged: list[Step] = []
    for step in steps:
        if not merged or step.limit != merged[-1].limit:
            merged.append(step)
    return tuple(merged)
