from datetime import UTC, datetime, timedelta

from oye_proxy.ocppj.profiles.course import Course, Recurrence
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.plan import Plan
from oye_proxy.ocppj.profiles.rivals import LimitConflict
from oye_proxy.ocppj.profiles.schedules import Period
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.target import target_of
from oye_proxy.ocppj.profiles.wishes import ChargerView, Wish
from oye_proxy.ocppj.versions import OcppVersion

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CAP = Slot(LimitScope.MAXIMUM, 0)
SESSION_1 = Slot(LimitScope.SESSION, 1)
VIEW = ChargerView(version=OcppVersion.V1_6)
DAILY = Wish(
    LimitScope.MAXIMUM,
    0,
    16,
    course=Course(NOON, (Period(0, 16), Period(3600, 8)), Recurrence.DAILY),
)


def target(
    wish: Wish | None, slot: Slot = CAP, *, is_paused: bool = False, refuses: bool = False
) -> Plan:
    found = target_of(
        slot,
        wish,
        ProfileTable(),
        VIEW,
        NOON,
        is_paused=is_paused,
        is_refused=lambda _: refuses,
    )
    assert isinstance(found, Plan), found
    return found


def nothing(wish: Wish | None) -> Plan | LimitConflict | None:
    return target_of(CAP, wish, ProfileTable(), VIEW, NOON, is_refused=lambda _: False)


def test_a_limit_is_one_step_and_a_pause_goes_before_it() -> None:
    wish = Wish(LimitScope.SESSION, 1, 10)

    assert [10] == [step.limit for step in target(wish, SESSION_1).steps]
    assert [0] == [step.limit for step in target(wish, SESSION_1, is_paused=True).steps]


def test_without_a_wish_there_is_nothing_to_hold() -> None:
    to_come = Wish(LimitScope.MAXIMUM, 0, 10, course=Course(NOON + timedelta(1), (Period(0, 10),)))

    assert nothing(None) is None
    assert nothing(to_come) is None


def test_what_recurs_is_left_to_the_charger_unless_it_refuses() -> None:
    left, written_out = target(DAILY), target(DAILY, refuses=True)

    assert (86_400, 2) == (left.interval, len(left.steps))
    assert (None, 4) == (written_out.interval, len(written_out.steps))


def test_what_comes_once_is_written_out() -> None:
    once = Wish(LimitScope.MAXIMUM, 0, 16, course=Course(NOON, (Period(0, 16), Period(3600, 8))))

    assert target(once).interval is None
