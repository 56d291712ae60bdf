"""
A database of the Node oye-proxy into one of OYE that may be in use: what is there stays.

Frames come once. Where frames are already, those of the file get smaller ids than all of them: ids
tell the order, and retention takes the smallest first.
"""

import asyncio
from collections.abc import Iterator
from itertools import islice
from typing import Any

from msgspec import Struct
from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.storage import content
from oye_proxy.storage.content import Tell
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import chargers, config, logs, sequences
from oye_proxy.storage.node_file import NodeFile

_NAME = "import-seed:"


class Imported(Struct, frozen=True, kw_only=True):
    """What came along, and what did not; `newer` frames are of after the first import."""

    config: int
    chargers: int
    limits: int
    frames: int
    newer: int
    unreadable: int
    users: list[str]


async def import_node(database: Database, file: NodeFile, tell: Tell) -> Imported:
    """Import all or nothing, in one transaction; raise StorageError."""
    name = f"{_NAME}{await asyncio.to_thread(file.identity)}"
    last = await asyncio.to_thread(file.last_frame)
    async with database.changing() as connection:
        known = select(sequences.c.next_value).where(sequences.c.name == name)
        imported: int | None = (await connection.execute(known)).scalar()
        settings = await _missing(database, connection, config, file)
        limits = 0 if imported is not None else await _limits(connection, file)
        newcomers = await _missing(database, connection, chargers, file)
        frames = 0 if imported is not None else await _frames(connection, file, last, tell)
        if imported is None:
            await connection.execute(insert(sequences).values(name=name, next_value=last))
    return Imported(
        config=settings,
        chargers=newcomers,
        limits=limits,
        frames=frames,
        newer=0 if imported is None else max(0, last - imported),
        unreadable=file.unreadable,
        users=await asyncio.to_thread(file.users),
    )


async def _missing(
    database: Database, connection: AsyncConnection, table: Table, file: NodeFile
) -> int:
    """Add the rows whose keys are not there."""
    added = 0
    for row in await asyncio.to_thread(list, file.rows(table)):
        done = await connection.execute(database.upsert(table, row, update=()))
        added += done.rowcount
    return added


async def _limits(connection: AsyncConnection, file: NodeFile) -> int:
    """Take the caps of chargers that are there and have none."""
    taken = 0
    for row in await asyncio.to_thread(list, file.rows(chargers)):
        if row.get("max_power") is not None:
            mine = chargers.c.charge_point_id == row["charge_point_id"]
            without = update(chargers).where(mine, chargers.c.max_power.is_(None))
            done = await connection.execute(without.values(max_power=row["max_power"]))
            taken += done.rowcount
    return taken


async def _frames(connection: AsyncConnection, file: NodeFile, last: int, tell: Tell) -> int:
    shift = await _shift(connection, last)
    rows = file.rows(logs)
    done = 0
    while batch := await asyncio.to_thread(_take, rows):
        for row in batch:
            row["id"] += shift
        await connection.execute(insert(logs), batch)
        done += len(batch)
        tell(logs.name, done, max(done, last))
    await content.set_last_id(connection, logs, await content.last_id(connection, logs))
    return done


async def _shift(connection: AsyncConnection, last: int) -> int:
    """Return what brings the ids of the file below all that were ever used here."""
    smallest = (await connection.execute(select(func.min(logs.c.id)))).scalar()
    used = await content.last_id(connection, logs)
    if smallest is None and not used:
        return 0
    return min(smallest or 1, 1) - 1 - last


def _take(rows: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(islice(rows, content.BATCH_ROWS))
