import pytest
from aiohttp import web

from oye_proxy.api.routes import Route, Table
from oye_proxy.errors import InvalidRequestError


async def answer(_: object) -> None: ...


def route(method: str, path: str) -> Route:
    return Route(method=method, path=path, handler=answer, scope=None, summary="")


TABLE = Table(
    [
        route("GET", "/a/{id}"),
        route("DELETE", "/a/{id}"),
        route("GET", "/a/b"),
        route("GET", "/a/{id}/c"),
    ]
)


@pytest.mark.parametrize(
    ("method", "raw_path", "path", "parameters"),
    [
        ("GET", "/a/b", "/a/b", {}),
        ("HEAD", "/a/b/", "/a/b", {}),
        ("GET", "/a/x", "/a/{id}", {"id": "x"}),
        ("GET", "/a/x%2Fc", "/a/{id}", {"id": "x/c"}),
        ("GET", "/a/b/c", "/a/{id}/c", {"id": "b"}),
        ("DELETE", "/a/b", "/a/{id}", {"id": "b"}),
    ],
)
def test_a_literal_wins_over_a_parameter(
    method: str, raw_path: str, path: str, parameters: dict[str, str]
) -> None:
    found, given = TABLE.find(method, raw_path)

    assert (path, parameters) == (found.path, given)


def test_a_known_path_tells_its_methods() -> None:
    with pytest.raises(web.HTTPMethodNotAllowed) as refused:
        TABLE.find("PUT", "/a/b")

    assert {"GET", "DELETE"} == refused.value.allowed_methods


def test_an_unknown_path_is_not_found() -> None:
    with pytest.raises(web.HTTPNotFound):
        TABLE.find("GET", "/a")


def test_an_id_that_cannot_be_decoded_is_the_callers_fault() -> None:
    with pytest.raises(InvalidRequestError):
        TABLE.find("GET", "/a/%FF")


@pytest.mark.parametrize(
    ("changes", "statuses"),
    [
        ({}, [200]),
        ({"scope": "read"}, [200, 401, 403, 429]),
        ({"path": "/a/{id}"}, [200, 400]),
        ({"errors": (409,)}, [200, 409]),
    ],
)
def test_statuses_follow_from_the_row(changes: dict[str, object], statuses: list[int]) -> None:
    row = {"method": "GET", "path": "/", "handler": answer, "scope": None, "summary": ""}

    assert statuses == Route(**{**row, **changes}).statuses  # type: ignore[arg-type]
