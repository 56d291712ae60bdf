"""The JSON of which frames are stored, and for how long."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from oye_proxy.api.models import Answer, Request
from oye_proxy.storage.selection import Keep, KeepRule, Preset


class StoragePolicyBody(Answer, frozen=True, kw_only=True):
    """
    Which frames are stored, and for how long.

    `preset` `selective` leaves MeterValues and Heartbeat out; `custom` follows `rules`, and
    `otherwise` where none names an action. The limits are those in force; 0 is no limit.
    """

    preset: Preset
    rules: tuple[KeepRule, ...]
    otherwise: Keep
    retention_count: int
    retention_days: int
    max_bytes: int


class StoragePolicyPatch(Request, frozen=True, kw_only=True):
    """
    New values, effective at once; what is absent stays.

    `rules` with another preset than `custom` are kept for later. A limit of null is that of the
    settings again.
    """

    preset: Preset | UnsetType = UNSET
    rules: tuple[KeepRule, ...] | UnsetType = UNSET
    otherwise: Keep | UnsetType = UNSET
    retention_count: Annotated[int, Meta(ge=1, le=2**31)] | UnsetType | None = UNSET
    retention_days: Annotated[int, Meta(ge=0, le=36_500)] | UnsetType | None = UNSET
    max_bytes: Annotated[int, Meta(ge=0, le=2**62)] | UnsetType | None = UNSET
