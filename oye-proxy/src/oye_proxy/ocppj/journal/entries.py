"""The entries of the journal, as they are kept, replayed and shown."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from oye_proxy.ocppj.versions import OcppVersion


class JournalClass(StrEnum):
    """How an answered CALL is kept (docs/OCPP.md); what has no class is not kept."""

    TRANSACTION = "T"  # durable, ordered, never dropped
    EVENT = "E"  # durable, ordered, capped
    LATEST = "L"  # the last one of each key


class EntryState(StrEnum):
    """What became of an entry; the last three are final."""

    PENDING = "pending"  # the CSMS has not acknowledged it
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"  # the CSMS answered with CALLERRORs until we gave up
    LOCAL = "local"  # there was no CSMS to tell


class Entry(Struct, frozen=True, kw_only=True):
    """
    One CALL that the proxy answered: original text, arrival, class and the answer that was given.

    `sequence` counts up per charger and never repeats. `message_id` is the id's JSON token. `key`
    says of what a LATEST entry is the last one (`StatusNotification/1`), else it is empty. `digest`
    tells repetitions. `transaction_id` of a 1.6 start is the one that `answer` gives. `uncertain`:
    it was sent to the CSMS before, which may have seen it.
    """

    sequence: int
    journal_class: JournalClass
    version: OcppVersion
    action: str
    message_id: str
    text: str
    answer: str
    arrived_at: datetime
    digest: str
    key: str = ""
    transaction_id: str | None = None
    uncertain: bool = False
    state: EntryState = EntryState.PENDING
    attempts: int = 0


class Settlement(Struct, frozen=True, kw_only=True):
    """
    What became of an entry: the step that its replay took.

    `sent` is the text that went to the CSMS when it is not the original one, `response` the CSMS's
    answer. `csms_transaction_id` is the id that the CSMS gave to the transaction that this entry
    started under a local id (1.6); it is stored with the entry's state or not at all.
    """

    sequence: int
    state: EntryState
    at: datetime
    attempts: int
    sent: str | None = None
    response: str | None = None
    csms_transaction_id: int | None = None


class TransactionLink(Struct, frozen=True, kw_only=True):
    """
    A 1.6 transaction under its two ids; `csms_id` is None until the CSMS gave one.

    -1 is the id of a transaction whose start the CSMS refused (C16-E 3.18). `closed_at` is when
    the CSMS acknowledged its stop.
    """

    local_id: int
    csms_id: int | None = None
    closed_at: datetime | None = None
