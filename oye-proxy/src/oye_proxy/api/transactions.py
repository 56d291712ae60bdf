"""`/api/transactions`: what was charged, by whom, and what the CSMS knows of it."""

from collections.abc import Callable
from datetime import timedelta

from aiohttp import web

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.paths import row_of
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.transaction_models import (
    TotalsQuery,
    TransactionDetail,
    TransactionEntry,
    TransactionPage,
    TransactionSample,
    TransactionsExport,
    TransactionsSearch,
    TransactionTotal,
)
from oye_proxy.ocppj.facts import StartedBy, masked
from oye_proxy.storage.transaction_rows import TransactionRow
from oye_proxy.storage.transaction_totals import Per
from oye_proxy.storage.transactions import TransactionQuery


async def list_transactions(exchange: Exchange) -> TransactionPage:
    """Answer a page of transactions."""
    wanted: TransactionsSearch = exchange.query
    # One more tells whether there is a next page.
    query = query_of(wanted, limit=wanted.limit + 1, before=wanted.before)
    rows = await exchange.app[DEPENDENCIES].transactions.search(query)
    page, rest = rows[: wanted.limit], rows[wanted.limit :]
    return TransactionPage(
        transactions=entries_of(exchange, page),
        next_before=page[-1].id if rest else None,
    )


async def show_transaction(exchange: Exchange) -> TransactionDetail:
    """Answer one transaction with its samples."""
    dependencies = exchange.app[DEPENDENCIES]
    wanted = row_of(exchange.parameters["transaction_row"])
    row = None if wanted is None else await dependencies.transactions.find(wanted)
    if row is None or row.id is None:
        raise web.HTTPNotFound
    series = await dependencies.samples.of(row.id)
    return TransactionDetail(
        transaction=entries_of(exchange, [row])[0],
        samples=[
            TransactionSample(
                time=sample.at,
                measurand=sample.measurand,
                phase=sample.phase or None,
                value=sample.value,
                unit=sample.unit,
                context=sample.context,
                location=sample.location,
            )
            for sample in series.samples
        ],
        sample_count=series.total,
        thinned=len(series.samples) < series.total,
    )


async def show_totals(exchange: Exchange) -> list[TransactionTotal]:
    """Answer what transactions amount to."""
    wanted: TotalsQuery = exchange.query
    totals = await exchange.app[DEPENDENCIES].totals.per(
        wanted.by, query_of(wanted), timedelta(minutes=wanted.utc_offset)
    )
    hides = wanted.by is Per.TAG and not _sees_tags(exchange)
    return [
        TransactionTotal(
            key=masked(total.key) if hides else total.key,
            transactions=total.transactions,
            energy_wh=round(total.energy_wh, 3),
            duration_seconds=round(total.duration_seconds, 3),
        )
        for total in totals
    ]


def query_of(
    wanted: TransactionsSearch | TransactionsExport | TotalsQuery,
    *,
    limit: int = 0,
    before: int | None = None,
) -> TransactionQuery:
    """Return the store's query for that of a caller."""
    return TransactionQuery(
        charge_point_id=wanted.charge_point_id,
        id_tag=wanted.id_tag,
        since=wanted.from_,
        until=wanted.to,
        is_open=None if wanted.state is None else wanted.state == "open",
        started_by=None if wanted.started_by is None else wanted.started_by.value,
        limit=limit,
        before=before,
    )


def entries_of(exchange: Exchange, rows: list[TransactionRow]) -> list[TransactionEntry]:
    """Return rows as the caller may see them."""
    sees_tags = _sees_tags(exchange)
    name_of = exchange.app[DEPENDENCIES].owner_tags.name_of
    return [_entry(row, name_of, sees_tags=sees_tags) for row in rows]


def _sees_tags(exchange: Exchange) -> bool:
    return exchange.caller.scope.includes(Scope.CONTROL)


def _entry(
    row: TransactionRow, name_of: Callable[[str], str | None], *, sees_tags: bool
) -> TransactionEntry:
    return TransactionEntry(
        id=row.id or 0,
        charge_point_id=row.charge_point_id,
        transaction_id=row.transaction_id,
        csms_transaction_id=row.csms_transaction_id,
        evse_id=row.evse_id,
        connector_id=row.connector_id,
        ocpp_version=row.ocpp_version,
        state="open" if row.closed_at is None else "ended",
        begun_at=row.begun_at,
        started_at=row.started_at,
        stopped_at=row.stopped_at,
        duration_seconds=_duration(row),
        id_tag=row.id_tag if sees_tags else masked(row.id_tag),
        id_tag_name=name_of(row.id_tag) if row.id_tag else None,
        id_tag_type=row.id_tag_type,
        id_tag_status=row.id_tag_status,
        stop_id_tag=row.stop_id_tag if sees_tags else masked(row.stop_id_tag),
        started_by=None if row.started_by is None else StartedBy(row.started_by),
        remote_start_id=row.remote_start_id,
        reason=row.reason,
        meter_start_wh=row.meter_start_wh,
        meter_stop_wh=row.meter_stop_wh,
        energy_wh=row.energy_wh,
        start_acknowledged_at=row.start_acknowledged_at,
        start_refusal=row.start_refusal,
        stop_acknowledged_at=row.stop_acknowledged_at,
        stop_refusal=row.stop_refusal,
        gap=row.gap,
        adopted=row.adopted,
        offline=row.offline,
        updated_at=row.updated_at,
    )


def _duration(row: TransactionRow) -> float | None:
    if row.started_at is None or row.stopped_at is None:
        return None
    return round(max(0.0, (row.stopped_at - row.started_at).total_seconds()), 3)


ROUTES = (
    Route(
        method="GET",
        path="/api/transactions",
        handler=list_transactions,
        scope=Scope.READ,
        summary="Transactions",
        description="Those that began last first. To page back, give `nextBefore` as `before`.",
        query=TransactionsSearch,
        answer=TransactionPage,
    ),
    Route(
        method="GET",
        path="/api/transactions/totals",
        handler=show_totals,
        scope=Scope.READ,
        summary="Energy, number and duration of transactions",
        description="By `day`, `month`, `hour` of the day, `charger` or `tag`, at most 5000 keys. "
        "Days and months come in order, chargers and tags by energy.",
        query=TotalsQuery,
        answer=list[TransactionTotal],
    ),
    Route(
        method="GET",
        path="/api/transactions/{transaction_row}",
        handler=show_transaction,
        scope=Scope.READ,
        summary="One transaction with its meter values",
        answer=TransactionDetail,
        errors=(404,),
    ),
)
