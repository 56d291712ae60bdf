"""A charger that two proxies know is shown by one entry, and the owner is told of it."""

from collections.abc import AsyncIterator

import pytest
from custom_components.oye.const import DOMAIN
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.conftest import SetUp, until
from tests.integration.fake_proxy import TOKEN, FakeProxy

ANOTHER = "11111111-2222-4333-8444-555555555555"
CONNECTED = "binary_sensor.cp3_connected"


@pytest.fixture
async def second(proxy: FakeProxy) -> AsyncIterator[FakeProxy]:
    """Start a second proxy, which knows a charger of the first and one of its own."""
    proxy.put(chargers.idle("CP3"))
    second = FakeProxy(instance_id=ANOTHER)
    second.put(chargers.idle("CP3"))
    second.put(chargers.idle("CP5"))
    await second.start()
    yield second
    await second.stop()

    assert [] == second.faults


@pytest.fixture
def other(second: FakeProxy) -> MockConfigEntry:
    """Return the entry of the second proxy; not yet added."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Second",
        unique_id=ANOTHER,
        data={"url": second.url, "token": TOKEN, "verify_ssl": True},
    )


@pytest.fixture
async def both(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    set_up: SetUp,
    second: FakeProxy,
    other: MockConfigEntry,
) -> None:
    """Set up the first entry, then the second."""
    await set_up(entry)
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    await until(hass, lambda: second.listeners)


def shown(entry: MockConfigEntry) -> list[str]:
    return sorted(entry.runtime_data.data.chargers)


def told(hass: HomeAssistant) -> list[str | None]:
    return [one.translation_key for one in ir.async_get(hass).issues.values()]


@pytest.mark.usefixtures("both")
async def test_the_second_entry_leaves_a_charger_to_the_first(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    second: FakeProxy,
    other: MockConfigEntry,
) -> None:
    """Until the first has it no longer."""
    before = shown(entry), shown(other), told(hass)
    await proxy.remove("CP3")
    await until(hass, lambda: not shown(entry))
    await second.push(chargers.idle("CP3"))
    await until(hass, lambda: "CP3" in shown(other))

    assert (["CP3"], ["CP5"], ["duplicate_charger"]) == before
    assert [] == told(hass)


@pytest.mark.usefixtures("both")
async def test_an_entry_that_is_unloaded_leaves_its_chargers_to_others(
    hass: HomeAssistant, entry: MockConfigEntry, second: FakeProxy, other: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    await second.push(chargers.idle("CP3"))
    await until(hass, lambda: "CP3" in shown(other))

    assert [] == told(hass)


@pytest.mark.usefixtures("both")
async def test_news_of_another_charger_leave_the_issue_as_it_is(
    hass: HomeAssistant, second: FakeProxy, other: MockConfigEntry
) -> None:
    await second.push(chargers.idle("CP5", connected=False))
    await until(hass, lambda: not other.runtime_data.data.chargers["CP5"].connected)

    assert ["duplicate_charger"] == told(hass)


async def test_entries_that_start_together_show_a_charger_once(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    second: FakeProxy,
    other: MockConfigEntry,
) -> None:
    """As they do whenever Home Assistant starts."""
    entry.add_to_hass(hass)
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(hass, lambda: second.listeners and proxy.listeners)
    state = hass.states.get(CONNECTED)

    assert 1 == [*shown(entry), *shown(other)].count("CP3")
    assert ["duplicate_charger"] == told(hass)
    assert state is not None
    assert STATE_ON == state.state
