"""`scripts/develop` gives a developer a charging charger in Home Assistant, by two addresses."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import pytest

from home_assistant.develop import CHARGERS, CHARGING, running_place
from home_assistant.instance import why_no_home_assistant
from home_assistant.network import why_no_own_network

pytestmark = pytest.mark.timeout(300)


async def test_a_charger_charges_and_can_be_limited_in_home_assistant() -> None:
    """A person's browser comes to both pages, though all runs in a network of its own."""
    for reason in (why_no_own_network(), why_no_home_assistant()):
        if reason is not None:
            pytest.skip(reason)
    with TemporaryDirectory(prefix="oye-develop-") as folder:
        async with running_place(Path(folder)) as place, aiohttp.ClientSession() as browser:
            states = []
            for charge_point_id, _ in CHARGERS:
                connected = partial(place.client.entity_id, "oye", f"{charge_point_id}_connected")
                entity_id = await place.client.until(connected)
                states.append(await place.client.until_state(entity_id, "on"))
            power = f"sensor.{CHARGING.lower()}_power"
            before = await place.client.until_number(power, lambda watts: watts > 9000)
            limit = f"number.{CHARGING.lower()}_charge_limit"
            await place.client.perform("number.set_value", {"value": 6}, entity_id=limit)
            after = await place.client.until_number(power, lambda watts: watts < before / 2)
            log = Path(folder, f"{CHARGING}.log").read_text()  # noqa: ASYNC240
            pages = []
            for port in (place.home_assistant_port, place.proxy_port):
                async with browser.get(f"http://127.0.0.1:{port}/") as response:
                    pages.append(response.status)

    assert 2 == len(states)
    assert "StartTransaction" in log
    assert pytest.approx(6 * 3 * 230, rel=0.05) == after
    assert [200, 200] == pages
