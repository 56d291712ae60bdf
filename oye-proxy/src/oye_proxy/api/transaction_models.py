"""The JSON of transactions, their meter values and their totals."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from oye_proxy.api.models import Answer, ChargePointId, Request
from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.storage.transaction_totals import Per

TransactionState = Literal["open", "ended"]


class _TransactionConditions(Request, frozen=True, kw_only=True):
    charge_point_id: ChargePointId | None = None
    id_tag: (
        Annotated[
            str, Meta(min_length=1, max_length=255, description="The whole tag, in any case.")
        ]
        | None
    ) = None
    from_: (
        Annotated[datetime, Meta(tz=True, description="Only those that began then or later.")]
        | None
    ) = field(name="from", default=None)
    to: Annotated[datetime, Meta(tz=True, description="Only those that began before.")] | None = (
        None
    )
    state: TransactionState | None = None
    started_by: StartedBy | None = None


class TransactionsExport(_TransactionConditions, frozen=True, kw_only=True):
    """Which transactions; all conditions hold at once."""


class TransactionsSearch(_TransactionConditions, frozen=True, kw_only=True):
    """Which transactions, and which page of them; all conditions hold at once."""

    before: (
        Annotated[int, Meta(ge=0, le=2**62, description="Only those after this `id` in the list.")]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=200, description="Most rows to return.")] = 100


class TotalsQuery(_TransactionConditions, frozen=True, kw_only=True):
    """What is added up, and by what."""

    by: Per
    utc_offset: Annotated[
        int, Meta(ge=-900, le=900, description="Minutes east of Greenwich: when a day begins.")
    ] = 0


class TransactionEntry(Answer, frozen=True, kw_only=True):
    """
    One transaction.

    `id` is that of its record, `transaction_id` the charger's, `csms_transaction_id` the CSMS's
    when it gave one (1.6). `begun_at` is the start or, of an `adopted` one whose start was not
    seen, its first message. An `ended` one without `stopped_at` lost its end: another began in its
    place. `gap`: messages of it are missing; `offline`: some were made without a connection. The
    CSMS took its start at `start_acknowledged_at` and its end at `stop_acknowledged_at`; a refusal
    is the error code with which it did not. Tags show their last four characters to callers with
    the scope `read`; `id_tag_name` is the owner's word for the tag.
    """

    id: int
    charge_point_id: str
    transaction_id: str
    csms_transaction_id: str | None
    evse_id: int | None
    connector_id: int | None
    ocpp_version: str | None
    state: TransactionState
    begun_at: datetime
    started_at: datetime | None
    stopped_at: datetime | None
    duration_seconds: float | None
    id_tag: str | None
    id_tag_name: str | None
    id_tag_type: str | None
    id_tag_status: str | None
    stop_id_tag: str | None
    started_by: StartedBy | None
    remote_start_id: int | None
    reason: str | None
    meter_start_wh: float | None
    meter_stop_wh: float | None
    energy_wh: float | None
    start_acknowledged_at: datetime | None
    start_refusal: str | None
    stop_acknowledged_at: datetime | None
    stop_refusal: str | None
    gap: bool
    adopted: bool
    offline: bool
    updated_at: datetime


class TransactionPage(Answer, frozen=True, kw_only=True):
    """Transactions, those that began last first; `next_before` leads to the next page."""

    transactions: list[TransactionEntry]
    next_before: int | None


class TransactionSample(Answer, frozen=True, kw_only=True):
    """
    One value in its base unit (Wh, W, A, V, %, °C); without `phase` it is the total.

    `Limit.Effective` is no measurand of the charger's but the limit that held from then on, with
    `owner`, `csms` or `charger` as `context`; `no_limit` says that there was none.
    """

    time: datetime
    measurand: str
    phase: str | None
    value: float
    unit: str | None
    context: str
    location: str


class TransactionDetail(Answer, frozen=True, kw_only=True):
    """A transaction with its meter values; of more than 2000 every n-th of each series."""

    transaction: TransactionEntry
    samples: list[TransactionSample]
    sample_count: int
    thinned: bool


class TransactionTotal(Answer, frozen=True, kw_only=True):
    """
    What the transactions of one key amount to; each counts whole where it began.

    `key` is a day (`2026-11-21`), a month (`2026-11`), an hour of the day (`07`), a charger's id or
    an id tag, None for those without one.
    """

    key: str | None
    transactions: int
    energy_wh: float
    duration_seconds: float
