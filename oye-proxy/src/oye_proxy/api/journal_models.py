"""The JSON of a charger's journal."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, field

from oye_proxy.api.models import Answer, Request
from oye_proxy.ocppj.journal.entries import EntryState, JournalClass


class JournalSearch(Request, frozen=True, kw_only=True):
    """Which entries of a charger's journal; all conditions hold at once."""

    limit: Annotated[int, Meta(ge=1, le=200, description="Most entries to return.")] = 100
    before: Annotated[int, Meta(ge=0, le=2**62, description="Only smaller sequences.")] | None = (
        None
    )
    oldest: Annotated[
        bool, Meta(description="The oldest ones, in order; they have no next page.")
    ] = False
    state: EntryState | None = None
    transaction_id: Annotated[str, Meta(max_length=255)] | None = None


class JournalEntry(Answer, frozen=True, kw_only=True):
    """
    One message of a charger that the proxy answered, and what the CSMS was told of it.

    `class` is T for transactions, E for other events, L for what only the last one counts of.
    `text` is the message as it arrived, `answer` the proxy's; `sent` is what went to the CSMS when
    it was another text, `response` the CSMS's last answer. Secrets in them are `***`. `uncertain`:
    the CSMS may have had it once before. `attempts` counts how often the CSMS answered it.
    """

    sequence: int
    journal_class: JournalClass = field(name="class")
    action: str
    message_id: str
    transaction_id: str | None
    arrived_at: datetime
    state: EntryState
    uncertain: bool
    attempts: int
    settled_at: datetime | None
    text: str
    sent: str | None
    answer: str
    response: str | None


class JournalPage(Answer, frozen=True, kw_only=True):
    """
    Entries of a charger's journal, newest first.

    `pending` counts all that the CSMS has yet to hear. `nextBefore` is the `before` of the next
    page, null on the last one.
    """

    charge_point_id: str
    pending: int
    entries: list[JournalEntry]
    next_before: int | None
