from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.ocppj.profiles.composite import Effective, Party, effective_limit, limit_now
from oye_proxy.ocppj.profiles.ids import CAP_ID, LimitScope, Purpose, Slot
from oye_proxy.ocppj.profiles.schedules import Period, RateUnit, Schedule, Traits
from oye_proxy.ocppj.profiles.table import Profile
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def held(
    purpose: Purpose, limit: float, connector_id: int = 1, *, own: int | None = None
) -> Profile:
    return Profile(
        profile_id=own or 1,
        connector_id=0 if purpose is Purpose.MAXIMUM else connector_id,
        purpose=purpose,
        stack_level=1,
        kind="Absolute",
        ours=own is not None,
        schedule=Schedule(unit=RateUnit.A, periods=(Period(0, limit),), start=NOON),
    )


OUR_CAP = held(Purpose.MAXIMUM, 16, own=CAP_ID)
THEIR_CAP = held(Purpose.MAXIMUM, 10)


def answer_1_6(limit: Any, unit: str = "A", **members: Any) -> dict[str, Any]:
    return {
        "status": "Accepted",
        "connectorId": 1,
        "scheduleStart": "2026-11-21T12:00:00Z",
        "chargingSchedule": {
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": [
                {"startPeriod": 0, "limit": limit},
                {"startPeriod": 3600, "limit": 6},
            ],
        },
        **members,
    }


def answer_2(limit: float) -> dict[str, Any]:
    return {
        "status": "Accepted",
        "schedule": {
            "evseId": 1,
            "duration": 86400,
            "scheduleStart": "2026-11-21T12:00:00Z",
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
        },
    }


def effective(
    answer: Any, *profiles: Profile, version: OcppVersion = V16, later: float = 0
) -> Effective | None:
    now = NOON + timedelta(hours=later)
    return effective_limit(version, answer, 1, profiles, Traits(), now)


@pytest.mark.parametrize(
    ("limit", "profiles", "result"),
    [
        (16, [OUR_CAP], Effective(16.0, Party.OWNER)),
        (10, [OUR_CAP, THEIR_CAP], Effective(10.0, Party.CSMS)),
        (10, [THEIR_CAP], Effective(10.0, Party.CSMS)),
        (13, [OUR_CAP], Effective(13.0, Party.CHARGER)),
        (32, [], Effective(32.0, Party.CHARGER)),
        (32, [OUR_CAP], Effective(32.0, Party.CHARGER, honoured=False)),
        (16.4, [OUR_CAP], Effective(16.4, Party.OWNER)),
    ],
)
def test_whose_limit_is_in_force(limit: float, profiles: list[Profile], result: Effective) -> None:
    assert result == effective(answer_1_6(limit), *profiles)
    assert result == effective(answer_2(limit), *profiles, version=V201)


def test_the_period_of_now_counts() -> None:
    assert Effective(6.0, Party.CHARGER) == effective(answer_1_6(16), OUR_CAP, later=1)


def test_watts_are_compared_with_patience() -> None:
    """The charger may convert with another voltage than we do."""
    found = effective(answer_1_6(10_350, "W"), OUR_CAP)

    assert Effective(15.0, Party.OWNER) == found


def test_no_schedule_is_no_limit_when_none_is_known() -> None:
    assert Effective(None, Party.NO_LIMIT) == effective({"status": "Accepted"})
    assert Effective(None, Party.NO_LIMIT) == effective({"status": "Accepted"}, version=V21)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"status": "Rejected"},
        {"status": "Accepted"},
        answer_1_6("16"),
        answer_1_6(16, "V"),
        answer_1_6(16, chargingSchedule=[]),
    ],
)
def test_a_charger_that_does_not_tell_is_unverifiable(answer: Any) -> None:
    """A refusal is not a failure."""
    assert effective(answer, OUR_CAP) is None


def test_an_answer_without_a_start_begins_now() -> None:
    answer = answer_1_6(16, scheduleStart=None)

    assert Effective(16.0, Party.OWNER) == effective(answer, OUR_CAP, later=2)


def test_the_minimum_over_purposes() -> None:
    """C16 3.13.3, K08.FR.04; a TxProfile overrules the TxDefaultProfile."""
    session = held(Purpose.SESSION, 13, own=Slot(LimitScope.SESSION, 1).profile_id)
    default = held(Purpose.DEFAULT, 8)
    shared = held(Purpose.DEFAULT, 7, 0)

    def lowest(*profiles: Profile, connector_id: int = 1) -> float | None:
        return limit_now(profiles, connector_id, Traits(), NOON)

    assert 13 == lowest(OUR_CAP, session, default)
    assert 8 == lowest(OUR_CAP, default, shared)
    assert 7 == lowest(OUR_CAP, shared)
    assert 16 == lowest(OUR_CAP, default, connector_id=2)
    assert 16 == lowest(OUR_CAP, session, connector_id=0)
    assert lowest() is None
