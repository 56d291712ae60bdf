from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.messages import (
    clear_limits,
    set_limit,
    start_profile,
    stop_transaction,
)
from oye_proxy.ocppj.profiles.plan import Plan, Step, plan_in
from oye_proxy.ocppj.profiles.schedules import RateUnit
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
NOON = datetime(2026, 11, 21, 12, 0, 0, 500_000, tzinfo=UTC)
CAP = Slot(LimitScope.MAXIMUM, 0)
SESSION_1 = Slot(LimitScope.SESSION, 1)

Faults = Callable[[OcppVersion, str, Any], list[str]]


def plan(limit: float = 16.1, **members: Any) -> Plan:
    defaults: dict[str, Any] = {"unit": RateUnit.A, "stack_level": 1, "steps": (Step(None, limit),)}
    return Plan(**{**defaults, **members})


def test_the_cap_of_1_6() -> None:
    """Absolute, since a minute ago, one period at 0 (C16-E 3.70)."""
    assert (
        "SetChargingProfile",
        {
            "connectorId": 0,
            "csChargingProfiles": {
                "chargingProfileId": 900_000_001,
                "stackLevel": 1,
                "chargingProfilePurpose": "ChargePointMaxProfile",
                "chargingProfileKind": "Absolute",
                "chargingSchedule": {
                    "startSchedule": "2026-11-21T11:59:00.000Z",
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.1}],
                },
            },
        },
    ) == set_limit(V16, CAP, plan(), NOON)


def test_a_session_limit_of_2_x() -> None:
    """A TxProfile bears the id of its transaction (K01.FR.03)."""
    wanted = plan(transaction_id="tx-1", steps=(Step(None, 16.0), Step(NOON, 10.0, 1)))

    assert (
        "SetChargingProfile",
        {
            "evseId": 1,
            "chargingProfile": {
                "id": 900_000_201,
                "stackLevel": 1,
                "chargingProfilePurpose": "TxProfile",
                "chargingProfileKind": "Absolute",
                "transactionId": "tx-1",
                "chargingSchedule": [
                    {
                        "id": 900_000_201,
                        "startSchedule": "2026-11-21T11:59:00.000Z",
                        "chargingRateUnit": "A",
                        "chargingSchedulePeriod": [
                            {"startPeriod": 0, "limit": 16.0},
                            {"startPeriod": 60, "limit": 10.0, "numberPhases": 1},
                        ],
                    }
                ],
            },
        },
    ) == set_limit(V201, SESSION_1, wanted, NOON)


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize(
    "slot", [CAP, SESSION_1, Slot(LimitScope.DEFAULT, 0), Slot(LimitScope.DEFAULT, 2)]
)
def test_every_limit_is_valid_and_learnt_as_it_was_meant(
    version: OcppVersion, slot: Slot, request_faults: Faults
) -> None:
    transaction_id = "42" if slot.scope is LimitScope.SESSION else None
    for limit in (0.0, 6.0, 16.1, 3679.9):
        wanted = plan(limit, transaction_id=transaction_id)
        action, payload = set_limit(version, slot, wanted, NOON)
        table = ProfileTable()
        table.observe_accepted(version, action, payload, ours=True)

        assert [] == request_faults(version, action, payload)
        held = table.own(slot.profile_id)
        assert held is not None
        assert (slot.purpose, slot.connector_id, transaction_id) == (
            held.purpose,
            held.connector_id,
            held.transaction_id,
        )


@pytest.mark.parametrize("version", OcppVersion)
def test_a_remote_start_bears_a_profile_without_a_transaction(
    version: OcppVersion, request_faults: Faults
) -> None:
    """C16-E 3.41, F02.FR.19."""
    profile = start_profile(version, 1, plan(transaction_id="42"), NOON)

    assert "transactionId" not in profile
    assert "TxProfile" == profile["chargingProfilePurpose"]
    connector = {"connectorId": 1, "csChargingProfiles": profile}
    evse = {"evseId": 1, "chargingProfile": profile}
    payload = connector if version is V16 else evse
    assert [] == request_faults(version, "SetChargingProfile", payload)


@pytest.mark.parametrize("version", OcppVersion)
def test_limits_are_cleared_by_id_only(version: OcppVersion, request_faults: Faults) -> None:
    """One without an id clears those of the CSMS too (C16-E 3.25)."""
    calls = clear_limits(version, [900_000_001, 900_000_101])
    key = "id" if version is V16 else "chargingProfileId"

    assert [
        ("ClearChargingProfile", {key: 900_000_001}),
        ("ClearChargingProfile", {key: 900_000_101}),
    ] == calls
    assert [] == [fault for call in calls for fault in request_faults(version, *call)]


def test_a_stop_names_the_transaction_as_the_version_has_it() -> None:
    assert ("RemoteStopTransaction", {"transactionId": 42}) == stop_transaction(V16, "42")
    assert ("RequestStopTransaction", {"transactionId": "42"}) == stop_transaction(V21, "42")
    for text in ("tx-1", "4_2", " 42", "", "9" * 5000):
        with pytest.raises(InvalidRequestError, match="whole number"):
            stop_transaction(V16, text)


def test_offsets_count_from_the_start() -> None:
    wanted = plan(steps=(Step(None, 16.0), Step(NOON + timedelta(hours=1), 10.0)))
    _, payload = set_limit(V16, CAP, wanted, NOON)
    schedule = payload["csChargingProfiles"]["chargingSchedule"]

    assert [0, 3660] == [period["startPeriod"] for period in schedule["chargingSchedulePeriod"]]


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize(("interval", "kind"), [(86_400, "Daily"), (604_800, "Weekly")])
def test_what_the_charger_repeats_recurs_from_a_start_in_the_past(
    version: OcppVersion, interval: int, kind: str, request_faults: Faults
) -> None:
    """C16 7.36, K01: the schedule begins anew at the time of day of its start."""
    start = NOON.replace(microsecond=0) - timedelta(hours=2)
    steps = (Step(start, 16.0), Step(start + timedelta(hours=17), 10.0))
    wanted = plan(steps=steps, interval=interval)
    action, payload = set_limit(version, CAP, wanted, NOON)
    profile = payload["csChargingProfiles" if version is V16 else "chargingProfile"]
    schedule = profile["chargingSchedule"] if version is V16 else profile["chargingSchedule"][0]
    table = ProfileTable()
    table.observe_accepted(version, action, payload, ours=True)
    held = table.own(CAP.profile_id)

    assert [] == request_faults(version, action, payload)
    assert ("Recurring", kind) == (profile["chargingProfileKind"], profile["recurrencyKind"])
    assert ("2026-11-21T10:00:00.000Z", interval) == (
        schedule["startSchedule"],
        schedule["duration"],
    )
    assert [0, 61_200] == [one["startPeriod"] for one in schedule["chargingSchedulePeriod"]]
    assert held is not None
    assert wanted == plan_in(held)


def test_a_turn_that_has_just_begun_is_told_as_the_one_before() -> None:
    """The clock of a charger may be slow: it would not know any limit yet (K01.FR.40)."""
    start = NOON.replace(microsecond=0)
    wanted = plan(steps=(Step(start, 16.0), Step(start + timedelta(hours=1), 8.0)), interval=86_400)
    _, payload = set_limit(V16, CAP, wanted, start)
    schedule = payload["csChargingProfiles"]["chargingSchedule"]

    assert "2026-11-20T12:00:00.000Z" == schedule["startSchedule"]
    assert [0, 3600] == [one["startPeriod"] for one in schedule["chargingSchedulePeriod"]]
