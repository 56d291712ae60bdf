"""What is written for the owner's wishes: when, how often and for which transaction."""

from datetime import timedelta

import pytest
from tests.proxy.ocppj.profiles.wishing import (
    CAP,
    DAILY,
    IDLE,
    MINUTE,
    NOON,
    SESSION_1,
    V16,
    V201,
    capped,
    charging,
    observe,
    sent,
)

from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.profiles.attempts import WRITE_INTERVAL
from oye_proxy.ocppj.profiles.course import Course, Recurrence
from oye_proxy.ocppj.profiles.ids import CAP_ID, LimitScope, Slot
from oye_proxy.ocppj.profiles.owner import WRITES_PER_DAY, OwnerLimits
from oye_proxy.ocppj.profiles.schedules import Period, RateUnit, Traits
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.wishes import Agenda, ChargerView, Order, PauseStrategy, Wish
from oye_proxy.ocppj.versions import OcppVersion


def test_a_wish_is_sent_once() -> None:
    """Nothing unchanged is written again: it wears the flash (C16-E 3.37, K01.FR.27)."""
    limits = capped()

    assert Agenda() == limits.take(NOON + 5 * MINUTE, IDLE)
    assert 16 == limits.limit_in_charger(CAP, Traits(), NOON)


def test_without_wishes_nothing_is_due() -> None:
    assert Agenda() == OwnerLimits(ProfileTable()).take(NOON, IDLE)


def test_what_is_on_its_way_is_not_sent_twice_and_the_newest_wish_follows() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 16)
    (order,) = limits.take(NOON, charging()).orders
    limits.want(LimitScope.SESSION, 1, 13)
    limits.want(LimitScope.SESSION, 1, 10)

    assert () == limits.take(NOON, charging()).orders
    observe(limits, order.action, order.payload, ours=True)
    limits.settle(order, accepted=True, now=NOON)
    assert [10] == sent(limits, NOON, charging())


def test_a_lasting_limit_is_written_once_a_minute() -> None:
    limits = capped()
    limits.want(LimitScope.MAXIMUM, 0, 10)
    early = limits.take(NOON + timedelta(seconds=20), IDLE)

    assert Agenda(look_at=NOON + WRITE_INTERVAL, postponed=(CAP,)) == early
    assert 40 == limits.wait(CAP, NOON + timedelta(seconds=20))
    assert [10] == sent(limits, NOON + WRITE_INTERVAL)
    assert 0 == limits.wait(SESSION_1, NOON)


def test_a_lasting_limit_is_not_written_for_less_than_half_an_ampere() -> None:
    limits = capped(16)
    limits.want(LimitScope.MAXIMUM, 0, 15.6)
    small = sent(limits, NOON + 2 * MINUTE)
    limits.want(LimitScope.MAXIMUM, 0, 15.5)

    assert ([], [15.5]) == (small, sent(limits, NOON + 2 * MINUTE))


def test_a_session_limit_follows_a_moving_target() -> None:
    limits = OwnerLimits(ProfileTable())
    for limit_a in (16, 15.9, 15.8):
        limits.want(LimitScope.SESSION, 1, limit_a)

        assert [limit_a] == sent(limits, NOON, charging())
    assert 0 == limits.writes_on(NOON)


def test_a_measured_voltage_alone_writes_nothing() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 16)
    for voltage, count in ((230, 1), (232, 0), (228, 0), (240, 1)):
        traits = Traits(units=(RateUnit.W,), voltage=voltage)

        assert count == len(sent(limits, NOON, charging(traits=traits))), voltage


def test_a_limit_for_the_next_transaction_is_kept_and_sent_at_its_start() -> None:
    """A TxProfile needs a running transaction (C16 3.13.1, K01.FR.16)."""
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 10)

    assert Agenda() == limits.take(NOON, IDLE)
    (order,) = limits.take(NOON, charging()).orders
    profile = order.payload["csChargingProfiles"]
    assert (SESSION_1, 1, 42) == (
        order.slot,
        order.payload["connectorId"],
        profile["transactionId"],
    )


def test_a_session_limit_ends_with_its_transaction() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 10)
    sent(limits, NOON, charging())
    limits.transaction_ended(1)

    assert () == limits.wishes
    assert Agenda() == limits.take(NOON, charging({1: "43"}))


def test_a_limit_for_the_next_transaction_outlives_the_one_before() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 10)
    limits.transaction_ended(1)

    assert [10] == sent(limits, NOON, charging({1: "43"}))


def test_a_transaction_whose_end_was_missed_takes_its_limit_along() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 10)
    sent(limits, NOON, charging())

    assert [] == sent(limits, NOON, charging({1: "43"}))
    assert () == limits.wishes
    assert [] == list(limits._table)


def test_a_withdrawn_wish_is_cleared_by_its_id() -> None:
    limits = capped()
    limits.want(LimitScope.MAXIMUM, 0, None)
    (order,) = limits.take(NOON + MINUTE, IDLE).orders

    assert Order(V16, CAP, "ClearChargingProfile", {"id": CAP_ID}) == order
    # `Unknown`: it is not there, which is what was wanted.
    observe(limits, order.action, order.payload, ours=True)
    limits.settle(order, accepted=False, now=NOON)
    assert Agenda() == limits.take(NOON + 5 * MINUTE, IDLE)


def test_a_pause_holds_back_and_gives_the_limit_back() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 10)
    first = sent(limits, NOON, charging())
    limits.pause(1)
    paused = sent(limits, NOON, charging())
    limits.resume(1)

    assert ([10], [0], [10]) == (first, paused, sent(limits, NOON, charging()))


def test_a_pause_without_a_limit_ends_with_a_clear() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.pause(1)
    early = sent(limits, NOON)
    paused = sent(limits, NOON, charging())
    limits.resume(1)

    assert ([], [0]) == (early, paused)
    assert ["ClearChargingProfile"] == sent(limits, NOON, charging())


@pytest.mark.parametrize(
    ("version", "action"),
    [(V16, "RemoteStopTransaction"), (V201, "RequestStopTransaction")],
)
def test_a_pause_by_stopping_stops_each_transaction_once(version: OcppVersion, action: str) -> None:
    limits = OwnerLimits(ProfileTable())
    limits.pause_strategy = PauseStrategy.REMOTE_STOP
    limits.pause(1)

    def view(transaction_id: str) -> ChargerView:
        return charging({1: transaction_id}, version=version)

    assert [action] == sent(limits, NOON, view("42"), accepted=False)
    assert [] == sent(limits, NOON, view("42"))
    assert [action] == sent(limits, NOON, view("43"))
    assert frozenset({1}) == limits.paused


def test_the_limit_of_a_session_that_a_pause_ended_is_kept_for_the_next() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.pause_strategy = PauseStrategy.REMOTE_STOP
    limits.want(LimitScope.SESSION, 1, 10)
    sent(limits, NOON, charging())
    limits.pause(1)
    sent(limits, NOON, charging())
    limits.transaction_ended(1)
    stopped = limits.was_stopped(1)
    limits.resume(1)

    assert (True, False) == (stopped, limits.was_stopped(1))
    assert [10] == sent(limits, NOON, charging({1: "43"}))


def test_the_writes_of_a_day_are_counted() -> None:
    limits = capped()
    now = NOON
    while limits.writes_on(now) <= WRITES_PER_DAY and now < NOON + 400 * MINUTE:
        now += MINUTE
        assert not limits.is_wearing(now)
        observe(limits, "ClearChargingProfile", {})
        sent(limits, now)

    assert limits.is_wearing(now)
    assert not limits.is_wearing(now + timedelta(days=1))


def test_a_restart_forgets_nothing() -> None:
    limits = capped()
    limits.want(LimitScope.SESSION, 1, 10)
    limits.pause(2)
    limits.pause_strategy = PauseStrategy.REMOTE_STOP
    sent(limits, NOON, charging({2: "7"}))
    limits.traits = Traits(max_stack_level=8)
    again = OwnerLimits.load(limits.dump(), limits._table)

    assert limits.wishes == again.wishes
    assert limits.paused == again.paused
    assert PauseStrategy.REMOTE_STOP is again.pause_strategy
    assert again.was_stopped(2)
    assert Traits(max_stack_level=8) == again.traits
    assert 1 == again.writes_on(NOON)
    assert [] == sent(again, NOON + 5 * MINUTE)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000])
def test_an_unreadable_text_gives_no_wishes(text: str) -> None:
    assert () == OwnerLimits.load(text, ProfileTable()).wishes


def test_a_session_needs_its_connector() -> None:
    with pytest.raises(InvalidRequestError, match="connectorId"):
        OwnerLimits(ProfileTable()).want(LimitScope.SESSION, 0, 10)
    with pytest.raises(InvalidRequestError, match="connectorId"):
        OwnerLimits(ProfileTable()).pause(0)


def test_a_wish_ends_by_itself() -> None:
    """The charger's profile is taken back, and the clock brings the look."""
    limits = OwnerLimits(ProfileTable())
    limits.wish(Wish(LimitScope.SESSION, 1, 10, until=NOON + MINUTE))
    first = sent(limits, NOON, charging())

    assert [10] == first
    assert NOON + MINUTE == limits.take(NOON, charging()).look_at
    assert ["ClearChargingProfile"] == sent(limits, NOON + MINUTE, charging())
    assert () == limits.wishes


def test_a_course_that_recurs_is_written_once() -> None:
    """The charger repeats it, and needs the proxy no more."""
    limits = OwnerLimits(ProfileTable())
    limits.wish(Wish(LimitScope.DEFAULT, 0, 16, course=DAILY))
    day = timedelta(days=1)

    assert [16] == sent(limits, NOON)
    assert Agenda(look_at=NOON + day) == limits.take(NOON + 2 * timedelta(hours=1), IDLE)
    assert [] == sent(limits, NOON + day)
    assert 8 == limits.limit_in_charger(
        Slot(LimitScope.DEFAULT, 0), Traits(), NOON + day + timedelta(hours=2)
    )


def test_a_course_to_come_sends_nothing_yet() -> None:
    limits = OwnerLimits(ProfileTable())
    course = Course(NOON + MINUTE, (Period(0, 16),))
    limits.wish(Wish(LimitScope.MAXIMUM, 0, 16, course=course))

    assert Agenda(look_at=NOON + MINUTE) == limits.take(NOON, IDLE)
    assert [16] == sent(limits, NOON + MINUTE)


def test_a_course_outlives_a_restart() -> None:
    limits = OwnerLimits(ProfileTable())
    course = Course(NOON, (Period(0, 16), Period(60, 8)), Recurrence.WEEKLY)
    wish = Wish(LimitScope.DEFAULT, 1, 16, phases=1, until=NOON + MINUTE, course=course)
    limits.wish(wish)

    assert (wish,) == OwnerLimits.load(limits.dump(), ProfileTable()).wishes


def test_phases_are_told_and_a_change_of_them_is_written() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.wish(Wish(LimitScope.SESSION, 1, 16, phases=1))
    (order,) = limits.take(NOON, charging()).orders
    (period,) = order.payload["csChargingProfiles"]["chargingSchedule"]["chargingSchedulePeriod"]
    observe(limits, order.action, order.payload, ours=True)
    limits.settle(order, accepted=True, now=NOON)
    limits.wish(Wish(LimitScope.SESSION, 1, 16))

    assert {"startPeriod": 0, "limit": 16.0, "numberPhases": 1} == period
    assert [16] == sent(limits, NOON, charging())
