"""The JSON of the owner's list of id tags."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from oye_proxy.api.models import Answer, Request
from oye_proxy.hub.owner_tags import TagVerdict


class IdTagChange(Request, frozen=True, kw_only=True):
    """What the owner says of an id tag; a name that is absent stays, null takes it away."""

    status: TagVerdict
    name: Annotated[str, Meta(max_length=64)] | UnsetType | None = UNSET


class IdTagEntry(Answer, frozen=True, kw_only=True):
    """One id tag of the owner's list."""

    id_tag: str
    name: str | None
    status: TagVerdict
    updated_at: datetime
