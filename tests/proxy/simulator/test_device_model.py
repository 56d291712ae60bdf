from typing import Any

import pytest

from oye_proxy.simulator.configuration import Option
from oye_proxy.simulator.device_model import DeviceModel, Variable, standard_variables


@pytest.fixture
def model() -> DeviceModel:
    variables = standard_variables(meter_interval=10, heartbeat_interval=300)
    evse = Variable(component="EVSE", name="Power", evse_id=1, mutability="ReadOnly", value="0")
    return DeviceModel([*variables, evse])


def item(component: str, variable: str, value: str | None = None, **others: Any) -> dict[str, Any]:
    instance = {"instance": others.pop("instance")} if "instance" in others else {}
    named: dict[str, Any] = {
        "component": {"name": component},
        "variable": {"name": variable, **instance},
        **others,
    }
    return named if value is None else {**named, "attributeValue": value}


def test_it_has_the_usual_forty_variables_each_once(model: DeviceModel) -> None:
    addresses = [(each.component, each.name, each.instance) for each in model.variables]

    assert len(model) >= 40
    assert len(addresses) == len(set(addresses))


def test_a_value_is_read_whatever_the_case_of_names(model: DeviceModel) -> None:
    result = model.get(item("ocppcommctrlr", "HEARTBEATINTERVAL"))

    assert "Accepted" == result["attributeStatus"]
    assert "300" == result["attributeValue"]
    assert {"name": "ocppcommctrlr"} == result["component"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (item("Nonsense", "X"), "UnknownComponent"),
        (item("TxCtrlr", "X"), "UnknownVariable"),
        (item("OCPPCommCtrlr", "MessageAttempts"), "UnknownVariable"),
        (item("OCPPCommCtrlr", "MessageAttempts", instance="TransactionEvent"), "Accepted"),
        (item("SecurityCtrlr", "BasicAuthPassword"), "Rejected"),
        (item("TxCtrlr", "TxStartPoint", attributeType="Target"), "NotSupportedAttributeType"),
        (
            {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "Power"}},
            "Accepted",
        ),
        (
            {"component": {"name": "EVSE", "evse": {"id": 9}}, "variable": {"name": "Power"}},
            "UnknownComponent",
        ),
    ],
)
def test_reading_says_what_is_unknown(
    model: DeviceModel, asked: dict[str, Any], expected: str
) -> None:
    """B06.FR.06 to B06.FR.09."""
    assert expected == model.get(asked)["attributeStatus"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (item("OCPPCommCtrlr", "HeartbeatInterval", "60"), "Accepted"),
        (item("OCPPCommCtrlr", "HeartbeatInterval", "soon"), "Rejected"),
        (item("AuthCtrlr", "AuthorizeRemoteStart", "maybe"), "Rejected"),
        (item("SampledDataCtrlr", "TxUpdatedMeasurands", "SoC"), "Accepted"),
        (item("SampledDataCtrlr", "TxUpdatedMeasurands", "Wind"), "Rejected"),
        (item("SecurityCtrlr", "SecurityProfile", "3"), "Rejected"),
        (item("SecurityCtrlr", "BasicAuthPassword", "short"), "Rejected"),
        (item("SecurityCtrlr", "BasicAuthPassword", "x" * 20), "Accepted"),
        (item("OCPPCommCtrlr", "NetworkConfigurationPriority", "2,1"), "RebootRequired"),
        (item("Nonsense", "X", "1"), "UnknownComponent"),
        (item("TxCtrlr", "X", "1"), "UnknownVariable"),
        (item("TxCtrlr", "TxStartPoint", "x", attributeType="Target"), "NotSupportedAttributeType"),
    ],
)
def test_writing_is_checked(model: DeviceModel, asked: dict[str, Any], expected: str) -> None:
    """B05.FR.04 to B05.FR.10."""
    assert expected == model.set(asked)["attributeStatus"]


def test_every_option_has_a_variable(model: DeviceModel) -> None:
    for option in Option:
        model.put(option, "17")
        assert "17" == model.text(option)


def test_a_live_variable_is_computed(model: DeviceModel) -> None:
    model.bring_to_life("ClockCtrlr", "DateTime", lambda: "now")

    assert "now" == model.get(item("ClockCtrlr", "DateTime"))["attributeValue"]


def test_a_description_hides_what_is_write_only(model: DeviceModel) -> None:
    [password] = model.matching([item("SecurityCtrlr", "BasicAuthPassword")])
    password.value = "secret"

    assert [{"type": "Actual", "mutability": "WriteOnly"}] == password.describe()[
        "variableAttribute"
    ]


def test_matching_by_component_or_by_variable(model: DeviceModel) -> None:
    assert len(model) == len(model.matching([]))
    assert 5 == len(model.matching([{"component": {"name": "AuthCtrlr"}}]))
    assert [] == model.matching([{"component": {"name": "Nonsense"}}])


def test_an_address_names_evse_and_connector() -> None:
    variable = Variable(component="Connector", name="Available", evse_id=2, connector_id=1)

    assert {
        "component": {"name": "Connector", "evse": {"id": 2, "connectorId": 1}},
        "variable": {"name": "Available"},
    } == variable.address()
