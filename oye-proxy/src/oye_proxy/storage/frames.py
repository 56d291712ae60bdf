"""The search among the stored frames."""

import asyncio
import contextlib
import math
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Subquery,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from oye_proxy.storage.database import Database
from oye_proxy.storage.directions import Direction
from oye_proxy.storage.frame_rows import StoredFrame, as_stored
from oye_proxy.storage.models import logs

SEARCH_LIMIT = 5000
# One frame may be as large as all else of a page, and so may each of the next.
SEARCH_CHARACTERS = 16 * 1024 * 1024

_LARGEST = 2**62
# How many of the newest, and of the oldest that are new enough, tell where these begin.
_LATEST = 1000
_ROWS_AT_ONCE = 20


class FrameQuery(Struct, frozen=True, kw_only=True):
    """
    Which frames are wanted; all conditions hold at once.

    `since` is exclusive, in epoch seconds. `before` and `after` are ids, exclusive. `q` is a part
    of the payload, matched without regard to the case of ASCII letters. `without_actions` leaves
    frames of these actions out.
    """

    charge_point_id: str | None = None
    limit: int = 100
    since: float | None = None
    before: int | None = None
    after: int | None = None
    direction: str | None = None
    action: str | None = None
    q: str | None = None
    without_actions: tuple[str, ...] = ()


class FramePage(Struct, frozen=True):
    """Frames of a search; `is_last` when no more match."""

    frames: list[StoredFrame]
    is_last: bool


class FrameStore:
    """
    Search the stored frames; `FrameWriter` adds them, `FramePruner` deletes them.

    A search by text may read those of all chargers; one at a time, so that pages need not wait.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_text = asyncio.Lock()

    async def search(self, query: FrameQuery) -> list[StoredFrame]:
        """
        Return at most `limit` frames, newest first, by id; fewer when they are large.

        They are the newest that match; with `after` and without `before` the oldest above that id,
        so that a reader who follows misses nothing.
        """
        return (await self.page(query)).frames

    async def page(self, query: FrameQuery) -> FramePage:
        """Search, and tell whether there may be more."""
        async with contextlib.AsyncExitStack() as turn:
            if query.q and query.charge_point_id is None:
                await turn.enter_async_context(self._by_text)
            connection = await turn.enter_async_context(self._database.reading())
            first: int | None = None
            if query.since is not None and query.since >= 0:
                found = await connection.execute(_first_after(_bounded(query.since)))
                first = found.scalar()
                if first is None:
                    return FramePage([], is_last=True)
            statement = _statement(query, first, self._database.dialect.name)
            rows, is_cut = await _read(connection, statement)
        frames = [as_stored(row) for row in rows]
        is_last = not is_cut and len(frames) < _rows(query)
        return FramePage(frames[::-1] if _ascends(query) else frames, is_last)

    async def by_id(self, row: int) -> StoredFrame | None:
        """Return one frame, None when it is not stored."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(logs).where(logs.c.id == _bounded(row)))
            first = found.first()
        return None if first is None else as_stored(first)

    async def last_until(self, moment: float) -> int | None:
        """Return the id of the newest frame that came at a time or before it, in epoch seconds."""
        newest = (
            select(logs.c.id)
            .where(logs.c.timestamp <= _bounded(moment))
            .order_by(logs.c.timestamp.desc())
            .limit(_LATEST)
            .subquery()
        )
        async with self._database.reading() as connection:
            last = (await connection.execute(select(func.max(newest.c.id)))).scalar()
        return None if last is None else int(last)

    async def count(self, charge_point_id: str | None = None) -> int:
        """Return the number of stored frames, of one charger or of all."""
        statement = select(func.count()).select_from(logs)
        if charge_point_id is not None:
            statement = statement.where(logs.c.charge_point_id == charge_point_id)
        async with self._database.reading() as connection:
            return (await connection.execute(statement)).scalar_one()


async def _read(connection: AsyncConnection, statement: Select[Any]) -> tuple[list[Row[Any]], bool]:
    """Return the rows of a page, and whether it ends early because they are large."""
    rows: list[Row[Any]] = []
    size = 0
    options = {"yield_per": _ROWS_AT_ONCE}
    async with connection.stream(statement, execution_options=options) as found:
        async for row in found:
            rows.append(row)
            size += len(row.payload)
            if size >= SEARCH_CHARACTERS:
                return rows, True
    return rows, False


def _statement(query: FrameQuery, first: int | None, dialect: str) -> Select[Any]:
    """
    Return the statement of a search; `first` is the id where those begin that are new enough.

    It walks along an index that ends where the page is full: that of a charger, of the directions,
    or of the actions in each direction. A text alone may lead through all frames.
    """
    above = max(
        -_LARGEST if query.after is None else _bounded(query.after),
        -_LARGEST if first is None else first - 1,
    )
    below = _LARGEST if query.before is None else _bounded(query.before)
    limit = _rows(query)
    by_charger = query.charge_point_id is not None
    if by_charger or (query.direction is None and query.action is None):
        statement = (
            select(logs).where(*_narrowed(query)).where(*_between(query, above, below, dialect))
        )
        return statement.order_by(_in_order(query, logs.c.id)).limit(limit)
    ids = union_all(*(select(way.c.id) for way in _ways(query, above, below, dialect))).subquery()
    page = select(ids.c.id).order_by(_in_order(query, ids.c.id)).limit(limit)
    return select(logs).where(logs.c.id.in_(page)).order_by(_in_order(query, logs.c.id))


def _ways(query: FrameQuery, above: int, below: int, dialect: str) -> Iterator[Subquery]:
    """Yield the ids of the first page of each direction that is wanted."""
    columns = logs.c
    directions = [each.value for each in Direction]
    for direction in directions if query.direction is None else [query.direction]:
        way = select(columns.id).where(*_narrowed(query))
        order = [_in_order(query, columns.direction), _in_order(query, columns.id)]
        if query.action is not None:
            way = way.where(columns.action == query.action)
            order.insert(0, _in_order(query, columns.action))
        if dialect == "sqlite":
            way = way.where(columns.direction == direction)
            way = way.where(columns.id > above, columns.id < below)
        else:
            # Pairs in the order of the index: of one direction PostgreSQL would guess how many
            # frames there are, and look for them among all others.
            pair = tuple_(columns.direction, columns.id)
            way = way.where(pair > tuple_(direction, above), pair < tuple_(direction, below))
        yield way.order_by(*order).limit(_rows(query)).subquery()


def _narrowed(query: FrameQuery) -> Iterator[ColumnElement[bool]]:
    """Yield what rows fulfil that an index led to."""
    if query.since is not None and query.since >= 0:
        yield logs.c.timestamp + 0 > _bounded(query.since)
    if query.q:
        yield logs.c.payload.icontains(query.q, autoescape=True)
    if query.without_actions:
        yield or_(logs.c.action.is_(None), logs.c.action.not_in(query.without_actions))


def _between(
    query: FrameQuery, above: int, below: int, dialect: str
) -> Iterator[ColumnElement[bool]]:
    columns = logs.c
    yield columns.id > above
    yield columns.id < below
    if query.charge_point_id is None:
        return
    yield columns.charge_point_id == query.charge_point_id
    # The index of chargers knows both. SQLite would rather have the ones that begin with them,
    # unless it is kept from these: a charger has fewer frames than an action or a direction.
    for column, wanted in ((columns.direction, query.direction), (columns.action, query.action)):
        if wanted is not None:
            yield (column.concat("") if dialect == "sqlite" else column) == wanted


def _first_after(since: int) -> Select[Any]:
    """
    Return the smallest id of the frames that came after a time, by the index of times.

    Ids and times rise together, but for a clock that was set back: those of before are the newest
    by their time, so some of these are looked at as well.
    """
    mine = select(logs.c.id).where(logs.c.timestamp > since)
    ends = (
        mine.order_by(logs.c.timestamp.desc()).limit(_LATEST).subquery(),
        mine.order_by(logs.c.timestamp).limit(_LATEST).subquery(),
    )
    ids = union_all(*(select(end.c.id) for end in ends)).subquery()
    return select(func.min(ids.c.id))


def _rows(query: FrameQuery) -> int:
    return max(0, min(query.limit, SEARCH_LIMIT))


def _in_order(query: FrameQuery, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column.asc() if _ascends(query) else column.desc()


def _bounded(number: float) -> int:
    """Keep a number that a client chose within the 64 bits of a column."""
    return math.floor(max(-_LARGEST, min(number, _LARGEST)))


def _ascends(query: FrameQuery) -> bool:
    return query.after is not None and query.before is None
