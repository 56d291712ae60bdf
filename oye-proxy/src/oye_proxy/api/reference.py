"""`docs/API.md`, made from the routes, their models and the words in `reference.md`."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, get_args

import msgspec

from oye_proxy.api.live_messages import ClientMessage, LiveMessage
from oye_proxy.api.openapi import describe
from oye_proxy.api.problems import STATUSES, code_of
from oye_proxy.api.routes import Route
from oye_proxy.api.server import ROUTES
from oye_proxy.errors import MigrationError

_ENDLESS = 1e12
_REFERENCE = "#/components/schemas/"


def render_reference(routes: Sequence[Route] = ROUTES) -> str:
    """Return the text of `docs/API.md`."""
    models = describe(routes)["components"]["schemas"]
    asked = [model for route in routes for model in (route.query, route.body) if model]
    shown = {one.__name__ for one in (ClientMessage, *asked, *get_args(LiveMessage))}
    parts = {
        "codes": _codes(),
        "messages": _models(
            {one.__name__: models[one.__name__] for one in get_args(LiveMessage)}, titled=_tag
        ),
        "client": _asked_fields(models[ClientMessage.__name__]),
        "calls": "\n\n".join(_call(route, models) for route in routes),
        "models": _models({name: one for name, one in models.items() if name not in shown}),
    }
    text = files("oye_proxy.api").joinpath("reference.md").read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace(f"{{{{{name}}}}}", part)
    return text


def _codes() -> str:
    rows: list[tuple[int, str, str]] = [
        (status.value, f"`{code_of(cls)}`", " ".join((cls.__doc__ or "").split()))
        for error, status in STATUSES.items()
        for cls in (error, *error.__subclasses__())
        if not cls.__name__.startswith("_") and cls is not MigrationError
    ]
    rows += [
        (404, "`not_found`", "There is nothing at this address, or nothing of this name."),
        (405, "`method_not_allowed`", "The address does not take this method."),
        (408, "`request_timeout`", "The body did not come in time."),
        (413, "`payload_too_large`", "The body is larger than the proxy takes."),
        (426, "`upgrade_required`", "The address is a WebSocket."),
        (500, "`internal_error`", "A bug; the proxy's log has the details."),
    ]
    return _table(("Status", "Code", "When"), sorted(rows))


def _call(route: Route, models: Mapping[str, Any]) -> str:
    access = f"Scope `{route.scope.value}`." if route.scope else "Open to everybody."
    lines = [f"### {route.method} {route.path}", f"{route.summary}. {access} {route.description}"]
    if route.query is not None:
        lines += ["Query:", _asked_fields(models[route.query.__name__])]
    if route.headers:
        lines += ["Headers:", _table(("Header", "Meaning"), _quoted(route.headers))]
    if route.body is not None:
        lines += ["Body:", _asked_fields(models[route.body.__name__])]
    lines.append(f"Answer {route.success}: {_answer(route)}. {_failures(route)}")
    return "\n\n".join(line.strip() for line in lines)


def _answer(route: Route) -> str:
    if route.answer is None:
        return f"`{route.media}`" if route.media else "the WebSocket"
    inner = get_args(route.answer)
    return f"a list of `{inner[0].__name__}`" if inner else f"`{route.answer.__name__}`"


def _failures(route: Route) -> str:
    failures = [str(status) for status in route.statuses if status != route.success]
    return f"Failures: {', '.join(failures)}." if failures else ""


def _models(models: Mapping[str, Any], *, titled: Any = None) -> str:
    parts = []
    for name, model in models.items():
        title = titled(model) if titled else f"`{name}`"
        parts.append(f"#### {title}" if titled else f"### {title}")
        parts.append(" ".join(model.get("description", "").split()))
        parts.append(_fields(model))
    return "\n\n".join(part for part in parts if part)


def _tag(model: Mapping[str, Any]) -> str:
    return f"`{model['properties']['type']['enum'][0]}`"


def _asked_fields(model: Mapping[str, Any]) -> str:
    required = model.get("required", [])
    rows = [
        (f"`{name}`", _type(field), "yes" if name in required else "", _meaning(field))
        for name, field in model.get("properties", {}).items()
    ]
    return _table(("Member", "Type", "Required", "Meaning"), rows) if rows else "No members."


def _fields(model: Mapping[str, Any]) -> str:
    if "enum" in model:
        return "One of " + ", ".join(f"`{value}`" for value in model["enum"]) + "."
    members = model.get("properties", {}).items()
    return _table(("Member", "Type"), [(f"`{name}`", _type(field)) for name, field in members])


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].removeprefix(_REFERENCE)}`"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kind = schema.get("type", "any JSON")
    if kind == "array":
        return f"list of {_type(schema.get('items') or {})}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {_type(schema['additionalProperties'])}"
    bounds = _bounds(schema)
    return f"{_format(schema, kind)}{bounds}"


def _format(schema: Mapping[str, Any], kind: str) -> str:
    return "time" if schema.get("format") == "date-time" else kind


def _bounds(schema: Mapping[str, Any]) -> str:
    low = _bound(schema.get("minimum", schema.get("minLength")))
    high = _bound(schema.get("maximum", schema.get("maxLength")))
    unit = " characters" if "maxLength" in schema or "minLength" in schema else ""
    match (low, high):
        case (None, None):
            return ""
        case (_, None):
            return f", at least {low}{unit}"
        case (None, _):
            return f", at most {high}{unit}"
        case _:
            return f", {low} to {high}{unit}"


def _bound(value: float | None) -> str | None:
    """Write a bound; one that only keeps infinity out is not worth a word."""
    if value is None or abs(value) >= _ENDLESS:
        return None
    return str(int(value)) if value == int(value) else str(value)


def _meaning(schema: Mapping[str, Any]) -> str:
    text = schema.get("description") or next(
        (one["description"] for one in schema.get("anyOf", []) if "description" in one), ""
    )
    default = schema.get("default")
    shown = msgspec.json.encode(default).decode()
    told = f"Default `{shown}`." if default not in (None, [], {}, "") else ""
    return f"{text} {told}".strip()


def _quoted(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(f"`{name}`", text) for name, text in headers.items()]


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(render_reference())
