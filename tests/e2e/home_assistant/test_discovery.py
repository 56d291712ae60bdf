"""A real Home Assistant finds the app, and shows its chargers and its page after one click."""

import asyncio

import pytest
from tests.app.stub_supervisor import SLUG
from tests.e2e.home_assistant.home import Home
from tests.e2e.home_assistant.supervisor import INGRESS_TOKEN

pytestmark = pytest.mark.timeout(300)


async def test_the_app_is_discovered_and_its_charger_is_connected(home: Home) -> None:
    """From the boot to a sensor that is on, without a word of complaint, and all ends well."""
    entry = await home.accept_discovery()
    await home.plug_in_charger("CP1")
    entity_id = await home.client.until(lambda: home.client.entity_id("oye", "CP1_connected"))
    await home.client.until_state(entity_id, "on")
    codes = [await home.instance.stop(), *await home.app.stop()]

    assert "loaded" == entry["state"]
    assert entity_id.startswith("binary_sensor.")
    assert [] == home.instance.complaints()
    assert [0, 0, 0] == codes


async def test_a_rotated_token_reaches_home_assistant_without_a_gap(home: Home) -> None:
    """The app announces it, the integration loads again with it, and the former one still holds."""
    await home.accept_discovery()
    await home.plug_in_charger("CP1")
    entity_id = await home.client.until(lambda: home.client.entity_id("oye", "CP1_connected"))
    await home.client.until_state(entity_id, "on")
    former = await asyncio.to_thread(lambda: home.app.announced_token)
    await home.app.ask("POST", "/api/integration-token/rotate")
    present = await asyncio.to_thread(lambda: home.app.announced_token)

    async def is_used() -> bool:
        tokens = await home.app.ask("GET", "/api/tokens")
        return tokens[-1]["lastUsed"] is not None

    await home.client.until(is_used, patience=90)  # it is announced within half a minute
    await home.client.until_state(entity_id, "on")
    (entry,) = await home.client.entries("oye")

    assert former != present
    assert "loaded" == entry["state"]
    assert [200, 200] == [await home.app.status("/api/info", one) for one in (former, present)]
    assert [] == await home.client.flows("oye")
    assert [] == home.instance.complaints()


async def test_the_page_of_the_app_stands_in_the_sidebar(home: Home) -> None:
    """Behind Home Assistant's login and no other one, for administrators."""
    await home.supervisor.show_panel()
    panels = await home.client.ask("get_panels")
    page = f"/api/hassio_ingress/{INGRESS_TOKEN}"
    strangers = await home.client.status(f"{page}/api/info")
    session = {"ingress_session": "a-session-of-a-browser"}
    info = await home.client.get(f"{page}/api/info", cookies=session)
    live = await home.client.first_message(f"{page}/api/live", cookies=session)

    assert ("OYE", True) == (panels[SLUG]["title"], panels[SLUG]["require_admin"])
    assert 401 == strangers
    assert "integration_token" in info["features"]
    assert ("snapshot", info["instanceId"]) == (live["type"], live["proxy"]["instanceId"])
