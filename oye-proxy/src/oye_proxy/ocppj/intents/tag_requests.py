"""Requests about id tags: the charger's local list, and reservations."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, field

from oye_proxy.ocppj.intents.request_types import AnyConnector, IdTag, Request

MAX_ENTRIES = 1000

TagType: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=20, description="OCPP 2.x: what kind of tag it is.")
]
ReservationId: TypeAlias = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class ListUpdate(StrEnum):
    """Whether the entries replace the list or change it."""

    FULL = "full"
    DIFFERENTIAL = "differential"


class TagStatus(StrEnum):
    """What the charger is to think of a tag, in the words that all versions share."""

    ACCEPTED = "Accepted"
    BLOCKED = "Blocked"
    EXPIRED = "Expired"
    INVALID = "Invalid"
    CONCURRENT_TX = "ConcurrentTx"


class ListEntry(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One tag of the local list; `remove` takes it out in a differential update."""

    id_tag: IdTag
    id_tag_type: TagType = "ISO14443"
    status: TagStatus = TagStatus.ACCEPTED
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    group_id_tag: IdTag | None = None
    remove: bool = False


class LocalListRequest(Request, frozen=True):
    """
    Send the charger the list of tags that it accepts on its own.

    Without `version` it is the one after the charger's, once that is known: ask for it first.
    """

    entries: Annotated[list[ListEntry], Meta(max_length=MAX_ENTRIES)] = field(default_factory=list)
    update_type: ListUpdate = ListUpdate.DIFFERENTIAL
    version: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None


class LocalListVersionRequest(Request, frozen=True):
    """Ask for the version of the charger's local list; 0 is an empty one, -1 in 1.6 none at all."""


class ReserveRequest(Request, frozen=True):
    """
    Keep a connector free for a tag; without a connector the only one, or any.

    `reservationId` is chosen when it is absent; the answer tells it.
    """

    id_tag: IdTag
    until: Annotated[datetime, Meta(tz=True, description="When the reservation ends.")]
    id_tag_type: TagType = "ISO14443"
    connector_id: AnyConnector | None = None
    group_id_tag: IdTag | None = None
    reservation_id: ReservationId | None = None


class CancelReservationRequest(Request, frozen=True):
    """End a reservation: the one named, that of the connector, or the only one that is known."""

    reservation_id: ReservationId | None = None
    connector_id: AnyConnector | None = None
