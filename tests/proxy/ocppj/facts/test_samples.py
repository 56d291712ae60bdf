from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from oye_proxy.ocppj.facts.model import ENERGY, SampleFacts
from oye_proxy.ocppj.facts.payloads import MeterValue
from oye_proxy.ocppj.facts.samples import merged, read_samples, replaces, total

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def read(*sampled: dict[str, Any]) -> dict[str, SampleFacts]:
    meter_value = msgspec.convert({"sampledValue": sampled}, MeterValue)
    return dict(read_samples(meter_value, NOW))


def test_defaults_of_what_is_left_out() -> None:
    """C16 7.43: measurand, unit, context and location have defaults."""
    assert {ENERGY: SampleFacts(1500.0, NOW, "Wh", {}, "Sample.Periodic", "Outlet")} == read(
        {"value": "1500"}
    )


def test_phases_and_total_are_apart() -> None:
    samples = read(
        {"value": "30.1", "measurand": "Current.Import", "unit": "A"},
        {"value": "10.1", "measurand": "Current.Import", "unit": "A", "phase": "L1"},
        {"value": "10.0", "measurand": "Current.Import", "unit": "A", "phase": "L2-N"},
        {"value": "0.2", "measurand": "Current.Import", "unit": "A", "phase": "N"},
    )

    assert {
        "Current.Import": SampleFacts(30.1, NOW, "A", {"L1": 10.1, "L2": 10.0, "N": 0.2})
    } == samples


def test_signed_data_is_no_sample() -> None:
    """C16 7.44: SignedData is opaque."""
    assert {} == read(
        {"value": "BADC0FFEE", "format": "SignedData"}, {"value": "7", "format": "SignedData"}
    )


def test_what_cannot_be_read_is_no_sample() -> None:
    assert {} == read({"value": "n/a"}, {}, {"value": "1", "phase": "L9"})


def test_2_x_unit_of_measure() -> None:
    assert {"Power.Active.Import": SampleFacts(7200.0, NOW, "W")} == read(
        {
            "value": 7.2,
            "measurand": "Power.Active.Import",
            "unitOfMeasure": {"unit": "W", "multiplier": 3},
        }
    )


@pytest.mark.parametrize(
    ("measurand", "phases", "expected"),
    [
        (ENERGY, {"L1": 1.0, "L2": 2.0, "L3": 3.5}, 6.5),
        ("Power.Active.Import", {"L1": 1000.0, "L2": 2000.0}, 3000.0),
        ("Power.Factor", {"L1": 0.9, "L2": 0.95}, 0.95),
        ("Voltage", {"L1": 231.0, "L2": 229.0, "L3": 0.0}, 230.0),
        ("Voltage", {"L1": 0.0}, 0.0),
        ("Voltage", {"L1-L2": 400.0}, None),
        ("Current.Import", {"L1": 10.0, "L2": 12.0, "N": 20.0}, 12.0),
        ("Frequency", {"L1": 50.0}, 50.0),
        ("Voltage", {}, None),
    ],
)
def test_total(measurand: str, phases: dict[str, float], expected: float | None) -> None:
    assert expected == total(measurand, phases)


@pytest.mark.parametrize(
    ("new", "present", "expected"),
    [
        ({}, None, True),
        ({"context": "Transaction.Begin"}, None, False),
        ({"time": NOW - MINUTE}, {}, False),
        ({"time": NOW + MINUTE}, {}, True),
        # The present sample bears a time to come: the charger's clock was put back.
        ({"time": NOW - MINUTE}, {"time": NOW + MINUTE}, True),
        ({"context": "Sample.Clock"}, {"context": "Transaction.End"}, False),
        ({"context": "Transaction.End"}, {"context": "Sample.Periodic"}, True),
        ({"context": "Sample.Periodic"}, {"context": "Sample.Clock"}, True),
        ({"context": "Trigger"}, {"context": "Sample.Clock"}, False),
        ({"context": "Other"}, {"context": "Trigger"}, False),
        ({"location": "Inlet"}, {"location": "Outlet"}, False),
        ({"location": "Outlet"}, {"location": "Inlet"}, True),
        ({"location": "Body"}, {"location": "EV"}, True),
    ],
)
def test_which_register_counts(
    new: dict[str, Any],
    present: dict[str, Any] | None,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """End before Periodic before Clock before Trigger; Begin moves no total; no going back."""
    newer = replace(SampleFacts(1.0, NOW), **new)
    older = None if present is None else replace(SampleFacts(2.0, NOW), **present)

    assert expected is replaces(ENERGY, newer, older, NOW)


def test_phases_of_one_moment_in_several_messages_come_together() -> None:
    first = SampleFacts(10.0, NOW, "A", {"L1": 10.0})
    second = SampleFacts(12.0, NOW, "A", {"L2": 12.0})
    later = SampleFacts(9.0, NOW + MINUTE, "A", {"L1": 9.0})
    whole = SampleFacts(22.0, NOW, "A")

    assert SampleFacts(12.0, NOW, "A", {"L1": 10.0, "L2": 12.0}) == merged(
        "Current.Import", second, first
    )
    assert later == merged("Current.Import", later, first)
    assert SampleFacts(22.0, NOW, "A", {"L1": 10.0}) == merged("Current.Import", whole, first)
    assert SampleFacts(22.0, NOW, "A", {"L1": 10.0}) == merged("Current.Import", first, whole)
    assert whole == merged("Current.Import", whole, None)
