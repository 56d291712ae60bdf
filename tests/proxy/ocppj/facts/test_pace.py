"""Meter values that come faster than anybody looks: the newest of a set counts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.ocppj.facts.pace import LARGEST, PACE, RUSH, RUSHED, SETS, MeterPace

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


def rushing(first: str) -> MeterPace:
    """Return the pace of a charger that has sent all that is told apart at once in a second."""
    pace = MeterPace()
    for _ in range(RUSH):
        pace.is_due(first, START)
    return pace


def test_of_each_set_of_a_rush_the_newest_waits() -> None:
    pace = rushing(report("1"))
    soon, later = START + timedelta(milliseconds=10), START + timedelta(milliseconds=20)

    assert not pace.is_due(report("2"), soon)
    assert not pace.is_due(report("3", phase="L1"), soon)
    assert not pace.is_due(report("4"), later)
    assert [(report("4"), later), (report("3", phase="L1"), soon)] == pace.take_waiting()
    assert [] == pace.take_waiting()


def test_a_rush_of_odd_reports_is_read_whole() -> None:
    pace = rushing(report("1"))
    odd = [report("1", moments=2), report("2", moments=2), "no JSON", "\ud800"]

    assert not any(pace.is_due(one, START) for one in odd)
    assert odd == [text for text, _ in pace.take_waiting() if text != report("1")]


def test_what_a_rush_left_is_not_read_behind_a_newer_one() -> None:
    pace = rushing(report("1"))
    pace.is_due(report("2"), START + PACE / 2)

    assert pace.is_due(report("3"), START + PACE)
    assert [] == pace.take_waiting()


def test_a_rush_that_nobody_looks_at_is_bounded() -> None:
    pace = rushing(report("1"))
    for number in range(2 * RUSHED):
        pace.is_due(report(str(number), measurand=str(number)), START)

    assert RUSHED + 1 >= len(pace.take_waiting())
    assert [] == pace.take_waiting()


def test_a_clock_that_went_back_holds_nothing_up() -> None:
    pace = MeterPace()
    pace.is_due(report("1"), START)

    assert pace.is_due(report("2"), START - timedelta(hours=1))


def test_invented_sets_do_not_fill_the_memory() -> None:
    pace = MeterPace()
    for number in range(10 * SETS):
        for _ in range(2):
            pace.is_due(report("1", measurand=str(number)), START + 2 * number * PACE / RUSH)

    assert len(pace._read_at) <= SETS
    assert len(pace.take_waiting()) <= SETS
