"""Meter values that come faster than anybody looks: the newest of a set counts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.ocppj.facts.pace import LARGEST, PACE, SETS, MeterPace

START = datetime(2026, 11, 21, 10, tzinfo=UTC)


def report(value: str, *, moments: int = 1, payload: Any = None, **sample: Any) -> str:
    """Return the payload of MeterValues with one sample, all at a time that its value tells."""
    moment = {"timestamp": f"at {value}", "sampledValue": [{"value": value, **sample}]}
    return json.dumps({"connectorId": 1, "meterValue": [moment] * moments, **(payload or {})})


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
        report("2", payload={"connectorId": 2}),
        report("2", payload={"evseId": 1}),
        report("2", payload={"transactionId": 7}),
        report("2", measurand="Voltage"),
        report("2", phase="L2"),
        report("2", context="Trigger"),
        report("2", location="Inlet"),
        report("2", format="SignedData"),
        report("2", payload={"meterValue": []}),
        report("2", payload={"meterValue": "none"}),
        '{"connectorId": 1}',
        "no JSON",
        "[" * 100_000,
    ],
)
def test_a_burst_of_different_sets_is_read_whole(other: str) -> None:
    pace = MeterPace()
    pace.is_due(report("1"), START)

    assert pace.is_due(other, START)


@pytest.mark.parametrize(
    "unlike", [report("1", moments=2), report("1", phase="L" * LARGEST), report("1", phase=7)]
)
def test_reports_of_several_moments_and_odd_ones_are_all_read(unlike: str) -> None:
    pace = MeterPace()
    pace.is_due(unlike, START)

    assert pace.is_due(unlike, START)


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
