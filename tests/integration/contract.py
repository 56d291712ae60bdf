"""What the proxy's API promises, by docs/openapi.json; the fake proxy is held to it."""

import copy
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs/openapi.json").read_text(encoding="utf-8")
)
INTENTS = [
    path
    for path, operations in DOCUMENT["paths"].items()
    if path.startswith("/api/chargers/{charge_point_id}/") and "post" in operations
]
MESSAGES = {
    "snapshot": "SnapshotMessage",
    "charger": "ChargerMessage",
    "charger_removed": "ChargerRemovedMessage",
    "issues": "IssuesMessage",
    "event": "EventMessage",
}


class ContractError(AssertionError):
    """The real proxy would not answer like this, or would not take what was asked."""


def check_request(method: str, path: str, query: Mapping[str, str], body: Any) -> None:
    """Raise ContractError for what the real proxy refuses."""
    operation = _operation(method, path)
    known = {
        one["name"]: one["schema"]
        for one in operation.get("parameters", [])
        if one["in"] == "query"
    }
    for name, value in query.items():
        if name not in known:
            raise ContractError(f"{path} has no parameter {name}")
        _check(json.dumps(known[name]), _number_or_text(value), "request")
    if "requestBody" in operation:
        _check(_schema(operation["requestBody"]), body, "request")


def check_answer(method: str, path: str, status: int, body: Any) -> None:
    """Raise ContractError for an answer that the real proxy never gives."""
    responses = _operation(method, path)["responses"]
    if str(status) not in responses:
        raise ContractError(f"{path} never answers {status}")
    _check(_schema(responses[str(status)]), body, "answer")


def check_message(message: dict[str, Any]) -> None:
    """Raise ContractError for a live message that the real proxy never sends."""
    _check(_reference(MESSAGES[message["type"]]), message, "answer")


def complete(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return an object with the members that it has by default: the proxy always sends them."""
    completed: dict[str, Any] = _complete(DOCUMENT["components"]["schemas"][name], value)
    return completed


def _complete(schema: dict[str, Any], value: Any) -> Any:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _complete(DOCUMENT["components"]["schemas"][name], value)
    if "anyOf" in schema and value is not None:
        return _complete(schema["anyOf"][0], value)
    if isinstance(value, list) and "items" in schema:
        return [_complete(schema["items"], one) for one in value]
    if isinstance(value, dict):
        return _complete_object(schema, value)
    return value


def _complete_object(schema: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    known = schema.get("properties", {})
    defaults = {
        name: copy.deepcopy(one["default"]) for name, one in known.items() if "default" in one
    }
    others = schema.get("additionalProperties") or {}
    return {
        name: _complete(known.get(name, others), member)
        for name, member in {**defaults, **value}.items()
    }


def _operation(method: str, path: str) -> dict[str, Any]:
    operation: dict[str, Any] = DOCUMENT["paths"][path][method.lower()]
    return operation


def _schema(described: dict[str, Any]) -> str:
    return json.dumps(described["content"]["application/json"]["schema"])


def _reference(name: str) -> str:
    return json.dumps({"$ref": f"#/components/schemas/{name}"})


def _number_or_text(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def _check(schema: str, body: Any, side: str) -> None:
    errors = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in _validator(schema, side).iter_errors(body)
    ]
    if errors:
        raise ContractError("; ".join(errors))


@cache
def _validator(schema: str, side: str) -> Any:
    schemas = copy.deepcopy(DOCUMENT["components"]["schemas"])
    if side == "answer":
        for one in schemas.values():
            _close(one)
    return jsonschema_rs.validator_for({**json.loads(schema), "components": {"schemas": schemas}})


def _close(schema: dict[str, Any]) -> None:
    """Demand what the proxy always sends, and nothing that it never does."""
    properties = schema.get("properties", {})
    if properties:
        always = [name for name, one in properties.items() if "default" in one]
        schema["required"] = [*schema.get("required", []), *always]
        schema.setdefault("additionalProperties", False)
