"""
The 1.6 transaction ids that the proxy hands out itself.

They lie in a range that CSMS products do not use, and none is given out twice: blocks are reserved
on disk before their ids are used, so a crash only leaves a gap.
"""

import asyncio
import logging
import secrets

from sqlalchemy import Update, case, update

from oye_proxy.errors import StorageError
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import sequences
from oye_proxy.tasks import cancel, spawn

FIRST = 1_000_000_000
LAST = 1_499_999_999

_NAME = "transaction_ids"
_BLOCK = 1000

_logger = logging.getLogger(__name__)


class TransactionIds:
    """A counter with a random start."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next = FIRST
        self._left = 0
        self._ahead: int | None = None
        self._reserving: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Reserve the first block."""
        self._next = await self._reserve()
        self._left = _BLOCK

    async def close(self) -> None:
        """Stop reserving."""
        await cancel(self._reserving)

    def next(self) -> int:
        """Return a fresh id; raise StorageError when the disk gave no new block in time."""
        if not self._left and self._ahead is not None:
            self._next, self._left, self._ahead = self._ahead, _BLOCK, None
        if self._left <= _BLOCK // 2 and self._ahead is None:
            self._reserve_ahead()
        if not self._left:
            raise StorageError("the database gave no new transaction ids: see why it does not work")
        self._left -= 1
        self._next += 1
        return self._next - 1

    def _reserve_ahead(self) -> None:
        if self._reserving is None or self._reserving.done():
            self._reserving = spawn(self._fetch(), name="transaction ids")

    async def _fetch(self) -> None:
        try:
            self._ahead = await self._reserve()
        except StorageError as error:
            _logger.warning("no transaction ids could be reserved, the next use retries: %s", error)

    async def _reserve(self) -> int:
        """Take a block and return its first id; after the last block the range begins again."""
        start = FIRST + secrets.randbelow(LAST - FIRST + 1)
        first_row = {"name": _NAME, "next_value": start}
        async with self._database.writing() as connection:
            after = (await connection.execute(_take())).scalar()
            if after is None:
                await connection.execute(self._database.upsert(sequences, first_row, update=()))
                after = (await connection.execute(_take())).scalar_one()
        return int(after) - _BLOCK


def _take() -> Update:
    """Move the counter in one statement: two processes cannot take the same block."""
    value = sequences.c.next_value
    ends = value + _BLOCK > LAST + 1
    after = case((ends, FIRST + _BLOCK), else_=value + _BLOCK)
    taking = update(sequences).where(sequences.c.name == _NAME).values(next_value=after)
    return taking.returning(value)
