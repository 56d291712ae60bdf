"""Meter values that come faster than anybody looks: the newest of a set counts."""

from datetime import UTC, datetime, timedelta

import pytest

from oye_proxy.ocppj.facts.pace import PACE, SETS, MeterPace
from oye_proxy.ocppj.facts.payloads import MeterValue, MeterValues, SampledValue

START = datetime(2026, 11, 21, 10, tzinfo=UTC)


def report(
    value: str, *, connector_id: int = 1, measurand: str | None = None, phase: str | None = None
) -> MeterValues:
    sample = SampledValue(value=value, measurand=measurand, phase=phase)
    return MeterValues(connector_id=connector_id, meter_value=[MeterValue(sampled_value=[sample])])


def test_the_usual_pace_reads_every_report() -> None:
    pace = MeterPace()

    assert all(pace.is_due(report(str(number)), START + number * PACE) for number in range(5))
    assert [] == pace.take_waiting()


def test_of_a_set_that_comes_faster_the_newest_waits() -> None:
    pace = MeterPace()
    pace.is_due(report("1"), START)
    soon, later = START + timedelta(milliseconds=10), START + timedelta(milliseconds=20)

    assert not pace.is_due(report("2"), soon)
    assert not pace.is_due(report("3"), later)
    assert [(report("3"), later)] == pace.take_waiting()
    assert [] == pace.take_waiting()


def test_what_is_due_replaces_what_waits() -> None:
    pace = MeterPace()
    pace.is_due(report("1"), START)
    pace.is_due(report("2"), START + PACE / 2)

    assert pace.is_due(report("3"), START + PACE)
    assert [] == pace.take_waiting()


@pytest.mark.parametrize(
    "other",
    [
        report("2", connector_id=2),
        report("2", measurand="Voltage"),
        report("2", phase="L2"),
        MeterValues(connector_id=1, transaction_id=7, meter_value=report("2").meter_value),
        MeterValues(connector_id=1, meter_value=[MeterValue(), MeterValue()]),
        MeterValues(connector_id=1),
    ],
)
def test_a_burst_of_different_sets_is_read_whole(other: MeterValues) -> None:
    pace = MeterPace()
    pace.is_due(report("1"), START)

    assert pace.is_due(other, START)


def test_a_clock_that_went_back_holds_nothing_up() -> None:
    pace = MeterPace()
    pace.is_due(report("1"), START)

    assert pace.is_due(report("2"), START - timedelta(hours=1))


def test_invented_sets_do_not_fill_the_memory() -> None:
    pace = MeterPace()
    for number in range(10 * SETS):
        for _ in range(2):
            pace.is_due(report("1", measurand=str(number)), START)

    assert len(pace._read_at) <= SETS
    assert len(pace.take_waiting()) <= SETS
