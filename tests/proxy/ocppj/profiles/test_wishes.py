from datetime import UTC, datetime, timedelta

from oye_proxy.ocppj.profiles.course import Course
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.schedules import Period
from oye_proxy.ocppj.profiles.wishes import Agenda, ChargerView, Wish
from oye_proxy.ocppj.versions import OcppVersion


def test_a_wish_knows_its_slot() -> None:
    assert Slot(LimitScope.DEFAULT, 2) == Wish(LimitScope.DEFAULT, 2, 16).slot


def test_a_view_assumes_little() -> None:
    view = ChargerView(version=OcppVersion.V1_6)

    assert {} == view.transactions
    assert ((), None, ()) == (Agenda().orders, Agenda().look_at, Agenda().conflicts)


def test_a_wish_changes_with_its_course_and_its_end() -> None:
    noon, minute = datetime(2026, 11, 21, 12, tzinfo=UTC), timedelta(minutes=1)
    course = Course(noon + minute, (Period(0, 10),))
    wish = Wish(LimitScope.SESSION, 1, 10, until=noon + 2 * minute, course=course)

    assert (None, 10) == (wish.limit_at(noon), wish.limit_at(noon + minute))
    assert noon + minute == wish.next_change(noon)
    assert noon + 2 * minute == wish.next_change(noon + minute)
    assert Wish(LimitScope.SESSION, 1, 10).next_change(noon) is None
