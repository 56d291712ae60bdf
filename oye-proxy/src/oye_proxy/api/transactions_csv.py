"""`/api/transactions.csv`: transactions for a spreadsheet, sent as they are read."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec
from aiohttp import hdrs, web

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.transaction_models import TransactionEntry, TransactionsExport
from oye_proxy.api.transactions import entries_of, query_of

PAGE = 500

_MEDIA = "text/csv"
_HEADERS = {
    hdrs.CONTENT_TYPE: f"{_MEDIA}; charset=utf-8; header=present",
    hdrs.CONTENT_DISPOSITION: 'attachment; filename="transactions.csv"',
}
_COLUMNS = [column.encode_name for column in msgspec.structs.fields(TransactionEntry)]
# With one of these a spreadsheet takes a cell for a formula, also after blanks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def export_transactions(exchange: Exchange) -> web.StreamResponse:
    """Answer all transactions of a query, page by page: no list of them is ever in memory."""
    wanted: TransactionsExport = exchange.query
    store = exchange.app[DEPENDENCIES].transactions
    rows = await store.search(query_of(wanted, limit=PAGE))
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(exchange.request)
    if exchange.request.method == hdrs.METH_HEAD:
        return response
    await response.write(_lines([_COLUMNS]))
    while rows:
        await response.write(_lines(_cells(entry) for entry in entries_of(exchange, rows)))
        if len(rows) < PAGE:
            break
        rows = await store.search(query_of(wanted, limit=PAGE, before=rows[-1].id))
    await response.write_eof()
    return response


def _cells(entry: TransactionEntry) -> list[str]:
    return [_cell(value) for value in msgspec.to_builtins(entry).values()]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return str(value)


def _lines(rows: Iterable[list[str]]) -> bytes:
    """Write rows as RFC 4180 has them."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


ROUTES = (
    Route(
        method="GET",
        path="/api/transactions.csv",
        handler=export_transactions,
        scope=Scope.READ,
        summary="Transactions as CSV",
        description="The columns are the members of `TransactionEntry`. A text that a spreadsheet "
        "would take for a formula begins with an apostrophe.",
        query=TransactionsExport,
        media=_MEDIA,
    ),
)
