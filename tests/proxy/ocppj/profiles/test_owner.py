from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.profiles.attempts import ATTEMPTS, WRITE_INTERVAL
from oye_proxy.ocppj.profiles.composite import Effective, Party
from oye_proxy.ocppj.profiles.course import Course, Recurrence
from oye_proxy.ocppj.profiles.ids import CAP_ID, LimitScope, Slot
from oye_proxy.ocppj.profiles.owner import WRITES_PER_DAY, OwnerLimits
from oye_proxy.ocppj.profiles.schedules import Period, RateUnit, Traits
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.wishes import Agenda, ChargerView, Order, PauseStrategy, Wish
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CAP = Slot(LimitScope.MAXIMUM, 0)
SESSION_1 = Slot(LimitScope.SESSION, 1)
IDLE = ChargerView(version=V16)


def charging(transactions: Mapping[int, str] | None = None, **members: Any) -> ChargerView:
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
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.MAXIMUM, 0, limit_a)
    assert [limit_a] == sent(limits, NOON)
    return limits


def rival_1_6(limit: float, level: int, purpose: str, connector_id: int) -> dict[str, Any]:
    return {
        "connectorId": connector_id,
        "csChargingProfiles": {
            "chargingProfileId": 1,
            "stackLevel": level,
            "chargingProfilePurpose": purpose,
            "chargingProfileKind": "Absolute",
            "chargingSchedule": {
                "startSchedule": "2026-11-21T11:00:00Z",
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
            },
        },
    }


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


def test_a_reconnect_writes_nothing() -> None:
    limits = capped()
    limits.disconnected()

    assert Agenda() == limits.take(NOON + 5 * MINUTE, IDLE)


def test_a_boot_writes_again() -> None:
    limits = capped()
    limits.booted()

    assert [16] == sent(limits, NOON + 5 * MINUTE)
    assert [] == sent(limits, NOON + 10 * MINUTE)


def test_what_was_on_its_way_when_the_charger_left_is_sent_again() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.MAXIMUM, 0, 16)
    limits.take(NOON, IDLE)
    limits.disconnected()

    assert [16] == sent(limits, NOON + MINUTE)


def test_a_limit_that_may_have_arrived_is_cleared_when_it_is_withdrawn() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.MAXIMUM, 0, 16)
    limits.take(NOON, IDLE)
    limits.disconnected()
    limits.want(LimitScope.MAXIMUM, 0, None)

    assert ["ClearChargingProfile"] == sent(limits, NOON + MINUTE)
    assert [] == sent(limits, NOON + 5 * MINUTE)


def test_a_csms_that_clears_everything_is_answered_with_a_new_write() -> None:
    limits = capped()
    observe(limits, "ClearChargingProfile", {})

    assert [16] == sent(limits, NOON + MINUTE)


def test_a_csms_that_replaces_ours_is_stepped_over() -> None:
    """Its level + 1, and the lower of both limits."""
    limits = capped()
    observe(limits, "SetChargingProfile", rival_1_6(10, 1, "ChargePointMaxProfile", 0))
    (order,) = limits.take(NOON + MINUTE, IDLE).orders

    assert 2 == order.payload["csChargingProfiles"]["stackLevel"]
    assert 10 == limit_of(order)
    observe(limits, order.action, order.payload, ours=True)
    limits.settle(order, accepted=True, now=NOON)
    assert [] == sent(limits, NOON + 5 * MINUTE)


def test_a_csms_that_clears_its_own_limit_gives_ours_back() -> None:
    limits = capped()
    observe(limits, "SetChargingProfile", rival_1_6(10, 5, "ChargePointMaxProfile", 0))
    lowered = sent(limits, NOON + MINUTE)
    observe(limits, "ClearChargingProfile", {"id": 1})

    assert ([10], [16]) == (lowered, sent(limits, NOON + 5 * MINUTE))


def test_what_cannot_be_combined_is_not_sent() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.MAXIMUM, 0, 16)
    observe(limits, "SetChargingProfile", rival_1_6(10, 8, "ChargePointMaxProfile", 0))
    agenda = limits.take(NOON, ChargerView(version=V16, traits=Traits(max_stack_level=8)))

    assert () == agenda.orders
    assert [CAP] == [slot for slot, _ in agenda.conflicts]


def test_a_refused_limit_is_not_repeated_until_something_changes() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 16)

    assert [16] == sent(limits, NOON, charging(), accepted=False)
    assert [] == sent(limits, NOON + MINUTE, charging())
    limits.want(LimitScope.SESSION, 1, 16)
    assert [16] == sent(limits, NOON + MINUTE, charging())


def test_a_silent_charger_is_asked_so_many_times() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 16)
    results = [
        sent(limits, NOON + attempt * MINUTE, charging(), accepted=None)
        for attempt in range(ATTEMPTS + 1)
    ]

    assert [*[[16]] * ATTEMPTS, []] == results


def test_a_failed_check_writes_again_but_not_for_ever() -> None:
    limits = capped()
    above = Effective(32, Party.CHARGER, honoured=False)
    results = []
    for attempt in range(1, ATTEMPTS + 2):
        now = NOON + 5 * attempt * MINUTE
        limits.checked(1, above, Traits(), now)
        results.append(sent(limits, now))

    assert [*[[16]] * ATTEMPTS, []] == results


def test_a_good_check_writes_nothing() -> None:
    limits = capped()
    limits.checked(1, Effective(10, Party.CSMS), Traits(), NOON)

    assert [] == sent(limits, NOON + 5 * MINUTE)


def test_a_check_blames_only_the_limit_that_is_exceeded() -> None:
    limits = capped(32)
    limits.want(LimitScope.SESSION, 1, 10)
    sent(limits, NOON, charging())
    limits.checked(1, Effective(32, Party.CHARGER, honoured=False), Traits(), NOON)

    assert [10] == sent(limits, NOON + 5 * MINUTE, charging())


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


def test_a_transaction_id_that_1_6_does_not_have_is_a_conflict() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 10)
    agenda = limits.take(NOON, charging({1: "tx-1"}))

    assert () == agenda.orders
    assert [SESSION_1] == [slot for slot, _ in agenda.conflicts]


def test_a_late_outcome_of_an_ended_transaction_changes_nothing() -> None:
    limits = OwnerLimits(ProfileTable())
    limits.want(LimitScope.SESSION, 1, 10)
    (order,) = limits.take(NOON, charging()).orders
    limits.transaction_ended(1)
    limits.settle(order, accepted=None, now=NOON)

    assert Agenda() == limits.take(NOON + 5 * MINUTE, charging({1: "43"}))


def test_without_a_limit_in_the_charger_there_is_none_to_show() -> None:
    assert OwnerLimits(ProfileTable()).limit_in_charger(CAP, Traits(), NOON) is None


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


DAILY = Course(NOON, (Period(0, 16), Period(3600, 8)), Recurrence.DAILY)


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


def test_where_the_charger_refuses_to_repeat_a_course_it_is_written_once_a_turn() -> None:
    """The charger has it to the end of the next turn, and follows it without the proxy."""
    limits = OwnerLimits(ProfileTable())
    limits.wish(Wish(LimitScope.DEFAULT, 0, 16, course=DAILY))
    day = timedelta(days=1)

    assert [16] == sent(limits, NOON, accepted=False)
    assert [16] == sent(limits, NOON)
    assert Agenda(look_at=NOON + day) == limits.take(NOON + 2 * timedelta(hours=1), IDLE)
    assert [16] == sent(limits, NOON + day)
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
