from collections.abc import Callable
from typing import Any

import pytest

from oye_proxy.ocppj.profiles.schedules import RateUnit, Traits
from oye_proxy.ocppj.profiles.traits import ask_traits, read_traits
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion


def keys(**values: Any) -> dict[str, Any]:
    return {
        "configurationKey": [
            {"key": key, "readonly": True, "value": value} for key, value in values.items()
        ]
    }


def variable(component: str, name: str, value: Any) -> dict[str, Any]:
    return {
        "attributeStatus": "Accepted",
        "attributeValue": value,
        "component": {"name": component},
        "variable": {"name": name},
    }


@pytest.mark.parametrize("version", OcppVersion)
def test_the_question_is_valid(
    version: OcppVersion, request_faults: Callable[[OcppVersion, str, Any], list[str]]
) -> None:
    assert [] == request_faults(version, *ask_traits(version))


def test_the_keys_of_1_6() -> None:
    answer = keys(
        ChargingScheduleAllowedChargingRateUnit="Power",
        ChargeProfileMaxStackLevel="0",
        ChargingScheduleMaxPeriods=" 24 ",
        HeartbeatInterval="300",
    )

    assert Traits(
        units=(RateUnit.W,), max_stack_level=0, max_periods=24, voltage=231.5
    ) == read_traits(V16, answer, Traits(voltage=231.5))


def test_the_variables_of_2_x() -> None:
    answer = {
        "getVariableResult": [
            variable("SmartChargingCtrlr", "RateUnit", "A,W"),
            variable("SmartChargingCtrlr", "ProfileStackLevel", "9"),
            variable("SmartChargingCtrlr", "PeriodsPerSchedule", "100"),
            variable("ChargingStation", "SupplyPhases", "1"),
        ]
    }

    assert Traits(
        units=(RateUnit.A, RateUnit.W), max_stack_level=9, max_periods=100, phases=1
    ) == read_traits(V201, answer, Traits())


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"configurationKey": {}, "getVariableResult": "all"},
        {"configurationKey": [None], "getVariableResult": [{"component": 1}]},
        keys(ChargeProfileMaxStackLevel=9),
        keys(ChargeProfileMaxStackLevel="many"),
        keys(ChargeProfileMaxStackLevel="9" * 100),
        keys(ChargingScheduleMaxPeriods="0"),
        keys(ChargingScheduleAllowedChargingRateUnit="horses"),
        {"getVariableResult": [variable("ChargingStation", "SupplyPhases", "7")]},
        {"getVariableResult": [variable("ChargingStation", "SupplyPhases", None)]},
    ],
)
@pytest.mark.parametrize("version", OcppVersion)
def test_what_cannot_be_read_changes_nothing(version: OcppVersion, answer: Any) -> None:
    known = Traits(units=(RateUnit.A,), max_stack_level=3, max_periods=5, phases=3)

    assert known == read_traits(version, answer, known)
