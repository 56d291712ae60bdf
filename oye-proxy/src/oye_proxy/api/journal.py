"""`/api/chargers/{id}/journal`: what a CSMS was told late, or has yet to hear, newest first."""

from oye_proxy.accounts import Scope
from oye_proxy.api.journal_models import JournalEntry, JournalPage, JournalSearch
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.ocppj.frames import MessageId
from oye_proxy.ocppj.redaction import redact_text
from oye_proxy.storage.journal import JournalQuery
from oye_proxy.storage.journal_rows import JournalRow


async def show_journal(exchange: Exchange) -> JournalPage:
    """Answer a page of a charger's journal."""
    dependencies = exchange.app[DEPENDENCIES]
    charge_point_id = exchange.charge_point_id
    dependencies.hub.charger(charge_point_id)
    wanted: JournalSearch = exchange.query
    rows = await dependencies.journal.search(
        JournalQuery(
            charge_point_id=charge_point_id,
            # One more tells whether there is a next page.
            limit=wanted.limit + 1,
            before=wanted.before,
            oldest=wanted.oldest,
            state=wanted.state,
            transaction_id=wanted.transaction_id,
        )
    )
    page, rest = rows[: wanted.limit], rows[wanted.limit :]
    return JournalPage(
        charge_point_id=charge_point_id,
        pending=await dependencies.journal.count_pending(charge_point_id),
        entries=[_entry(row) for row in page],
        next_before=page[-1].entry.sequence if rest and not wanted.oldest else None,
    )


def _entry(row: JournalRow) -> JournalEntry:
    entry = row.entry
    return JournalEntry(
        sequence=entry.sequence,
        journal_class=entry.journal_class,
        action=_plain(entry.action),
        message_id=_plain(MessageId.from_token(entry.message_id).text),
        transaction_id=None if entry.transaction_id is None else _plain(entry.transaction_id),
        arrived_at=entry.arrived_at,
        state=entry.state,
        uncertain=entry.uncertain,
        attempts=entry.attempts,
        settled_at=row.settled_at,
        text=_shown(entry.text),
        sent=None if row.sent is None else _shown(row.sent),
        answer=_shown(entry.answer),
        response=None if row.response is None else _shown(row.response),
    )


def _shown(text: str) -> str:
    return _plain(redact_text(text))


def _plain(text: str) -> str:
    """Return a text without half characters: they have no place in our own answer."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


ROUTES = (
    Route(
        method="GET",
        path="/api/chargers/{charge_point_id}/journal",
        handler=show_journal,
        scope=Scope.READ,
        summary="What the proxy answered in place of the CSMS",
        description="Newest first: what the CSMS was told of it, and when. To page back, give "
        "`nextBefore` as `before`. What is final stays for 30 days.",
        query=JournalSearch,
        answer=JournalPage,
        errors=(404,),
    ),
)
