"""The journal of one charger: its entries, their bounds, and how a repetition is known."""

import pytest
from msgspec.structs import replace
from tests.proxy.ocppj.journal.journals import (
    NOW,
    V1_6,
    V2_0_1,
    V2_1,
    a_call,
    a_notice,
    a_status,
    an_event,
    heads,
    kept,
    settle_head,
    take,
    taken,
)

from oye_proxy.ocppj.frames import Call, CallResult, build_result, parse
from oye_proxy.ocppj.journal import journal as module
from oye_proxy.ocppj.journal.entries import EntryState, JournalClass, TransactionLink
from oye_proxy.ocppj.journal.journal import (
    EVENT_ENTRIES,
    LATEST_ENTRIES,
    WRITING_ENTRIES,
    Answered,
    Journal,
    JournalBusyError,
    JournalFullError,
    Stock,
)


def is_news(journal: Journal, call: Call) -> bool:
    """Tell whether that the journal is full is news."""
    with pytest.raises(JournalFullError) as caught:
        take(journal, call)
    return caught.value.is_news


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
        assert journal.queue.wanted() is not None
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
        assert journal.queue.head is not None
        assert 2 == journal.queue.head.sequence

    def test_an_event_dropped_behind_a_disk_that_hangs_is_gone(self) -> None:
        journal = Journal()
        slow = taken(journal, an_event(0))
        for number in range(EVENT_ENTRIES + 1):
            taken(journal, a_notice(number))
        dropped = journal.surplus()
        journal.kept(slow.sequence)
        journal.settle(slow)

        assert [2] == dropped
        assert journal.queue.head is not None
        assert 3 == journal.queue.head.sequence

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
        writing = journal.queue.is_writing(entry.sequence)
        journal.failed(entry.sequence)

        assert writing
        assert not journal.queue.is_writing(entry.sequence)
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


def test_the_link_of_a_stopped_transaction_is_closed() -> None:
    journal = Journal(Stock(links=(TransactionLink(local_id=1_000_000_000, csms_id=42),)))

    assert TransactionLink(local_id=1_000_000_000, csms_id=42, closed_at=NOW) == journal.stopped(
        "1000000000", NOW
    )
    assert journal.stopped(None, NOW) is None
    assert journal.stopped("7", NOW) is None
