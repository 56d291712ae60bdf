"""Meter values that wait to be read."""

from datetime import UTC, datetime

from oye_proxy.features.late_reports import LateReports
from oye_proxy.hub.events import FramePassed
from oye_proxy.ocppj.commands import Peer, Record


def report(charge_point_id: str, number: int) -> FramePassed:
    record = Record(source=Peer.CHARGER, target=Peer.CSMS, data=str(number))
    return FramePassed(charge_point_id=charge_point_id, time=datetime.now(UTC), record=record)


def numbers(reports: list[FramePassed]) -> list[tuple[str, str | bytes]]:
    return [(one.charge_point_id, one.record.data) for one in reports]


def test_each_charger_keeps_its_order() -> None:
    late = LateReports()
    for number, charger in enumerate("ABA"):
        late.put(report(charger, number))

    assert [("A", "0"), ("A", "2")] == numbers(late.take("A"))
    assert (1, False, True) == (len(late), late.has("A"), late.has("B"))


def test_some_are_taken_and_the_rest_waits_behind_other_chargers() -> None:
    late = LateReports()
    for number, charger in enumerate("AAAB"):
        late.put(report(charger, number))

    assert [("A", "0"), ("A", "1")] == numbers(late.take_some(2))
    assert [("B", "3"), ("A", "2")] == numbers(late.take_some(9))
    assert 0 == len(late)


def test_beyond_the_limit_new_ones_are_lost_and_counted() -> None:
    late = LateReports(2)
    for number in range(4):
        late.put(report("A", number))

    assert (2, 2) == (len(late), late.lost)
    assert [("A", "0"), ("A", "1")] == numbers(late.take("A"))
