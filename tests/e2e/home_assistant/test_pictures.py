"""
Chromium draws what a person sees of a site in Home Assistant, by day and by night.

The pictures are in `screenshots`, to be looked at.
"""

from pathlib import Path

import pytest
import yaml
from tests.app.stub_supervisor import SLUG
from tests.e2e.home_assistant.site import CHARGE_LIMIT, Site

from home_assistant.browser import Shot, photograph, why_no_browser
from home_assistant.instance import ROOT

SHOTS = Path(__file__).parent / "screenshots"
DASHBOARD = "oye-charger"

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.console,
    pytest.mark.timeout(300),
]


@pytest.mark.parametrize("light", ["light", "dark"])
async def test_the_pages_show_a_car_that_charges(site: Site, light: str) -> None:
    """No script fails, no card misses its entity, and the console is live in the sidebar."""
    if (reason := why_no_browser()) is not None:
        pytest.skip(reason)
    await site.charge_in_garage()
    await site.home.client.perform("number.set_value", {"value": 13}, entity_id=CHARGE_LIMIT)
    await site.home.client.until_state(CHARGE_LIMIT, "13.0")
    await _install_dashboard(site)
    await site.home.supervisor.show_panel()
    shots = {
        "integration": ("/config/integrations/integration/oye", "Connector 2"),
        "garage": (f"/config/devices/device/{await site.device_id('GARAGE')}", "Charge limit"),
        "carport": (f"/config/devices/device/{await site.device_id('CARPORT')}", "Connector 2"),
        "connector": (f"/config/devices/device/{await site.device_id('Connector 2')}", "Plug"),
        "dashboard": (f"/{DASHBOARD}/charger", "Energy per day"),
        "console": (f"/app/{SLUG}", "GARAGE"),
    }
    troubles = await photograph(
        site.home.client,
        site.home.network,
        *(
            Shot(path, text, str(SHOTS / f"{name}-{light}.png"))
            for name, (path, text) in shots.items()
        ),
        height=1100,
        dark=light == "dark",
    )

    assert [] == troubles


async def _install_dashboard(site: Site) -> None:
    """Paste the dashboard of the documentation into a new one of Home Assistant."""
    client = site.home.client
    dashboards = await client.ask("lovelace/dashboards/list")
    if DASHBOARD not in [one["url_path"] for one in dashboards]:
        await client.ask("lovelace/dashboards/create", url_path=DASHBOARD, title="Chargers")
    view = yaml.safe_load((ROOT / "docs/dashboard.yaml").read_text())
    await client.ask("lovelace/config/save", url_path=DASHBOARD, config={"views": [view]})
