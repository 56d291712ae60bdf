"""An action reaches the charger or connector whose device was chosen, and no other."""

from typing import Any

import pytest
from custom_components.oye.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.actions import EVENING, WITH_TWO, act, device_id, sent
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import TOKEN, Command, FakeProxy

OF_ONE_CONNECTOR: list[tuple[str, dict[str, Any]]] = [
    ("set_charge_limit", {"current": 10}),
    ("clear_charge_limit", {"scope": "session"}),
    ("set_charging_schedule", {"periods": [{"start": 0, "limit": 6}]}),
    ("start_charging", {}),
    ("stop_charging", {}),
    ("reserve", {"id_tag": "04AA", "until": EVENING}),
    ("unlock_connector", {"confirm": True}),
]
OF_THE_WHOLE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "set_charge_limit",
        {"current": 10, "scope": "default"},
        {"limitA": 10.0, "scope": "default"},
    ),
    ("clear_charge_limit", {}, {}),
    ("clear_charge_limit", {"scope": "default"}, {"scope": "default"}),
    ("get_charging_schedule", {}, {}),
    ("stop_charging", {"transaction_id": "77"}, {"transactionId": "77"}),
    ("trigger_message", {"message": "Heartbeat"}, {"message": "Heartbeat"}),
    ("reset", {}, {"type": "soft"}),
    (
        "set_availability",
        {"operative": True, "confirm": True},
        {"operative": True, "confirm": True},
    ),
]


@pytest.mark.parametrize("identifier", WITH_TWO)
async def test_one_of_several_connectors_must_be_chosen(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, identifier: str
) -> None:
    """Nothing is sent until it is clear where to; then the number is enough."""
    device = device_id(hass, loaded, identifier)
    for action, fields in OF_ONE_CONNECTOR:
        with pytest.raises(ServiceValidationError) as failed:
            await act(hass, action, device, fields, answer=False)

        assert (action, "connector_required") == (action, failed.value.translation_key)
    assert [] == proxy.commands

    for action, fields in OF_ONE_CONNECTOR:
        await act(hass, action, device, {**fields, "connector_id": 2}, answer=False)

    assert [2] * len(OF_ONE_CONNECTOR) == [body["connectorId"] for *_, body in sent(proxy)]


@pytest.mark.parametrize("identifier", WITH_TWO)
async def test_a_whole_charger_may_be_meant(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, identifier: str
) -> None:
    device = device_id(hass, loaded, identifier)
    for action, fields, _ in OF_THE_WHOLE:
        await act(hass, action, device, fields)

    assert [body for *_, body in OF_THE_WHOLE] == [body for *_, body in sent(proxy)]


async def test_a_number_may_say_again_which_connector_it_is(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    device = device_id(hass, loaded, "NEW2#2")
    await act(hass, "start_charging", device, {"connector_id": 2})

    assert [{"connectorId": 2}] == [body for *_, body in sent(proxy)]

    with pytest.raises(ServiceValidationError) as failed:
        await act(hass, "start_charging", device, {"connector_id": 1})

    assert "connector_mismatch" == failed.value.translation_key
    assert {"number": "1"} == failed.value.translation_placeholders
    assert 1 == len(proxy.commands)


async def test_a_charger_that_the_proxy_does_not_tell_of(
    hass: HomeAssistant, loaded: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    """Its device stays while a snapshot was incomplete."""
    device = device_registry.async_get_or_create(
        config_entry_id=loaded.entry_id, identifiers={(DOMAIN, "GONE#1")}, name="Shed"
    )
    with pytest.raises(ServiceValidationError) as failed:
        await act(hass, "reset", device.id)

    assert "charger_unknown" == failed.value.translation_key
    assert {"charger": "Shed"} == failed.value.translation_placeholders


@pytest.mark.usefixtures("loaded")
async def test_devices_that_are_not_ours(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry
) -> None:
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    device = device_registry.async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "OLD1")}, name="Lamp"
    )
    for given, key in (
        (device.id, "service_device_wrong_domain"),
        ("no such device", "service_device_not_found"),
    ):
        with pytest.raises(ServiceValidationError) as failed:
            await act(hass, "start_charging", given)

        assert key == failed.value.translation_key


@pytest.mark.usefixtures("loaded")
async def test_there_is_no_first_charger(hass: HomeAssistant) -> None:
    with pytest.raises(Exception, match="device_id"):
        await hass.services.async_call(DOMAIN, "reset", {}, blocking=True)


async def test_actions_are_there_without_an_entry_and_say_that_it_is_not_loaded(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    device = device_id(hass, loaded, "OLD1")
    assert await hass.config_entries.async_unload(loaded.entry_id)
    with pytest.raises(ServiceValidationError) as failed:
        await act(hass, "start_charging", device)

    assert ConfigEntryState.NOT_LOADED is loaded.state
    assert "service_config_entry_not_loaded" == failed.value.translation_key


async def test_each_of_two_proxies_gets_what_is_for_its_own_chargers(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, set_up: SetUp
) -> None:
    second = FakeProxy(instance_id="second")
    second.put(chargers.idle("CP1"))
    await second.start()
    other = MockConfigEntry(
        domain=DOMAIN,
        title="Second",
        unique_id="second",
        data={CONF_URL: second.url, CONF_TOKEN: TOKEN, CONF_VERIFY_SSL: True},
    )
    await set_up(other)
    await act(hass, "start_charging", device_id(hass, other, "CP1"))
    await act(hass, "stop_charging", device_id(hass, loaded, "OLD1"))
    await hass.config_entries.async_unload(other.entry_id)
    await second.stop()

    assert [Command("CP1", "start", {}, 30.0)] == second.commands
    assert [Command("OLD1", "stop", {}, 30.0)] == proxy.commands
    assert [] == second.faults
