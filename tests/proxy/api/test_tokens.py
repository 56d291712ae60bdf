"""Access for programs."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from tests.proxy.api.conftest import Api, bearer, serve
from tests.proxy.api.memory import MemoryHub

from oye_proxy.api.keys import Dependencies


async def test_a_token_is_shown_once_and_works(api: Api) -> None:
    wish = {"name": "Home Assistant", "scope": "control"}
    status, token = await api.ask("POST", "/api/tokens", wish)
    used, _ = await api.ask("GET", "/api/state", headers=bearer(token["token"]))
    _, listed = await api.ask("GET", "/api/tokens")

    assert (200, 200) == (status, used)
    assert {"id", "name", "scope", "token"} == set(token)
    assert wish == {"name": token["name"], "scope": token["scope"]}
    assert {"id", "name", "scope", "createdAt", "lastUsed"} == set(listed[-1])


async def test_a_revoked_token_opens_nothing(api: Api) -> None:
    _, token = await api.ask("POST", "/api/tokens", {"name": "x"})
    revoked = await api.ask("DELETE", f"/api/tokens/{token['id']}")
    used, _ = await api.ask("GET", "/api/state", headers=bearer(token["token"]))

    assert ((200, {"success": True}), 401) == (revoked, used)
    assert "read" == token["scope"]


@pytest.mark.parametrize("token_id", ["99", "x", "-1", "9" * 5000])
async def test_an_unknown_token_cannot_be_revoked(api: Api, token_id: str) -> None:
    status, _ = await api.ask("DELETE", f"/api/tokens/{token_id}")

    assert 404 == status


async def test_a_scope_that_does_not_exist_is_refused(api: Api) -> None:
    status, body = await api.ask("POST", "/api/tokens", {"name": "x", "scope": "all"})

    assert 400 == status
    assert body["error"].startswith("scope: ")


async def test_only_the_app_has_a_token_of_the_integration(api: Api) -> None:
    status, body = await api.ask("POST", "/api/integration-token/rotate")

    assert (409, "conflict") == (status, body["code"])
    assert "only the Home Assistant app" in body["error"]


async def test_a_rotation_tells_until_when_the_former_token_holds(
    dependencies: Dependencies, hub: MemoryHub
) -> None:
    async def rotate() -> datetime:
        return datetime(2026, 11, 21, 12, 10, tzinfo=UTC)

    answers = [
        await api.ask("POST", "/api/integration-token/rotate")
        async for api in serve(replace(dependencies, rotate_integration_token=rotate), hub)
    ]

    assert [(200, {"formerValidUntil": "2026-11-21T12:10:00Z"})] == answers


async def test_only_an_administrator_rotates(api: Api) -> None:
    _, token = await api.ask("POST", "/api/tokens", {"name": "x", "scope": "control"})
    status, _ = await api.ask(
        "POST", "/api/integration-token/rotate", headers=bearer(token["token"])
    )

    assert 403 == status
