"""Conditions look at OYE's own entities, whatever the target names."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.conftest import SetUp
from tests.integration.test_trigger import Garage


@pytest.mark.parametrize(
    ("condition", "key"), [("oye.is_plugged_in", "plug"), ("oye.is_charging", "charging")]
)
async def test_a_condition_passes_while_the_sensor_is_on(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp, condition: str, key: str
) -> None:
    await set_up(entry)
    garage = Garage(hass, entry)
    own = garage.entity("binary_sensor", key, garage.connector)
    foreign = garage.entity("binary_sensor", key, garage.charger, platform="other")
    passed: list[str] = []
    hass.services.async_register("test", "note", lambda call: passed.append(call.data["step"]))
    automation = {
        "triggers": {"trigger": "event", "event_type": "ask"},
        "conditions": {"condition": condition, "target": {"area_id": garage.area}},
        "actions": {"action": "test.note", "data": {"step": "{{ trigger.event.data.step }}"}},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})

    for entity_id, value in ((foreign, "on"), (own, "on"), (own, "unavailable"), (own, "off")):
        hass.states.async_set(entity_id, value)
        hass.bus.async_fire("ask", {"step": f"{entity_id} {value}"})
        await hass.async_block_till_done()

    assert [f"{own} on"] == passed
