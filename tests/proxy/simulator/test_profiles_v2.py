from typing import Any

import pytest

from oye_proxy.simulator.clock import START, rfc3339
from oye_proxy.simulator.profiles import Kind, Period, Purpose
from oye_proxy.simulator.profiles_v2 import read_profile


def payload(**others: Any) -> dict[str, Any]:
    return {
        "id": 3,
        "stackLevel": 2,
        "chargingProfilePurpose": "TxProfile",
        "chargingProfileKind": "Absolute",
        "transactionId": "t-1",
        "validTo": rfc3339(START),
        "chargingSchedule": [
            {
                "id": 1,
                "chargingRateUnit": "A",
                "startSchedule": rfc3339(START),
                "chargingSchedulePeriod": [{"startPeriod": 0}, {"startPeriod": 9, "limit": 6.5}],
            }
        ],
        **others,
    }


def test_a_profile_is_read_whole() -> None:
    """2.1: a period may be without limit."""
    profile = read_profile(1, payload())

    assert profile is not None
    assert (3, 1, 2) == (profile.profile_id, profile.evse_id, profile.stack_level)
    assert (Purpose.TRANSACTION, Kind.ABSOLUTE) == (profile.purpose, profile.kind)
    assert (Period(0, None), Period(9, 6.5)) == profile.periods
    assert ("t-1", START, None) == (
        profile.transaction_id,
        profile.valid_to,
        profile.valid_from,
    )
    assert payload() == profile.raw


@pytest.mark.parametrize(
    "others", [{"chargingProfilePurpose": "PriorityCharging"}, {"chargingProfileKind": "Dynamic"}]
)
def test_what_came_with_2_1_is_not_known(others: dict[str, Any]) -> None:
    assert read_profile(1, payload(**others)) is None
