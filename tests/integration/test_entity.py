"""An entity writes when something of its own changed, and meter values not too often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from custom_components.oye.binary_sensor import ChargerBinarySensor, ChargerBinarySensorDescription
from custom_components.oye.entity import (
    ChargerEntity,
    ConnectorDescription,
    ConnectorEntity,
    OyeEntity,
    ProxyDescription,
    ProxyEntity,
    always,
    when_controllable,
)
from custom_components.oye.growth import async_add_described
from custom_components.oye.models import Connector
from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from tests.integration import chargers
from tests.integration.conftest import SetUp, until
from tests.integration.fake_proxy import INSTANCE, FakeProxy


@dataclass(frozen=True, kw_only=True)
class PowerDescription(SensorEntityDescription, ConnectorDescription):
    """Describe a sensor of a connector."""

    value_fn: Callable[[Connector], Any]


class ConnectorSensor(ConnectorEntity, SensorEntity):
    """A sensor that counts how often it is written."""

    entity_description: PowerDescription
    writes = 0

    @property
    def native_value(self) -> Any:
        self.writes += 1
        return self.entity_description.value_fn(self.connector)


POWER = PowerDescription(
    key="test_power", name="Power", meter=True, value_fn=lambda one: one.meter.power_w
)
STATUS = PowerDescription(key="test_status", name="Status", value_fn=lambda one: one.status)


class Platforms:
    """Collects the entities that a platform would add."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self.entities: list[Any] = []

    def add(self, **described: Any) -> list[Any]:
        def collect(new: Any, *_: Any, **__: Any) -> None:
            self.entities.extend(new)

        async_add_described(self._entry, collect, Platform.SENSOR, **described)  # type: ignore[arg-type] # the real one is a protocol
        return self.entities

    async def attach(self, entity: Entity, entity_id: str) -> None:
        entity.hass = self._hass
        entity.entity_id = entity_id
        entity.platform_data = None  # type: ignore[assignment] # nothing of it is used
        await entity.async_added_to_hass()


@pytest.fixture
async def platforms(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    monkeypatch: pytest.MonkeyPatch,
) -> Platforms:
    """Return a collector; the integration's own entities are left out."""
    monkeypatch.setattr("custom_components.oye.PLATFORMS", [])
    proxy.put(chargers.charging("CP1"))
    await set_up(entry)
    return Platforms(hass, entry)


def keys(entities: list[Any]) -> list[str | None]:
    return [entity.unique_id for entity in entities]


async def test_entities_appear_with_their_charger_and_connector(
    hass: HomeAssistant, proxy: FakeProxy, platforms: Platforms
) -> None:
    described = ChargerBinarySensorDescription(key="test", value_fn=lambda one: one.connected)
    found = platforms.add(
        proxy=[(ProxyEntity, [ProxyDescription(key="count")])],
        chargers=[(ChargerBinarySensor, [described])],
        connectors=[(ConnectorSensor, [POWER])],
    )
    first = keys(found)
    await proxy.push(chargers.idle("CP3"))
    await until(hass, lambda: len(found) > len(first))
    await proxy.remove("CP3")
    await proxy.push(chargers.idle("CP3"))
    await until(hass, lambda: len(found) == 7)

    assert [f"{INSTANCE}_count", "CP1_test", "CP1_1_test_power"] == first
    assert ["CP3_test", "CP3_1_test_power"] * 2 == keys(found)[3:]


async def test_what_a_feature_or_a_rule_forbids_does_not_exist(platforms: Platforms) -> None:
    sensors = [
        PowerDescription(key="a", feature="csms_select", value_fn=str),
        PowerDescription(key="b", exists_fn=lambda _charger, _connector: False, value_fn=str),
        PowerDescription(key="c", seen_fn=lambda _connector: False, value_fn=str),
        PowerDescription(key="d", feature="tags", value_fn=str),
    ]
    of_charger = [
        ChargerBinarySensorDescription(key="e", feature="csms_select", value_fn=bool),
        ChargerBinarySensorDescription(key="f", exists_fn=lambda _: False, value_fn=bool),
        ChargerBinarySensorDescription(key="g", seen_fn=lambda _: False, value_fn=bool),
    ]
    of_proxy = [ProxyDescription(key="h", feature="csms_select")]
    found = platforms.add(
        proxy=[(ProxyEntity, of_proxy)],
        chargers=[(ChargerBinarySensor, of_charger)],
        connectors=[(ConnectorSensor, sensors)],
    )

    assert ["CP1_1_d"] == keys(found)


async def test_an_entity_that_was_seen_once_is_made_again(
    platforms: Platforms, entry: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    entity_registry.async_get_or_create("sensor", "oye", "CP1_1_soc", config_entry=entry)
    soc = PowerDescription(key="soc", seen_fn=lambda _connector: False, value_fn=str)

    assert ["CP1_1_soc"] == keys(platforms.add(connectors=[(ConnectorSensor, [soc])]))


async def written(
    monkeypatch: pytest.MonkeyPatch, platforms: Platforms, *descriptions: PowerDescription
) -> list[str]:
    """Attach connector entities; return the list of keys that grows with each write."""
    writes: list[str] = []
    monkeypatch.setattr(
        OyeEntity,
        "async_write_ha_state",
        lambda self: writes.append(self.entity_description.key),
    )
    found = platforms.add(connectors=[(ConnectorSensor, descriptions)])
    for entity in found:
        await platforms.attach(entity, f"sensor.{entity.entity_description.key}")
    return writes


async def push_power(proxy: FakeProxy, platforms: Platforms, watts: float, **more: Any) -> None:
    charger = chargers.charging("CP1")
    charger["connectors"][0] |= {"powerW": watts} | more
    await proxy.push(charger)
    coordinator = platforms.entities[0].coordinator
    await until(
        coordinator.hass,
        lambda: coordinator.data.chargers["CP1"].connectors[1].meter.power_w == watts,
    )


async def test_meter_values_are_written_at_most_once_in_the_interval(
    hass: HomeAssistant,
    proxy: FakeProxy,
    platforms: Platforms,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writes = await written(monkeypatch, platforms, POWER, STATUS)
    for watts in (1.0, 2.0, 3.0):
        await push_power(proxy, platforms, watts)
    early = list(writes)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=6))
    await hass.async_block_till_done()

    assert [] == early
    assert ["test_power"] == writes


async def test_a_status_is_written_at_once_by_every_entity_of_the_connector(
    proxy: FakeProxy, platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = await written(monkeypatch, platforms, POWER, STATUS)
    await push_power(proxy, platforms, 1.0)
    await push_power(proxy, platforms, 0.0, status="SuspendedEV")

    assert ["test_power", "test_status"] == sorted(writes)


async def test_another_charger_is_none_of_its_business(
    hass: HomeAssistant,
    proxy: FakeProxy,
    platforms: Platforms,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writes = await written(monkeypatch, platforms, POWER, STATUS)
    await proxy.push(chargers.two_evses("CP2"))
    coordinator = platforms.entities[0].coordinator
    await until(hass, lambda: "CP2" in coordinator.data.chargers)

    assert [] == [key for key in writes if key.startswith("test_")]


async def test_availability_follows_charger_mode_and_proxy(
    hass: HomeAssistant, proxy: FakeProxy, platforms: Platforms
) -> None:
    sensors = [
        PowerDescription(key="a", value_fn=str),
        PowerDescription(key="b", available_fn=when_controllable, value_fn=str),
        PowerDescription(key="c", available_fn=always, value_fn=str),
    ]
    found = platforms.add(connectors=[(ConnectorSensor, sensors)])
    coordinator = found[0].coordinator
    seen = [[one.available for one in found]]
    for changes in ({"mode": "monitor"}, {"connected": False}):
        await proxy.push(chargers.charging("CP1", **changes))
        await until(hass, lambda: coordinator.statistics.messages == len(seen))
        seen.append([one.available for one in found])
    coordinator.last_update_success = False
    seen.append([one.available for one in found])
    coordinator.last_update_success = True
    await proxy.remove("CP1")
    await until(hass, lambda: not coordinator.data.chargers)
    seen.append([one.available for one in found])

    assert [
        [True, True, True],
        [True, False, True],
        [False, False, True],
        [False, False, False],
        [False, False, False],
    ] == seen


async def test_a_proxys_entity_follows_the_connections(
    hass: HomeAssistant,
    proxy: FakeProxy,
    platforms: Platforms,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writes: list[str] = []
    monkeypatch.setattr(
        OyeEntity, "async_write_ha_state", lambda self: writes.append(str(self.unique_id))
    )
    found = platforms.add(proxy=[(ProxyEntity, [ProxyDescription(key="count")])])
    await platforms.attach(found[0], "sensor.count")
    await push_power(proxy, platforms, 5.0)
    await proxy.push(chargers.charging("CP1", connected=False))
    await until(hass, lambda: f"{INSTANCE}_count" in writes)

    assert 1 == writes.count(f"{INSTANCE}_count")
    assert issubclass(ChargerEntity, OyeEntity)
