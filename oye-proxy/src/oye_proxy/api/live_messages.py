"""The messages of `/api/live`, told apart by `type`; `seq` rises by one with each."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from oye_proxy.api.exchange_models import FILTER_CHARACTERS, ExchangeSummary
from oye_proxy.api.info_models import ProxyInfo
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.issues import Issue


class Message(Struct, frozen=True, kw_only=True, rename="camel", tag_field="type"):
    """Base of all messages to a client."""

    seq: int


class SnapshotMessage(Message, frozen=True, kw_only=True, tag="snapshot"):
    """The first message: everything that is live, as `/api/state` tells it; its `seq` is 0."""

    epoch: str
    proxy: ProxyInfo
    chargers: tuple[ChargerState, ...]
    issues: tuple[Issue, ...]


class ChargerMessage(Message, frozen=True, kw_only=True, tag="charger"):
    """One charger, whole; at most one a second for each charger."""

    charger: ChargerState


class ChargerRemovedMessage(Message, frozen=True, kw_only=True, tag="charger_removed"):
    """A charger was deleted."""

    charge_point_id: str


class IssuesMessage(Message, frozen=True, kw_only=True, tag="issues"):
    """The whole list of open issues."""

    issues: tuple[Issue, ...]


class EventMessage(Message, frozen=True, kw_only=True, tag="event"):
    """News; never replayed."""

    event: str
    charge_point_id: str
    time: datetime
    data: dict[str, Any]


class FrameMessage(Message, frozen=True, kw_only=True, tag="frame"):
    """
    An exchange that began, or that got an answer: then it comes again, whole, with the same `key`.

    A frame that belongs to no CALL is one of its own.
    """

    exchange: ExchangeSummary


class GapMessage(Message, frozen=True, kw_only=True, tag="gap"):
    """
    So many messages `frame` were dropped because the client was too slow.

    The times are those of the exchanges: `POST /api/exchanges/search` has them.
    """

    dropped: int
    first_time: datetime
    last_time: datetime


class ErrorMessage(Message, frozen=True, kw_only=True, tag="error"):
    """The client's message was not understood; the connection stays."""

    error: str
    code: str


LiveMessage: TypeAlias = (
    SnapshotMessage
    | ChargerMessage
    | ChargerRemovedMessage
    | IssuesMessage
    | EventMessage
    | FrameMessage
    | GapMessage
    | ErrorMessage
)


class ClientMessage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What a client may send: `subscribe` or `unsubscribe` with the value `frames`.

    A new subscription replaces the filter of the one before.
    """

    subscribe: Literal["frames"] | UnsetType = UNSET
    unsubscribe: Literal["frames"] | UnsetType = UNSET
    filter: Annotated[str, Meta(max_length=FILTER_CHARACTERS)] = ""
