"""
Old frames leave the store: beyond a number per charger, beyond an age, or the oldest of all.

Rows go in batches, each a short transaction of its own, found by an index; between two of them
whoever waits to write has its turn. Journal and transactions are never touched.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import logs
from oye_proxy.storage.times import to_seconds

_BATCH_ROWS = 1000
# Those of single chargers lie far apart: each changes pages of its own, and who writes has to wait.
_SCATTERED_ROWS = 200
_SLICE_IDS = 20_000
_SLICE_CHARGERS = 100
_SAMPLE_ROWS = 1000
# What a row takes beside its payload: its other columns and its places in five indices.
_ROW_BYTES = 260


class FramePruner:
    """Deletes stored frames; `on_change` hears how many more or fewer there are."""

    def __init__(
        self, database: Database, on_change: Callable[[int], None] = lambda _by: None
    ) -> None:
        self._database = database
        self._on_change = on_change
        self._looked_at = 0

    async def all_by_count(self, keep: int) -> int:
        """Delete all but the newest `keep` frames of every charger; return how many went."""
        self._looked_at = await self._newest()
        pruned = 0
        last = ""
        while chargers := await self._chargers_after(last):
            pruned += await self._by_count(chargers, keep)
            last = chargers[-1]
        return pruned

    async def new_by_count(self, keep: int) -> int:
        """Do the same for the chargers that have new frames since the last time; others wait."""
        newest = await self._newest()
        chargers: set[str] = set()
        for first in range(self._looked_at, newest, _SLICE_IDS):
            async with self._database.reading() as connection:
                found = await connection.execute(_chargers_between(first, first + _SLICE_IDS))
                chargers.update(found.scalars())
        self._looked_at = newest
        return await self._by_count(sorted(chargers), keep)

    async def by_age(self, before: datetime) -> int:
        """Delete the frames of before this moment; return how many went."""
        return await self._delete(_older(to_seconds(before)))

    async def oldest(self, rows: int) -> int:
        """Delete this many of the oldest frames of all chargers; return how many there were."""
        pruned = 0
        while pruned < rows:
            batch = _oldest(min(_BATCH_ROWS, rows - pruned))
            gone = await self._delete_batch(batch)
            pruned += gone
            if gone == 0:
                break
        return pruned

    async def row_bytes(self) -> float:
        """Return about how many bytes one of the oldest frames takes."""
        sample = select(logs.c.payload).order_by(logs.c.id).limit(_SAMPLE_ROWS).subquery()
        async with self._database.reading() as connection:
            average = await connection.execute(select(func.avg(func.length(sample.c.payload))))
            return _ROW_BYTES + float(average.scalar() or 0)

    async def _newest(self) -> int:
        async with self._database.reading() as connection:
            newest: int | None = (await connection.execute(select(func.max(logs.c.id)))).scalar()
        return newest or 0

    async def _chargers_after(self, last: str) -> list[str]:
        """Return the next chargers that have frames, by id."""
        found: list[str] = []
        async with self._database.reading() as connection:
            while len(found) < _SLICE_CHARGERS:
                next_one = (await connection.execute(_next_charger(last))).scalar()
                if next_one is None:
                    break
                found.append(last := next_one)
        return found

    async def _by_count(self, chargers: list[str], keep: int) -> int:
        """Delete what is beyond the newest frames of these chargers, several in a transaction."""
        pruned = 0
        waiting = deque(chargers)
        while waiting:
            ids: list[int] = []
            async with self._database.reading() as connection:
                for _ in range(min(_SLICE_CHARGERS, len(waiting))):
                    room = _BATCH_ROWS - len(ids)
                    found = await connection.execute(_beyond(waiting[0], keep, room))
                    beyond = found.scalars().all()
                    ids.extend(beyond)
                    if len(beyond) == room:
                        break
                    waiting.popleft()
            ids.sort()
            for start in range(0, len(ids), _SCATTERED_ROWS):
                pruned += await self._delete_batch(ids[start : start + _SCATTERED_ROWS])
        return pruned

    async def _delete(self, rows: Select[Any]) -> int:
        """Delete what the query names, in its order."""
        batch = rows.limit(_BATCH_ROWS)
        pruned = gone = await self._delete_batch(batch)
        while gone == _BATCH_ROWS:
            gone = await self._delete_batch(batch)
            pruned += gone
        return pruned

    async def _delete_batch(self, batch: Select[Any] | list[int]) -> int:
        async with self._database.writing() as connection:
            gone = (await connection.execute(_deletion(batch))).rowcount
        self._on_change(-gone)
        # The writer waits for the same lock: let it have its turn.
        await asyncio.sleep(0)
        return gone


def _deletion(batch: Select[Any] | list[int]) -> Any:
    return delete(logs).where(logs.c.id.in_(batch))


def _oldest(rows: int) -> Select[Any]:
    return select(logs.c.id).order_by(logs.c.id).limit(rows)


def _older(seconds: int) -> Select[Any]:
    return select(logs.c.id).where(logs.c.timestamp < seconds).order_by(logs.c.timestamp)


def _next_charger(previous: str) -> Select[Any]:
    # One step in the index instead of DISTINCT, which reads all of it.
    return select(func.min(logs.c.charge_point_id)).where(logs.c.charge_point_id > previous)


def _beyond(charge_point_id: str, keep: int, rows: int) -> Select[Any]:
    mine = select(logs.c.id).where(logs.c.charge_point_id == charge_point_id)
    return mine.order_by(logs.c.id.desc()).offset(keep).limit(rows)


def _chargers_between(after: int, up_to: int) -> Select[Any]:
    # The sum keeps SQLite from walking the index of all chargers for the sake of DISTINCT.
    charger = (logs.c.charge_point_id + "").label("charger")
    return select(charger).where(logs.c.id > after, logs.c.id <= up_to).distinct()
