"""Meter values: what is no number is left out."""

from custom_components.oye.models import Meter
from custom_components.oye.parsing_meter import parse_meter, parse_samples
from tests.integration import chargers


def test_meter_values_are_read_with_their_phases() -> None:
    meter = parse_meter(chargers.charging()["connectors"][0], Meter())

    assert (6871.3, 4685846.2, False) == (meter.power_w, meter.energy_wh, meter.power_estimated)
    assert 234.0 == meter.samples["Voltage"].phases["L1"]


def test_a_sample_without_a_number_has_no_value() -> None:
    read = parse_samples({"SoC": {"value": "44", "phases": {"L1": "x"}}, "Voltage": 230}, {})

    assert {"SoC": None} == {measurand: one.value for measurand, one in read.items()}
    assert {} == read["SoC"].phases


def test_a_sample_that_did_not_change_is_the_same_object() -> None:
    before = parse_samples({"SoC": {"value": 44}, "Voltage": {"value": 230}}, {})
    after = parse_samples({"SoC": {"value": 45}, "Voltage": {"value": 230}}, before)

    assert after["SoC"] is not before["SoC"]
    assert after["Voltage"] is before["Voltage"]
