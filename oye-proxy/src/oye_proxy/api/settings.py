"""`/api/settings`: what was fixed at the start, and what changes, exported and imported."""

from datetime import UTC, datetime

import msgspec
from aiohttp import hdrs, web

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import JSON, Exchange, Route
from oye_proxy.api.settings_export import exported_settings
from oye_proxy.api.settings_import import carry_out, plan_import
from oye_proxy.api.settings_models import (
    ImportedSettings,
    SettingsExportQuery,
    SettingsImport,
)
from oye_proxy.api.system_models import SettingEntry


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
    plan = plan_import(dependencies, wanted.settings)
    if not wanted.dry_run:
        await carry_out(dependencies, plan, datetime.now(UTC))
    return ImportedSettings(
        changes=list(plan.changes),
        unknown_chargers=list(plan.unknown_chargers),
        applied=not wanted.dry_run,
    )


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
        description="`SettingsExport`, version 2: the configuration, what is stored, the owner's id"
        " tags, and what the owner chose for each charger. The secrets of an address are `***`"
        " unless they are asked for. The id tags are whole: keep the file to yourself.",
        query=SettingsExportQuery,
        media=JSON,
    ),
    Route(
        method="POST",
        path="/api/settings/import",
        handler=import_settings,
        scope=Scope.ADMIN,
        summary="Take over exported settings",
        description="Takes the versions 1 and 2. All of it is checked before anything changes; with"
        " `dryRun` nothing does, and the answer says what would. Id tags are added or changed,"
        " never removed; a charger that was never seen here is left out. An address without its"
        " secrets stands for the present one, if it is that.",
        body=SettingsImport,
        answer=ImportedSettings,
    ),
)
