"""Triggers fire for what happens at OYE's own entities, whatever the target names."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.conftest import SetUp

type Fires = Callable[..., Awaitable[list[str]]]


class Garage:
    """A charger with a connector of its own device, in an area with a plug of another maker."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        self.hass = hass
        self._entry = entry
        devices = dr.async_get(hass)
        self.area = ar.async_get(hass).async_create("Garage").id
        self.charger = devices.async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={("oye", "A")}
        ).id
        devices.async_update_device(self.charger, area_id=self.area)
        self.connector = devices.async_get_or_create_child(
            config_entry_id=entry.entry_id,
            identifiers={("oye", "A#1")},
            parent_device_id=self.charger,
        ).id

    def entity(self, domain: str, key: str, device_id: str, **more: Any) -> str:
        """Register an entity of a charger, with a state that says nothing yet."""
        platform = more.pop("platform", "oye")
        entity_id = (
            er.async_get(self.hass)
            .async_get_or_create(
                domain,
                platform,
                f"{device_id}_{key}",
                config_entry=self._entry if platform == "oye" else None,
                device_id=device_id,
                translation_key=key,
                suggested_object_id=f"{platform}_{key}",
                **more,
            )
            .entity_id
        )
        self.hass.states.async_set(entity_id, "off" if domain == "binary_sensor" else "unknown")
        return entity_id


@pytest.fixture
async def garage(hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp) -> Garage:
    await set_up(entry)
    return Garage(hass, entry)


@pytest.fixture
def watch(hass: HomeAssistant) -> Callable[..., Awaitable[list[str]]]:
    """Return what starts an automation and the list of the entities that triggered it."""

    async def watch(trigger: str, target: dict[str, Any]) -> list[str]:
        fired: list[str] = []
        hass.services.async_register(
            "test", "note", lambda call: fired.append(call.data["entity_id"])
        )
        assert await async_setup_component(
            hass,
            "automation",
            {
                "automation": {
                    "triggers": {"trigger": trigger, "target": target},
                    "actions": {
                        "action": "test.note",
                        "data": {"entity_id": "{{ trigger.entity_id }}"},
                    },
                }
            },
        )
        await hass.async_block_till_done()
        return fired

    return watch


@pytest.mark.parametrize(
    ("trigger", "key", "state"),
    [
        ("oye.plugged_in", "plug", "on"),
        ("oye.unplugged", "plug", "off"),
        ("oye.charger_faulted", "fault", "on"),
    ],
)
async def test_a_state_that_is_reached_triggers_once(
    garage: Garage, watch: Fires, trigger: str, key: str, state: str
) -> None:
    category = EntityCategory.DIAGNOSTIC if key == "fault" else None
    entity_id = garage.entity("binary_sensor", key, garage.connector, entity_category=category)
    garage.hass.states.async_set(entity_id, "off" if state == "on" else "on")
    fired = await watch(trigger, {"device_id": garage.charger})

    for value in (state, state, "unavailable", state):
        garage.hass.states.async_set(entity_id, value)
        await garage.hass.async_block_till_done()

    assert [entity_id] == fired


@pytest.mark.parametrize(
    ("trigger", "key", "event_type", "other_type"),
    [
        ("oye.tag_presented", "authorization", "rejected", None),
        ("oye.session_started", "session", "started", "ended"),
        ("oye.session_ended", "session", "ended", "started"),
        ("oye.csms_lost", "activity", "csms_lost", "boot"),
    ],
)
async def test_news_of_the_right_kind_trigger_each_time(
    garage: Garage, watch: Fires, trigger: str, key: str, event_type: str, other_type: str | None
) -> None:
    category = EntityCategory.DIAGNOSTIC if key == "activity" else None
    entity_id = garage.entity("event", key, garage.charger, entity_category=category)
    other = garage.entity("event", "other", garage.charger)
    fired = await watch(trigger, {"area_id": garage.area})

    for second, kind in enumerate((event_type, other_type, event_type)):
        for target in (entity_id, other):
            time = f"2026-11-21T12:00:0{second}.000+00:00"
            garage.hass.states.async_set(target, time, {"event_type": kind})
            await garage.hass.async_block_till_done()

    assert [entity_id, entity_id] == fired


async def test_a_plug_of_another_integration_in_the_area_does_not_trigger(
    garage: Garage, watch: Fires
) -> None:
    own = garage.entity("binary_sensor", "plug", garage.charger)
    foreign = garage.entity("binary_sensor", "plug", garage.charger, platform="other")
    fired = await watch("oye.plugged_in", {"area_id": garage.area})

    for entity_id in (foreign, own):
        garage.hass.states.async_set(entity_id, "on")
        await garage.hass.async_block_till_done()

    assert [own] == fired


async def test_an_entity_can_be_the_target(garage: Garage, watch: Fires) -> None:
    first = garage.entity("binary_sensor", "plug", garage.charger)
    second = garage.entity("binary_sensor", "plug", garage.connector)
    fired = await watch("oye.plugged_in", {"entity_id": second})

    for entity_id in (first, second):
        garage.hass.states.async_set(entity_id, "on")
        await garage.hass.async_block_till_done()

    assert [second] == fired
