"""The owner's id tags over the API."""

from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer

from oye_proxy.api.keys import Dependencies


async def _scoped(api: Api, scope: str) -> dict[str, str]:
    _, token = await api.ask("POST", "/api/tokens", {"name": scope, "scope": scope})
    return bearer(token["token"])


def _seen(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entry["idTag"], entry["status"]) for entry in entries]


async def test_a_tag_is_listed_changed_and_removed(api: Api) -> None:
    status, added = await api.ask("PUT", "/api/id-tags/04A1B2C3", {"status": "accepted"})
    _, changed = await api.ask("PUT", "/api/id-tags/04a1b2c3", {"status": "blocked"})
    _, listed = await api.ask("GET", "/api/id-tags")
    removed = await api.ask("DELETE", "/api/id-tags/04a1b2c3")
    _, after = await api.ask("GET", "/api/id-tags")

    assert 200 == status
    assert {"idTag", "name", "status", "updatedAt"} == set(added)
    assert ("04A1B2C3", "blocked") == (changed["idTag"], changed["status"])
    assert [("04A1B2C3", "blocked")] == _seen(listed)
    assert (200, {"success": True}) == removed
    assert [] == after


async def test_a_name_stays_until_it_is_changed(api: Api) -> None:
    path = "/api/id-tags/04A1B2C3"
    named = await api.ask("PUT", path, {"status": "accepted", "name": " Ann's card "})
    kept = await api.ask("PUT", path, {"status": "blocked"})
    taken = await api.ask("PUT", path, {"status": "blocked", "name": None})
    blank = await api.ask("PUT", path, {"status": "blocked", "name": "  "})
    status, _ = await api.ask("PUT", path, {"status": "blocked", "name": "a\nb"})

    assert ["Ann's card", "Ann's card", None, None] == [
        body["name"] for _, body in (named, kept, taken, blank)
    ]
    assert 400 == status


async def test_a_tag_may_have_any_visible_characters(api: Api, dependencies: Dependencies) -> None:
    await api.ask("PUT", "/api/id-tags/DE%2F1%20%C3%A9", {"status": "accepted"})

    assert ["DE/1 é"] == [tag.id_tag for tag in dependencies.owner_tags.tags]


@pytest.mark.parametrize("scope", ["read", "control"])
async def test_tags_are_masked_for_all_but_admins(api: Api, scope: str) -> None:
    for id_tag in ("04A1B2C3", "1234"):
        await api.ask("PUT", f"/api/id-tags/{id_tag}", {"status": "accepted"})
    headers = await _scoped(api, scope)
    _, listed = await api.ask("GET", "/api/id-tags", headers=headers)
    changed, _ = await api.ask("PUT", "/api/id-tags/A", {"status": "blocked"}, headers=headers)
    removed, _ = await api.ask("DELETE", "/api/id-tags/1234", headers=headers)

    assert [("***B2C3", "accepted"), ("***", "accepted")] == _seen(listed)
    assert (403, 403) == (changed, removed)


@pytest.mark.parametrize("body", [{}, {"status": "maybe"}, {"status": "blocked", "x": 1}])
async def test_what_is_no_status_is_refused(api: Api, body: dict[str, Any]) -> None:
    status, _ = await api.ask("PUT", "/api/id-tags/A", body)

    assert 400 == status


async def test_what_is_no_tag_is_refused(api: Api) -> None:
    status, answer = await api.ask("PUT", "/api/id-tags/%20", {"status": "blocked"})

    assert (400, "invalid_request") == (status, answer["code"])


async def test_a_tag_that_is_not_listed_cannot_be_removed(api: Api) -> None:
    status, _ = await api.ask("DELETE", "/api/id-tags/A")

    assert 404 == status
