"""
The API's application: every request finds its route, is let in, read, handled and answered here.

Routes are matched on the raw path, because an id may hold `%2F`. Everything that is a WebSocket
upgrade outside `/api/` is a charger's and goes to the handler that `app.py` passes in.
"""

import asyncio
import logging
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import hdrs, web

from oye_proxy.api import (
    chargers,
    config,
    console,
    csms_test,
    diagnostics,
    exchanges,
    frames,
    health,
    id_tags,
    info,
    injections,
    intents,
    journal,
    licences,
    live,
    log,
    mail,
    openapi,
    password,
    schemas,
    session,
    sessions,
    settings,
    simulator,
    smart_charging,
    storage,
    tokens,
    transactions,
    transactions_csv,
    users,
)
from oye_proxy.api.auth import Gate, Site, require_scope
from oye_proxy.api.connection import Runner
from oye_proxy.api.console import CONSOLE_FILES, CONSOLE_FOLDER, ConsoleFiles
from oye_proxy.api.keys import DEPENDENCIES, GATE, TABLE, Dependencies
from oye_proxy.api.problems import respond
from oye_proxy.api.reading import read_body, read_query
from oye_proxy.api.routes import JSON, Exchange, Route, Table

__all__ = ["ROUTES", "Dependencies", "Runner", "Site", "build_application"]

ROUTES: tuple[Route, ...] = (
    *health.ROUTES,
    *info.ROUTES,
    *live.ROUTES,
    *chargers.ROUTES,
    *journal.ROUTES,
    *transactions.ROUTES,
    *transactions_csv.ROUTES,
    *intents.ROUTES,
    *smart_charging.ROUTES,
    *injections.ROUTES,
    *exchanges.ROUTES,
    *frames.ROUTES,
    *config.ROUTES,
    *csms_test.ROUTES,
    *settings.ROUTES,
    *storage.ROUTES,
    *id_tags.ROUTES,
    *session.ROUTES,
    *sessions.ROUTES,
    *password.ROUTES,
    *users.ROUTES,
    *tokens.ROUTES,
    *mail.ROUTES,
    *schemas.ROUTES,
    *simulator.ROUTES,
    *log.ROUTES,
    *diagnostics.ROUTES,
    *licences.ROUTES,
    *openapi.ROUTES,
    *console.ROUTES,
)

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types lit-html",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    hdrs.CACHE_CONTROL: "no-store",
}
_API_PREFIX = "/api/"

_logger = logging.getLogger(__name__)


def build_application(
    site: Site, dependencies: Dependencies, console_folder: Path = CONSOLE_FOLDER
) -> web.Application:
    """Make the application of one site; run it with `Runner`."""

    async def find_console(application: web.Application) -> None:
        application[CONSOLE_FILES] = await asyncio.to_thread(ConsoleFiles, console_folder)

    application = web.Application(client_max_size=dependencies.settings.max_body)
    application[DEPENDENCIES] = dependencies
    application[GATE] = Gate(
        site, dependencies.accounts, dependencies.sessions, dependencies.settings
    )
    application[TABLE] = Table(ROUTES)
    application.on_startup.append(find_console)
    application.on_response_prepare.append(_set_headers)
    application.on_shutdown.append(_close_live_clients)
    # aiohttp's own routes work on decoded paths; one that takes all leaves the decision to us.
    application.router.add_route(
        hdrs.METH_ANY, r"/{path:[\s\S]*}", _answer, expect_handler=_expect_nothing
    )
    application.middlewares.append(_answer_unroutable)
    return application


async def _answer(request: web.Request) -> web.StreamResponse:
    """Answer any request; the one place where a failure becomes a response."""
    try:
        if _is_chargers(request):
            return await request.app[DEPENDENCIES].charger_handler(request)
        return await _dispatch(request)
    except ConnectionError:
        # The client left; nobody is there to be told.
        raise
    except Exception as error:
        if request.writer.output_size > 0:
            _logger.exception("%s failed after its answer had begun", request.path)
            raise ConnectionResetError("the answer cannot be finished") from None
        return respond(error, request)


async def _dispatch(request: web.Request) -> web.StreamResponse:
    raw_path = request.rel_url.raw_path
    table = request.app[TABLE]
    try:
        route, parameters = table.find(request.method, raw_path)
    except web.HTTPNotFound:
        found = request.app[CONSOLE_FILES].find(raw_path)
        if found is None or request.method not in {hdrs.METH_GET, hdrs.METH_HEAD}:
            raise
        return found
    gate = request.app[GATE]
    gate.check_origin(request, upgrade=hdrs.UPGRADE in request.headers)
    principal = None
    if route.scope is not None:
        find = gate.find if route.answers_nobody else gate.identify
        principal = await find(request, metrics_token=route.metrics_token)
        if principal is not None:
            require_scope(principal, route.scope)
    exchange = Exchange(
        request=request,
        principal=principal,
        parameters=parameters,
        query=None if route.query is None else read_query(request, route.query),
        body=None if route.body is None else await read_body(request, route.body),
    )
    answer = await route.handler(exchange)
    if route.ends_access:
        request.app[DEPENDENCIES].live.doubt()
    return _encode(answer)


def _encode(answer: Any) -> web.StreamResponse:
    if isinstance(answer, web.StreamResponse):
        return answer
    return web.Response(body=msgspec.json.encode(answer), content_type=JSON)


def _is_chargers(request: web.Request) -> bool:
    """Tell what belongs to a charger; none comes through Home Assistant's user interface."""
    if request.app[GATE].site is not Site.PUBLIC:
        return False
    upgrades = request.headers.get(hdrs.UPGRADE, "").strip().lower() == "websocket"
    below_api = f"{request.rel_url.raw_path}/".startswith(_API_PREFIX)
    return upgrades and request.method == hdrs.METH_GET and not below_api


@web.middleware
async def _answer_unroutable(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer in JSON what has no path at all, such as `OPTIONS *`."""
    try:
        response: web.StreamResponse = await handler(request)
    except web.HTTPException as error:
        return respond(error, request)
    return response


async def _expect_nothing(request: web.Request) -> web.StreamResponse | None:
    """Answer `Expect` before the body comes."""
    if request.headers.get(hdrs.EXPECT, "").lower() != "100-continue":
        return respond(web.HTTPExpectationFailed(), request)
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    # What was written so far is no part of the answer.
    request.writer.output_size = 0
    return None


async def _set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Guard browsers; a charger's answer stays short, as its buffer for it may be."""
    response.headers.pop(hdrs.SERVER, None)
    if not (isinstance(response, web.WebSocketResponse) or _is_chargers(request)):
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)


async def _close_live_clients(application: web.Application) -> None:
    await application[DEPENDENCIES].live.close()
