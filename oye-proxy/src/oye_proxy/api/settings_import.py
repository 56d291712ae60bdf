"""Exported settings taken over: all of them are checked, then what is another value changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.api.keys import Dependencies
from oye_proxy.api.ports import Policies
from oye_proxy.api.settings_export import exported_settings
from oye_proxy.api.settings_models import (
    ChargerSetting,
    IdTagSetting,
    SettingChange,
    SettingsConfig,
    SettingsExport,
)
from oye_proxy.errors import InvalidRequestError
from oye_proxy.hub.owner_tags import OwnerTag, OwnerTags, WantedTag
from oye_proxy.hub.storage_policy import StorageChoice, check_choice
from oye_proxy.ocppj.redaction import redact_url
from oye_proxy.state import check_csms_url

VERSIONS = (1, 2)


class Plan(Struct, frozen=True, kw_only=True):
    """What an import would change, and the chargers that it names and nobody knows."""

    config: SettingsConfig
    storage: StorageChoice
    tags: tuple[WantedTag, ...]
    chargers: tuple[tuple[ChargerSetting, ChargerSetting], ...]
    changes: tuple[SettingChange, ...]
    unknown_chargers: tuple[str, ...]


def plan_import(dependencies: Dependencies, wanted: SettingsExport) -> Plan:
    """Check every value; raise InvalidRequestError for one that cannot be."""
    if wanted.version not in VERSIONS:
        raise InvalidRequestError(
            f"settings.version: this proxy reads the versions {VERSIONS[0]} and {VERSIONS[1]} of"
            " an export"
        )
    config = replace(
        wanted.config, target_csms_url=_address(dependencies, wanted.config.target_csms_url)
    )
    if not config.default_id_tag.strip():
        raise InvalidRequestError("settings.config.defaultIdTag: must not be empty")
    check_choice(wanted.storage)
    tags = _changed_tags(dependencies.owner_tags, wanted.id_tags)
    _check_once(charger.charge_point_id for charger in wanted.chargers)
    present = exported_settings(dependencies, secrets=True)
    known = {one.charge_point_id: one for one in present.chargers}
    chargers = tuple(
        (known[one.charge_point_id], replace(one, name=one.name or None))
        for one in wanted.chargers
        if one.charge_point_id in known
    )
    changes = (
        *_config_changes(present.config, config),
        *_changes("storage", None, _values(present.storage), _values(wanted.storage)),
        *(change for before, after in tags for change in _tag_changes(before, after)),
        *(
            change
            for before, after in chargers
            for change in _changes(
                "chargers", after.charge_point_id, _values(before), _values(after)
            )
        ),
    )
    return Plan(
        config=config,
        storage=wanted.storage,
        tags=tuple(after for _, after in tags),
        chargers=chargers,
        changes=changes,
        unknown_chargers=tuple(
            one.charge_point_id for one in wanted.chargers if one.charge_point_id not in known
        ),
    )


async def carry_out(dependencies: Dependencies, plan: Plan, now: datetime) -> None:
    """Change what is to be changed; what was changed already stays when the database fails."""
    config = plan.config
    await dependencies.state.update(
        csms_url=config.target_csms_url,
        forwarding=config.csms_forwarding_enabled,
        auto_charge=config.auto_charge_enabled,
        default_id_tag=config.default_id_tag,
    )
    await dependencies.storage_policy.change(plan.storage)
    await dependencies.owner_tags.put_all(plan.tags, now)
    for before, after in plan.chargers:
        await _change_charger(dependencies.hub.policies, before, after)


async def _change_charger(
    policies: Policies, before: ChargerSetting, after: ChargerSetting
) -> None:
    charge_point_id = after.charge_point_id
    if before.name != after.name:
        await policies.rename(charge_point_id, after.name or None)
    if before.mode != after.mode:
        await policies.set_mode(charge_point_id, after.mode)
    if before.pause_strategy != after.pause_strategy:
        await policies.set_pause_strategy(charge_point_id, after.pause_strategy)
    if before.owner_status != after.owner_status:
        await policies.set_owner_status(charge_point_id, after.owner_status)


def _address(dependencies: Dependencies, url: str) -> str:
    """Return the address to take over; one without its secrets stands for the present one."""
    present = dependencies.state.current.csms_url
    if url == redact_url(present):
        return present
    address = check_csms_url(url)
    if "***" in address:
        raise InvalidRequestError(
            "settings.config.targetCsmsUrl: it was exported without its secrets; put them in the"
            " place of ***"
        )
    return address


def _check_once(charge_point_ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for charge_point_id in charge_point_ids:
        if charge_point_id in seen:
            raise InvalidRequestError(
                f"settings.chargers: the charger {charge_point_id} is there twice"
            )
        seen.add(charge_point_id)


def _changed_tags(
    owner_tags: OwnerTags, wanted: Iterable[IdTagSetting]
) -> list[tuple[OwnerTag | None, WantedTag]]:
    """Tell which tags are new or others; one that the file lacks stays on the list."""
    tags = owner_tags.checked(
        [WantedTag(id_tag=tag.id_tag, verdict=tag.status, name=tag.name) for tag in wanted]
    )
    known = {tag.id_tag.casefold(): tag for tag in owner_tags.tags}
    pairs = [(known.get(tag.id_tag.casefold()), tag) for tag in tags]
    return [(before, after) for before, after in pairs if _tag_changes(before, after)]


def _tag_changes(before: OwnerTag | None, after: WantedTag) -> list[SettingChange]:
    former = {} if before is None else {"status": before.verdict.value, "name": before.name}
    new = {"status": after.verdict.value, "name": after.name}
    return _changes("idTags", after.id_tag, former, new)


def _config_changes(present: SettingsConfig, wanted: SettingsConfig) -> list[SettingChange]:
    """Tell which values are others, secrets or not; then show them without secrets."""
    return [
        replace(change, before=redact_url(str(change.before)), after=redact_url(str(change.after)))
        if change.name == "config.targetCsmsUrl"
        else change
        for change in _changes("config", None, _values(present), _values(wanted))
    ]


def _changes(
    group: str, subject: str | None, before: dict[str, Any], after: dict[str, Any]
) -> list[SettingChange]:
    return [
        msgspec.convert(
            {
                "name": f"{group}.{name}",
                "subject": subject,
                "before": _shown(before.get(name)),
                "after": _shown(value),
            },
            SettingChange,
        )
        for name, value in after.items()
        if before.get(name) != value
    ]


def _values(settings: Struct) -> dict[str, Any]:
    """Return the values by their names in the export."""
    return dict(msgspec.to_builtins(settings))


def _shown(value: Any) -> Any:
    """Of a list its length."""
    return len(value) if isinstance(value, list | tuple) else value
