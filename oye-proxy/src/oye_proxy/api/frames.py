"""`/api/logs`: the stored frames, newest first."""

from typing import Any

import msgspec

from oye_proxy.accounts import Scope
from oye_proxy.api.frame_models import FrameRow, LogsQuery, LogsSearch
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.storage.frame_rows import StoredFrame
from oye_proxy.storage.frames import FrameQuery


async def list_frames(exchange: Exchange) -> list[FrameRow]:
    """Answer the frames that the query asks for."""
    return await _search(exchange, exchange.query)


async def search_frames(exchange: Exchange) -> list[FrameRow]:
    """Answer the frames that the body asks for."""
    return await _search(exchange, exchange.body)


async def _search(exchange: Exchange, wanted: LogsQuery | LogsSearch) -> list[FrameRow]:
    query = FrameQuery(
        charge_point_id=wanted.charge_point_id,
        limit=wanted.limit,
        since=wanted.since,
        before=wanted.before,
        after=wanted.after,
        direction=None if wanted.direction is None else wanted.direction.value,
        action=wanted.action,
        q=wanted.q,
    )
    frames = await exchange.app[DEPENDENCIES].frames.search(query)
    return [_row(frame) for frame in frames]


def _row(frame: StoredFrame) -> FrameRow:
    return FrameRow(
        id=frame.id,
        charge_point_id=frame.charge_point_id,
        direction=frame.direction,
        payload=_payload(frame.payload),
        timestamp=frame.timestamp,
        time=frame.at,
        message_type=frame.message_type,
        action=frame.action,
        message_id=frame.message_id,
        peer=frame.peer,
        rule=frame.rule,
        late=frame.late,
        injection=frame.injection,
    )


def _payload(payload: str | bytes) -> Any:
    """Return a frame's JSON as it is, or its text when it is none: an odd one breaks no list."""
    text = payload if isinstance(payload, str) else payload.decode("utf-8", "replace")
    # Half characters are legal in a frame that nobody checked, but not in our own answer.
    printable = text.encode("utf-8", "replace")
    try:
        msgspec.json.decode(printable)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return printable.decode()
    return msgspec.Raw(printable)


_DESCRIPTION = (
    "Newest first, by id. To page back, give the smallest id as `before`; to follow, give the "
    "largest as `after`."
)

ROUTES = (
    Route(
        method="GET",
        path="/api/logs",
        handler=list_frames,
        scope=Scope.CONTROL,
        summary="Stored frames",
        description=_DESCRIPTION,
        query=LogsQuery,
        answer=list[FrameRow],
    ),
    Route(
        method="POST",
        path="/api/logs/search",
        handler=search_frames,
        scope=Scope.CONTROL,
        summary="Stored frames, by a body",
        description=f"As `GET /api/logs`, with the conditions in the body. {_DESCRIPTION}",
        body=LogsSearch,
        answer=list[FrameRow],
    ),
)
