"""The order in which a CSMS hears the entries of a journal."""

import pytest
from tests.proxy.ocppj.journal.journals import (
    V1_6,
    V2_0_1,
    a_call,
    a_notice,
    a_status,
    an_event,
    heads,
    kept,
    taken,
)

from oye_proxy.ocppj.journal.journal import Journal, Stock
from oye_proxy.ocppj.journal.queue import WINDOW_ENTRIES


class TestOrder:
    def test_a_message_is_not_told_before_it_is_on_disk(self) -> None:
        journal = Journal()
        entry = taken(journal, an_event(0))
        before = journal.queue.head
        journal.kept(entry.sequence)

        assert before is None
        assert entry == journal.queue.head

    def test_an_event_waits_behind_a_transaction_that_is_being_written(self) -> None:
        journal = Journal()
        first = taken(journal, an_event(0))
        taken(journal, a_notice(0))
        before = journal.queue.head
        journal.kept(first.sequence)

        assert before is None
        assert [1, 2] == heads(journal)

    def test_it_does_not_wait_for_one_that_failed(self) -> None:
        journal = Journal()
        first = taken(journal, an_event(0))
        taken(journal, a_notice(0))
        journal.failed(first.sequence)

        assert [2] == heads(journal)

    def test_the_disk_may_tell_in_any_order(self) -> None:
        journal = Journal()
        sequences = [taken(journal, an_event(number)).sequence for number in range(4)]
        for sequence in reversed(sequences):
            journal.kept(sequence)

        assert sequences == heads(journal)

    def test_what_is_told_twice_counts_once(self) -> None:
        journal = Journal()
        entry = kept(journal, an_event(0))
        journal.kept(entry.sequence)
        journal.failed(entry.sequence)

        assert 1 == journal.pending
        assert journal.answered(V2_0_1, an_event(0)) is not None


class TestWindow:
    def test_hundreds_of_entries_come_in_order(self) -> None:
        journal = Journal()
        entries = [kept(journal, an_event(number)) for number in range(300)]

        assert 300 == journal.pending
        assert list(range(1, 301)) == heads(journal, entries)
        assert journal.is_empty

    @pytest.mark.parametrize("count", [WINDOW_ENTRIES - 1, WINDOW_ENTRIES, WINDOW_ENTRIES + 1])
    def test_an_event_that_overtakes_the_disk_at_the_window_s_end_loses_nothing(
        self, count: int
    ) -> None:
        journal = Journal()
        disk = [kept(journal, an_event(number)) for number in range(count - 1)]
        slow = taken(journal, an_event(1000))
        disk += [slow, taken(journal, a_notice(0))]
        journal.kept(slow.sequence)

        assert list(range(1, count + 2)) == heads(journal, disk)

    def test_a_restart_begins_with_the_oldest(self) -> None:
        earlier = Journal()
        disk = [kept(earlier, an_event(number)) for number in range(100)]
        journal = Journal(Stock(last_sequence=100, transactions=100, characters=5000))
        disk.append(kept(journal, an_event(100)))

        assert 101 == journal.pending
        assert list(range(1, 102)) == heads(journal, disk)

    def test_entries_are_asked_for_once(self) -> None:
        journal = Journal(Stock(last_sequence=100, transactions=100))

        assert [0, None] == [journal.queue.wanted(), journal.queue.wanted()]

    def test_what_comes_while_they_are_fetched_stays_behind_them(self) -> None:
        earlier = Journal()
        disk = [kept(earlier, an_event(number)) for number in range(3)]
        journal = Journal(Stock(last_sequence=3, transactions=3))
        journal.queue.wanted()
        disk.append(kept(journal, an_event(3)))
        journal.fetched(disk[:3])

        assert [1, 2, 3, 4] == heads(journal, disk)

    def test_what_is_read_before_its_writing_is_told_comes_once(self) -> None:
        earlier = Journal()
        disk = [kept(earlier, an_event(0))]
        journal = Journal(Stock(last_sequence=1, transactions=1))
        journal.queue.wanted()
        writing = taken(journal, an_event(1))
        disk.append(writing)
        journal.fetched(disk)
        journal.kept(writing.sequence)

        assert [1, 2] == heads(journal, disk)

    def test_what_an_owner_took_from_the_disk_is_not_waited_for(self) -> None:
        journal = Journal(Stock(last_sequence=9, transactions=9))
        journal.queue.wanted()
        journal.fetched([])

        assert journal.is_empty

    def test_a_state_that_came_meanwhile_is_not_settled_with_the_older_one(self) -> None:
        journal = Journal()
        older = taken(journal, a_status(1), V1_6)
        newer = taken(journal, a_status(1, "Charging"), V1_6)
        journal.settle(older)
        before = journal.states
        journal.settle(newer)

        assert [newer] == before
        assert journal.is_empty

    def test_a_call_of_the_charger_supersedes_the_state_that_waits(self) -> None:
        journal = Journal()
        taken(journal, a_status(1), V1_6)
        taken(journal, a_status(2), V1_6)

        assert [1] == journal.superseded(V1_6, a_status(1, "Charging"))
        assert [] == journal.superseded(V1_6, a_status(1, "Charging"))
        assert [] == journal.superseded(V1_6, a_call("Heartbeat"))
        assert [2] == [entry.sequence for entry in journal.states]


class TestConcerns:
    """E14.FR.04, E14.FR.07: whether messages wait, of this transaction or of any."""

    def test_while_it_waits_and_not_after(self) -> None:
        journal = Journal()
        before = journal.queue.concerns("tx")
        entry = taken(journal, an_event(0))
        writing = journal.queue.concerns("tx")
        journal.kept(entry.sequence)
        waiting = [journal.queue.concerns(name) for name in ("tx", "other", None)]
        journal.settle(entry)

        assert (False, True, [True, False, True]) == (before, writing, waiting)
        assert [False, False] == [journal.queue.concerns("tx"), journal.queue.concerns(None)]

    def test_after_a_restart(self) -> None:
        entry = kept(Journal(), an_event(0))
        journal = Journal(Stock(last_sequence=1, transactions=1))
        unread = journal.queue.concerns("other")
        journal.queue.wanted()
        journal.fetched([entry])

        assert unread
        assert [True, False] == [journal.queue.concerns("tx"), journal.queue.concerns("other")]
