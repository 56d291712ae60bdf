from datetime import UTC, datetime
from typing import Any

import pytest

from oye_proxy.ocppj.facts.limits import (
    on_charging_limit,
    on_cleared_charging_limit,
    on_composite_schedule,
)
from oye_proxy.ocppj.facts.model import VOLTAGE, LimitFacts, SampleFacts
from oye_proxy.ocppj.facts.payloads import (
    ChargingLimit,
    CompositeSchedule,
    GetCompositeSchedule,
    NotifyChargingLimit,
    Schedule,
    SchedulePeriod,
)
from oye_proxy.ocppj.facts.state import State

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)


def schedule(unit: str, *periods: tuple[Any, Any, Any], start: str | None = None) -> Schedule:
    return Schedule(
        start_schedule=start,
        charging_rate_unit=unit,
        charging_schedule_period=[
            SchedulePeriod(start_period=at, limit=limit, number_phases=phases)
            for at, limit, phases in periods
        ],
    )


def limit_of(state: State, evse_id: int = 1) -> LimitFacts | None:
    connector = state.connector(evse_id)
    assert connector is not None
    return connector.facts.limit


def answered(state: State, answer: CompositeSchedule) -> LimitFacts | None:
    on_composite_schedule(state, GetCompositeSchedule(connector_id=1), answer, NOW)
    return limit_of(state)


@pytest.mark.parametrize(
    ("given", "amperes", "watts"),
    [
        (schedule("A", (0, 16, 1)), 16.0, 3680.0),
        (schedule("A", (0, 16, None)), 16.0, 11040.0),
        (schedule("W", (0, "11040", 3)), 16.0, 11040.0),
        (schedule("A", (0, 16, 0)), 16.0, 11040.0),
        (schedule("A", (0, 6, 1), (600, 10, 1), start="2026-05-04T17:45:00Z"), 10.0, 2300.0),
        (schedule("A", (0, 6, 1), (600, 10, 1), start="2026-05-04T17:55:00Z"), 6.0, 1380.0),
        (schedule("A", (0, 6, 1), start="2026-05-04T19:00:00Z"), 6.0, 1380.0),
    ],
)
def test_composite_schedule(given: Schedule, amperes: float, watts: float) -> None:
    """The period that runs now, in A and W; absent phases mean 3."""
    limit = answered(State(), CompositeSchedule(status="Accepted", charging_schedule=given))

    assert LimitFacts(limit_a=amperes, limit_w=watts, limit_source=None, time=NOW) == limit


def test_measured_voltage_converts() -> None:
    state = State()
    connector = state.connector(1)
    assert connector is not None
    connector.take([(VOLTAGE, SampleFacts(240.0, NOW))], NOW)
    limit = answered(
        state, CompositeSchedule(status="Accepted", schedule=schedule("W", (0, 2400, 1)))
    )

    assert limit is not None
    assert 10.0 == limit.limit_a
    assert 2400.0 == state.view(NOW).rated_power_w


def test_an_answer_without_schedule_is_no_limit_and_a_refusal_tells_nothing() -> None:
    state = State()
    full = CompositeSchedule(status="Accepted", charging_schedule=schedule("A", (0, 16, 1)))
    answered(state, full)
    assert answered(state, CompositeSchedule(status="Rejected")) is not None
    assert answered(state, CompositeSchedule(status="Accepted")) is None
    assert answered(state, CompositeSchedule(status="Accepted", schedule=Schedule())) is None
    on_composite_schedule(state, GetCompositeSchedule(evse_id=-1), full, NOW)


@pytest.mark.parametrize(("source", "party"), [("EMS", "charger"), ("CSO", "operator")])
def test_notified_limit(source: str, party: str) -> None:
    """K12: another than the CSMS's profiles limits the charger."""
    state = State()
    report = NotifyChargingLimit(
        evse_id=1,
        charging_limit=ChargingLimit(charging_limit_source=source),
        charging_schedule=[schedule("A", (0, 10, 1))],
    )
    on_charging_limit(state, report, NOW)
    assert LimitFacts(10.0, 2300.0, party, NOW) == limit_of(state)

    on_cleared_charging_limit(state, NotifyChargingLimit(evse_id=1), NOW)
    assert limit_of(state) is None


def test_notified_limit_of_the_charger_without_a_schedule() -> None:
    state = State()
    on_charging_limit(state, NotifyChargingLimit(), NOW)
    assert LimitFacts(limit_source="charger", time=NOW) == state.view(NOW).limit

    on_charging_limit(state, NotifyChargingLimit(evse_id=-1), NOW)
    on_cleared_charging_limit(state, NotifyChargingLimit(evse_id=-1), NOW)
    on_cleared_charging_limit(state, NotifyChargingLimit(), NOW)
    assert state.view(NOW).limit is None
