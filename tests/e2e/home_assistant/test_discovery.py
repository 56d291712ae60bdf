"""A real Home Assistant finds the app, and shows its chargers after one click."""

import pytest
from tests.e2e.home_assistant.home import Home

pytestmark = pytest.mark.timeout(300)


async def test_the_app_is_discovered_and_its_charger_is_connected(home: Home) -> None:
    """From the boot to a sensor that is on, without a word of complaint in the log."""
    entry = await home.accept_discovery()
    await home.plug_in_charger("CP1")
    entity_id = await home.client.until(lambda: home.client.entity_id("oye", "CP1_connected"))
    await home.client.until_state(entity_id, "on")
    code = await home.instance.stop()

    assert "loaded" == entry["state"]
    assert entity_id.startswith("binary_sensor.")
    assert [] == home.instance.complaints()
    assert 0 == code
