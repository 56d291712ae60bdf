"""What Home Assistant shows of an entity, found by its unique id; and telling it news."""

from custom_components.oye.const import DOMAIN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.conftest import until
from tests.integration.contract import complete
from tests.integration.fake_proxy import FakeProxy
from tests.integration.fake_requests import Json


async def tell(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, charger: Json
) -> None:
    """Tell of a charger and wait until it is taken in."""
    before = entry.runtime_data.statistics.messages
    await proxy.push(complete("ChargerState", charger))
    await until(hass, lambda: entry.runtime_data.statistics.messages > before)


def entity_id(hass: HomeAssistant, unique_id: str, platform: str = "sensor") -> str | None:
    """Return the entity id; None when there is no such entity."""
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)


def state_of(hass: HomeAssistant, unique_id: str, platform: str = "sensor") -> State:
    """Return the state with its attributes."""
    found = entity_id(hass, unique_id, platform)
    assert found is not None, unique_id
    state = hass.states.get(found)
    assert state is not None, unique_id
    return state


def shown(hass: HomeAssistant, unique_id: str, platform: str = "sensor") -> str:
    """Return the state's text."""
    return state_of(hass, unique_id, platform).state
