"""The journal of one charger: order, window, bounds, and how a repetition is known."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from oye_proxy.ocppj.frames import Call, CallResult, build_result, parse
from oye_proxy.ocppj.journal import journal as module
from oye_proxy.ocppj.journal.entries import Entry, EntryState, JournalClass, TransactionLink
from oye_proxy.ocppj.journal.journal import (
    EVENT_ENTRIES,
    LATEST_ENTRIES,
    WINDOW_ENTRIES,
    WRITING_ENTRIES,
    Answered,
    Journal,
    JournalBusyError,
    JournalFullError,
    Stock,
)
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def a_call(action: str, payload: str = "{}", message_id: str = "a") -> Call:
    frame = parse(f'[2,"{message_id}","{action}",{payload}]')
    assert isinstance(frame, Call)
    return frame


def an_event(sequence: int, transaction_id: str = "tx") -> Call:
    return a_call(
        "TransactionEvent",
        f'{{"seqNo":{sequence},"transactionInfo":{{"transactionId":"{transaction_id}"}}}}',
    )


def a_notice(number: int) -> Call:
    return a_call("NotifyEvent", f'{{"seqNo":{number}}}')


def a_status(connector: int, value: str = "Available") -> Call:
    return a_call("StatusNotification", f'{{"connectorId":{connector},"status":"{value}"}}')


def take(
    journal: Journal, call: Call, version: OcppVersion = V2_0_1, *, for_csms: bool = True
) -> Entry | None:
    return journal.take(version, call, build_result(call.message_id, {}), NOW, for_csms=for_csms)


def taken(journal: Journal, call: Call, version: OcppVersion = V2_0_1) -> Entry:
    entry = take(journal, call, version)
    assert entry is not None
    return entry


def kept(journal: Journal, call: Call, version: OcppVersion = V2_0_1) -> Entry:
    """Take a transaction's message and let the disk have it."""
    entry = taken(journal, call, version)
    journal.kept(entry.sequence)
    return entry


def heads(journal: Journal, disk: Iterable[Entry] = ()) -> list[int]:
    """Replay all: settle each head, fetch what the window lacks."""
    entries, found = list(disk), []
    while not journal.is_empty:
        after = journal.wanted()
        if after is not None:
            behind = [entry for entry in entries if entry.sequence > after]
            journal.fetched(behind[:WINDOW_ENTRIES])
        elif journal.head is not None:
            found.append(journal.head.sequence)
            journal.settle(journal.head)
        else:
            break
    return found


def is_news(journal: Journal, call: Call) -> bool:
    """Tell whether that the journal is full is news."""
    with pytest.raises(JournalFullError) as caught:
        take(journal, call)
    return caught.value.is_news


def settle_head(journal: Journal) -> None:
    assert journal.head is not None
    journal.settle(journal.head)


class TestEntries:
    def test_an_entry_tells_what_was_said_and_answered(self) -> None:
        call = a_call("StopTransaction", '{"transactionId":7}', "x")
        answer = build_result(call.message_id, {})

        entry = Journal().take(V1_6, call, answer, NOW, uncertain=True)

        assert entry is not None
        assert (1, JournalClass.TRANSACTION, '"x"', call.text, answer.text, "7", True) == (
            entry.sequence,
            entry.journal_class,
            entry.message_id,
            entry.text,
            entry.answer,
            entry.transaction_id,
            entry.uncertain,
        )
        assert (NOW, EntryState.PENDING, 0) == (entry.arrived_at, entry.state, entry.attempts)

    def test_a_start_of_1_6_has_the_id_that_its_answer_gives(self) -> None:
        call = a_call("StartTransaction")

        entry = Journal().take(
            V1_6, call, build_result(call.message_id, {"transactionId": 1_000_000_007}), NOW
        )

        assert entry is not None
        assert "1000000007" == entry.transaction_id

    def test_what_is_a_question_is_not_kept(self) -> None:
        journal = Journal()

        assert take(journal, a_call("Heartbeat")) is None
        assert journal.is_empty

    def test_sequences_never_repeat(self) -> None:
        journal = Journal(Stock(last_sequence=41))
        journal.failed(taken(journal, an_event(0)).sequence)

        assert 43 == taken(journal, an_event(1)).sequence

    def test_of_a_state_the_last_one_counts(self) -> None:
        journal = Journal()
        for connector, value in ((1, "Available"), (2, "Available"), (1, "Charging")):
            taken(journal, a_status(connector, value), V1_6)

        assert [2, 3] == [entry.sequence for entry in journal.states]

    def test_without_a_csms_a_transaction_is_local_and_all_else_is_not_kept(self) -> None:
        journal = Journal()
        entry = take(journal, an_event(0), for_csms=False)
        others = [
            take(journal, call, for_csms=False)
            for call in (a_notice(0), a_status(1), a_call("BootNotification"))
        ]
        assert entry is not None
        journal.kept(entry.sequence)

        assert EntryState.LOCAL is entry.state
        assert [None, None, None] == others
        assert journal.is_empty

    def test_a_boot_without_a_csms_is_remembered(self) -> None:
        journal = Journal()
        take(journal, a_call("BootNotification"), for_csms=False)

        assert journal.memory.boot is not None

    def test_what_the_csms_is_owed_waits_for_its_return(self) -> None:
        journal = Journal()
        journal.memory.owe("tx")
        entry = take(journal, an_event(1), for_csms=False)

        assert entry is not None
        assert EntryState.PENDING is entry.state

    @pytest.mark.parametrize(
        ("state", "owed"),
        [
            (EntryState.PENDING, EntryState.PENDING),
            (EntryState.ACKNOWLEDGED, EntryState.PENDING),
            (EntryState.REFUSED, EntryState.PENDING),
            (EntryState.LOCAL, EntryState.LOCAL),
        ],
    )
    def test_after_a_restart_it_is_owed_what_it_was(
        self, state: EntryState, owed: EntryState
    ) -> None:
        before = replace(taken(Journal(), an_event(0)), state=state)
        journal = Journal(Stock(last_sequence=1, recent=(before,)))
        entry = take(journal, an_event(1), for_csms=False)

        assert entry is not None
        assert owed is entry.state

    def test_and_so_is_a_transaction_with_two_ids(self) -> None:
        journal = Journal(Stock(links=(TransactionLink(local_id=1_000_000_000, csms_id=42),)))
        entry = take(
            journal, a_call("StopTransaction", '{"transactionId":1000000000}'), V1_6, for_csms=False
        )

        assert entry is not None
        assert EntryState.PENDING is entry.state


class TestOrder:
    def test_a_message_is_not_told_before_it_is_on_disk(self) -> None:
        journal = Journal()
        entry = taken(journal, an_event(0))
        before = journal.head
        journal.kept(entry.sequence)

        assert before is None
        assert entry == journal.head

    def test_an_event_waits_behind_a_transaction_that_is_being_written(self) -> None:
        journal = Journal()
        first = taken(journal, an_event(0))
        taken(journal, a_notice(0))
        before = journal.head
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

        assert [0, None] == [journal.wanted(), journal.wanted()]

    def test_what_comes_while_they_are_fetched_stays_behind_them(self) -> None:
        earlier = Journal()
        disk = [kept(earlier, an_event(number)) for number in range(3)]
        journal = Journal(Stock(last_sequence=3, transactions=3))
        journal.wanted()
        disk.append(kept(journal, an_event(3)))
        journal.fetched(disk[:3])

        assert [1, 2, 3, 4] == heads(journal, disk)

    def test_what_is_read_before_its_writing_is_told_comes_once(self) -> None:
        earlier = Journal()
        disk = [kept(earlier, an_event(0))]
        journal = Journal(Stock(last_sequence=1, transactions=1))
        journal.wanted()
        writing = taken(journal, an_event(1))
        disk.append(writing)
        journal.fetched(disk)
        journal.kept(writing.sequence)

        assert [1, 2] == heads(journal, disk)

    def test_what_an_owner_took_from_the_disk_is_not_waited_for(self) -> None:
        journal = Journal(Stock(last_sequence=9, transactions=9))
        journal.wanted()
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


class TestBounds:
    def test_a_full_journal_takes_no_transaction(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody may accept what has no room."""
        monkeypatch.setattr(module, "TRANSACTION_ENTRIES", 2)
        journal = Journal()
        first = kept(journal, an_event(0))
        kept(journal, an_event(1))

        with pytest.raises(JournalFullError):
            take(journal, an_event(2))
        assert take(journal, a_notice(0)) is not None
        journal.settle(first)
        assert take(journal, an_event(2)) is not None

    def test_an_earlier_life_counts(self) -> None:
        journal = Journal(Stock(transactions=module.TRANSACTION_ENTRIES))

        with pytest.raises(JournalFullError):
            take(journal, an_event(0))

    def test_characters_count(self) -> None:
        journal = Journal(Stock(transactions=1, characters=module.TRANSACTION_CHARACTERS))

        with pytest.raises(JournalFullError):
            take(journal, an_event(0))

    def test_a_disk_that_hangs_is_not_given_more_and_more(self) -> None:
        journal = Journal()
        for number in range(WRITING_ENTRIES):
            take(journal, an_event(number))

        with pytest.raises(JournalBusyError):
            take(journal, an_event(WRITING_ENTRIES))

    def test_that_it_is_full_is_news_until_a_tenth_of_it_is_free(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "TRANSACTION_ENTRIES", 20)
        journal = Journal()
        for number in range(20):
            kept(journal, an_event(number))
        told = [is_news(journal, an_event(20)), is_news(journal, an_event(20))]
        settle_head(journal)
        kept(journal, an_event(20))
        told.append(is_news(journal, an_event(21)))
        for _ in range(3):
            settle_head(journal)
        for number in range(21, 24):
            kept(journal, an_event(number))

        assert [True, False, False] == told
        assert is_news(journal, an_event(24))

    def test_the_oldest_events_go_and_no_transaction(self) -> None:
        journal = Journal()
        disk = [kept(journal, an_event(0))]
        disk += [taken(journal, a_notice(number)) for number in range(EVENT_ENTRIES + 2)]
        dropped = journal.surplus()

        assert [2, 3] == dropped
        assert [] == journal.surplus()
        left = [entry for entry in disk if entry.sequence not in dropped]
        assert [entry.sequence for entry in left] == heads(journal, left)

    def test_the_oldest_events_are_those_of_an_earlier_life(self) -> None:
        earlier = Journal()
        disk = [kept(earlier, an_event(0)), *(taken(earlier, a_notice(each)) for each in range(3))]
        journal = Journal(Stock(last_sequence=4, transactions=1, events=(2, 3, 4)))
        disk += [taken(journal, a_notice(each)) for each in range(3, EVENT_ENTRIES + 2)]
        dropped = journal.surplus()

        assert [2, 3] == dropped
        left = [entry for entry in disk if entry.sequence not in dropped]
        assert [entry.sequence for entry in left] == heads(journal, left)
        assert journal.is_empty

    def test_an_event_that_an_owner_took_from_the_disk_is_no_surplus(self) -> None:
        journal = Journal(Stock(last_sequence=9, transactions=1, events=(2, 9)))
        journal.fetched([replace(taken(Journal(), a_notice(0)), sequence=9)])
        settle_head(journal)
        assert journal.wanted() is not None
        journal.fetched(())
        for number in range(EVENT_ENTRIES):
            taken(journal, a_notice(number))

        assert [] == journal.surplus()

    def test_an_event_that_was_told_is_no_surplus(self) -> None:
        journal = Journal()
        first = taken(journal, a_notice(0))
        journal.settle(first)
        for number in range(1, EVENT_ENTRIES + 1):
            taken(journal, a_notice(number))

        assert [] == journal.surplus()

    def test_an_event_dropped_while_it_is_told_takes_nothing_else_along(self) -> None:
        journal = Journal()
        told = taken(journal, a_notice(0))
        for number in range(1, EVENT_ENTRIES + 1):
            taken(journal, a_notice(number))
        dropped = journal.surplus()
        journal.settle(told)

        assert [1] == dropped
        assert journal.head is not None
        assert 2 == journal.head.sequence

    def test_an_event_dropped_behind_a_disk_that_hangs_is_gone(self) -> None:
        journal = Journal()
        slow = taken(journal, an_event(0))
        for number in range(EVENT_ENTRIES + 1):
            taken(journal, a_notice(number))
        dropped = journal.surplus()
        journal.kept(slow.sequence)
        journal.settle(slow)

        assert [2] == dropped
        assert journal.head is not None
        assert 3 == journal.head.sequence

    def test_a_charger_makes_no_keys_without_end(self) -> None:
        journal = Journal()
        for connector in range(LATEST_ENTRIES):
            taken(journal, a_status(connector), V1_6)

        assert take(journal, a_status(LATEST_ENTRIES), V1_6) is None
        assert take(journal, a_status(0, "Charging"), V1_6) is not None
        assert take(journal, a_call("BootNotification"), V1_6) is not None


class TestRepetitions:
    def test_an_event_is_known_by_its_content(self) -> None:
        journal = Journal()
        entry = kept(journal, an_event(0))

        assert Answered(payload="{}", sequence=entry.sequence) == journal.answered(
            V2_0_1, replace(an_event(0), message_id=a_call("X", message_id="b").message_id)
        )
        assert journal.answered(V2_0_1, an_event(1)) is None
        assert journal.answered(V2_1, an_event(0)) is None

    def test_what_is_not_on_disk_is_not_known(self) -> None:
        journal = Journal()
        entry = taken(journal, an_event(0))
        writing = journal.is_writing(entry.sequence)
        journal.failed(entry.sequence)

        assert writing
        assert not journal.is_writing(entry.sequence)
        assert journal.answered(V2_0_1, an_event(0)) is None

    def test_a_state_is_told_anew(self) -> None:
        journal = Journal()
        taken(journal, a_status(1), V1_6)

        assert journal.answered(V1_6, a_status(1)) is None

    def test_what_the_csms_answered_is_known(self) -> None:
        journal = Journal()
        answer = parse('[3,"a",{"idTokenInfo":{"status":"Accepted"}}]')
        assert isinstance(answer, CallResult)
        journal.note_answer(V2_0_1, an_event(0), answer)

        assert Answered(payload='{"idTokenInfo":{"status":"Accepted"}}') == journal.answered(
            V2_0_1, an_event(0)
        )

    def test_it_survives_a_restart(self) -> None:
        entry = kept(Journal(), an_event(0))
        journal = Journal(Stock(last_sequence=1, recent=(entry,)))

        assert Answered(payload="{}", sequence=1) == journal.answered(V2_0_1, an_event(0))


class TestConcerns:
    """E14.FR.04, E14.FR.07: whether messages wait, of this transaction or of any."""

    def test_while_it_waits_and_not_after(self) -> None:
        journal = Journal()
        before = journal.concerns("tx")
        entry = taken(journal, an_event(0))
        writing = journal.concerns("tx")
        journal.kept(entry.sequence)
        waiting = [journal.concerns(name) for name in ("tx", "other", None)]
        journal.settle(entry)

        assert (False, True, [True, False, True]) == (before, writing, waiting)
        assert [False, False] == [journal.concerns("tx"), journal.concerns(None)]

    def test_after_a_restart(self) -> None:
        entry = kept(Journal(), an_event(0))
        journal = Journal(Stock(last_sequence=1, transactions=1))
        unread = journal.concerns("other")
        journal.wanted()
        journal.fetched([entry])

        assert unread
        assert [True, False] == [journal.concerns("tx"), journal.concerns("other")]


def test_the_link_of_a_stopped_transaction_is_closed() -> None:
    journal = Journal(Stock(links=(TransactionLink(local_id=1_000_000_000, csms_id=42),)))

    assert TransactionLink(local_id=1_000_000_000, csms_id=42, closed_at=NOW) == journal.stopped(
        "1000000000", NOW
    )
    assert journal.stopped(None, NOW) is None
    assert journal.stopped("7", NOW) is None
