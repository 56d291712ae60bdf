"""The description of the API is valid, complete, and made from the routes."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.proxy.api.conftest import Api

from oye_proxy.api.openapi import describe, openapi_json
from oye_proxy.api.routes import Route
from oye_proxy.api.server import ROUTES

DOCUMENT: dict[str, Any] = msgspec.json.decode(openapi_json(ROUTES))


def operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][route.path][route.method.lower()]
    return found


async def test_it_is_served(api: Api) -> None:
    assert (200, DOCUMENT) == await api.ask("GET", "/api/openapi.json")


def test_its_copy_is_current() -> None:
    """The integration's tests hold their proxy to it. If it is not: `scripts/sync`."""
    copy = Path(__file__).parents[3] / "docs" / "openapi.json"

    assert DOCUMENT == msgspec.json.decode(copy.read_bytes())


def test_it_is_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_it_describes_each_route_and_no_other() -> None:
    described = {
        (method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item
    }

    assert {(route.method, route.path) for route in ROUTES} == described


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_call_tells_its_answers_failures_and_access(route: Route) -> None:
    described = operation(route)
    failures = [status for status in route.statuses if status != route.success]

    assert [str(status) for status in route.statuses] == list(described["responses"])
    assert (route.scope is None) == (described.get("security") == [])
    for status in failures:
        content = described["responses"][str(status)]["content"]
        assert {"$ref": "#/components/schemas/Problem"} == content["application/json"]["schema"]


def test_every_call_has_its_own_name() -> None:
    names = [operation(route)["operationId"] for route in ROUTES]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)


def test_every_component_is_described_in_words() -> None:
    silent = [
        name
        for name, component in DOCUMENT["components"]["schemas"].items()
        if not component.get("description")
    ]

    assert [] == silent


def test_the_same_routes_give_the_same_text() -> None:
    again = msgspec.json.format(msgspec.json.encode(describe(ROUTES)), indent=2) + b"\n"

    assert openapi_json(ROUTES) == again
