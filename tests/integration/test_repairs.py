"""The owner mends with a click what a click can mend."""

from http import HTTPStatus
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from custom_components.oye.const import DOMAIN
from custom_components.oye.issues import async_raise_issue, issue_id
from custom_components.oye.repairs import async_create_fix_flow
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.components.repairs import ConfirmRepairFlow
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from tests.integration.conftest import SLUG, SetUp

type Json = dict[str, Any]

# Home Assistant's own web server.
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web.NotAppKeyWarning")

FIX = "/api/repairs/issues/fix"


@pytest.fixture
async def client(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp, hass_client: ClientSessionGenerator
) -> TestClient[Any, Any]:
    """Return what speaks to Home Assistant as its frontend does; an entry is set up."""
    await set_up(entry)
    assert await async_setup_component(hass, REPAIRS, {})
    return await hass_client()


async def begin(client: TestClient[Any, Any], issue: str) -> Json:
    """Open the dialog of an issue."""
    response = await client.post(FIX, json={"handler": DOMAIN, "issue_id": issue})
    assert HTTPStatus.OK == response.status
    form: Json = await response.json()
    return form


async def submit(client: TestClient[Any, Any], form: Json) -> Json:
    """Press its button."""
    response = await client.post(f"{FIX}/{form['flow_id']}", json={})
    assert HTTPStatus.OK == response.status
    result: Json = await response.json()
    return result


def raise_restart(hass: HomeAssistant) -> str:
    async_raise_issue(
        hass,
        DOMAIN,
        "restart_required",
        ir.IssueSeverity.WARNING,
        {"version": "99.0.0"},
        fixable=True,
    )
    return issue_id(DOMAIN, "restart_required")


def raise_missing(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    async_raise_issue(
        hass,
        entry.entry_id,
        "app_missing",
        ir.IssueSeverity.WARNING,
        {"name": entry.title},
        fixable=True,
    )
    return issue_id(entry.entry_id, "app_missing")


async def test_a_restart_is_asked_for_and_done(
    hass: HomeAssistant, client: TestClient[Any, Any]
) -> None:
    restarts = async_mock_service(hass, "homeassistant", "restart")
    issue = raise_restart(hass)
    form = await begin(client, issue)
    before = len(restarts)
    result = await submit(client, form)

    assert ("form", "confirm", {"version": "99.0.0"}) == (
        form["type"],
        form["step_id"],
        form["description_placeholders"],
    )
    assert 0 == before
    assert 1 == len(restarts)
    assert "create_entry" == result["type"]
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is None


async def test_a_restart_that_home_assistant_refuses_is_said(
    hass: HomeAssistant, client: TestClient[Any, Any]
) -> None:
    """It refuses when its configuration would not load; the issue stays."""
    async_mock_service(
        hass, "homeassistant", "restart", raise_exception=HomeAssistantError("Bad indentation")
    )
    issue = raise_restart(hass)
    result = await submit(client, await begin(client, issue))

    assert ("abort", "restart_failed", {"error": "Bad indentation"}) == (
        result["type"],
        result["reason"],
        result["description_placeholders"],
    )
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None


async def test_the_entry_of_a_missing_app_is_removed(
    hass: HomeAssistant, entry: MockConfigEntry, client: TestClient[Any, Any]
) -> None:
    form = await begin(client, raise_missing(hass, entry))
    before = hass.config_entries.async_entries(DOMAIN)
    result = await submit(client, form)

    assert {"name": "OYE"} == form["description_placeholders"]
    assert [entry] == before
    assert "create_entry" == result["type"]
    assert [] == hass.config_entries.async_entries(DOMAIN)
    assert {} == ir.async_get(hass).issues


async def test_the_entry_of_an_app_that_came_back_is_kept(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    client: TestClient[Any, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A dialog can be open for hours."""
    form = await begin(client, raise_missing(hass, entry))
    monkeypatch.setattr("custom_components.oye.app.is_hassio", lambda _hass: True)
    monkeypatch.setattr("custom_components.oye.app.get_addons_info", lambda _hass: {SLUG: {}})
    result = await submit(client, form)

    assert ("abort", "app_installed") == (result["type"], result["reason"])
    assert [entry] == hass.config_entries.async_entries(DOMAIN)


async def test_an_entry_that_is_gone_already_is_as_good_as_removed(
    hass: HomeAssistant, entry: MockConfigEntry, client: TestClient[Any, Any]
) -> None:
    """Its issue went with it, while the dialog was open."""
    form = await begin(client, raise_missing(hass, entry))
    await hass.config_entries.async_remove(entry.entry_id)
    result = await submit(client, form)

    assert "create_entry" == result["type"]


@pytest.mark.parametrize("data", [None, {}, {"key": "limit_conflict", "entry_id": "e1"}])
async def test_anything_else_is_only_confirmed(hass: HomeAssistant, data: Json | None) -> None:
    assert isinstance(await async_create_fix_flow(hass, "issue", data), ConfirmRepairFlow)
