"""The devices of an entry are as the proxy's state is."""

from typing import Any

from custom_components.oye import async_remove_config_entry_device
from custom_components.oye.const import CONF_APP_SLUG, DOMAIN
from custom_components.oye.models import Connector
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntry, DeviceEntryType, DeviceRegistry
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.conftest import SLUG, SetUp, until
from tests.integration.fake_proxy import INSTANCE, FakeProxy


def device(registry: DeviceRegistry, entry: MockConfigEntry, identifier: str) -> DeviceEntry | None:
    return registry.async_get_device_by_identifier((DOMAIN, identifier), entry.entry_id)


async def test_the_proxy_is_a_service_and_its_chargers_are_behind_it(
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    device_registry: DeviceRegistry,
) -> None:
    proxy.put(chargers.idle("CP3", name="Garage"))
    await set_up(entry)
    service = device(device_registry, entry, INSTANCE)
    charger = device(device_registry, entry, "CP3")

    assert service is not None
    assert charger is not None
    assert (DeviceEntryType.SERVICE, "OYE", "0.1.0", f"homeassistant://app/{SLUG}") == (
        service.entry_type,
        service.name,
        service.sw_version,
        service.configuration_url,
    )
    assert ("Garage", "TestVendor", "TestModel", "CP3", "1.0.0", service.id) == (
        charger.name,
        charger.manufacturer,
        charger.model,
        charger.serial_number,
        charger.sw_version,
        charger.via_device_id,
    )


async def test_a_proxy_with_an_address_is_configured_there(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    device_registry: DeviceRegistry,
) -> None:
    entry.add_to_hass(hass)
    data = {key: value for key, value in entry.data.items() if key != CONF_APP_SLUG}
    hass.config_entries.async_update_entry(entry, data=data)
    await set_up(entry)
    service = device(device_registry, entry, INSTANCE)

    assert service is not None
    assert entry.data[CONF_URL] == service.configuration_url
    assert proxy.url == service.configuration_url


async def test_a_charger_that_is_renamed_or_updated_is_shown_so(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    device_registry: DeviceRegistry,
) -> None:
    proxy.put(chargers.idle("CP3"))
    await set_up(entry)
    await proxy.push(chargers.idle("CP3", name="Carport", firmwareVersion="2.0"))
    await until(hass, lambda: entry.runtime_data.data.chargers["CP3"].name == "Carport")
    charger = device(device_registry, entry, "CP3")

    assert charger is not None
    assert ("Carport", "2.0") == (charger.name, charger.sw_version)


async def test_a_charger_that_is_deleted_loses_its_device(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    device_registry: DeviceRegistry,
) -> None:
    """At once, or by a snapshot when it was deleted while nobody listened."""
    proxy.put(chargers.idle("CP3"))
    proxy.put(chargers.idle("CP4"))
    await set_up(entry)
    await proxy.remove("CP3")
    await until(hass, lambda: device(device_registry, entry, "CP3") is None)
    await hass.config_entries.async_unload(entry.entry_id)
    proxy.chargers.clear()
    await hass.config_entries.async_setup(entry.entry_id)
    await until(hass, lambda: proxy.listeners)

    assert device(device_registry, entry, "CP4") is None
    assert device(device_registry, entry, INSTANCE) is not None


async def test_a_charger_that_cannot_be_read_costs_no_device(
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    device_registry: DeviceRegistry,
) -> None:
    proxy.put(chargers.idle("CP3"))
    await set_up(entry)
    broken: dict[str, Any] = chargers.idle("CP3") | {"chargePointId": ""}
    proxy.chargers = {"CP3": broken}
    await entry.runtime_data.async_refresh()

    assert device(device_registry, entry, "CP3") is not None
    assert not entry.runtime_data.data.complete


async def test_connectors_are_devices_only_where_there_are_several(
    proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    proxy.put(chargers.idle("CP3"))
    proxy.put(chargers.two_evses("CP2"))
    await set_up(entry)
    devices = entry.runtime_data.devices
    only, second = devices.connector_info("CP3", 1), devices.connector_info("CP2", 2)

    assert {(DOMAIN, "CP3")} == only["identifiers"]
    assert {(DOMAIN, "CP2#2")} == second["identifiers"]
    assert {"number": "2"} == second["translation_placeholders"]


async def test_a_charger_that_grows_to_several_connectors_is_reloaded_once(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
) -> None:
    proxy.put(chargers.idle("CP3"))
    await set_up(entry)
    before = entry.runtime_data
    two = [chargers.connector(1), chargers.connector(2)]
    await proxy.push(chargers.charger("CP3", two))
    await until(hass, lambda: entry.runtime_data is not before and proxy.listeners)
    await proxy.push(chargers.charger("CP3", two, name="Carport"))
    await until(hass, lambda: entry.runtime_data.data.chargers["CP3"].name == "Carport")
    connectors: list[Connector] = list(entry.runtime_data.data.chargers["CP3"].connectors.values())

    assert [1, 2] == [one.number for one in connectors]
    assert 2 == proxy.requests.count("GET /api/info")


async def test_a_connector_that_is_gone_loses_its_device(
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    device_registry: DeviceRegistry,
) -> None:
    proxy.put(chargers.two_evses("CP2"))
    await set_up(entry)
    parent = device(device_registry, entry, "CP2")
    assert parent is not None
    for number in (1, 2, 3):
        device_registry.async_get_or_create_child(
            config_entry_id=entry.entry_id,
            identifiers={(DOMAIN, f"CP2#{number}")},
            parent_device_id=parent.id,
            name=str(number),
        )
    await entry.runtime_data.async_refresh()
    children = dr.async_child_entries_for_config_entry(device_registry, entry.entry_id)

    assert {(DOMAIN, "CP2#1"), (DOMAIN, "CP2#2")} == {
        identifier for child in children for identifier in child.identifiers
    }


async def test_only_a_charger_that_the_proxy_forgot_can_be_removed_by_hand(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    device_registry: DeviceRegistry,
) -> None:
    proxy.put(chargers.two_evses("CP2"))
    await set_up(entry)
    old = device_registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "OLD")}
    )
    service, charger = (
        device(device_registry, entry, INSTANCE),
        device(device_registry, entry, "CP2"),
    )
    assert service is not None
    assert charger is not None
    child = device_registry.async_get_or_create_child(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, "CP2#1")},
        parent_device_id=charger.id,
        name="1",
    )
    allowed = [
        await async_remove_config_entry_device(hass, entry, one)
        for one in (old, service, charger, child)
    ]
    await hass.config_entries.async_unload(entry.entry_id)

    assert [True, False, False, False] == allowed
    assert not await async_remove_config_entry_device(hass, entry, old)
