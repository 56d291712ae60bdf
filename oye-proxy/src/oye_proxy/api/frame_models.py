"""The JSON of stored frames, as the Node oye-proxy tells them."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from oye_proxy.api.models import ChargePointId
from oye_proxy.storage.directions import Direction

MAX_ROWS = 5000
_EpochSeconds = Annotated[
    float, Meta(ge=-1e12, le=1e12, description="Only frames after this, exclusive.")
]


class _LogsConditions(Struct, frozen=True, kw_only=True, rename="camel"):
    charge_point_id: ChargePointId | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_ROWS, description="Most rows to return.")] = 100
    since: _EpochSeconds | None = None
    before: Annotated[int, Meta(ge=0, description="Only rows with a smaller id.")] | None = None
    after: Annotated[int, Meta(ge=0, description="Only rows with a larger id.")] | None = None
    direction: Direction | None = None
    action: Annotated[str, Meta(description="One action, such as Heartbeat.")] | None = None
    q: (
        Annotated[
            str,
            Meta(
                max_length=200,
                description="Text in the payload; without a charger all frames may have to be read,"
                " one such search after the other.",
            ),
        ]
        | None
    ) = None


class LogsQuery(_LogsConditions, frozen=True, kw_only=True):
    """Which stored frames; unknown parameters are ignored, as the Node oye-proxy does."""


class LogsSearch(_LogsConditions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which stored frames; all conditions hold at once."""


class FrameRow(Struct, frozen=True, kw_only=True):
    """
    One stored frame.

    `payload` is the frame's JSON, or its text when it is none; `timestamp` is in epoch seconds.
    """

    id: int
    charge_point_id: str
    direction: str
    payload: Any
    timestamp: int
    time: datetime | None
    message_type: int | None = field(name="messageType")
    action: str | None
    message_id: str | None = field(name="messageId")
    peer: str | None
    rule: str | None
    late: bool
    injection: str | None
