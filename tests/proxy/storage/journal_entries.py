"""Entries for the tests of the journal."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from oye_proxy.ocppj.journal.entries import (
    Entry,
    EntryState,
    JournalClass,
    Settlement,
)
from oye_proxy.ocppj.versions import OcppVersion

T1 = datetime(2026, 11, 21, 10, 0, 0, 123456, UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
LOCAL_ID = 1_000_000_001

START = Entry(
    sequence=1,
    journal_class=JournalClass.TRANSACTION,
    version=OcppVersion.V1_6,
    action="StartTransaction",
    message_id='"m-1"',
    text='[2, "m-1","StartTransaction",{"connectorId":1,"meterStart":1.0}]',
    answer='[3,"m-1",{"transactionId":1000000001,"idTagInfo":{"status":"Accepted"}}]',
    arrived_at=T1,
    digest="0123456789abcdef0123456789abcdef",
    transaction_id=str(LOCAL_ID),
)


def entry(sequence: int, **changes: Any) -> Entry:
    """Return a transaction's entry with this sequence."""
    return replace(START, sequence=sequence, **changes)


def status(sequence: int, connector_id: int, **changes: Any) -> Entry:
    """Return the entry of a connector's status."""
    return entry(
        sequence,
        journal_class=JournalClass.LATEST,
        action="StatusNotification",
        key=f"StatusNotification/{connector_id}",
        transaction_id=None,
        **changes,
    )


def acknowledged(sequence: int, **changes: Any) -> Settlement:
    """Return the settlement of an entry that the CSMS took."""
    settlement = Settlement(
        sequence=sequence, state=EntryState.ACKNOWLEDGED, at=T1 + SECOND, attempts=1
    )
    return replace(settlement, **changes)
