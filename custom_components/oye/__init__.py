"""The OYE integration: the chargers of an OCPP proxy."""

from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import AnyDeviceEntry, DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .api import OyeClient
from .const import DOMAIN, PLATFORMS
from .coordinator import OyeConfigEntry, OyeCoordinator
from .devices import charger_identifier
from .proxy_issues import ProxyIssues
from .services import async_setup_services
from .upkeep import Upkeep, async_setup_upkeep, async_tell_of_missing_app

CONFIG_SCHEMA: Final = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what all proxies share."""
    await async_setup_upkeep(hass)
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: OyeConfigEntry) -> bool:
    """Set up one proxy."""
    session = async_get_clientsession(hass, verify_ssl=entry.data[CONF_VERIFY_SSL])
    client = OyeClient(session, entry.data[CONF_URL], entry.data[CONF_TOKEN])
    coordinator = OyeCoordinator(hass, entry, client)
    try:
        await coordinator.async_config_entry_first_refresh()
    except ConfigEntryNotReady:
        async_tell_of_missing_app(hass, entry)
        raise
    entry.runtime_data = coordinator
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    ProxyIssues(hass, entry).async_start()
    Upkeep(hass, entry).async_start()
    entry.async_create_background_task(hass, coordinator.async_run_live(), name="oye live stream")
    return True


async def async_unload_entry(hass: HomeAssistant, entry: OyeConfigEntry) -> bool:
    """Unload one proxy; its live stream and its issues end with the entry."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: OyeConfigEntry, device: AnyDeviceEntry
) -> bool:
    """Let the owner remove the device of a charger that the proxy does not know any more."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    present = {charger_identifier(one) for one in entry.runtime_data.data.chargers}
    present.add((DOMAIN, str(entry.unique_id)))
    return isinstance(device, DeviceEntry) and present.isdisjoint(device.identifiers)
