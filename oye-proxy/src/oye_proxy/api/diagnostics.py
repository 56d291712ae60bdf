"""`/api/diagnostics`: what helps to find a fault, without what is nobody's business."""

import re
from datetime import UTC, datetime
from ipaddress import IPv6Address
from typing import Any, Final

import msgspec
from aiohttp import hdrs, web
from msgspec.structs import replace

from oye_proxy.accounts import Scope
from oye_proxy.api.health import storage_report
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.log import log_tail
from oye_proxy.api.routes import JSON, Exchange, Route
from oye_proxy.api.settings_export import settings_summary
from oye_proxy.api.system_models import MAX_LOG_LINES, Diagnostics, LogTail

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


_IPV4: Final = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)")
_PERHAPS_IPV6: Final = re.compile(r"(?<![\w:])(?=:*\w)[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,44}(?!\w)")


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
        state=settings_summary(dependencies),
        issues=list(issues),
        chargers=list(chargers),
        log=_without_addresses(log_tail(MAX_LOG_LINES)),
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


def without_addresses(text: str) -> str:
    """Return a text without IP addresses, which tell where somebody lives."""
    return _PERHAPS_IPV6.sub(_hidden, _IPV4.sub(SHOWN, text))


def _without_addresses(tail: LogTail) -> LogTail:
    lines = [
        replace(
            line,
            message=without_addresses(line.message),
            exception=line.exception and without_addresses(line.exception),
        )
        for line in tail.lines
    ]
    return replace(tail, lines=lines)


def _hidden(found: re.Match[str]) -> str:
    try:
        IPv6Address(found[0])
    except ValueError:
        return found[0]
    return SHOWN


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
