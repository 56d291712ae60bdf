from datetime import UTC, datetime

from oye_proxy.ocppj.journal.entries import Entry, EntryState, JournalClass, TransactionLink
from oye_proxy.ocppj.versions import OcppVersion


def test_the_words_are_those_of_databases_that_exist() -> None:
    """Another spelling would lose what a CSMS has yet to hear."""
    assert ["T", "E", "L"] == [each.value for each in JournalClass]
    assert ["pending", "acknowledged", "refused", "local"] == [each.value for each in EntryState]


def test_what_is_new_waits_for_the_csms() -> None:
    entry = Entry(
        sequence=1,
        journal_class=JournalClass.TRANSACTION,
        version=OcppVersion.V1_6,
        action="StartTransaction",
        message_id='"m-1"',
        text='[2,"m-1","StartTransaction",{}]',
        answer='[3,"m-1",{}]',
        arrived_at=datetime(2026, 11, 21, tzinfo=UTC),
        digest="d",
    )
    link = TransactionLink(local_id=1)

    assert (EntryState.PENDING, 0, False) == (entry.state, entry.attempts, entry.uncertain)
    assert (None, None) == (link.csms_id, link.closed_at)
