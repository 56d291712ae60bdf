"""Every binary sensor as Home Assistant shows it, and what its states mean."""

from typing import Any

import pytest
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry, snapshot_platform
from syrupy.assertion import SnapshotAssertion
from tests.integration import chargers
from tests.integration.conftest import SetUp, until
from tests.integration.fake_proxy import FakeProxy


@pytest.fixture(autouse=True)
def _no_other_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.oye.PLATFORMS", [Platform.BINARY_SENSOR])


@pytest.mark.snapshots
@pytest.mark.parametrize(
    "charger",
    [pytest.param(chargers.charging(), id="1.6"), pytest.param(chargers.two_evses(), id="2.0.1")],
)
async def test_binary_sensors(
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


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (("Available", False), ("off", "off")),
        (("Preparing", True), ("on", "off")),
        (("Charging", True), ("on", "on")),
        (("SuspendedEV", True), ("on", "off")),
        (("SuspendedEVSE", True), ("on", "off")),
        (("Finishing", True), ("on", "off")),
        (("Reserved", False), ("off", "off")),
        (("Unavailable", None), ("unknown", "off")),
        (("Faulted", None), ("unknown", "off")),
        ((None, None), ("unknown", "unknown")),
    ],
)
async def test_plug_and_charging_follow_the_status(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    told: tuple[str | None, bool | None],
    expected: tuple[str, str],
) -> None:
    """Whether a car is plugged in is not known while a connector is out of service or faulted."""
    connector = chargers.connector(1, status=told[0], plugged=told[1])
    proxy.put(chargers.charger("CP1", [connector]))
    await set_up(entry)

    assert expected == (states(hass)["plug"], states(hass)["charging"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mode": "standalone"}, ("on", "unavailable", "off", "off")),
        ({"mode": "forward", "csmsConnected": True}, ("on", "on", "off", "off")),
        ({"mode": "forward"}, ("on", "off", "off", "off")),
        ({"mode": "monitor", "fault": True}, ("on", "off", "on", "off")),
        (
            {"mode": "forward", "connected": False},
            ("off", "off", "unavailable", "unavailable"),
        ),
    ],
)
async def test_a_lost_connection_is_told_by_what_stays_available(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    changes: dict[str, Any],
    expected: tuple[str, ...],
) -> None:
    """Without a charger nothing is known but that; without a CSMS all else is."""
    proxy.put(chargers.idle("CP1"))
    await set_up(entry)
    charger = chargers.idle("CP1", **changes)
    await proxy.push(charger)
    await until(hass, lambda: entry.runtime_data.statistics.messages)
    shown = states(hass)

    assert expected == tuple(shown[key] for key in ("connected", "csms_connected", "fault", "plug"))


async def test_all_is_unavailable_without_the_proxy_and_comes_back_with_it(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """A stream that ends does not matter as long as the proxy answers requests."""
    proxy.put(chargers.charging("CP1", mode="forward"))
    await set_up(entry)
    await proxy.drop()
    await until(hass, lambda: proxy.listeners)
    during = set(states(hass).values())
    await proxy.stop()
    await until(hass, lambda: not entry.runtime_data.last_update_success)
    gone = set(states(hass).values())
    await proxy.start()
    await entry.runtime_data.async_refresh()
    await hass.async_block_till_done()

    assert {"on", "off"} == during
    assert {"unavailable"} == gone
    assert {"on", "off"} == set(states(hass).values())


def states(hass: HomeAssistant) -> dict[str, str]:
    """Return the states of charger CP1 by key."""
    return {
        one.entity_id.removeprefix("binary_sensor.cp1_"): one.state
        for one in hass.states.async_all("binary_sensor")
    }
