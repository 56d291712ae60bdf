"""
A route is one row: who may call it, what goes in, what comes out.

The rows are the one source of registration, authorisation, OpenAPI and `docs/API.md`. A resource
module ends in its `ROUTES`; a handler gets an `Exchange` with query and body already read into the
models of its row, and returns the model of the answer.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from aiohttp import hdrs, web
from msgspec import Struct

from oye_proxy.accounts import Principal, Scope
from oye_proxy.api.paths import decode_segment, match, segments_of
from oye_proxy.hub.injections import Origin

JSON = "application/json"


class Exchange(Struct, frozen=True, kw_only=True):
    """One request on its way through a handler."""

    request: web.Request
    principal: Principal | None
    parameters: Mapping[str, str]
    query: Any = None
    body: Any = None

    @property
    def app(self) -> web.Application:
        """Return the application, where the keys of `keys.py` are."""
        return self.request.app

    @property
    def charge_point_id(self) -> str:
        """Return the charger's id of the path, decoded."""
        return self.parameters["charge_point_id"]

    @property
    def caller(self) -> Principal:
        """Return who calls; only an open route has nobody."""
        if self.principal is None:
            raise AssertionError("an open route asks who calls")
        return self.principal

    @property
    def origin(self) -> Origin:
        """Return who is behind a command: a person, or a program with a token."""
        kind = "automation" if self.caller.kind == "token" else "owner"
        return Origin(user=self.caller.name, kind=kind)


Handler: TypeAlias = Callable[[Exchange], Awaitable[Any]]


class Route(Struct, frozen=True, kw_only=True):
    """
    One call of the API.

    `scope` None means open to everybody. `answer` is the type of the JSON in the 200; None when
    the handler answers with `media` itself. `errors` are the statuses beyond those that follow from
    the other fields. `metrics_token` also lets the token for metrics in.
    `ends_access` says that a user, a login or a token may end by it. `answers_nobody` also answers
    who has no credentials, or a session that is over.
    """

    method: str
    path: str
    handler: Handler
    scope: Scope | None
    summary: str
    description: str = ""
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    headers: Mapping[str, str] = {}
    answer: Any = None
    media: str = JSON
    success: int = 200
    errors: Sequence[int] = ()
    metrics_token: bool = False
    ends_access: bool = False
    answers_nobody: bool = False

    @property
    def statuses(self) -> list[int]:
        """Return every status that this call may answer with, sorted."""
        found = {self.success, *self.errors}
        if self.query or self.body or "{" in self.path:
            found.add(400)
        if self.body:
            found |= {408, 413}
        if self.scope:
            found |= {401, 403, 429}
        return sorted(found)


class Table:
    """The routes, found by method and raw path."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes = tuple(routes)
        # A literal segment wins over a parameter.
        ordered = sorted(routes, key=lambda route: route.path.count("{"))
        self._patterns = [(segments_of(route.path), route) for route in ordered]

    def find(self, method: str, raw_path: str) -> tuple[Route, dict[str, str]]:
        """Return route and decoded parameters, or raise HTTPNotFound, HTTPMethodNotAllowed."""
        raw_segments = segments_of(raw_path)
        wanted = hdrs.METH_GET if method == hdrs.METH_HEAD else method
        allowed: set[str] = set()
        for pattern, route in self._patterns:
            parameters = match(pattern, raw_segments)
            if parameters is None:
                continue
            if route.method == wanted:
                return route, {name: decode_segment(raw) for name, raw in parameters.items()}
            allowed.add(route.method)
        if allowed:
            raise web.HTTPMethodNotAllowed(method, sorted(allowed))
        raise web.HTTPNotFound
