"""`/health`, `/api/health` and `/metrics`: is it alive, how is it, and its numbers."""

from datetime import UTC, datetime
from http import HTTPStatus

import msgspec
from aiohttp import hdrs, web
from prometheus_client import CONTENT_TYPE_LATEST

from oye_proxy.accounts import Scope
from oye_proxy.api.auth import require_scope
from oye_proxy.api.health_models import (
    ChargerCount,
    Dependency,
    HealthReport,
    JournalReport,
    ServiceHealth,
    StorageReport,
)
from oye_proxy.api.keys import DEPENDENCIES, GATE, Dependencies
from oye_proxy.api.ports import Hub, StorageHealth
from oye_proxy.api.routes import JSON, Exchange, Route
from oye_proxy.errors import StorageError


async def show_alive(exchange: Exchange) -> web.Response:
    """Answer the text of the Node oye-proxy, or JSON for who asks for it and may see it."""
    dependencies = exchange.app[DEPENDENCIES]
    storage = await dependencies.check_storage()
    status = HTTPStatus.OK if storage.up else HTTPStatus.SERVICE_UNAVAILABLE
    if JSON in exchange.request.headers.get(hdrs.ACCEPT, ""):
        gate = exchange.app[GATE]
        require_scope(await gate.identify(exchange.request, metrics_token=True), Scope.READ)
        return _json(_service_health(storage), status)
    word = "Active" if storage.up else "Down"
    return web.Response(
        status=status, text=f"OCPP Proxy {word}. Connected Chargers: {dependencies.hub.connected}"
    )


async def show_health(exchange: Exchange) -> web.Response:
    """Answer how every part is."""
    dependencies = exchange.app[DEPENDENCIES]
    storage = await dependencies.check_storage()
    report = HealthReport(
        status="ok" if storage.up else "down",
        version=dependencies.info.version,
        uptime_seconds=round((datetime.now(UTC) - dependencies.started_at).total_seconds(), 3),
        database=storage_report(storage),
        journal=await _journal(dependencies) if storage.up else None,
        chargers=_count(dependencies.hub),
        live_clients=len(dependencies.live),
        certificates=dependencies.front().certificates,
        charger_urls=dependencies.front().charger_urls,
    )
    return _json(report, HTTPStatus.OK if storage.up else HTTPStatus.SERVICE_UNAVAILABLE)


async def show_metrics(exchange: Exchange) -> web.Response:
    """Answer the numbers in Prometheus's text format."""
    numbers = exchange.app[DEPENDENCIES].metrics.text()
    return web.Response(body=numbers, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST})


def storage_report(storage: StorageHealth) -> StorageReport:
    """Return how the storage is, as the API tells it."""
    return StorageReport(
        up=storage.up,
        kind=storage.kind,
        size_bytes=storage.size_bytes,
        used_bytes=storage.used_bytes,
        max_bytes=storage.max_bytes,
        disk_free_bytes=storage.disk_free_bytes,
        disk_total_bytes=storage.disk_total_bytes,
        frames=storage.frames,
        frames_waiting=storage.frames_waiting,
        frames_dropped=storage.frames_dropped,
    )


def _service_health(storage: StorageHealth) -> ServiceHealth:
    return ServiceHealth(
        status="ok" if storage.up else "down",
        time=datetime.now(UTC),
        dependencies={
            "kafka": Dependency(status="disabled"),
            "redis": Dependency(status="disabled"),
            "database": Dependency(status="up" if storage.up else "down"),
        },
        required={"kafka": False, "redis": False, "database": True},
    )


async def _journal(dependencies: Dependencies) -> JournalReport | None:
    try:
        totals = await dependencies.journal.totals()
    except StorageError:
        return None
    return JournalReport(
        pending=totals.pending, chargers=totals.chargers, oldest_arrival=totals.oldest_arrival
    )


def _count(hub: Hub) -> ChargerCount:
    return ChargerCount(
        known=sum(1 for _ in hub), connected=hub.connected, csms_connected=hub.csms_links
    )


def _json(value: HealthReport | ServiceHealth, status: HTTPStatus) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(value), content_type=JSON)


ROUTES = (
    Route(
        method="GET",
        path="/health",
        handler=show_alive,
        scope=None,
        summary="Whether the proxy works",
        description="Text; with `Accept: application/json` and credentials the JSON of "
        "`ServiceHealth`. 503 when a part is down that the proxy cannot work without.",
        media="text/plain",
        errors=(401, 503),
    ),
    Route(
        method="GET",
        path="/api/health",
        handler=show_health,
        scope=Scope.READ,
        summary="How every part of the proxy is",
        description="The token for metrics opens this too. The body is the same with 503.",
        answer=HealthReport,
        errors=(503,),
        metrics_token=True,
    ),
    Route(
        method="GET",
        path="/metrics",
        handler=show_metrics,
        scope=Scope.READ,
        summary="Numbers for Prometheus",
        description="The token for metrics opens this too.",
        media="text/plain",
        metrics_token=True,
    ),
)
