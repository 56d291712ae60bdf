"""What the API tells of exchanges: a CALL with its answer, or a frame that stands alone."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from oye_proxy.api.models import Answer, Request
from oye_proxy.ocppj.commands import Peer
from oye_proxy.storage.directions import Direction

PAGE_ROWS = 200
FILTER_CHARACTERS = 4000


class ExchangeState(StrEnum):
    """
    How far an exchange is.

    `unpaired` is an answer to a CALL that nobody saw, `malformed` a text that is no frame, `sent` a
    message that has no answer.
    """

    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    ERROR = "error"
    SENT = "sent"
    UNPAIRED = "unpaired"
    MALFORMED = "malformed"


class ExchangeAnswer(Answer, frozen=True, kw_only=True):
    """
    The answer of an exchange, without its payload.

    `id` is its row in the store, null while it passes; `latencyMs` is how long the asker waited.
    """

    id: int | None
    time: datetime
    sender: Peer
    direction: Direction
    message_type: int
    size: int
    gist: str
    latency_ms: float | None
    late: bool
    rule: str | None


class ExchangeSummary(Struct, frozen=True, kw_only=True, rename="camel"):
    """
    A CALL with its answer, or a frame that stands alone; without payloads.

    `key` is the same while it passes and when it is stored, for ever. `id` is the request's row in
    the store, null while it passes. `size` is in bytes. `gist` says what it is about in OCPP's
    words and numbers. `injection` is the message id of the owner's command to which it belongs;
    `rule` names what is odd about the request.
    """

    key: str
    id: int | None
    charge_point_id: str
    time: datetime
    state: ExchangeState
    sender: Peer
    receiver: Peer
    direction: Direction
    message_type: int | None
    action: str | None
    message_id: str | None
    size: int
    gist: str
    late: bool
    injection: str | None
    rule: str | None
    answer: ExchangeAnswer | None


class ExchangesSearch(Request, frozen=True, kw_only=True):
    """Which exchanges, and which page of them."""

    filter: Annotated[
        str,
        Meta(max_length=FILTER_CHARACTERS, description="As people write it; see the live stream."),
    ] = ""
    before: (
        Annotated[int, Meta(ge=0, le=2**62, description="Only those with a smaller id.")] | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=PAGE_ROWS, description="Most rows to return.")] = PAGE_ROWS


class ExchangePageBody(Answer, frozen=True, kw_only=True):
    """
    Exchanges, newest first.

    `nextBefore` is the `before` of the next page, null when there is none. A page may be short, or
    empty, and not be the last: so many frames were looked at that the search goes on with the next.
    """

    exchanges: list[ExchangeSummary]
    next_before: int | None


class ExchangeTiming(Answer, frozen=True, kw_only=True):
    """
    When what happened: `receivedAt` came or was asked for, `sentAt` went on, `answeredAt`.

    `waitedMs` is the time in between, in which the charger had another unanswered CALL.
    """

    received_at: datetime
    sent_at: datetime
    answered_at: datetime | None
    waited_ms: float
    latency_ms: float | None


class ExchangeFrame(Answer, frozen=True, kw_only=True):
    """One frame of an exchange; `text` is exactly what passed, with secrets as `***`."""

    id: int
    time: datetime
    sender: Peer
    direction: Direction
    message_type: int | None
    text: str
    late: bool
    rule: str | None


class ExchangeDetail(Answer, frozen=True, kw_only=True):
    """
    One exchange with its frames as stored.

    `previous` is the charger's frame of this action before, to compare with. `findings` say where
    the payloads break their schemas. `related` are those of the same transaction and of the same
    connector, the nearest before and after.
    """

    exchange: ExchangeSummary
    ocpp_version: str | None
    request: ExchangeFrame
    answers: list[ExchangeFrame]
    previous: ExchangeFrame | None
    timing: ExchangeTiming
    findings: list[str]
    related: list[ExchangeSummary]
