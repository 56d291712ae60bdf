"""A real Home Assistant, discovery accepted, with chargers of both kinds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from tests.e2e.home_assistant.home import OPERATOR_ADDRESS
from tests.e2e.home_assistant.site import CHARGE_LIMIT, Site

from home_assistant.client import HomeAssistantError
from home_assistant.instance import ROOT

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]


PRIVATE = ("GARAGE", "CARPORT", "04A1B2C3D4")
OF_CHARGER = {
    *("binary_sensor.connected", "binary_sensor.csms_connected", "binary_sensor.fault"),
    *("sensor.csms_link", "number.max_current", "select.mode", "event.authorization"),
}
OF_CONNECTOR = {
    *("sensor.status", "binary_sensor.plug", "binary_sensor.charging", "number.charge_limit"),
    *("switch.charging_allowed", "switch.operative", "event.session"),
    *("button.start_charging", "button.stop_charging"),
    *("sensor.session_energy", "sensor.session_start"),
}
MEASURED = {"sensor.power", "sensor.energy", "sensor.current", "sensor.soc"}
LIMITED = {"sensor.effective_limit", "sensor.limit_source"}


async def test_chargers_are_devices_and_connectors_only_where_there_are_several(
    site: Site,
) -> None:
    listed = await site.home.client.ask("config/device_registry/list")
    names = {one["id"]: one["name"] for one in listed}
    ours = {
        one["name"]: names.get(one.get("via_device_id") or one["parent_device_id"])
        for one in listed
        if one["identifiers"][0][0] == "oye"
    }

    assert {
        "OYE": None,
        "GARAGE": "OYE",
        "CARPORT": "OYE",
        "Connector 1": "CARPORT",
        "Connector 2": "CARPORT",
    } == ours


async def test_states_are_right_while_a_car_charges(site: Site) -> None:
    await site.charge_in_garage()
    client = site.home.client
    await client.until_number("sensor.garage_effective_limit", lambda amperes: amperes > 16)
    shown = {one["entity_id"]: one["state"] for one in await client.get("/api/states")}
    enabled = await _enabled(site)
    of_garage = {f"{one.replace('.', '.GARAGE_')}" for one in OF_CHARGER} | {
        f"{one.replace('.', '.GARAGE_1_')}" for one in OF_CONNECTOR | MEASURED | LIMITED
    }
    of_second = {f"{one.replace('.', '.CARPORT_2_')}" for one in OF_CONNECTOR}

    assert "on" == shown["binary_sensor.garage_charging"]
    assert "on" == shown["binary_sensor.garage_plug"]
    assert "on" == shown["switch.garage_charging_allowed"]
    assert "available" == shown["sensor.carport_connector_2_status"]
    assert pytest.approx(site.garage.power_w, rel=0.05) == float(shown["sensor.garage_power"])
    assert pytest.approx(16, abs=1) == float(shown["sensor.garage_current"])
    assert of_garage == {one for one in enabled if ".GARAGE_" in one}
    assert of_second <= enabled.keys()
    assert set() == set(enabled.values()) - shown.keys()


async def test_a_helper_limits_the_car_by_an_automation(site: Site) -> None:
    """The meter of the charger falls, its operator sees it, and knows nothing of the command."""
    client = site.home.client
    await client.ask(
        "input_number/create", name="Allowance", min=6, max=32, step=1, initial=32, mode="slider"
    )
    await _automate(
        site,
        "limit",
        triggers=[{"trigger": "state", "entity_id": "input_number.allowance"}],
        actions=[
            {
                "action": "number.set_value",
                "target": {"entity_id": CHARGE_LIMIT},
                "data": {"value": "{{ states('input_number.allowance') | int }}"},
            }
        ],
    )
    await site.charge_in_garage()
    metered = len(site.operator.ledger.calls_of("GARAGE", "MeterValues"))
    await client.perform("input_number.set_value", {"value": 8}, entity_id="input_number.allowance")
    shown = await client.until_number("sensor.garage_power", lambda watts: watts < 6000)
    later = site.operator.ledger.calls_of("GARAGE", "MeterValues")

    assert pytest.approx(8 * 3 * 230, rel=0.05) == site.garage.power_w
    assert pytest.approx(site.garage.power_w, rel=0.05) == shown
    assert "8.0" == (await client.state(CHARGE_LIMIT) or {})["state"]
    assert "owner" == (await client.state("sensor.garage_limited_by") or {})["state"]
    assert metered < len(later)
    assert [] == site.operator.ledger.violations


async def test_an_action_answers_over_the_api(site: Site) -> None:
    charger = {"device_id": await site.device_id("GARAGE")}
    answer = await site.home.client.post(
        "/api/services/oye/get_configuration?return_response",
        {**charger, "keys": ["HeartbeatInterval"]},
    )

    (key,) = answer["service_response"]["response"]["configurationKey"]
    assert ("HeartbeatInterval", "300") == (key["key"], key["value"])


async def test_a_refusal_of_the_charger_is_told_in_words(site: Site) -> None:
    change = {"key": "NumberOfConnectors", "value": "3"}
    with pytest.raises(HomeAssistantError, match="The charger refused set-configuration: Rejected"):
        await site.home.client.post(
            "/api/services/oye/set_configuration",
            {"device_id": await site.device_id("GARAGE"), **change},
        )


async def test_a_session_that_starts_triggers_an_automation(site: Site) -> None:
    """By the triggers and conditions of this integration."""
    await site.unplug_in_garage()
    garage = {"device_id": await site.device_id("GARAGE")}
    name = await _automate(
        site,
        "session",
        triggers=[{"trigger": "oye.session_started", "target": garage}],
        conditions=[{"condition": "oye.is_plugged_in", "target": garage}],
        actions=[],
    )
    await site.charge_in_garage()

    await _until_triggered(site, name)


async def test_a_blueprint_is_imported_and_runs(site: Site) -> None:
    """The household draws too much, and the car gets less."""
    client = site.home.client
    await site.charge_in_garage()
    await client.tell("/api/states/sensor.house", {"state": "5000"})
    async with _published(site, ROOT / "blueprints/automation/oye") as address:
        url = f"{address}/household_load.yaml"
        imported = await client.ask("blueprint/import", url=url)
    await client.ask(
        "blueprint/save",
        domain="automation",
        path="oye/household_load.yaml",
        yaml=imported["raw_data"],
        source_url=url,
    )
    name = await _automate(
        site,
        "household",
        use_blueprint={
            "path": "oye/household_load.yaml",
            "input": {
                "household_power": "sensor.house",
                "household_limit": 11000,
                "plug": "binary_sensor.garage_plug",
                "charge_limit": CHARGE_LIMIT,
                "charging_allowed": "switch.garage_charging_allowed",
            },
        },
    )
    await client.perform("number.set_value", {"value": 16}, entity_id=CHARGE_LIMIT)
    await client.until_state(CHARGE_LIMIT, "16.0")
    await client.tell("/api/states/sensor.house", {"state": "15000"})
    limit = await client.until_number(CHARGE_LIMIT, lambda amperes: amperes < 16)
    power = await client.until_number("sensor.garage_power", lambda watts: watts < 8000)
    await client.perform("automation.turn_off", entity_id=name)

    assert not imported["validation_errors"]
    assert 10 == limit
    assert pytest.approx(10 * 3 * 230, rel=0.05) == power


async def test_diagnostics_and_system_health_are_told(site: Site) -> None:
    client = site.home.client
    (entry,) = await client.entries("oye")
    of_entry = await client.get(f"/api/diagnostics/config_entry/{entry['entry_id']}")
    garage = await site.device_id("GARAGE")
    token = await asyncio.to_thread(lambda: site.home.app.announced_token)
    of_device = await client.get(
        f"/api/diagnostics/config_entry/{entry['entry_id']}/device/{garage}"
    )
    initial, *_ = await client.told("system_health/info", last="finish")
    health = initial["data"]["oye"]["info"]

    assert of_entry["data"]["stream"]["connected"]
    assert of_device["data"]
    assert [] == [word for word in (*PRIVATE, token) if word in f"{of_entry}{of_device}"]
    assert ("2/2", "2/2") == (health["chargers_connected"], health["csms_links"])


async def test_nobody_complained(site: Site) -> None:
    """Neither Home Assistant of us, nor the operator of what it got."""
    # Home Assistant itself notes what was refused to a user.
    refused = "Error during service call to oye.set_configuration"
    complaints = site.home.instance.complaints()

    assert [] == [one for one in complaints if refused not in one]
    assert [] == site.operator.ledger.violations
    assert "Traceback" not in site.home.app.proxy.output


async def _enabled(site: Site) -> dict[str, str]:
    """Return the ids of the enabled entities by their platform and unique id."""
    entities = await site.home.client.entities("oye")
    return {
        f"{one['entity_id'].partition('.')[0]}.{unique_id}": one["entity_id"]
        for unique_id, one in entities.items()
        if one["disabled_by"] is None
    }


@asynccontextmanager
async def _published(site: Site, folder: Path) -> AsyncIterator[str]:
    """Publish files in the internet of the site; yield their address."""
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        bound = site.home.network.listener(OPERATOR_ADDRESS)
        await web.SockSite(runner, bound).start()
        yield f"http://{OPERATOR_ADDRESS}:{bound.getsockname()[1]}"
    finally:
        await runner.cleanup()


async def _automate(site: Site, name: str, **automation: object) -> str:
    """Make an automation as the editor does; return its entity id."""
    client = site.home.client
    path = f"/api/config/automation/config/{name}"
    await client.post(path, {"alias": name, **automation})
    found: str = await client.until(lambda: client.entity_id("automation", name))
    return found


async def _until_triggered(site: Site, automation: str) -> None:
    async def triggered() -> bool:
        state = await site.home.client.state(automation)
        return state is not None and state["attributes"]["last_triggered"] is not None

    await site.home.client.until(triggered)
