"""
What a real Home Assistant shows while something of the house is gone, and after it.

Each part that goes is shown at once, comes back by itself, and the energy never jumps.
"""

import asyncio

import pytest
from tests.e2e.home_assistant.site import CHARGE_LIMIT, Site, jumps

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

# Shown within seconds; the machine of the tests may have much else to do.
SECONDS = 15.0


async def test_a_restart_of_home_assistant_reaches_no_charger(site: Site) -> None:
    """The car charges on in the same transaction, and all entities come back."""
    await site.charge_in_garage()
    client = site.home.client
    before = {one["entity_id"] for one in await client.get("/api/states") if _is_ours(one)}
    commands = (list(site.garage.commands), list(site.carport.commands))
    transaction_id = site.garage.transaction_id
    metered = len(site.operator.ledger.calls_of("GARAGE", "MeterValues"))
    code = await site.home.restart_home_assistant()
    await client.until_state("sensor.garage_status", "charging")
    after = {one["entity_id"] for one in await client.get("/api/states") if _is_ours(one)}

    assert 0 == code
    assert before == after
    assert commands == (site.garage.commands, site.carport.commands)
    assert transaction_id == site.garage.transaction_id
    assert metered < len(site.operator.ledger.calls_of("GARAGE", "MeterValues"))
    await _energy_rises_without_a_jump(site)


async def test_a_charger_that_is_pulled_is_shown_and_comes_back(site: Site) -> None:
    await site.charge_in_garage()
    client = site.home.client
    await site.garage.line.refuse()
    await client.until(lambda: _has(site, "binary_sensor.garage_connected", "off"), SECONDS)
    gone = {name: await _state(site, name) for name in ("sensor.garage_power", CHARGE_LIMIT)}
    energy = await _state(site, "sensor.garage_energy")
    await site.garage.line.accept()
    await client.until_state("sensor.garage_status", "charging")

    assert {"sensor.garage_power": "unavailable", CHARGE_LIMIT: "unavailable"} == gone
    assert float(energy) > 0
    await _energy_rises_without_a_jump(site)


async def test_a_proxy_that_dies_is_shown_and_comes_back(site: Site) -> None:
    await site.charge_in_garage()
    client, proxy = site.home.client, site.home.app.proxy
    transaction_id = site.garage.transaction_id
    await proxy.kill()
    await client.until(lambda: _has(site, "sensor.garage_energy", "unavailable"), SECONDS)
    connected = await _state(site, "binary_sensor.garage_connected")
    proxy.start()
    await client.until_state("sensor.garage_status", "charging")
    await client.until_state("binary_sensor.garage_csms_connected", "on")

    assert "unavailable" == connected
    assert transaction_id == site.garage.transaction_id
    await _energy_rises_without_a_jump(site)


async def test_an_operator_that_goes_is_shown_and_the_car_charges_on(site: Site) -> None:
    await site.charge_in_garage()
    client = site.home.client
    await site.operator_line.refuse()
    await client.until(lambda: _has(site, "binary_sensor.garage_csms_connected", "off"), SECONDS)
    status = await _state(site, "sensor.garage_status")
    await client.perform("number.set_value", {"value": 10}, entity_id=CHARGE_LIMIT)
    await client.until_number("sensor.garage_power", lambda watts: watts < 8000)
    await site.operator_line.accept()
    await client.until(lambda: _has(site, "binary_sensor.garage_csms_connected", "on"), 90)

    assert "charging" == status
    await _energy_rises_without_a_jump(site)


async def test_nobody_complained(site: Site) -> None:
    """One line tells that a proxy is gone, and one that it is back; nothing else is said."""
    told = [
        line for line in site.home.instance.complaints() if "Error fetching oye data" not in line
    ]

    assert [] == told
    assert "Traceback" not in await asyncio.to_thread(lambda: site.home.app.proxy.output)


async def _energy_rises_without_a_jump(site: Site) -> None:
    """Wait for a reading after the trouble, and look at all that was shown."""
    shown = (await site.energy_that_was_shown())[-1]
    await site.home.client.until_number("sensor.garage_energy", lambda kwh: kwh > shown)

    assert [] == jumps(await site.energy_that_was_shown())


async def _state(site: Site, entity_id: str) -> str:
    present = await site.home.client.state(entity_id)
    assert present is not None
    state: str = present["state"]
    return state


async def _has(site: Site, entity_id: str, state: str) -> bool:
    return state == await _state(site, entity_id)


def _is_ours(state: dict[str, object]) -> bool:
    return "garage" in str(state["entity_id"]) or "carport" in str(state["entity_id"])
