from typing import Any

import pytest

from oye_proxy.errors import InvalidRequestError, NotSupportedError
from oye_proxy.ocppj.intents.requests import (
    GetConfigurationRequest,
    ReportBase,
    ReportRequest,
    SetConfigurationRequest,
)
from oye_proxy.ocppj.intents.settings import (
    get_configuration,
    read_variable,
    report,
    set_configuration,
)
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion


def test_keys_of_1_6() -> None:
    assert [("GetConfiguration", {})] == get_configuration(GetConfigurationRequest(), V16)
    assert [("GetConfiguration", {"key": ["A.b"]})] == get_configuration(
        GetConfigurationRequest(keys=["A.b"]), V16
    )
    assert [("ChangeConfiguration", {"key": "A", "value": "1"})] == set_configuration(
        SetConfigurationRequest(key="A", value="1"), V16
    )


def test_variables_of_2_x() -> None:
    named = {"component": {"name": "ClockCtrlr"}, "variable": {"name": "TimeZone"}}

    assert [("GetVariables", {"getVariableData": [named]})] == get_configuration(
        GetConfigurationRequest(keys=["ClockCtrlr.TimeZone"]), V201
    )
    assert [
        ("SetVariables", {"setVariableData": [{"attributeValue": "UTC", **named}]})
    ] == set_configuration(SetConfigurationRequest(key="ClockCtrlr.TimeZone", value="UTC"), V21)


def test_all_variables_come_as_a_report() -> None:
    assert [("GetBaseReport", {"reportBase": "FullInventory"})] == get_configuration(
        GetConfigurationRequest(), V201
    )


@pytest.mark.parametrize(
    ("report_base", "name"),
    [
        (ReportBase.CONFIGURATION, "ConfigurationInventory"),
        (ReportBase.FULL, "FullInventory"),
        (ReportBase.SUMMARY, "SummaryInventory"),
    ],
)
def test_reports(report_base: ReportBase, name: str) -> None:
    request = ReportRequest(report_base=report_base)

    assert [("GetBaseReport", {"reportBase": name})] == report(request, V21)
    with pytest.raises(NotSupportedError, match="has no reports"):
        report(request, V16)


@pytest.mark.parametrize(
    ("name", "component", "variable"),
    [
        ("A.B", {"name": "A"}, {"name": "B"}),
        (" A.B ", {"name": "A"}, {"name": "B"}),
        ("A[x.1].B", {"name": "A", "instance": "x.1"}, {"name": "B"}),
        ("A@2.B", {"name": "A", "evse": {"id": 2}}, {"name": "B"}),
        (
            "A[x]@2.B[y]",
            {"name": "A", "instance": "x", "evse": {"id": 2}},
            {"name": "B", "instance": "y"},
        ),
    ],
)
def test_the_name_of_a_variable(
    name: str, component: dict[str, Any], variable: dict[str, Any]
) -> None:
    assert {"component": component, "variable": variable} == read_variable(name)


@pytest.mark.parametrize("name", ["", "A", "A.", ".B", "A.B.C", "A@x.B", "A[].B", "A" * 51 + ".B"])
def test_what_names_no_variable_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequestError, match="is named Component"):
        read_variable(name)


@pytest.mark.parametrize(("version", "longest"), [(V16, 500), (V201, 1000), (V21, 2500)])
def test_a_value_that_the_version_cannot_carry_is_refused(
    version: OcppVersion, longest: int
) -> None:
    assert set_configuration(SetConfigurationRequest(key="A.B", value="x" * longest), version)
    with pytest.raises(InvalidRequestError, match=f"at most {longest} characters"):
        set_configuration(SetConfigurationRequest(key="A.B", value="x" * (longest + 1)), version)


def test_a_key_that_1_6_cannot_carry_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="at most 50 characters"):
        get_configuration(GetConfigurationRequest(keys=["A" * 51]), V16)
