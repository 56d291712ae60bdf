"""No input makes the proxy fail: every field of every request is given what it must not be."""

from collections.abc import Iterator
from urllib.parse import quote

import msgspec
import pytest
from tests.proxy.api.conftest import ADMIN, Api, basic

from oye_proxy.api.routes import Route
from oye_proxy.api.server import ROUTES

DIGITS = "9" * 5000
BAD_VALUES = [
    "null",
    "true",
    "-1",
    DIGITS,
    "1e400",
    "-0.0",
    "1E5",
    '""',
    '"\\u0000"',
    f'"{DIGITS}"',
    '"nan"',
    '"\U0001f50c\u202e"',
    '"\\ud800"',
    "[]",
    "[[]]",
    "{}",
    '{"__proto__":{}}',
    "[" * 500 + "]" * 500,
]
BAD_TEXTS = ["", "0", "-1", DIGITS, "1e400", "nan", "\0", "\U0001f50c", "true", "[]", "%", "+"]
BAD_IDS = ["%00", "%2F", "..%2F..", "~AA", "%F0%9F%94%8C", "x" * 3000, "%7F", "constructor"]
ANSWERS = {200, 400, 401, 403, 404, 409, 503}


def bodies(route: Route) -> Iterator[str]:
    """Make each bad value the value of each member; the others stay absent or plausible."""
    if route.body is None:
        return
    plausible = {"action": "Reset", "currentPassword": "x", "newPassword": "y", "name": "n"}
    for name in route.body.__struct_encode_fields__:
        for value in BAD_VALUES:
            others = {
                other: plausible[other]
                for other in route.body.__struct_encode_fields__
                if other in plausible and other != name
            }
            text = msgspec.json.encode(others).decode().removesuffix("}")
            yield f'{text}{"," if others else ""}"{name}":{value}}}'


def queries(route: Route) -> Iterator[str]:
    if route.query is None:
        return
    for name in route.query.__struct_encode_fields__:
        for value in BAD_TEXTS:
            yield f"{name}={quote(value)}"


WITH_INPUT = [
    route
    for route in ROUTES
    if (route.body or route.query or "{" in route.path) and route.path != "/api/change-password"
]


@pytest.mark.parametrize("route", WITH_INPUT, ids=lambda route: f"{route.method} {route.path}")
async def test_bad_input_is_answered_not_suffered(
    api: Api, caplog: pytest.LogCaptureFixture, route: Route
) -> None:
    plain = route.path.replace("{charge_point_id}", "CP1").replace("{version}", "1.6")
    calls: list[tuple[str, str | None]] = [(plain, body) for body in bodies(route)]
    calls += [(f"{plain}?{query}", None) for query in queries(route)]
    calls += [
        ("/".join(bad if "{" in part else part for part in route.path.split("/")), None)
        for bad in BAD_IDS
        if "{" in route.path
    ]
    for path, body in calls:
        status, _ = await api.ask(
            route.method,
            path,
            data=None if body is None else body.encode("utf-8", "surrogatepass"),
            headers={**basic(*ADMIN), "X-OYE-Console": "1"},
        )

        assert status in ANSWERS, (path, body)
    assert [] == [record.message for record in caplog.records if record.levelname == "ERROR"]
