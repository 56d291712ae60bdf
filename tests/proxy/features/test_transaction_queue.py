from datetime import UTC, datetime

from oye_proxy.features.transaction_queue import ChangeQueue
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.ocppj.transaction_samples import Sample

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def change(
    kind: ChangeKind = ChangeKind.UPDATE,
    transaction_id: str = "7",
    register: float | None = None,
    samples: int = 0,
) -> TransactionChange:
    return TransactionChange(
        kind=kind,
        at=AT,
        transaction_id=transaction_id,
        register_wh=register,
        samples=(Sample(AT, "Voltage", 230.0),) * samples,
    )


def told(queue: ChangeQueue, limit: int = 99) -> list[tuple[str, str, float | None]]:
    return [
        (name, f"{one.kind} {one.transaction_id}", one.register_wh)
        for name, one in queue.take(limit)
    ]


def test_updates_in_a_row_become_one_and_keep_their_place() -> None:
    queue = ChangeQueue()
    queue.put("A", change(ChangeKind.START))
    queue.put("A", change(register=1.0, samples=1))
    queue.put("A", change(transaction_id="8", register=5.0))
    queue.put("B", change(register=9.0))
    queue.put("A", change(register=2.0, samples=1))
    queue.put("A", change(ChangeKind.STOP))
    queue.put("A", change(register=3.0))

    assert 6 == len(queue)
    assert [
        ("A", "start 7", None),
        ("A", "update 7", 2.0),
        ("A", "update 8", 5.0),
        ("B", "update 7", 9.0),
        ("A", "stop 7", None),
        ("A", "update 7", 3.0),
    ] == told(queue)
    assert [] == queue.take(99)


def test_what_is_taken_is_merged_with_nothing_any_more() -> None:
    queue = ChangeQueue()
    queue.put("A", change(register=1.0))
    batch = queue.take(1)
    queue.put("A", change(register=2.0))
    queue.take_back(batch)
    queue.take_back(queue.take(1))
    queue.put("A", change(register=3.0))

    assert [("A", "update 7", 1.0), ("A", "update 7", 3.0)] == told(queue)


def test_the_oldest_changes_go_when_there_are_too_many() -> None:
    queue = ChangeQueue(changes=2)
    for number in range(3):
        queue.put("A", change(ChangeKind.START, str(number)))
    queue.take_back([("A", change(ChangeKind.START, "older"))])

    assert 2 == queue.lost
    assert [("A", "start 1", None), ("A", "start 2", None)] == told(queue)


def test_samples_are_bounded_and_go_before_changes() -> None:
    queue = ChangeQueue(samples=5)
    queue.put("A", change(samples=4))
    queue.put("A", change(ChangeKind.STOP, samples=4))

    assert (2, 4) == (len(queue), queue.lost)
    assert [4, 0] == [len(one.samples) for _, one in queue.take(99)]
    queue.put("A", change(samples=5))
    assert [5] == [len(one.samples) for _, one in queue.take(99)]


def test_an_update_with_many_samples_takes_no_more() -> None:
    queue = ChangeQueue()
    queue.put("A", change(samples=500))
    queue.put("A", change(samples=1))

    assert [500, 1] == [len(one.samples) for _, one in queue.take(99)]


def test_a_deleted_charger_s_changes_go() -> None:
    queue = ChangeQueue(samples=5)
    queue.put("A", change(samples=5))
    queue.put("B", change())
    queue.forget("A")
    queue.put("A", change(samples=5))

    assert [("B", "update 7", None), ("A", "update 7", None)] == told(queue)
    assert 0 == queue.lost
