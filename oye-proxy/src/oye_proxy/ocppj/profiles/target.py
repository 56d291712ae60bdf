"""The profile that a place in the charger should hold, for what the owner wants there."""

from collections.abc import Callable
from datetime import datetime

from oye_proxy.ocppj.profiles.course import INTERVALS
from oye_proxy.ocppj.profiles.cycle import plan_cycle
from oye_proxy.ocppj.profiles.ids import Slot
from oye_proxy.ocppj.profiles.plan import Plan, plan_limit
from oye_proxy.ocppj.profiles.rivals import LimitConflict
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.wishes import ChargerView, Wish


def target_of(
    slot: Slot,
    wish: Wish | None,
    table: ProfileTable,
    view: ChargerView,
    now: datetime,
    *,
    is_paused: bool = False,
    transaction_id: str | None = None,
    is_refused: Callable[[Plan], bool],
) -> Plan | LimitConflict | None:
    """
    Return what to have in the charger, None for nothing.

    What recurs is left to the charger to repeat; one that refuses this gets it written out.
    """
    phases = None if wish is None else wish.phases
    if is_paused:
        return plan_limit(
            slot, 0.0, table, view.traits, now, transaction_id=transaction_id, phases=phases
        )
    if wish is None or wish.limit_at(now) is None:
        return None
    course = wish.course
    if course is not None and course.recurrence is not None:
        cycle = plan_cycle(
            slot,
            course.turn_of(now),
            INTERVALS[course.recurrence],
            table,
            view.traits,
            now,
            transaction_id=transaction_id,
            phases=phases,
        )
        if cycle is not None and not is_refused(cycle):
            return cycle
    limit_a = wish.limit_a if course is None else course.steps(now)
    return plan_limit(
        slot, limit_a, table, view.traits, now, transaction_id=transaction_id, phases=phases
    )
