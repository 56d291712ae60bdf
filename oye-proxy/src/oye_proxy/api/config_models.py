"""The JSON of the configuration that changes while the proxy runs."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from oye_proxy.api.models import Request


class ConfigBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """The proxy's configuration; every value is a string."""

    target_csms_url: str
    csms_forwarding_enabled: str
    auto_charge_enabled: str
    default_id_tag: str
    port: str


class ConfigPatch(Request, frozen=True, kw_only=True):
    """New values, effective at once; what is absent stays. `port` is read-only."""

    target_csms_url: str | UnsetType = UNSET
    csms_forwarding_enabled: bool | Literal["true", "false"] | UnsetType = UNSET
    auto_charge_enabled: bool | Literal["true", "false"] | UnsetType = UNSET
    default_id_tag: Annotated[str, Meta(min_length=1, max_length=255)] | UnsetType = UNSET
    port: int | str | UnsetType = UNSET
