"""What the page of system information says of OYE."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from .api import OyeClient, OyeConnectionError, OyeError
from .const import DOMAIN
from .coordinator import OyeConfigEntry, OyeCoordinator
from .models import Charger, Mode

NEVER: Final = "-"


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what gives the information."""
    register.async_register_info(async_info)


async def async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return what is known of all entries; with several, each value says whose it is."""
    entries: list[OyeConfigEntry] = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    loaded = [one for one in entries if one in hass.config_entries.async_loaded_entries(DOMAIN)]
    info: dict[str, Any] = {}
    if loaded:
        for key, value_of in VALUES.items():
            values = [value_of(one.runtime_data) for one in loaded]
            if len(entries) > 1:
                values = [
                    f"{one.title}: {value}" for one, value in zip(loaded, values, strict=True)
                ]
            info[key] = ", ".join(values)
    if entries:
        info["reachable"] = _reachable(hass, entries)
    return info


async def _reachable(hass: HomeAssistant, entries: list[OyeConfigEntry]) -> str | dict[str, str]:
    """Ask each proxy who it is, with the same checks of its certificate as always."""
    for entry in entries:
        session = async_get_clientsession(hass, verify_ssl=entry.data[CONF_VERIFY_SSL])
        try:
            await OyeClient(session, entry.data[CONF_URL], entry.data[CONF_TOKEN]).info()
        except OyeConnectionError:
            return {"type": "failed", "error": "unreachable"}
        except OyeError:
            # Who refuses the token can be reached.
            continue
    return "ok"


def _stream(coordinator: OyeCoordinator) -> str:
    return "connected" if coordinator.statistics.connected else "disconnected"


def _snapshot_age(coordinator: OyeCoordinator) -> str:
    return _age(coordinator.statistics.last_snapshot)


def _age(moment: datetime | None) -> str:
    if moment is None:
        return NEVER
    seconds = max(0, int((dt_util.utcnow() - moment).total_seconds()))
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _chargers_connected(coordinator: OyeCoordinator) -> str:
    chargers = coordinator.data.chargers.values()
    return f"{sum(one.connected for one in chargers)}/{len(chargers)}"


def _csms_links(coordinator: OyeCoordinator) -> str:
    with_csms = [one for one in coordinator.data.chargers.values() if _has_csms(one)]
    return f"{sum(one.csms_connected for one in with_csms)}/{len(with_csms)}"


def _has_csms(charger: Charger) -> bool:
    return charger.mode is not Mode.STANDALONE


VALUES: Final[Mapping[str, Callable[[OyeCoordinator], str]]] = {
    "proxy_version": lambda coordinator: coordinator.data.proxy.version or NEVER,
    "api_version": lambda coordinator: str(coordinator.data.proxy.api_version),
    "stream": _stream,
    "snapshot_age": _snapshot_age,
    "chargers_connected": _chargers_connected,
    "csms_links": _csms_links,
}
