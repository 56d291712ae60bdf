"""Entries of the journal as rows, and back; every text comes back exactly."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Row

from oye_proxy.ocppj.journal.entries import Entry, EntryState, JournalClass, Settlement
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.storage.texts import escaped, storable, unescaped
from oye_proxy.storage.times import from_microseconds, to_microseconds


class JournalRow(Struct, frozen=True, kw_only=True):
    """An entry with what became of it; see `Settlement`."""

    entry: Entry
    settled_at: datetime | None
    sent: str | None
    response: str | None


def entry_values(charge_point_id: str, entry: Entry) -> dict[str, Any]:
    """Return the columns of an entry; one that is final at once was settled when it arrived."""
    arrived_us = to_microseconds(entry.arrived_at)
    return {
        "charge_point_id": charge_point_id,
        "sequence": entry.sequence,
        "journal_class": entry.journal_class.value,
        "key": storable(entry.key),
        "version": entry.version.value,
        "action": escaped(entry.action),
        "message_id": escaped(entry.message_id),
        "transaction_id": _escaped(entry.transaction_id),
        "text": escaped(entry.text),
        "answer": escaped(entry.answer),
        "characters": len(entry.text),
        "arrived_us": arrived_us,
        "digest": entry.digest,
        "uncertain": entry.uncertain,
        "state": entry.state.value,
        "attempts": entry.attempts,
        "settled_us": None if entry.state is EntryState.PENDING else arrived_us,
    }


def settlement_values(settlement: Settlement) -> dict[str, Any]:
    """Return the columns that a settlement changes."""
    is_final = settlement.state is not EntryState.PENDING
    return {
        "state": settlement.state.value,
        "attempts": settlement.attempts,
        "settled_us": to_microseconds(settlement.at) if is_final else None,
        "sent": _escaped(settlement.sent),
        "response": _escaped(settlement.response),
    }


def read_row(row: Row[Any]) -> JournalRow:
    """Return an entry with what became of it."""
    return JournalRow(
        entry=read_entry(row),
        settled_at=from_microseconds(row.settled_us),
        sent=_unescaped(row.sent),
        response=_unescaped(row.response),
    )


def read_entry(row: Row[Any]) -> Entry:
    """Return an entry."""
    return Entry(
        sequence=row.sequence,
        journal_class=JournalClass(row.journal_class),
        version=OcppVersion(row.version),
        action=unescaped(row.action),
        message_id=unescaped(row.message_id),
        text=unescaped(row.text),
        answer=unescaped(row.answer),
        arrived_at=from_microseconds(row.arrived_us),
        digest=row.digest,
        key=row.key,
        transaction_id=_unescaped(row.transaction_id),
        uncertain=row.uncertain,
        state=EntryState(row.state),
        attempts=row.attempts,
    )


def _escaped(text: str | None) -> str | None:
    return None if text is None else escaped(text)


def _unescaped(stored: str | None) -> str | None:
    return None if stored is None else unescaped(stored)
