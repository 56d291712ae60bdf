from datetime import UTC, datetime, timedelta

import pytest

from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.ocppj.transaction_samples import EFFECTIVE_LIMIT, Sample
from oye_proxy.storage.database import Database
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.transactions import TransactionStore

AT = datetime(2026, 11, 21, 10, 0, 0, 123_456, UTC)
SECOND = timedelta(seconds=1)
ENERGY = "Energy.Active.Import.Register"


async def store(
    database: Database, samples: list[Sample], transaction_id: str = "7"
) -> SampleStore:
    change = TransactionChange(
        kind=ChangeKind.UPDATE, at=AT, transaction_id=transaction_id, samples=tuple(samples)
    )
    await TransactionStore(database).write([("CP1", change)])
    return SampleStore(database)


def every_second(count: int, measurand: str = ENERGY, phase: str = "") -> list[Sample]:
    return [Sample(AT + n * SECOND, measurand, float(n), phase, "Wh") for n in range(count)]


async def test_samples_come_back_by_time_as_they_were(database: Database) -> None:
    kept = [
        Sample(AT, ENERGY, 1.5, "", "Wh", "Transaction.Begin"),
        Sample(AT, ENERGY, 1.5, "", "Wh", "Sample.Periodic", "Inlet"),
        Sample(AT, "Voltage", 230.1, "L1", "V"),
        Sample(AT + SECOND, "Power.Factor", 0.99, "", None),
    ]
    series = await (await store(database, kept[::-1])).of(1)

    assert (4, sorted(kept, key=lambda one: (one.at, one.measurand, one.location))) == (
        series.total,
        sorted(series.samples, key=lambda one: (one.at, one.measurand, one.location)),
    )
    assert [AT, AT, AT, AT + SECOND] == [one.at for one in series.samples]


async def test_many_are_thinned_by_the_database(database: Database) -> None:
    """Each series keeps its shape; the edges of the transaction stay."""
    many = every_second(90) + every_second(9, "Voltage", "L1")
    end = Sample(AT + 89.5 * SECOND, ENERGY, 100.0, "", "Wh", "Transaction.End")
    series = await (await store(database, [*many, end])).of(1, shown=10)

    assert 100 == series.total
    assert [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 100.0] == [
        one.value for one in series.samples if one.measurand == ENERGY
    ]
    assert [0.0] == [one.value for one in series.samples if one.measurand == "Voltage"]


async def test_no_change_of_the_limit_in_force_is_thinned_out(database: Database) -> None:
    limits = [
        Sample(AT + n * SECOND, EFFECTIVE_LIMIT, float(n), unit="A", context="owner")
        for n in range(5)
    ]
    series = await (await store(database, [*every_second(95), *limits])).of(1, shown=10)

    assert limits == [one for one in series.samples if one.measurand == EFFECTIVE_LIMIT]


async def test_as_many_as_are_shown_are_all_shown(database: Database) -> None:
    stored = await store(database, every_second(10))

    assert 10 == len((await stored.of(1, shown=10)).samples)
    assert 5 == len((await stored.of(1, shown=9)).samples)
    assert (0, ()) == ((await stored.of(2)).total, (await stored.of(2)).samples)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 7])
async def test_all_come_page_by_page(
    database: Database, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """None is thinned out, left out at the end of a page or told twice."""
    monkeypatch.setattr("oye_proxy.storage.samples.PAGE", 3)
    await store(database, every_second(2, "Voltage", "L1"), "other")
    phases = ["L1", "L2", "L3"]
    kept = [
        Sample(AT, "Voltage", float(n), phases[n % 3], "V", location=f"{n}") for n in range(count)
    ]
    await store(database, [*kept, *every_second(2)])

    pages = [page async for page in SampleStore(database).pages(2)]
    expected = sorted(kept, key=lambda one: (one.phase, one.location))
    values = [
        (one.phase, one.value) for page in pages for one in page if one.measurand == "Voltage"
    ]
    assert [(one.phase, one.value) for one in expected] == values
    assert 2 == len([one for page in pages for one in page if one.measurand == ENERGY])


async def test_old_ones_go_in_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oye_proxy.storage.samples._PRUNE_ROWS", 2)
    stored = await store(database, every_second(7))

    assert 5 == await stored.prune(AT + 5 * SECOND)
    assert [5.0, 6.0] == [one.value for one in (await stored.of(1)).samples]
    assert 0 == await stored.prune(AT + 5 * SECOND)


async def test_odd_texts_are_bounded(database: Database) -> None:
    odd = Sample(AT, "M\0" * 200, 1.0, "p" * 99, "u\0", "c" * 999, "l" * 999)
    series = await (await store(database, [odd, odd])).of(1)

    assert [(255, 16, "u?", 255)] == [
        (len(one.measurand), len(one.phase), one.unit, len(one.context)) for one in series.samples
    ]
