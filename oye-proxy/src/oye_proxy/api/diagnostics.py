"""`/api/diagnostics`: what helps to find a fault, without what is nobody's business."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from aiohttp import hdrs, web

from oye_proxy.accounts import Scope
from oye_proxy.api.health import storage_report
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.log import log_tail
from oye_proxy.api.routes import JSON, Exchange, Route
from oye_proxy.api.settings import exported_settings
from oye_proxy.api.system_models import MAX_LOG_LINES, Diagnostics

SHOWN: Final = "***"

_PRIVATE: Final = frozenset(
    {
        "defaultIdTag",
        "iccid",
        "idTag",
        "idTagName",
        "imsi",
        "meterSerialNumber",
        "remoteAddress",
        "serialNumber",
        "stopIdTag",
    }
)


async def download_diagnostics(exchange: Exchange) -> web.Response:
    """Answer all of it as a file."""
    dependencies = exchange.app[DEPENDENCIES]
    chargers, issues = dependencies.hub.snapshot()
    now = datetime.now(UTC)
    told = Diagnostics(
        made_at=now,
        proxy=dependencies.info,
        uptime_seconds=round((now - dependencies.started_at).total_seconds(), 3),
        database=storage_report(await dependencies.check_storage()),
        settings=list(dependencies.fixed_settings),
        state=exported_settings(dependencies, secrets=False),
        issues=list(issues),
        chargers=list(chargers),
        log=log_tail(MAX_LOG_LINES),
    )
    body = msgspec.json.encode(without_private(msgspec.to_builtins(told)))
    return web.Response(
        body=msgspec.json.format(body, indent=2),
        content_type=JSON,
        headers={hdrs.CONTENT_DISPOSITION: 'attachment; filename="oye-diagnostics.json"'},
    )


def without_private(value: Any) -> Any:
    """Return a value without what identifies a person or a device; what is missing stays so."""
    if isinstance(value, dict):
        return {
            key: SHOWN if key in _PRIVATE and one is not None else without_private(one)
            for key, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_private(one) for one in value]
    return value


ROUTES = (
    Route(
        method="GET",
        path="/api/diagnostics",
        handler=download_diagnostics,
        scope=Scope.ADMIN,
        summary="What helps to find a fault, as a file",
        description="`Diagnostics`. Secrets, serial numbers, addresses of chargers and id tags are "
        "`***`; the ids of chargers are not.",
        media=JSON,
    ),
)
