"""`/api/info`, `/api/state` and `/api/traffic`: what this proxy is, and what is live."""

from oye_proxy.accounts import Scope
from oye_proxy.api.info_models import LiveState, ProxyInfo, Traffic
from oye_proxy.api.keys import DEPENDENCIES, Dependencies
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.shown_tags import charger_shown_to


async def show_info(exchange: Exchange) -> ProxyInfo:
    """Answer what this proxy is."""
    return exchange.app[DEPENDENCIES].info


async def show_state(exchange: Exchange) -> LiveState:
    """Answer the whole state, as a live connection begins with it."""
    return live_state(exchange.app[DEPENDENCIES], exchange.caller.scope)


async def show_traffic(exchange: Exchange) -> Traffic:
    """Answer how much passes."""
    return Traffic(frames_per_minute=exchange.app[DEPENDENCIES].metrics.last_minute.value)


def live_state(dependencies: Dependencies, scope: Scope) -> LiveState:
    """Return everything that is live, as a caller of this scope may see it."""
    chargers, issues = dependencies.hub.snapshot()
    return LiveState(
        epoch=dependencies.epoch,
        proxy=dependencies.info,
        chargers=tuple(charger_shown_to(scope, charger) for charger in chargers),
        issues=tuple(issues),
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/info",
        handler=show_info,
        scope=Scope.READ,
        summary="What this proxy is",
        answer=ProxyInfo,
    ),
    Route(
        method="GET",
        path="/api/state",
        handler=show_state,
        scope=Scope.READ,
        summary="All chargers and issues",
        description="The same body as the first message of `/api/live`.",
        answer=LiveState,
    ),
    Route(
        method="GET",
        path="/api/traffic",
        handler=show_traffic,
        scope=Scope.READ,
        summary="How much passes",
        answer=Traffic,
    ),
)
