"""1.6 transactions under the id that the proxy gave them and under the CSMS's."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.ocppj.journal.entries import TransactionLink
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import transaction_links
from oye_proxy.storage.times import from_microseconds, to_microseconds

_PRUNE_ROWS = 1000


class TransactionLinkStore:
    """The table of transaction links; what belongs together is written on one connection."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self,
        connection: AsyncConnection,
        links: Iterable[tuple[str, TransactionLink]],
        at: datetime,
    ) -> None:
        """Store links of chargers; what a link does not tell keeps its value."""
        for charge_point_id, link in links:
            told = {
                "csms_id": None if link.csms_id is None else str(link.csms_id),
                "closed_us": None if link.closed_at is None else to_microseconds(link.closed_at),
            }
            told = {name: value for name, value in told.items() if value is not None}
            row = {
                "charge_point_id": charge_point_id,
                "local_id": link.local_id,
                "opened_us": to_microseconds(at),
                **told,
            }
            await connection.execute(
                self._database.upsert(transaction_links, row, update=list(told))
            )

    async def all(self) -> dict[str, list[TransactionLink]]:
        """Return the links of each charger, by local id."""
        query = select(transaction_links).order_by(*transaction_links.primary_key)
        found: dict[str, list[TransactionLink]] = {}
        async with self._database.reading() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.charge_point_id, []).append(_link(row))
        return found

    async def prune(self, before: datetime) -> int:
        """Delete the links that were closed before a moment; return how many went."""
        key = tuple_(*transaction_links.primary_key)
        old = transaction_links.c.closed_us < to_microseconds(before)
        batch = select(*transaction_links.primary_key).where(old).limit(_PRUNE_ROWS)
        pruned = 0
        while True:
            async with self._database.writing() as connection:
                gone = (
                    await connection.execute(delete(transaction_links).where(key.in_(batch)))
                ).rowcount
            pruned += gone
            if gone < _PRUNE_ROWS:
                return pruned


def _link(row: Row[Any]) -> TransactionLink:
    return TransactionLink(
        local_id=row.local_id,
        csms_id=None if row.csms_id is None else int(row.csms_id),
        closed_at=from_microseconds(row.closed_us),
    )
