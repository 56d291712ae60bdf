"""Transactions, and the curve of one, for a spreadsheet; sent as they are read."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

import msgspec
from aiohttp import hdrs, web

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.paths import row_of
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.transaction_models import TransactionEntry, TransactionsExport
from oye_proxy.api.transactions import entries_of, query_of
from oye_proxy.ocppj.profiles.composite import Party
from oye_proxy.ocppj.transaction_samples import EFFECTIVE_LIMIT, Sample

PAGE = 500

_MEDIA = "text/csv"
_COLUMNS = [column.encode_name for column in msgspec.structs.fields(TransactionEntry)]
_CURVE_COLUMNS = ["time", "measurand", "phase", "value", "unit", "limit", "location"]
# With one of these a spreadsheet takes a cell for a formula, also after blanks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def export_transactions(exchange: Exchange) -> web.StreamResponse:
    """Answer all transactions of a query, page by page: no list of them is ever in memory."""
    return await _send(exchange, "transactions.csv", _COLUMNS, _pages(exchange))


async def export_curve(exchange: Exchange) -> web.StreamResponse:
    """Answer all meter values of a transaction, page by page."""
    dependencies = exchange.app[DEPENDENCIES]
    wanted = row_of(exchange.parameters["transaction_row"])
    found = None if wanted is None else await dependencies.transactions.find(wanted)
    if found is None or found.id is None:
        raise web.HTTPNotFound
    curve = _curve(dependencies.samples.pages(found.id))
    return await _send(exchange, f"transaction-{found.id}.csv", _CURVE_COLUMNS, curve)


async def _send(
    exchange: Exchange, name: str, columns: list[str], pages: AsyncIterator[list[list[Any]]]
) -> web.StreamResponse:
    """Send a table; what fails before its first page is an answer of its own."""
    first: list[list[Any]] = await anext(pages, [])
    headers = {
        hdrs.CONTENT_TYPE: f"{_MEDIA}; charset=utf-8; header=present",
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
    }
    response = web.StreamResponse(headers=headers)
    await response.prepare(exchange.request)
    if exchange.request.method == hdrs.METH_HEAD:
        return response
    await response.write(_lines([columns, *first]))
    async for page in pages:
        await response.write(_lines(page))
    await response.write_eof()
    return response


async def _pages(exchange: Exchange) -> AsyncIterator[list[list[Any]]]:
    wanted: TransactionsExport = exchange.query
    store = exchange.app[DEPENDENCIES].transactions
    before: int | None = None
    while True:
        rows = await store.search(query_of(wanted, limit=PAGE, before=before))
        yield [_members(entry) for entry in entries_of(exchange, rows)]
        if len(rows) < PAGE:
            return
        before = rows[-1].id


async def _curve(pages: AsyncIterator[list[Sample]]) -> AsyncIterator[list[list[Any]]]:
    """Yield the values with the limit in force beside each."""
    limit: float | None = None
    async for page in pages:
        lines = []
        for sample in page:
            value: float | None = sample.value
            if sample.measurand == EFFECTIVE_LIMIT:
                value = limit = None if sample.context == Party.NO_LIMIT else value
            names = (sample.measurand, sample.phase)
            lines.append([sample.at, *names, value, sample.unit, limit, sample.location])
        yield lines


def _members(entry: TransactionEntry) -> list[Any]:
    return list(msgspec.structs.astuple(entry))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(msgspec.to_builtins(value))
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return str(value)


def _lines(rows: Iterable[list[Any]]) -> bytes:
    """Write rows as RFC 4180 has them."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(map(_cell, row) for row in rows)
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
    Route(
        method="GET",
        path="/api/transactions/{transaction_row}/curve.csv",
        handler=export_curve,
        scope=Scope.READ,
        summary="The meter values of a transaction as CSV",
        description="All of them by time, none thinned out. `value` is in its base unit; `limit` "
        "is the limit in force in amperes, empty where there was none or it is not known. "
        "`Limit.Effective` tells from when it held. Texts are as in `/api/transactions.csv`.",
        media=_MEDIA,
        errors=(404,),
    ),
)
