from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from oye_proxy.errors import ConflictError, InvalidRequestError
from oye_proxy.ocppj.intents import charging
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.requests import (
    CompositeScheduleRequest,
    StartRequest,
    StopRequest,
)
from oye_proxy.ocppj.profiles.schedules import RateUnit, Traits
from oye_proxy.ocppj.profiles.table import ProfileTable
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


def test_a_limit_of_a_start_beside_the_operators_may_be_a_conflict() -> None:
    table = ProfileTable()
    ((_, start),) = charging.start(StartRequest(limit_a=10), V16, context())
    theirs = start["chargingProfile"] | {"chargingProfileId": 1}
    payload = {"connectorId": 1, "csChargingProfiles": theirs}
    table.observe_accepted(V16, "SetChargingProfile", payload, ours=False)
    known = context(profiles=tuple(table), traits=Traits(max_stack_level=1))

    with pytest.raises(ConflictError, match="highest stack level"):
        charging.start(StartRequest(limit_a=16), V16, known)


def test_the_composite_schedule() -> None:
    assert [("GetCompositeSchedule", {"connectorId": 0, "duration": 86400})] == (
        charging.composite_schedule(CompositeScheduleRequest(), V16, context())
    )
    request = CompositeScheduleRequest(connector_id=1, duration=60, unit=RateUnit.W)
    payload = {"evseId": 1, "duration": 60, "chargingRateUnit": "W"}
    assert [("GetCompositeSchedule", payload)] == charging.composite_schedule(
        request, V21, context()
    )
