from typing import Any

import pytest

from oye_proxy.simulator.clock import START, rfc3339
from oye_proxy.simulator.evse import Evse, Transaction
from oye_proxy.simulator.profiles import Kind, Period, Purpose
from oye_proxy.simulator.profiles_v16 import (
    is_acceptable,
    purpose_of,
    read_profile,
)
from oye_proxy.simulator.vehicle import Meter, Offer


def payload(**others: Any) -> dict[str, Any]:
    return {
        "chargingProfileId": 3,
        "stackLevel": 2,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Recurring",
        "recurrencyKind": "Daily",
        "validFrom": rfc3339(START),
        "transactionId": 7,
        "chargingSchedule": {
            "chargingRateUnit": "W",
            "duration": 60,
            "startSchedule": rfc3339(START),
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 4000.5, "numberPhases": 1}],
        },
        **others,
    }


@pytest.fixture
def charging_evse() -> Evse:
    evse = Evse(
        1, now=START, meter=Meter(register_wh=0, seed=1), limiter=lambda _evse, _at: Offer(32, 3)
    )
    evse.transaction = Transaction(
        transaction_id="7", id_tag="A", started_at=START, meter_start_wh=0
    )
    return evse


def test_a_profile_is_read_whole() -> None:
    profile = read_profile(1, payload())

    assert (3, 1, 2) == (profile.profile_id, profile.evse_id, profile.stack_level)
    assert (Purpose.TRANSACTION_DEFAULT, Kind.RECURRING, "Daily") == (
        profile.purpose,
        profile.kind,
        profile.recurrency,
    )
    assert ("W", 60, START, START, None) == (
        profile.unit,
        profile.duration,
        profile.start_schedule,
        profile.valid_from,
        profile.valid_to,
    )
    assert ("7", (Period(0, 4000.5, 1),)) == (profile.transaction_id, profile.periods)


def test_the_whole_charger_has_another_name() -> None:
    assert Purpose.MAXIMUM == purpose_of("ChargePointMaxProfile")
    assert Purpose.TRANSACTION == purpose_of("TxProfile")


def test_a_transaction_profile_belongs_to_the_running_transaction(charging_evse: Evse) -> None:
    """C16 3.13.1."""
    own = read_profile(1, payload(chargingProfilePurpose="TxProfile"))
    other = read_profile(1, payload(chargingProfilePurpose="TxProfile", transactionId=8))

    assert is_acceptable(own, charging_evse)
    assert not is_acceptable(other, charging_evse)
    charging_evse.transaction = None
    assert not is_acceptable(own, charging_evse)
    assert not is_acceptable(own, None)


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [{"startPeriod": 10, "limit": 6.0}],
        [{"startPeriod": number, "limit": 6.0} for number in range(25)],
    ],
)
def test_a_schedule_that_the_charger_cannot_hold_is_refused(periods: list[Any]) -> None:
    """C16 7.13: the first period begins at 0; ChargingScheduleMaxPeriods is 24."""
    schedule = {**payload()["chargingSchedule"], "chargingSchedulePeriod": periods}

    assert not is_acceptable(read_profile(1, payload(chargingSchedule=schedule)), None)


def test_a_recurring_profile_needs_a_start() -> None:
    """C16 3.13.1."""
    schedule = {**payload()["chargingSchedule"]}
    del schedule["startSchedule"]

    assert not is_acceptable(read_profile(1, payload(chargingSchedule=schedule)), None)
