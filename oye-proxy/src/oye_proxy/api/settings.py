"""`/api/settings`: what was fixed at the start, and what changes, exported and imported."""

from typing import Any

import msgspec
from aiohttp import hdrs, web
from msgspec.structs import asdict

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES, Dependencies
from oye_proxy.api.routes import JSON, Exchange, Route
from oye_proxy.api.system_models import (
    ImportedSettings,
    SettingEntry,
    SettingsConfig,
    SettingsExport,
    SettingsExportQuery,
    SettingsImport,
)
from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.redaction import redact_url
from oye_proxy.state import check_csms_url
from oye_proxy.storage.selection import check_rules

EXPORT_VERSION = 1


async def list_settings(exchange: Exchange) -> list[SettingEntry]:
    """Answer what was fixed when the proxy started."""
    return list(exchange.app[DEPENDENCIES].fixed_settings)


async def export_settings(exchange: Exchange) -> web.Response:
    """Answer what changes while the proxy runs, as a file."""
    wanted: SettingsExportQuery = exchange.query
    exported = exported_settings(exchange.app[DEPENDENCIES], secrets=wanted.secrets)
    return web.Response(
        body=msgspec.json.format(msgspec.json.encode(exported), indent=2),
        content_type=JSON,
        headers={hdrs.CONTENT_DISPOSITION: 'attachment; filename="oye-settings.json"'},
    )


async def import_settings(exchange: Exchange) -> ImportedSettings:
    """Take over what was exported, or only say what would change."""
    dependencies = exchange.app[DEPENDENCIES]
    wanted: SettingsImport = exchange.body
    if wanted.settings.version != EXPORT_VERSION:
        raise InvalidRequestError(
            f"settings.version: this proxy reads version {EXPORT_VERSION} of an export"
        )
    config, choice = wanted.settings.config, wanted.settings.storage
    url = _address(dependencies, config.target_csms_url)
    if not config.default_id_tag.strip():
        raise InvalidRequestError("settings.config.defaultIdTag: must not be empty")
    check_rules(choice.rules, choice.otherwise)
    present = exported_settings(dependencies, secrets=True)
    changes = _changed(present.config, config, "config") + _changed(
        present.storage, choice, "storage"
    )
    if url == present.config.target_csms_url:
        changes = [name for name in changes if name != "config.targetCsmsUrl"]
    if not wanted.dry_run:
        # The one that may still be refused comes first.
        await dependencies.storage_policy.change(choice)
        await dependencies.state.update(
            csms_url=url,
            forwarding=config.csms_forwarding_enabled,
            auto_charge=config.auto_charge_enabled,
            default_id_tag=config.default_id_tag,
        )
    return ImportedSettings(changes=changes, applied=not wanted.dry_run)


def exported_settings(dependencies: Dependencies, *, secrets: bool) -> SettingsExport:
    """Return what changes while the proxy runs."""
    state = dependencies.state.current
    return SettingsExport(
        version=EXPORT_VERSION,
        config=SettingsConfig(
            target_csms_url=state.csms_url if secrets else redact_url(state.csms_url),
            csms_forwarding_enabled=state.forwarding,
            auto_charge_enabled=state.auto_charge,
            default_id_tag=state.default_id_tag,
        ),
        storage=dependencies.storage_policy.choice,
    )


def _address(dependencies: Dependencies, url: str) -> str:
    """Return the address to take over; one without its secrets stands for the present one."""
    present = dependencies.state.current.csms_url
    if url == redact_url(present):
        return present
    check_csms_url(url)
    if "***" in url:
        raise InvalidRequestError(
            "settings.config.targetCsmsUrl: it was exported without its secrets; put them in the"
            " place of ***"
        )
    return url


def _changed(present: Any, wanted: Any, group: str) -> list[str]:
    new = asdict(wanted)
    names = [name for name, value in asdict(present).items() if value != new[name]]
    fields = {field.name: field.encode_name for field in msgspec.structs.fields(wanted)}
    return [f"{group}.{fields[name]}" for name in names]


ROUTES = (
    Route(
        method="GET",
        path="/api/settings",
        handler=list_settings,
        scope=Scope.ADMIN,
        summary="The settings that are fixed when the proxy starts",
        description="docs/SETTINGS.md describes them.",
        answer=list[SettingEntry],
    ),
    Route(
        method="GET",
        path="/api/settings/export",
        handler=export_settings,
        scope=Scope.ADMIN,
        summary="What changes while the proxy runs, as a file",
        description="`SettingsExport`, in which the secrets of an address are `***` unless they are"
        " asked for.",
        query=SettingsExportQuery,
        media=JSON,
    ),
    Route(
        method="POST",
        path="/api/settings/import",
        handler=import_settings,
        scope=Scope.ADMIN,
        summary="Take over exported settings",
        description="With `dryRun` nothing changes. An address without its secrets stands for the "
        "present one, if it is that.",
        body=SettingsImport,
        answer=ImportedSettings,
    ),
)
