from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from oye_proxy.ocppj.facts.payloads import MeterValue
from oye_proxy.ocppj.frames import build_call
from oye_proxy.ocppj.transaction_samples import (
    BURST,
    PER_SECOND,
    SERIES,
    Sample,
    SamplePace,
    first_register_of,
    read_all,
    register_of,
)

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ENERGY = "Energy.Active.Import.Register"
METERED = {"meterValue": [{"sampledValue": [{"value": "1"}]}]}
PERIODIC = build_call("1", "MeterValues", METERED)


def values(*sampled: Any, seconds: float = 0.0) -> MeterValue:
    time = (NOW + seconds * SECOND).isoformat()
    return msgspec.convert({"timestamp": time, "sampledValue": sampled}, MeterValue)


def test_samples_are_per_measurand_and_phase_in_base_units() -> None:
    """Defaults of what is left out: C16 4.7."""
    report = [
        values(
            {"value": "1,5", "unit": "kWh"},
            {"value": "230", "measurand": "Voltage", "phase": "L1-N"},
            {"value": "232", "measurand": "Voltage", "phase": "L2-N"},
            {"value": "secret", "format": "SignedData"},
        ),
        values({"value": 1600, "context": "Transaction.End"}, seconds=-60),
    ]

    assert (
        Sample(NOW, ENERGY, 1500.0, "", "Wh"),
        Sample(NOW, "Voltage", 230.0, "L1", "V"),
        Sample(NOW, "Voltage", 232.0, "L2", "V"),
        Sample(NOW, "Voltage", 231.0, "", "V"),
        Sample(NOW - 60 * SECOND, ENERGY, 1600.0, "", "Wh", "Transaction.End"),
    ) == read_all(report, NOW)
    assert () == read_all(None, NOW)


def test_the_register_is_the_newest_total_of_the_energy() -> None:
    assert 30.0 == register_of(
        [
            Sample(NOW, ENERGY, 20.0),
            Sample(NOW + SECOND, ENERGY, 30.0, "", "Wh", "Transaction.End"),
            Sample(NOW + SECOND, ENERGY, 29.0),
            Sample(NOW + 2 * SECOND, ENERGY, 10.0, "L1"),
            Sample(NOW + 2 * SECOND, ENERGY, 1.0, "", "Wh", "Transaction.Begin"),
            Sample(NOW + 2 * SECOND, ENERGY, 5.0, location="Inlet"),
            Sample(NOW + 2 * SECOND, "Voltage", 230.0),
        ]
    )
    assert register_of([]) is None


def test_the_first_register_is_that_of_the_start() -> None:
    begin = Sample(NOW, ENERGY, 1.0, "", "Wh", "Transaction.Begin")

    assert 1.0 == first_register_of([Sample(NOW, ENERGY, 9.0, "L1"), begin])
    assert first_register_of([]) is None


def test_one_value_a_second_is_kept_of_each_series_and_connector() -> None:
    pace = SamplePace(SECOND)
    first = Sample(NOW, ENERGY, 1.0)
    soon = Sample(NOW + SECOND / 2, ENERGY, 2.0)
    end = Sample(NOW + SECOND / 2, ENERGY, 2.0, "", None, "Transaction.End")
    phase = Sample(NOW + SECOND / 2, ENERGY, 2.0, "L1")
    later = Sample(NOW + SECOND, ENERGY, 3.0)

    assert (first,) == pace.keep(1, [first])
    assert (end, phase) == pace.keep(1, [soon, end, phase])
    assert (soon,) == pace.keep(2, [soon])
    assert (later,) == pace.keep(1, [later])


def test_what_was_measured_offline_and_comes_in_one_go_is_kept() -> None:
    """The charger's own time counts, not that of the arrival."""
    pace = SamplePace(SECOND)
    buffered = tuple(Sample(NOW - n * 60 * SECOND, ENERGY, 1.0) for n in range(5))

    assert buffered == pace.keep(1, buffered)


def test_the_memory_of_series_is_bounded() -> None:
    pace = SamplePace(SECOND)
    pace.keep(1, [Sample(NOW, f"M{n}", 1.0) for n in range(3 * SERIES)])

    assert SERIES >= len(pace._kept_at)


def test_a_burst_is_read_and_then_so_many_a_second() -> None:
    pace = SamplePace(SECOND)

    assert BURST == sum(pace.is_due(PERIODIC, NOW) for _ in range(2 * BURST))
    assert PER_SECOND == sum(pace.is_due(PERIODIC, NOW + SECOND) for _ in range(BURST))
    assert not pace.is_due(PERIODIC, NOW)


@pytest.mark.parametrize(
    ("action", "edge"),
    [
        ("MeterValues", {"context": "Transaction.End"}),
        ("TransactionEvent", {"context": "Transaction.Begin"}),
        ("TransactionEvent", {"eventType": "Started"}),
        ("TransactionEvent", {"eventType": "Ended"}),
    ],
)
def test_the_edges_of_a_transaction_are_always_read(action: str, edge: dict[str, str]) -> None:
    pace = SamplePace(SECOND)
    for _ in range(BURST):
        pace.is_due(PERIODIC, NOW)

    assert not pace.is_due(build_call("2", action, {}), NOW)
    assert pace.is_due(build_call("2", action, edge), NOW)
