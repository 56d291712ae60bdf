"""Totals of transactions, computed in the database: by day, month, hour, charger or tag."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import Float, Integer, Row, case, cast, extract, func, select
from sqlalchemy.sql.elements import ColumnElement

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import transactions
from oye_proxy.storage.transactions import TransactionQuery, conditions

GROUPS = 5000

_SECOND = 1_000_000
_EPOCH = date(1970, 1, 1)


class Per(StrEnum):
    """By what transactions are added up; `hour` is the hour of the day."""

    DAY = "day"
    MONTH = "month"
    HOUR = "hour"
    CHARGER = "charger"
    TAG = "tag"


class Total(Struct, frozen=True):
    """
    What the transactions of one key amount to; each counts whole where it began.

    `key` is `2026-11-21`, `2026-11`, `07`, a charger's id or a tag; None for those without tag.
    """

    key: str | None
    transactions: int
    energy_wh: float
    duration_seconds: float


class TransactionTotals:
    """Adds up the table of transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def per(
        self, per: Per, query: TransactionQuery, utc_offset: timedelta = timedelta()
    ) -> list[Total]:
        """
        Return the totals of what a query finds, all pages of it.

        Times of the day are those `utc_offset` east of Greenwich. Days and months come in order,
        the newest 5000; chargers and tags by energy, the largest first.
        """
        key = self._key(per, utc_offset)
        by_energy = per in (Per.CHARGER, Per.TAG)
        columns = transactions.c
        duration = case(
            (columns.stopped_us >= columns.started_us, columns.stopped_us - columns.started_us),
            else_=0,
        )
        energy = func.coalesce(func.sum(columns.energy_wh), 0.0)
        shown = func.max(columns.id_tag) if per is Per.TAG else key
        statement = (
            select(
                shown.label("key"),
                func.count().label("transactions"),
                energy.label("energy_wh"),
                func.sum(cast(duration, Float)).label("duration_us"),
            )
            .where(*conditions(query))
            .group_by(key)
            .order_by(*((energy.desc(), key) if by_energy else (key.desc(),)))
            .limit(GROUPS)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        totals = [_total(per, row) for row in rows]
        return totals if by_energy else totals[::-1]

    def _key(self, per: Per, utc_offset: timedelta) -> ColumnElement[Any]:
        local_us = transactions.c.begun_us + int(utc_offset.total_seconds()) * _SECOND
        match per:
            case Per.DAY:
                return local_us // (86_400 * _SECOND)
            case Per.HOUR:
                return local_us // (3600 * _SECOND) % 24
            case Per.MONTH:
                moment = self._moment(local_us // _SECOND)
                return cast(extract("year", moment) * 100 + extract("month", moment), Integer)
            # Their indices would lead through all rows in no order of the disk, ten times slower.
            case Per.CHARGER:
                return transactions.c.charge_point_id.concat("")
            case Per.TAG:
                return transactions.c.id_tag_key.concat("")

    def _moment(self, seconds: ColumnElement[int]) -> ColumnElement[Any]:
        """Make a time of epoch seconds, in the words of the database."""
        if self._database.dialect.name == "sqlite":
            return func.datetime(seconds, "unixepoch")
        return func.timezone("UTC", func.to_timestamp(seconds))


def _total(per: Per, row: Row[Any]) -> Total:
    return Total(_text(per, row.key), row.transactions, row.energy_wh, row.duration_us / _SECOND)


def _text(per: Per, key: Any) -> str | None:
    match per:
        case Per.DAY:
            return (_EPOCH + timedelta(days=int(key))).isoformat()
        case Per.MONTH:
            return f"{int(key) // 100:04}-{int(key) % 100:02}"
        case Per.HOUR:
            return f"{int(key):02}"
        case Per.CHARGER | Per.TAG:
            found: str | None = key
            return found
