"""What is written when a CSMS undoes the owner's limits, or the charger refuses or leaves."""

from datetime import timedelta
from typing import Any

from tests.proxy.ocppj.profiles.wishing import (
    CAP,
    DAILY,
    IDLE,
    MINUTE,
    NOON,
    SESSION_1,
    V16,
    capped,
    charging,
    limit_of,
    observe,
    sent,
)

from oye_proxy.ocppj.profiles.attempts import ATTEMPTS
from oye_proxy.ocppj.profiles.composite import Effective, Party
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.owner import OwnerLimits
from oye_proxy.ocppj.profiles.schedules import Traits
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.wishes import Agenda, ChargerView, Wish


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
