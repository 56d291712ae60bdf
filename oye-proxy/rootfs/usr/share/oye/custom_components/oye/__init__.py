"""The OYE integration: the chargers of an OCPP proxy."""

from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import DeviceEntryType

from .api import OyeClient
from .const import CONF_APP_SLUG, DOMAIN, PLATFORMS
from .coordinator import OyeConfigEntry, OyeCoordinator


async def async_setup_entry(hass: HomeAssistant, entry: OyeConfigEntry) -> bool:
    """Set up one proxy."""
    session = async_get_clientsession(hass, verify_ssl=entry.data[CONF_VERIFY_SSL])
    client = OyeClient(session, entry.data[CONF_URL], entry.data[CONF_TOKEN])
    coordinator = OyeCoordinator(hass, entry, client)
    await coordinator.async_config_entry_first_refresh()
    _register_proxy(hass, entry, coordinator)
    entry.runtime_data = coordinator
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_create_background_task(hass, coordinator.async_run_live(), name="oye live stream")
    return True


async def async_unload_entry(hass: HomeAssistant, entry: OyeConfigEntry) -> bool:
    """Unload one proxy; its live stream ends with the entry."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


def _register_proxy(
    hass: HomeAssistant, entry: OyeConfigEntry, coordinator: OyeCoordinator
) -> None:
    """Make the device that chargers are reached through."""
    proxy = coordinator.data.proxy
    slug = entry.data.get(CONF_APP_SLUG)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, proxy.instance_id)},
        entry_type=DeviceEntryType.SERVICE,
        name=proxy.name,
        sw_version=proxy.version,
        configuration_url=f"homeassistant://app/{slug}" if slug else entry.data[CONF_URL],
    )
    coordinator.proxy_device_id = device.id
