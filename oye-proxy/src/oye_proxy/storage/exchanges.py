"""
Stored exchanges: a CALL with what answered it, read from the stored frames.

A page walks back along the frames and pairs them on its way. What a filter asks of an exchange is
asked of each; the walk ends when the page is full or enough frames were looked at, and says where
to go on.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.storage.frame_rows import StoredFrame
from oye_proxy.storage.frames import FrameQuery, FrameStore
from oye_proxy.storage.pairing import PairKey, is_answer, is_request, pair_key

BATCH_FRAMES: Final = 500
SCAN_FRAMES: Final = 5000
# How far beyond a page's end an answer is looked for.
AHEAD_FRAMES: Final = 2000
# How far from an exchange those of the same transaction are looked for, on each side.
NEAR_FRAMES: Final = 300


class StoredExchange(Struct, frozen=True):
    """A frame that begins an exchange or stands alone, and its answers, oldest first."""

    request: StoredFrame
    answers: tuple[StoredFrame, ...] = ()


Wanted: TypeAlias = Callable[[StoredExchange], bool]


class ExchangeQuery(Struct, frozen=True, kw_only=True):
    """
    Which exchanges; all conditions hold at once.

    `since` and `until` are aware times, `before` is the id of a request, exclusive. `wanted` is
    asked of each exchange that fulfils the others; None wants all.
    """

    limit: int = 200
    before: int | None = None
    charge_point_id: str | None = None
    action: str | None = None
    without_actions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    wanted: Wanted | None = None


class ExchangePage(Struct, frozen=True):
    """Exchanges, newest first; `next_before` leads on, None when there are no more."""

    exchanges: list[StoredExchange]
    next_before: int | None


async def _nothing_waits() -> None:
    """Take it that all that passed is stored."""


class ExchangeStore:
    """
    Reads exchanges; those that look into frames of all chargers take turns.

    `catch_up` has stored what passed until now; it is awaited before the newest page is read.
    """

    def __init__(
        self, frames: FrameStore, catch_up: Callable[[], Awaitable[None]] = _nothing_waits
    ) -> None:
        self._frames = frames
        self._catch_up = catch_up
        self._turn = asyncio.Lock()

    async def page(self, query: ExchangeQuery) -> ExchangePage:
        """Return the newest exchanges that match; few or none with a `next_before` is no end."""
        if query.before is None:
            await self._catch_up()
        async with contextlib.AsyncExitStack() as turn:
            if query.wanted is not None and query.charge_point_id is None:
                await turn.enter_async_context(self._turn)
            if query.until is not None:
                last = await self._frames.last_until(query.until.timestamp())
                if last is None:
                    return ExchangePage([], None)
                query = replace(query, before=min(query.before or last + 1, last + 1))
            return await self._walk(query)

    async def find(self, row: int) -> StoredExchange | None:
        """Return the exchange that a frame belongs to, None when the frame is not stored."""
        frame = await self._frames.by_id(row)
        if frame is None:
            return None
        of_charger = FrameQuery(charge_point_id=frame.charge_point_id, limit=AHEAD_FRAMES)
        request = frame
        if is_answer(frame):
            earlier = await self._frames.search(replace(of_charger, before=frame.id))
            request = next((one for one in earlier if _begins(one, frame)), frame)
        if not is_request(request):
            return StoredExchange(request)
        later = await self._frames.search(replace(of_charger, after=request.id))
        return StoredExchange(request, _answers(request, later[::-1]))

    async def near(self, frame: StoredFrame) -> list[StoredExchange]:
        """Return the exchanges of the same charger around a frame, newest first."""
        of_charger = FrameQuery(charge_point_id=frame.charge_point_id, limit=NEAR_FRAMES)
        later = await self._frames.search(replace(of_charger, after=frame.id))
        earlier = await self._frames.search(replace(of_charger, before=frame.id + 1))
        answers: dict[PairKey, list[StoredFrame]] = {}
        return [found for one in (*later, *earlier) if (found := _paired(one, answers))]

    async def previous(self, frame: StoredFrame) -> StoredFrame | None:
        """Return the charger's last frame of the same action and kind before this one."""
        if frame.action is None:
            return None
        query = FrameQuery(
            charge_point_id=frame.charge_point_id,
            action=frame.action,
            direction=frame.direction,
            before=frame.id,
            limit=10,
        )
        found = await self._frames.search(query)
        return next((one for one in found if one.message_type == frame.message_type), None)

    async def _walk(self, query: ExchangeQuery) -> ExchangePage:
        frames = FrameQuery(
            charge_point_id=query.charge_point_id,
            action=query.action,
            without_actions=query.without_actions,
            since=None if query.since is None else query.since.timestamp() - 1,
            before=query.before,
            limit=BATCH_FRAMES,
        )
        answers = await self._answers_ahead(frames)
        found: list[StoredExchange] = []
        for _ in range(SCAN_FRAMES // BATCH_FRAMES):
            batch = await self._frames.page(frames)
            for frame in batch.frames:
                exchange = _paired(frame, answers)
                if exchange is not None and _is_wanted(exchange, query):
                    found.append(exchange)
                    if len(found) >= query.limit:
                        return ExchangePage(found, frame.id)
            if batch.is_last:
                return ExchangePage(found, None)
            frames = replace(frames, before=batch.frames[-1].id)
        return ExchangePage(found, frames.before)

    async def _answers_ahead(self, frames: FrameQuery) -> dict[PairKey, list[StoredFrame]]:
        """Return the answers above a page, of which the CALLs may be on it."""
        answers: dict[PairKey, list[StoredFrame]] = {}
        if frames.before is not None:
            ahead = replace(
                frames, before=None, after=frames.before - 1, since=None, limit=AHEAD_FRAMES
            )
            for frame in await self._frames.search(ahead):
                _paired(frame, answers)
        return answers


def moment_of(frame: StoredFrame) -> datetime:
    """Return when a frame passed; rows of the Node oye-proxy know the second."""
    return frame.at or datetime.fromtimestamp(frame.timestamp, UTC)


def _paired(frame: StoredFrame, answers: dict[PairKey, list[StoredFrame]]) -> StoredExchange | None:
    """Take the next frame of a walk back; return the exchange that it completes."""
    if is_answer(frame):
        answers.setdefault(pair_key(frame), []).append(frame)
        return None
    if not is_request(frame):
        return StoredExchange(frame)
    return StoredExchange(frame, tuple(reversed(answers.pop(pair_key(frame), []))))


def _begins(frame: StoredFrame, answer: StoredFrame) -> bool:
    return is_request(frame) and pair_key(frame) == pair_key(answer)


def _answers(request: StoredFrame, later: list[StoredFrame]) -> tuple[StoredFrame, ...]:
    """Return the answers among later frames, oldest first; an id may be used again."""
    key = pair_key(request)
    found = []
    for frame in later:
        if pair_key(frame) != key:
            continue
        if is_request(frame):
            break
        if is_answer(frame):
            found.append(frame)
    return tuple(found)


def _is_wanted(exchange: StoredExchange, query: ExchangeQuery) -> bool:
    moment = moment_of(exchange.request)
    if query.since is not None and moment < query.since:
        return False
    if query.until is not None and moment > query.until:
        return False
    return query.wanted is None or query.wanted(exchange)
