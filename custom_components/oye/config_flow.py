"""The config flow of OYE."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from .api import OyeAuthenticationError, OyeClient, OyeError
from .const import API_VERSION, CONF_APP_SLUG, DOMAIN, LOGGER

# In these an entry takes over another address and token by a reload.
RELOADED: Final = (
    ConfigEntryState.LOADED,
    ConfigEntryState.SETUP_ERROR,
    ConfigEntryState.SETUP_RETRY,
    ConfigEntryState.SETUP_IN_PROGRESS,
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the app announces."""

    url: str
    token: str
    instance_id: str
    api_version: int


class OyeConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up a proxy that its app announced."""

    VERSION = 1
    MINOR_VERSION = 1

    _announcement: Announcement
    _name: str
    _slug: str

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say that the app announces itself."""
        return self.async_abort(reason="discovered_by_app")

    @override
    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """Take what the app announces: a new proxy, or a change of a known one."""
        announcement = _parse(discovery_info.config)
        if announcement is None:
            return self.async_abort(reason="invalid_discovery_info")
        entry = await self.async_set_unique_id(announcement.instance_id)
        if entry is not None:
            self._update(entry, announcement, discovery_info.slug)
            return self.async_abort(reason="already_configured")
        self._announcement = announcement
        self._name = discovery_info.name
        self._slug = discovery_info.slug
        self.context["title_placeholders"] = {"name": self._name}
        self.context["configuration_url"] = f"homeassistant://config/app/{self._slug}/info"
        return await self.async_step_hassio_confirm()

    async def async_step_hassio_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask the owner, once the proxy answers."""
        errors: dict[str, str] = {}
        if user_input is not None:
            found = self._announcement
            error = await self._error(found.url, found.token, found.instance_id)
            if error is None:
                return self.async_create_entry(
                    title=self._name, data=_data(self._announcement, self._slug)
                )
            errors["base"] = error
        return self.async_show_form(
            step_id="hassio_confirm",
            description_placeholders={"app": self._name},
            errors=errors,
        )

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Say that the proxy does not take the token any more."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Try the token again; the app announces another one by itself."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            url, token = entry.data[CONF_URL], entry.data[CONF_TOKEN]
            error = await self._error(url, token, entry.unique_id)
            if error is None:
                return self.async_update_reload_and_abort(entry)
            errors["base"] = error
        return self.async_show_form(
            step_id="reauth_confirm",
            description_placeholders={"app": entry.title},
            errors=errors,
        )

    async def _error(self, url: str, token: str, instance_id: str | None) -> str | None:
        """Return why a proxy cannot be used; None when it can."""
        client = OyeClient(async_get_clientsession(self.hass), url, token)
        try:
            proxy = await client.info()
            await client.state()
        except OyeAuthenticationError:
            return "invalid_auth"
        except OyeError:
            return "cannot_connect"
        except Exception:  # noqa: BLE001 - the last arm of a flow
            LOGGER.exception("Unexpected error")
            return "unknown"
        if proxy.api_version != API_VERSION:
            return "unsupported_version"
        return None if proxy.instance_id == instance_id else "wrong_instance"

    def _update(self, entry: ConfigEntry, announcement: Announcement, slug: str) -> None:
        """Give a known proxy its new address and token."""
        data = {**entry.data, **_data(announcement, slug)}
        changed = self.hass.config_entries.async_update_entry(entry, data=data)
        if changed and entry.state in RELOADED:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)


def _parse(config: dict[str, Any]) -> Announcement | None:
    match config:
        case {
            "host": str(host),
            "port": int(port),
            "token": str(token),
            "instance_id": str(instance_id),
            "api_version": int(api_version),
        } if host and token and instance_id:
            return Announcement(f"http://{host}:{port}", token, instance_id, api_version)
    return None


def _data(announcement: Announcement, slug: str) -> dict[str, Any]:
    return {
        CONF_URL: announcement.url,
        CONF_TOKEN: announcement.token,
        CONF_VERIFY_SSL: True,
        CONF_APP_SLUG: slug,
    }
