from datetime import UTC, datetime, timedelta

from msgspec.structs import fields

from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.storage.models import transactions
from oye_proxy.storage.transaction_rows import (
    LATE,
    TransactionRow,
    begun,
    changed,
    meant,
    tag_key,
    values_of,
)

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RUNNING = TransactionRow(
    id=2, charge_point_id="CP1", transaction_id="7", begun_at=AT, started_at=AT, updated_at=AT
)
ENDED = TransactionRow(
    id=1,
    charge_point_id="CP1",
    transaction_id="7",
    begun_at=AT - 2 * SECOND,
    started_at=AT - 2 * SECOND,
    stopped_at=AT - SECOND,
    closed_at=AT - SECOND,
    updated_at=AT,
)


def change(kind: ChangeKind, at: datetime = AT, **values: object) -> TransactionChange:
    return TransactionChange(kind=kind, at=at, transaction_id="7", **values)  # type: ignore[arg-type]  # as given


def test_a_row_has_the_columns_of_the_table() -> None:
    named = {column.name for column in transactions.columns} - {"id"}

    assert named == set(values_of(RUNNING))
    assert len(named) == len(fields(TransactionRow))


def test_tags_compare_without_case() -> None:
    assert tag_key("Card-ß") == tag_key("CARD-SS")


def test_the_running_one_is_meant_before_one_that_has_ended() -> None:
    rows = [RUNNING, ENDED]

    assert RUNNING == meant(rows, change(ChangeKind.UPDATE))
    assert RUNNING == meant(rows, change(ChangeKind.STOP, stopped_at=AT + SECOND))
    assert ENDED == meant([ENDED], change(ChangeKind.UPDATE, started_at=ENDED.started_at))


def test_a_start_is_another_one_unless_its_time_is_the_same() -> None:
    assert RUNNING == meant([RUNNING], change(ChangeKind.START, started_at=AT))
    assert None is meant([RUNNING], change(ChangeKind.START, started_at=AT + SECOND))


def test_long_after_its_end_an_id_is_another_transaction() -> None:
    late = change(ChangeKind.UPDATE, AT + LATE - 2 * SECOND)

    assert ENDED == meant([ENDED], late)
    assert None is meant([ENDED], change(ChangeKind.UPDATE, AT + LATE))
    assert None is meant([ENDED], change(ChangeKind.STOP, AT + LATE, stopped_at=AT + LATE))


def test_the_same_change_twice_changes_nothing_more() -> None:
    stop = change(ChangeKind.STOP, stopped_at=AT + SECOND, meter_stop_wh=10.0, reason="Local")
    once = changed(RUNNING, stop)

    assert once == changed(once, stop)


def test_what_is_begun_by_an_end_began_no_later() -> None:
    seen = begun("CP1", change(ChangeKind.STOP, AT + SECOND, stopped_at=AT))

    assert (AT, True, True) == (seen.begun_at, seen.adopted, seen.gap)
