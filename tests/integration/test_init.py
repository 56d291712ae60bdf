"""Setting up and unloading an entry, and what is said when that cannot be."""

import pytest
from custom_components.oye.const import DOMAIN
from custom_components.oye.issues import async_raise_issue, issue_id
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.conftest import SetUp, until
from tests.integration.fake_proxy import FakeProxy


async def test_an_entry_is_set_up_without_a_word_to_any_charger(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """Nor is one said when it is reloaded or unloaded."""
    proxy.put(chargers.charging("CP1"))
    await set_up(entry)
    await hass.config_entries.async_reload(entry.entry_id)
    await until(hass, lambda: proxy.listeners == 1)
    loaded = entry.state
    await hass.config_entries.async_unload(entry.entry_id)
    await until(hass, lambda: not proxy.listeners)

    assert [] == proxy.commands
    assert ConfigEntryState.LOADED is loaded
    assert ConfigEntryState.NOT_LOADED is entry.state


async def test_an_entry_can_be_unloaded_while_it_connects(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    gate = proxy.hold("live")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await gate.reached.wait()
    await hass.config_entries.async_unload(entry.entry_id)

    assert ConfigEntryState.NOT_LOADED is entry.state


async def test_the_issues_of_an_entry_end_with_it(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp
) -> None:
    await set_up(entry)
    for owner in (entry.entry_id, "another"):
        async_raise_issue(
            hass,
            owner,
            "limit_conflict",
            ir.IssueSeverity.WARNING,
            {"charger": "Garage"},
            charge_point_id="CP1",
        )
    await hass.config_entries.async_unload(entry.entry_id)

    assert [(DOMAIN, issue_id("another", "limit_conflict", "CP1"))] == list(
        ir.async_get(hass).issues
    )


@pytest.mark.parametrize("what", ["info", "state"])
async def test_a_proxy_that_does_not_answer_is_tried_again(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, what: str
) -> None:
    proxy.interference = (502, what)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    before = (entry.state, entry.error_reason_translation_key)
    proxy.interference = None
    await hass.config_entries.async_reload(entry.entry_id)
    await until(hass, lambda: proxy.listeners)

    assert (ConfigEntryState.SETUP_RETRY, "communication_error") == before
    assert ConfigEntryState.LOADED is entry.state
