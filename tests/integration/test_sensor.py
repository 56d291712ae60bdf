"""Every sensor as Home Assistant shows it, and when there is one."""

import pytest
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry, snapshot_platform
from syrupy.assertion import SnapshotAssertion
from tests.integration import chargers
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import FakeProxy


@pytest.fixture(autouse=True)
def _no_other_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.oye.PLATFORMS", [Platform.SENSOR])


@pytest.mark.snapshots
@pytest.mark.parametrize(
    "charger", [chargers.charging(), chargers.two_evses()], ids=["1.6", "2.0.1"]
)
@pytest.mark.usefixtures("every_entity_enabled")
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
