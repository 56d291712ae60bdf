"""What Supervisor knows of the app that runs the proxy."""

from typing import Final

from homeassistant.components.hassio import HassioNotReadyError, get_addons_info
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.hassio import is_hassio

RUNNING: Final = frozenset({"started", "startup"})


@callback
def async_is_installed(hass: HomeAssistant, slug: str) -> bool | None:
    """Return whether an app is installed; None when Supervisor has not told yet."""
    if not is_hassio(hass):
        return None
    try:
        return slug in get_addons_info(hass)
    except HassioNotReadyError:
        return None


@callback
def async_stopped_app(hass: HomeAssistant, slug: str) -> str | None:
    """Return the name of an app that is installed and does not run."""
    if not async_is_installed(hass, slug):
        return None
    app = get_addons_info(hass)[slug]
    if app is None or app.get("state") in RUNNING:
        return None
    return str(app.get("name") or slug)
