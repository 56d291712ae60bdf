"""What the owner must do for the integration itself: restart Home Assistant, remove an entry."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.loader import async_get_integration
from homeassistant.util.hass_dict import HassKey

from .app import async_is_installed
from .const import CONF_APP_SLUG, DOMAIN
from .coordinator import OyeConfigEntry
from .issues import async_raise_issue, async_withdraw_issue, async_withdraw_issues

MANIFEST: Final = Path(__file__).with_name("manifest.json")
LOOK_INTERVAL: Final = timedelta(minutes=10)
RUNNING: Final[HassKey[str]] = HassKey("oye_running_version")
RESTART_REQUIRED: Final = "restart_required"
APP_MISSING: Final = "app_missing"


async def async_setup_upkeep(hass: HomeAssistant) -> None:
    """Remember which version runs, and let the issues of each entry end with it."""
    hass.data[RUNNING] = str((await async_get_integration(hass, DOMAIN)).version)

    @callback
    def withdraw(_change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain != DOMAIN or entry.state is not ConfigEntryState.NOT_LOADED:
            return
        async_withdraw_issues(hass, entry.entry_id)
        if not hass.config_entries.async_loaded_entries(DOMAIN):
            async_withdraw_issue(hass, DOMAIN, RESTART_REQUIRED)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, withdraw)


@callback
def async_tell_of_missing_app(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Tell that the app of an entry whose proxy does not answer is no longer installed."""
    slug = entry.data.get(CONF_APP_SLUG)
    if slug and async_is_installed(hass, slug) is False:
        async_raise_issue(
            hass,
            entry.entry_id,
            APP_MISSING,
            IssueSeverity.WARNING,
            {"name": entry.title},
            fixable=True,
        )
    else:
        async_withdraw_issue(hass, entry.entry_id, APP_MISSING)


async def async_tell_of_restart(hass: HomeAssistant) -> None:
    """Tell when other files are installed than those that run."""
    installed = await hass.async_add_executor_job(installed_version)
    if installed is None:
        return
    if installed == hass.data[RUNNING]:
        async_withdraw_issue(hass, DOMAIN, RESTART_REQUIRED)
        return
    async_raise_issue(
        hass,
        DOMAIN,
        RESTART_REQUIRED,
        IssueSeverity.WARNING,
        {"version": installed},
        fixable=True,
    )


def installed_version() -> str | None:
    """Return the version on disk; None while it is being replaced."""
    try:
        manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    except OSError, ValueError:
        return None
    version = manifest.get("version") if isinstance(manifest, dict) else None
    return version if isinstance(version, str) else None


class Upkeep:
    """Looks after one entry that is loaded: at times, and when its proxy goes or comes back."""

    def __init__(self, hass: HomeAssistant, entry: OyeConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._seen: tuple[bool, str] | None = None

    @callback
    def async_start(self) -> None:
        """Look now and from then on."""
        entry = self._entry
        entry.async_on_unload(entry.runtime_data.async_add_listener(self._notice))
        entry.async_on_unload(
            async_track_time_interval(self._hass, self._look, LOOK_INTERVAL, name="oye upkeep")
        )
        self._notice()

    @callback
    def _notice(self) -> None:
        """Look when something changed: the app brings a new integration when it is updated."""
        coordinator = self._entry.runtime_data
        seen = (coordinator.last_update_success, coordinator.data.epoch)
        if seen != self._seen:
            self._seen = seen
            self._look()

    @callback
    def _look(self, _now: datetime | None = None) -> None:
        if self._entry.runtime_data.last_update_success:
            async_withdraw_issue(self._hass, self._entry.entry_id, APP_MISSING)
        else:
            async_tell_of_missing_app(self._hass, self._entry)
        self._entry.async_create_task(
            self._hass, async_tell_of_restart(self._hass), name="oye installed version"
        )
