"""`/api/openapi.json`: the API as OpenAPI 3.1, made from the routes and their models."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

import msgspec
from aiohttp import web
from msgspec import Struct

from oye_proxy.accounts import Scope
from oye_proxy.api.cookies import PLAIN_COOKIE, SECURE_COOKIE
from oye_proxy.api.health_models import ServiceHealth
from oye_proxy.api.keys import TABLE
from oye_proxy.api.live_messages import ClientMessage, LiveMessage
from oye_proxy.api.problems import CONSOLE_HEADER, Problem
from oye_proxy.api.routes import JSON, Exchange, Route
from oye_proxy.api.settings_models import SettingsExport
from oye_proxy.api.system_models import Diagnostics

VERSION: Final = version("oye-proxy")

_REFERENCE = "#/components/schemas/{name}"
_PARAMETER_TEXTS = {
    "charge_point_id": "The charger's id: percent-encoded, or `~` and base64url of it.",
    "version": "An OCPP version: `1.6`, `2.0.1` or `2.1`.",
    "name": "The name of a schema, as listed.",
    "username": "The name of an account.",
    "token_id": "The id of a token.",
    "session_id": "The id of a login session.",
    "frame_row": "The `id` of a stored frame.",
    "transaction_row": "The `id` of a transaction's record.",
    "id_tag": "The id tag: percent-encoded, or `~` and base64url of it.",
}
_ALSO_DESCRIBED: tuple[Any, ...] = (
    Problem,
    LiveMessage,
    ClientMessage,
    ServiceHealth,
    SettingsExport,
    Diagnostics,
)


async def show_openapi(exchange: Exchange) -> web.Response:
    """Answer the description of this API."""
    return web.Response(body=openapi_json(exchange.app[TABLE].routes), content_type=JSON)


def openapi_json(routes: Sequence[Route]) -> bytes:
    """Return the description as JSON text, the same for the same routes."""
    return msgspec.json.format(msgspec.json.encode(describe(routes)), indent=2) + b"\n"


def describe(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the description of the routes."""
    types = [route.answer for route in routes if route.answer is not None]
    types += [model for route in routes for model in (route.query, route.body) if model]
    types += _ALSO_DESCRIBED
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    for component in components.values():
        component["description"] = _in_words_of_json(component)
    by_type = list(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation = _operation(route, by_type, components)
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OYE, Own Your EVSE",
            "version": VERSION,
            "description": "The API of the OYE proxy. See docs/API.md for the live stream.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"basic": []}, {"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": PLAIN_COOKIE,
                    "description": f"Under TLS `{SECURE_COOKIE}`. To change something it takes the"
                    f" header `{CONSOLE_HEADER}` as well.",
                },
            },
        },
    }


def _in_words_of_json(component: Mapping[str, Any]) -> str:
    """Return the description with members as JSON spells them."""

    def spell(found: re.Match[str]) -> str:
        first, *rest = found[1].split("_")
        name = first + "".join(word.capitalize() for word in rest)
        return f"`{name}`" if name in component.get("properties", {}) else found[0]

    text = re.sub(r"`([a-z0-9_]+)`", spell, component.get("description", ""))
    return re.sub(r"\bNone\b", "null", text)


def _operation(
    route: Route, by_type: Sequence[tuple[Any, Any]], components: Mapping[str, Any]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "description": _description(route),
        "parameters": _parameters(route, components),
        "responses": {str(status): _response(route, status, by_type) for status in route.statuses},
    }
    if route.scope is None:
        operation["security"] = []
    if route.body is not None:
        operation["requestBody"] = {
            "required": bool(components[route.body.__name__].get("required")),
            "content": {JSON: {"schema": _schema(route.body, by_type)}},
        }
    return operation


def _operation_id(route: Route) -> str:
    """Name the call by method and path, which together are unique."""
    name = f"{route.method.lower()}{route.path.removesuffix('/')}"
    return "".join(one if one.isalnum() else "_" for one in name if one not in "{}")


def _description(route: Route) -> str:
    access = f"Needs the scope `{route.scope.value}`." if route.scope else "Open to everybody."
    return f"{route.description} {access}".strip()


def _parameters(route: Route, components: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PARAMETER_TEXTS[name],
            "schema": {"type": "string"},
        }
        for name in names
    ]
    if route.query is not None:
        component = components[route.query.__name__]
        found += [
            {"name": name, "in": "query", "required": name in component["required"], **_split(one)}
            for name, one in component["properties"].items()
        ]
    found += [
        {"name": name, "in": "header", "description": text, "schema": {"type": "string"}}
        for name, text in route.headers.items()
    ]
    return found


def _split(schema: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in schema.items() if key != "description"}
    described = {"description": schema["description"]} if "description" in schema else {}
    return {**described, "schema": rest}


def _response(route: Route, status: int, by_type: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase
    if status != route.success:
        return {"description": phrase, "content": {JSON: {"schema": _schema(Problem, by_type)}}}
    if route.answer is not None:
        return {
            "description": phrase,
            "content": {JSON: {"schema": _schema(route.answer, by_type)}},
        }
    return (
        {"description": phrase, "content": {route.media: {}}}
        if route.media
        else {"description": phrase}
    )


def _schema(wanted: type[Struct] | Any, by_type: Sequence[tuple[Any, Any]]) -> Any:
    return next(schema for one, schema in by_type if one == wanted)


ROUTES = (
    Route(
        method="GET",
        path="/api/openapi.json",
        handler=show_openapi,
        scope=Scope.READ,
        summary="This API as OpenAPI 3.1",
        media=JSON,
    ),
)
