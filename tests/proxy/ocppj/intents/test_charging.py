from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from oye_proxy.errors import ConflictError, InvalidRequestError
from oye_proxy.ocppj.intents import charging
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.requests import (
    ClearLimitRequest,
    CompositeScheduleRequest,
    LimitRequest,
    PauseRequest,
    ResumeRequest,
    StartRequest,
    StopRequest,
)
from oye_proxy.ocppj.profiles.ids import CAP_ID, LimitScope
from oye_proxy.ocppj.profiles.schedules import RateUnit, Traits
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.wishes import PauseStrategy
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

Faults = Callable[[OcppVersion, str, Any], list[str]]


def context(**members: Any) -> IntentContext:
    defaults: dict[str, Any] = {"now": NOON, "id_tag": "TAG", "connector_ids": (1,)}
    return IntentContext(**{**defaults, **members})


CHARGING = context(transactions={1: "42"})


def profile_in(payload: dict[str, Any]) -> dict[str, Any]:
    names = ("csChargingProfiles", "chargingProfile")
    found: dict[str, Any] = next(payload[name] for name in names if name in payload)
    return found


def limit_in(payload: dict[str, Any]) -> float:
    schedule = profile_in(payload)["chargingSchedule"]
    schedule = schedule[0] if isinstance(schedule, list) else schedule
    limit: float = schedule["chargingSchedulePeriod"][0]["limit"]
    return limit


def test_a_start_in_1_6() -> None:
    assert [("RemoteStartTransaction", {"idTag": "TAG", "connectorId": 1})] == charging.start(
        StartRequest(), V16, context()
    )


@pytest.mark.parametrize("version", [V201, V21])
def test_a_start_in_2_x(version: OcppVersion) -> None:
    """The tag is one of the centre, not of a card (F01.FR.06)."""
    payload = {
        "idToken": {"idToken": "MINE", "type": "Central"},
        "remoteStartId": 7,
        "evseId": 2,
    }

    assert [("RequestStartTransaction", payload)] == charging.start(
        StartRequest(id_tag="MINE", connector_id=2), version, context(remote_start_id=7)
    )


def test_a_start_without_a_connector_leaves_the_choice_to_the_charger() -> None:
    several = context(connector_ids=(1, 2))

    assert [("RemoteStartTransaction", {"idTag": "TAG"})] == charging.start(
        StartRequest(), V16, several
    )
    with pytest.raises(InvalidRequestError, match="connectorId"):
        charging.start(StartRequest(limit_a=16), V16, several)


@pytest.mark.parametrize("version", OcppVersion)
def test_a_start_with_a_limit(version: OcppVersion, request_faults: Faults) -> None:
    """A TxProfile without a transaction (C16-E 3.41, F02.FR.19)."""
    ((action, payload),) = charging.start(StartRequest(limit_a=10), version, context())

    assert [] == request_faults(version, action, payload)
    profile = profile_in(payload)
    assert ("TxProfile", 10) == (profile["chargingProfilePurpose"], limit_in(payload))
    assert "transactionId" not in profile


def test_a_stop() -> None:
    assert [("RemoteStopTransaction", {"transactionId": 42})] == charging.stop(
        StopRequest(), V16, CHARGING
    )
    assert [("RequestStopTransaction", {"transactionId": "7"})] == charging.stop(
        StopRequest(transaction_id="7"), V21, CHARGING
    )


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize(
    ("scope", "purposes", "profile_id", "connector_id"),
    [
        (LimitScope.SESSION, {"TxProfile"}, 900_000_201, 1),
        (LimitScope.DEFAULT, {"TxDefaultProfile"}, 900_000_100, 0),
        (
            LimitScope.MAXIMUM,
            {"ChargePointMaxProfile", "ChargingStationMaxProfile"},
            900_000_001,
            0,
        ),
    ],
)
def test_a_limit_of_each_scope(
    version: OcppVersion,
    scope: LimitScope,
    purposes: set[str],
    profile_id: int,
    connector_id: int,
    request_faults: Faults,
) -> None:
    request = LimitRequest(limit_a=16, scope=scope)
    ((action, payload),) = charging.limit(request, version, CHARGING)
    profile = profile_in(payload)

    assert [] == request_faults(version, action, payload)
    assert 16 == limit_in(payload)
    assert profile["chargingProfilePurpose"] in purposes
    assert (profile_id, connector_id) == (
        profile.get("chargingProfileId", profile.get("id")),
        payload.get("connectorId", payload.get("evseId")),
    )


def test_a_limit_for_the_next_session_is_not_sent_now() -> None:
    """A TxProfile needs a running transaction (C16 3.13.1, K01.FR.16)."""
    assert [] == charging.limit(LimitRequest(limit_a=16), V16, context())


def test_a_limit_in_watts() -> None:
    one_phase = context(transactions={1: "42"}, traits=Traits(phases=1))
    ((_, payload),) = charging.limit(LimitRequest(limit_w=3680), V16, one_phase)

    assert 16 == limit_in(payload)


@pytest.mark.parametrize("request_", [LimitRequest(), LimitRequest(limit_a=16, limit_w=3680)])
def test_a_limit_has_one_unit(request_: LimitRequest) -> None:
    with pytest.raises(InvalidRequestError, match="either limitA or limitW"):
        charging.limit(request_, V16, CHARGING)


def test_a_limit_that_cannot_be_combined_with_the_operators_is_a_conflict() -> None:
    table = ProfileTable()
    action, payload = charging.limit(LimitRequest(limit_a=10), V16, CHARGING)[0]
    payload["csChargingProfiles"]["chargingProfileId"] = 1
    table.observe_accepted(V16, action, payload, ours=False)
    known = context(transactions={1: "42"}, profiles=tuple(table), traits=Traits(max_stack_level=1))

    with pytest.raises(ConflictError, match="highest stack level"):
        charging.limit(LimitRequest(limit_a=16), V16, known)


def test_own_limits_are_cleared_by_id() -> None:
    table = ProfileTable()
    for scope in LimitScope:
        request = LimitRequest(limit_a=16, scope=scope)
        for action, payload in charging.limit(request, V16, CHARGING):
            table.observe_accepted(V16, action, payload, ours=True)
    known = context(profiles=tuple(table))

    def cleared(**members: Any) -> list[int]:
        calls = charging.clear_limit(ClearLimitRequest(**members), V16, known)
        return sorted(payload["id"] for _, payload in calls)

    assert [900_000_001, 900_000_100, 900_000_201] == cleared()
    assert [900_000_201] == cleared(connector_id=1)
    assert [900_000_100] == cleared(scope=LimitScope.DEFAULT)


def test_a_limit_that_is_not_known_is_cleared_all_the_same() -> None:
    """The caller gets an answer of the charger; the CSMS's profiles are never touched."""
    assert [("ClearChargingProfile", {"id": CAP_ID})] == charging.clear_limit(
        ClearLimitRequest(), V16, context()
    )
    request = ClearLimitRequest(scope=LimitScope.DEFAULT, connector_id=2)
    assert [("ClearChargingProfile", {"chargingProfileId": 900_000_102})] == charging.clear_limit(
        request, V201, context()
    )


def test_a_pause_by_limit() -> None:
    ((action, payload),) = charging.pause(PauseRequest(), V16, CHARGING)

    assert ("SetChargingProfile", 0) == (action, limit_in(payload))
    assert [] == charging.pause(PauseRequest(), V16, context())
    assert [("ClearChargingProfile", {"id": 900_000_201})] == charging.resume(
        ResumeRequest(), V16, CHARGING
    )


def test_a_pause_by_stopping() -> None:
    idle = context(pause=PauseStrategy.REMOTE_STOP)
    busy = context(pause=PauseStrategy.REMOTE_STOP, transactions={1: "42"})

    assert [("RemoteStopTransaction", {"transactionId": 42})] == charging.pause(
        PauseRequest(), V16, busy
    )
    assert [] == charging.pause(PauseRequest(), V16, idle)
    assert [] == charging.resume(ResumeRequest(), V16, busy)
    assert [("RemoteStartTransaction", {"idTag": "TAG", "connectorId": 1})] == charging.resume(
        ResumeRequest(), V16, idle
    )


def test_the_composite_schedule() -> None:
    assert [("GetCompositeSchedule", {"connectorId": 0, "duration": 86400})] == (
        charging.composite_schedule(CompositeScheduleRequest(), V16, context())
    )
    request = CompositeScheduleRequest(connector_id=1, duration=60, unit=RateUnit.W)
    payload = {"evseId": 1, "duration": 60, "chargingRateUnit": "W"}
    assert [("GetCompositeSchedule", payload)] == charging.composite_schedule(
        request, V21, context()
    )
