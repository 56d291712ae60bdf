"""Print `types.gen.ts`, the console's TypeScript types, made from the models of the API."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from oye_proxy.api.live_messages import ClientMessage, LiveMessage
from oye_proxy.api.openapi import describe
from oye_proxy.api.routes import Route
from oye_proxy.api.server import ROUTES

_REFERENCE = "#/components/schemas/"
_LINE_LENGTH = 100
_PRIMITIVES = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def render_types(routes: Sequence[Route] = ROUTES) -> str:
    """Return the text of `types.gen.ts`."""
    models = describe(routes)["components"]["schemas"]
    asked = [model.__name__ for route in routes for model in (route.query, route.body) if model]
    optional = _reachable([ClientMessage.__name__, *asked], models)
    parts = [
        "// Made by scripts/sync from the models of oye_proxy.api: change those, not this file.",
        *(_declaration(name, model, name in optional) for name, model in models.items()),
        _union("LiveMessage", [one.__name__ for one in get_args(LiveMessage)]),
        _calls(routes),
    ]
    return "\n\n".join(parts) + "\n"


def _reachable(names: Iterable[str], models: Mapping[str, Any]) -> set[str]:
    """Return the models that are part of what a client sends: there, a default may be left out."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(models[name])
    return found


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield _name(schema)
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _declaration(name: str, model: Mapping[str, Any], asked: bool) -> str:  # noqa: FBT001
    comment = _comment(model.get("description", ""), "")
    if "enum" in model:
        return comment + _union(name, [json.dumps(value) for value in model["enum"]])
    members = model.get("properties", {})
    if not members:
        return f"{comment}export type {name} = Record<string, never>;"
    required = model.get("required", [])
    lines = [
        line
        for member, schema in members.items()
        for line in _member(member, schema, member in required, asked)
    ]
    return "\n".join([f"{comment}export interface {name} {{", *lines, "}"])


def _member(
    name: str,
    schema: Mapping[str, Any],
    required: bool,  # noqa: FBT001
    asked: bool,  # noqa: FBT001
) -> Iterator[str]:
    """Yield the lines of a member; an answer has every one but those that may be unset."""
    described = schema.get("description") or next(
        (one["description"] for one in schema.get("anyOf", []) if "description" in one), ""
    )
    if described:
        yield _comment(described, "  ").removesuffix("\n")
    optional = not required and (asked or "default" not in schema)
    type_ = f'"{schema["enum"][0]}"' if name == "type" and "enum" in schema else _type(schema)
    yield f"  readonly {_key(name)}{'?' if optional else ''}: {type_};"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    match schema.get("type"):
        case "array":
            return _array(schema)
        case "object":
            inner = schema.get("additionalProperties")
            held = _type(inner) if isinstance(inner, Mapping) else "unknown"
            return f"Readonly<Record<string, {held}>>"
        case None:
            return "unknown"
        case kind:
            return _PRIMITIVES[kind]


def _array(schema: Mapping[str, Any]) -> str:
    inner = _type(schema.get("items") or {})
    return f"readonly ({inner})[]" if "|" in inner else f"readonly {inner}[]"


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"].removeprefix(_REFERENCE))


def _key(name: str) -> str:
    return name if name.isidentifier() else json.dumps(name)


def _union(name: str, types: Sequence[str]) -> str:
    line = f"export type {name} = {' | '.join(types)};"
    if len(line) <= _LINE_LENGTH:
        return line
    return "\n".join([f"export type {name} =", *(f"  | {one}" for one in types)]) + ";"


def _calls(routes: Sequence[Route]) -> str:
    """Return what each call takes and gives; one without a JSON answer gives `unknown`."""
    lines = [
        f'  readonly "{route.method} {route.path}": '
        f"{{ readonly query: {_asked(route.query)}; readonly body: {_asked(route.body)}; "
        f"readonly answer: {_answer(route)} }};"
        for route in routes
    ]
    comment = "/** What each call takes and answers, by method and path. */"
    return "\n".join([comment, "export interface Calls {", *lines, "}"])


def _asked(model: type | None) -> str:
    return "undefined" if model is None else model.__name__


def _answer(route: Route) -> str:
    if route.answer is None:
        return "unknown"
    inner = get_args(route.answer)
    return f"readonly {inner[0].__name__}[]" if inner else str(route.answer.__name__)


def _comment(text: str, indent: str) -> str:
    words = text.replace("*/", "* /").strip()
    if not words:
        return ""
    lines = words.splitlines()
    if len(lines) == 1 and len(words) + len(indent) <= _LINE_LENGTH - 7:
        return f"{indent}/** {words} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"


if __name__ == "__main__":
    sys.stdout.write(render_types())
