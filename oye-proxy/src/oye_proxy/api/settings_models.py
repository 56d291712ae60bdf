"""The JSON of settings that are carried from one proxy to another."""

from typing import Annotated, Literal

from msgspec import Meta

from oye_proxy.api.models import Answer, ChargePointId, Request
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.hub.owner_tags import MAX_LENGTH, MAX_NAME_LENGTH, MAX_TAGS, TagVerdict
from oye_proxy.hub.storage_policy import StorageChoice
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.wishes import PauseStrategy

MAX_CHARGERS = 10_000


class SettingsExportQuery(Request, frozen=True, kw_only=True):
    """Whether the secrets are wanted too."""

    secrets: bool = False


class SettingsConfig(Request, frozen=True, kw_only=True):
    """The part of `/api/config` that can be carried to another proxy."""

    target_csms_url: Annotated[str, Meta(max_length=2000)]
    csms_forwarding_enabled: bool
    auto_charge_enabled: bool
    default_id_tag: Annotated[str, Meta(min_length=1, max_length=255)]


class IdTagSetting(Request, frozen=True, kw_only=True):
    """One id tag of the owner's list."""

    id_tag: Annotated[str, Meta(min_length=1, max_length=MAX_LENGTH)]
    status: TagVerdict
    name: Annotated[str, Meta(max_length=MAX_NAME_LENGTH)] | None = None


class ChargerSetting(Request, frozen=True, kw_only=True):
    """What the owner chose for one charger; its limits are no part of it."""

    charge_point_id: ChargePointId
    name: Annotated[str, Meta(max_length=255)] | None = None
    mode: Mode
    owner_status: OwnerStatus
    pause_strategy: PauseStrategy


class SettingsExport(Request, frozen=True, kw_only=True):
    """
    What changes while the proxy runs, as it is exported and imported.

    Version 1 had no `idTags` and no `chargers`.
    """

    version: int
    config: SettingsConfig
    storage: StorageChoice
    id_tags: Annotated[tuple[IdTagSetting, ...], Meta(max_length=MAX_TAGS)] = ()
    chargers: Annotated[tuple[ChargerSetting, ...], Meta(max_length=MAX_CHARGERS)] = ()


class SettingsImport(Request, frozen=True, kw_only=True):
    """What was exported; with `dryRun` nothing changes."""

    settings: SettingsExport
    dry_run: bool = False


ChangedValue = str | int | bool | None


class SettingChange(Answer, frozen=True, kw_only=True):
    """
    One value that changes, by its name in the export.

    `subject` is the id tag or the charger that it belongs to. `before` and `after` of
    `storage.rules` say how many there are; the secrets of an address are `***`. A tag that is new
    has nothing before.
    """

    name: Literal[
        "config.targetCsmsUrl",
        "config.csmsForwardingEnabled",
        "config.autoChargeEnabled",
        "config.defaultIdTag",
        "storage.preset",
        "storage.rules",
        "storage.otherwise",
        "storage.retentionCount",
        "storage.retentionDays",
        "storage.maxBytes",
        "idTags.status",
        "idTags.name",
        "chargers.name",
        "chargers.mode",
        "chargers.ownerStatus",
        "chargers.pauseStrategy",
    ]
    subject: str | None = None
    before: ChangedValue
    after: ChangedValue


class ImportedSettings(Answer, frozen=True, kw_only=True):
    """
    What changes, and whether it has changed.

    `unknownChargers` were never seen here: what the file says of them is left out.
    """

    changes: list[SettingChange]
    unknown_chargers: list[str]
    applied: bool
