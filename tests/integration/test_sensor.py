"""Every sensor as Home Assistant shows it, when there is one, and when it is available."""

from datetime import timedelta

import pytest
from custom_components.oye import (
    binary_sensor,
    button,
    event,
    number,
    select,
    sensor,
    switch,
)
from custom_components.oye.const import CONF_METER_INTERVAL, DOMAIN
from custom_components.oye.entity import (
    ChargerDescription,
    ConnectorDescription,
    ProxyDescription,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion
from tests.integration import chargers
from tests.integration.chargers import sample
from tests.integration.conftest import SetUp, until
from tests.integration.contract import complete
from tests.integration.fake_proxy import INSTANCE, FakeProxy
from tests.integration.shown import entity_id, shown, tell
from tests.integration.test_translations import described

pytestmark = pytest.mark.usefixtures("every_entity_enabled")

MODULES = (binary_sensor, button, event, number, select, sensor, switch)
ALWAYS = {"last_message", "last_boot", "journal_pending", "energy"}


@pytest.fixture(autouse=True)
def _no_other_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.oye.PLATFORMS", [Platform.SENSOR])


@pytest.mark.snapshots
@pytest.mark.parametrize(
    "charger",
    [pytest.param(chargers.charging(), id="1.6"), pytest.param(chargers.two_evses(), id="2.0.1")],
)
async def test_sensors(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
    charger: chargers.Json,
) -> None:
    proxy.put(charger)
    await set_up(entry)

    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


def test_no_key_is_used_on_two_levels() -> None:
    """Else connector 1 of the charger `A` and the charger `A_1` could share a unique id."""
    levels = {
        level: {
            one.key for module in MODULES for one in described(module) if isinstance(one, level)
        }
        for level in (ProxyDescription, ChargerDescription, ConnectorDescription)
    }
    of_proxy, of_charger, of_connector = levels.values()

    assert all(levels.values())
    assert set() == of_proxy & of_charger | of_proxy & of_connector | of_charger & of_connector


def test_the_key_of_an_entity_is_its_translation_key() -> None:
    """Triggers and conditions find entities by it."""
    keys = [(one.key, one.translation_key) for module in MODULES for one in described(module)]

    assert [] == [key for key, translation_key in keys if key != translation_key]


def keys_by_availability(hass: HomeAssistant) -> dict[bool, set[str]]:
    """Return the keys of the sensors of CP1 by whether they are available."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for one in er.async_get(hass).entities.values():
        state = hass.states.get(one.entity_id)
        if one.unique_id.startswith("CP1") and one.translation_key and state:
            found[state.state != "unavailable"].add(one.translation_key)
    return found


async def test_without_its_charger_a_sensor_is_unavailable_unless_it_keeps_its_meaning(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    proxy.put(chargers.charging("CP1"))
    await set_up(entry)
    before = keys_by_availability(hass)
    await tell(hass, proxy, entry, chargers.charging("CP1", connected=False))
    gone = keys_by_availability(hass)
    await tell(hass, proxy, entry, chargers.charging("CP1"))

    assert set() == before[False]
    assert ALWAYS == gone[True]
    assert before[True] - ALWAYS == gone[False]
    assert before == keys_by_availability(hass)


@pytest.mark.parametrize("changes", [{"mode": "forward", "link": "holding"}, {"mode": "monitor"}])
async def test_neither_the_csms_nor_the_mode_makes_a_sensor_unavailable(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    changes: dict[str, str],
) -> None:
    proxy.put(chargers.charging("CP1", **changes))
    await set_up(entry)

    assert set() == keys_by_availability(hass)[False]


async def test_without_the_proxy_every_sensor_is_unavailable(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """That its stream ends is not enough: a request must fail too."""
    proxy.put(chargers.charging("CP1"))
    await set_up(entry)
    await proxy.drop()
    await until(hass, lambda: proxy.listeners)
    during = keys_by_availability(hass)
    await proxy.stop()
    await until(hass, lambda: not entry.runtime_data.last_update_success)
    gone = keys_by_availability(hass)
    count = shown(hass, f"{INSTANCE}_chargers_connected")

    assert set() == during[False]
    assert set() == gone[True]
    assert "unavailable" == count


async def test_a_measurand_that_appears_later_gets_its_sensor_then(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    charger = chargers.idle("CP1")
    charger["connectors"][0]["powerW"] = None
    proxy.put(charger)
    await set_up(entry)
    keys = ("power", "energy", "current", "soc", "voltage_l1", "energy_export")
    before = [entity_id(hass, f"CP1_1_{key}") for key in keys]
    charger = chargers.charging("CP1")
    charger["connectors"][0]["samples"]["Energy.Active.Export.Register"] = sample(1500.0, "Wh")
    await tell(hass, proxy, entry, charger)

    assert [None] * len(keys) == before
    assert ["6871.3", "4685.8462", "10.0", "44.1", "234.0", "1.5"] == [
        shown(hass, f"CP1_1_{key}") for key in keys
    ]


async def test_a_sensor_stays_when_its_measurand_is_gone(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """Its state is unknown then, also after a restart: a value never seen is not unavailable."""
    proxy.put(chargers.charging("CP1"))
    await set_up(entry)
    await tell(hass, proxy, entry, chargers.idle("CP1"))
    later = shown(hass, "CP1_1_soc")
    await hass.config_entries.async_reload(entry.entry_id)
    await until(hass, lambda: proxy.listeners == 1)

    assert ("unknown", "unknown") == (later, shown(hass, "CP1_1_soc"))


async def test_a_second_connector_moves_entities_to_child_devices_without_renaming(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    entity_registry: er.EntityRegistry,
    device_registry: dr.DeviceRegistry,
) -> None:
    proxy.put(chargers.charging("CP1"))
    await set_up(entry)
    before = {
        one.unique_id: one.entity_id
        for one in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    }
    grown = chargers.charging("CP1")
    grown["connectors"].append(chargers.connector(2))
    await proxy.push(complete("ChargerState", grown))
    await until(hass, lambda: entity_id(hass, "CP1_2_status") and proxy.listeners == 1)
    after = {
        one.unique_id: one
        for one in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    }
    charger = device_registry.async_get_device_by_identifier((DOMAIN, "CP1"), entry.entry_id)
    child = device_registry.async_get_child_device_by_identifier((DOMAIN, "CP1#1"), entry.entry_id)

    assert charger is not None
    assert child is not None
    assert before == {key: after[key].entity_id for key in before}
    assert {child.id} == {one.device_id for key, one in after.items() if key.startswith("CP1_1_")}
    assert charger.id == after["CP1_last_boot"].device_id
    assert "charging" == shown(hass, "CP1_1_status")
    assert "available" == shown(hass, "CP1_2_status")


async def test_a_busy_charger_does_not_write_the_states_of_another(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    proxy.put(chargers.charging("CP1"))
    proxy.put(chargers.two_evses("CP2"))
    await set_up(entry)

    def reported() -> dict[str, float]:
        return {
            one.entity_id: one.last_reported_timestamp
            for one in hass.states.async_all("sensor")
            if one.entity_id.startswith("sensor.cp2")
        }

    before = reported()
    for status in ("SuspendedEV", "Charging", "Faulted"):
        charger = chargers.charging("CP1")
        charger["connectors"][0]["status"] = status
        await tell(hass, proxy, entry, charger)

    assert "faulted" == shown(hass, "CP1_1_status")
    assert before
    assert before == reported()


async def test_meter_values_are_shown_once_in_the_interval_of_the_options(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """A change of the status is shown at once all the same, with the newest values."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_METER_INTERVAL: 30})
    proxy.put(chargers.charging("CP1"))
    await set_up(entry)
    seen = []
    for watts, status in ((1.0, "Charging"), (2.0, "Charging"), (3.0, "Charging")):
        await tell(hass, proxy, entry, with_power(watts, status))
        seen.append(shown(hass, "CP1_1_power"))
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31))
    await hass.async_block_till_done()
    seen.append(shown(hass, "CP1_1_power"))
    await tell(hass, proxy, entry, with_power(4.0, "SuspendedEVSE"))
    seen.append(shown(hass, "CP1_1_power"))

    assert ["6871.3", "6871.3", "6871.3", "3.0", "4.0"] == seen


def with_power(watts: float, status: str) -> chargers.Json:
    charger = chargers.charging("CP1")
    charger["connectors"][0] |= {"powerW": watts, "status": status}
    return charger


async def test_the_proxy_counts_the_chargers_that_are_connected(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    await set_up(entry)
    seen = [shown(hass, f"{INSTANCE}_chargers_connected")]
    for charger in (
        chargers.idle("CP1"),
        chargers.idle("CP2"),
        chargers.idle("CP1", connected=False),
    ):
        await tell(hass, proxy, entry, charger)
        seen.append(shown(hass, f"{INSTANCE}_chargers_connected"))

    assert ["0", "1", "2", "1"] == seen
