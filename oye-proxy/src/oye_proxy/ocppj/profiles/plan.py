"""
What to send so that an owner's limit holds without lifting one of the CSMS.

The highest stack level wins within a purpose, the minimum over purposes (C16 3.13.3, K08.FR.04),
and a TxProfile overrules the TxDefaultProfile. So where the CSMS limits the same, our profile goes
one level above and carries the lower of both limits at every time. Where that lower limit cannot
be computed there is a LimitConflict, and nothing is sent.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.ocppj.profiles.ids import Slot
from oye_proxy.ocppj.profiles.rivals import LimitConflict, level_for, rivals_of
from oye_proxy.ocppj.profiles.schedules import (
    MAX_PERIODS,
    Period,
    RateUnit,
    Traits,
    convert,
    owners_limit,
    round_down,
)
from oye_proxy.ocppj.profiles.table import Profile

_SAME_TIME_SECONDS: Final = 2.0


class Step(Struct, frozen=True):
    """From `at` on (None: since ever) this limit; phases where the CSMS names them."""

    at: datetime | None
    limit: float
    phases: int | None = None


class Plan(Struct, frozen=True, kw_only=True):
    """
    The content of a profile of ours, whatever the version of the charger.

    With an `interval` in seconds the charger repeats the steps, which then have all their times.
    """

    unit: RateUnit
    stack_level: int
    steps: tuple[Step, ...]
    transaction_id: str | None = None
    interval: int | None = None


def plan_limit(
    slot: Slot,
    limit_a: float | Sequence[Step],
    profiles: Iterable[Profile],
    traits: Traits,
    now: datetime,
    *,
    transaction_id: str | None = None,
    phases: int | None = None,
) -> Plan | LimitConflict:
    """
    Plan the profile that makes an owner's limit hold, given what the charger holds.

    A limit that changes is given as steps in amperes, the first without a time.
    """
    rivals = rivals_of(slot, profiles, now)
    level = level_for(rivals, traits)
    if isinstance(level, LimitConflict):
        return level
    unit = traits.unit
    ours = in_unit(limit_a, unit, traits, phases)
    # A pause is lower than whatever the CSMS may want.
    stacks = [] if all(step.limit == 0 for step in ours) else [rivals.same, rivals.beneath]
    if any(not _is_computable(profile) for stack in stacks for profile in stack):
        return LimitConflict("The operator's limit is of a kind that cannot be combined with ours.")
    own_edges = {step.at for step in ours if step.at is not None and step.at > now}
    edges = sorted(_edges_after(now, stacks) | own_edges)
    steps = _lower_of(ours, unit, stacks, traits, [now, *edges[:MAX_PERIODS]])
    if len(edges) > MAX_PERIODS or len(steps) > (traits.max_periods or MAX_PERIODS):
        return LimitConflict("The schedule has more periods than the charger allows.")
    return Plan(unit=unit, stack_level=level, steps=steps, transaction_id=transaction_id)


def plan_in(profile: Profile) -> Plan | None:
    """Read back the plan out of a profile of ours that the charger holds."""
    schedule = profile.schedule
    if schedule is None or schedule.start is None:
        return None
    edges = schedule.edges()
    recurs = profile.interval is not None
    steps = tuple(
        Step(at if index or recurs else None, period.limit, period.phases)
        for index, (at, period) in enumerate(zip(edges, schedule.periods, strict=False))
    )
    return Plan(
        unit=schedule.unit,
        stack_level=profile.stack_level,
        steps=steps,
        transaction_id=profile.transaction_id,
        interval=profile.interval,
    )


def upcoming(plan: Plan, now: datetime) -> tuple[Step, ...]:
    """Return the steps from now on: those that have passed are merged into the first."""
    steps = plan.steps if plan.interval is None else _round(plan.steps, plan.interval, now)
    passed = [step for step in steps if step.at is None or step.at <= now]
    current = passed[-1]
    ahead = steps[len(passed) :]
    return (Step(None, current.limit, current.phases), *ahead)


def serves(held: Plan, wanted: Plan, slack: float, now: datetime) -> bool:
    """
    Say whether what the charger holds does what is wanted, limits differing by less than `slack`.

    A level above the wanted one serves; a pause and a limit never stand for each other.
    """
    if (held.unit, held.transaction_id) != (wanted.unit, wanted.transaction_id):
        return False
    if held.interval != wanted.interval:
        return False
    if held.stack_level < wanted.stack_level:
        return False
    mine, theirs = upcoming(held, now), upcoming(wanted, now)
    return len(mine) == len(theirs) and all(
        _is_near(first, second, slack) for first, second in zip(mine, theirs, strict=True)
    )


def period_at(stack: Iterable[Profile], moment: datetime) -> tuple[RateUnit, Period] | None:
    """Return what the highest profile of a stack that says something at a time says."""
    for profile in sorted(stack, key=lambda held: -held.stack_level):
        period = _period_of(profile, moment)
        if period is not None and profile.schedule is not None:
            return profile.schedule.unit, period
    return None


def _is_computable(profile: Profile) -> bool:
    schedule = profile.schedule
    if schedule is None or profile.kind == "Dynamic":
        return False
    fixed = profile.kind == "Absolute" and schedule.start is not None
    return fixed or schedule.is_flat


def _period_of(profile: Profile, moment: datetime) -> Period | None:
    schedule = profile.schedule
    if schedule is None or not profile.is_valid_at(moment):
        return None
    # Flat limits of other kinds hold at all times, whenever the transaction or the day begins.
    if profile.kind != "Absolute" and schedule.is_flat:
        return schedule.periods[0]
    if profile.interval is not None and schedule.start is not None and moment > schedule.start:
        moment = schedule.start + (moment - schedule.start) % timedelta(seconds=profile.interval)
    return schedule.period_at(moment)


def _round(steps: Sequence[Step], interval: int, now: datetime) -> tuple[Step, ...]:
    """Return the steps of the turn that runs, and those of the next up to the same moment."""
    length = timedelta(seconds=interval)
    marks = [
        replace(step, at=step.at + (now - step.at) // length * length)
        for step in steps
        if step.at is not None
    ]
    marks.sort(key=lambda step: step.at or now)
    return (marks[-1], *(replace(step, at=step.at + length) for step in marks if step.at))


def in_unit(
    limit_a: float | Sequence[Step], unit: RateUnit, traits: Traits, phases: int | None
) -> tuple[Step, ...]:
    """Return the owner's limit as steps in the unit of the charger."""
    steps = limit_a if isinstance(limit_a, Sequence) else (Step(None, limit_a),)
    return tuple(
        Step(
            step.at,
            round_down(convert(owners_limit(step.limit), RateUnit.A, unit, traits, phases)),
            phases,
        )
        for step in steps
    )


def _step_at(steps: Sequence[Step], moment: datetime) -> Step:
    return [step for step in steps if step.at is None or step.at <= moment][-1]


def _lower_of(
    ours: Sequence[Step],
    unit: RateUnit,
    stacks: list[list[Profile]],
    traits: Traits,
    moments: list[datetime],
) -> tuple[Step, ...]:
    """Return the lower of our limit and the first stack that says something, time by time."""
    steps: list[Step] = []
    for moment in moments:
        found = next((said for stack in stacks if (said := period_at(stack, moment))), None)
        own = _step_at(ours, moment)
        limit, phases = own.limit, own.phases
        if found is not None:
            theirs, period = found
            phases = min((one for one in (own.phases, period.phases) if one), default=None)
            their_limit = round_down(convert(period.limit, theirs, unit, traits, period.phases))
            limit = min(own.limit, their_limit)
        if not steps or (steps[-1].limit, steps[-1].phases) != (limit, phases):
            steps.append(Step(moment if steps else None, limit, phases))
    return tuple(steps)


def _edges_after(now: datetime, stacks: list[list[Profile]]) -> set[datetime]:
    edges: set[datetime] = set()
    for profile in (profile for stack in stacks for profile in stack):
        bounds = (profile.valid_from, profile.valid_to)
        edges.update(bound for bound in bounds if bound is not None)
        edges.update(profile.schedule.edges() if profile.schedule else ())
    return {edge for edge in edges if edge > now}


def _is_near(first: Step, second: Step, slack: float) -> bool:
    if first.phases != second.phases or (first.limit == 0) != (second.limit == 0):
        return False
    if first.at is None or second.at is None:
        together = first.at is second.at
    else:
        together = abs((first.at - second.at).total_seconds()) < _SAME_TIME_SECONDS
    return together and (first.limit == second.limit or abs(first.limit - second.limit) < slack)
