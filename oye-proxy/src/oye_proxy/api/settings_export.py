"""What changes while the proxy runs, gathered for a file."""

from oye_proxy.api.keys import Dependencies
from oye_proxy.api.settings_models import (
    ChargerSetting,
    IdTagSetting,
    SettingsConfig,
    SettingsExport,
)
from oye_proxy.api.system_models import SettingsSummary
from oye_proxy.ocppj.redaction import redact_url

EXPORT_VERSION = 2


def exported_settings(dependencies: Dependencies, *, secrets: bool) -> SettingsExport:
    """Return all of it; id tags are personal data, for who may read whole ones."""
    return SettingsExport(
        version=EXPORT_VERSION,
        config=_config(dependencies, secrets=secrets),
        storage=dependencies.storage_policy.choice,
        id_tags=_tags(dependencies),
        chargers=_chargers(dependencies),
    )


def settings_summary(dependencies: Dependencies) -> SettingsSummary:
    """Return it without secrets and without id tags."""
    return SettingsSummary(
        config=_config(dependencies, secrets=False),
        storage=dependencies.storage_policy.choice,
        id_tags=len(dependencies.owner_tags.tags),
    )


def _config(dependencies: Dependencies, *, secrets: bool) -> SettingsConfig:
    state = dependencies.state.current
    return SettingsConfig(
        target_csms_url=state.csms_url if secrets else redact_url(state.csms_url),
        csms_forwarding_enabled=state.forwarding,
        auto_charge_enabled=state.auto_charge,
        default_id_tag=state.default_id_tag,
    )


def _tags(dependencies: Dependencies) -> tuple[IdTagSetting, ...]:
    return tuple(
        IdTagSetting(id_tag=tag.id_tag, status=tag.verdict, name=tag.name)
        for tag in dependencies.owner_tags.tags
    )


def _chargers(dependencies: Dependencies) -> tuple[ChargerSetting, ...]:
    """Return the owner's choices, by charger; the mode is the wished one, in force or not."""
    hub = dependencies.hub
    chargers, _ = hub.snapshot()
    return tuple(
        ChargerSetting(
            charge_point_id=charger.charge_point_id,
            name=charger.name,
            mode=hub.policies.wished_mode(charger.charge_point_id),
            owner_status=charger.owner_status,
            pause_strategy=charger.pause_strategy,
        )
        for charger in sorted(chargers, key=lambda one: one.charge_point_id)
    )
