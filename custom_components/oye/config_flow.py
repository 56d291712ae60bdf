"""The config flow of OYE: the app announces itself, or the owner gives an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, override

import probatio
from homeassistant.config_entries import (
    SOURCE_HASSIO,
    SOURCE_IGNORE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TOKEN,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
    UnitOfTime,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import section
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from .access import SECTION_SIGN_IN, Access, Refusals, RefusedError, read_access
from .api import OyeClient
from .const import (
    API_VERSION,
    CONF_APP_SLUG,
    CONF_ID_TAGS,
    CONF_METER_INTERVAL,
    DEFAULT_METER_INTERVAL,
    DOMAIN,
    ID_TAGS_FULL,
    ID_TAGS_MASKED,
    MAXIMUM_METER_INTERVAL,
)
from .models import Proxy

# In these an entry takes over another address and token by a reload.
RELOADED: Final = frozenset(
    {
        ConfigEntryState.LOADED,
        ConfigEntryState.SETUP_ERROR,
        ConfigEntryState.SETUP_IN_PROGRESS,
        ConfigEntryState.SETUP_RETRY,
    }
)
FAILED: Final = frozenset({ConfigEntryState.SETUP_ERROR, ConfigEntryState.SETUP_RETRY})

_PASSWORD_FIELD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)
_ADDRESS: Final[dict[probatio.Marker, Any]] = {
    probatio.Required(CONF_URL): TextSelector(TextSelectorConfig(type=TextSelectorType.URL)),
    probatio.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
}
_CREDENTIALS: Final[dict[probatio.Marker, Any]] = {
    probatio.Optional(probatio.Secret(CONF_TOKEN)): _PASSWORD_FIELD,
    probatio.Required(SECTION_SIGN_IN): section(
        probatio.Schema(
            {
                probatio.Optional(CONF_USERNAME): TextSelector(
                    TextSelectorConfig(autocomplete="username")
                ),
                probatio.Optional(probatio.Secret(CONF_PASSWORD)): _PASSWORD_FIELD,
            }
        ),
        {"collapsed": True},
    ),
}
USER_SCHEMA: Final = probatio.Schema({**_ADDRESS, **_CREDENTIALS})
REAUTH_SCHEMA: Final = probatio.Schema(_CREDENTIALS)
OPTIONS_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(CONF_METER_INTERVAL, default=DEFAULT_METER_INTERVAL): probatio.All(
            NumberSelector(
                NumberSelectorConfig(
                    min=1,
                    max=MAXIMUM_METER_INTERVAL,
                    step=1,
                    unit_of_measurement=UnitOfTime.SECONDS,
                    mode=NumberSelectorMode.BOX,
                )
            ),
            probatio.Coerce(int),
        ),
        probatio.Required(CONF_ID_TAGS, default=ID_TAGS_FULL): SelectSelector(
            SelectSelectorConfig(
                options=[ID_TAGS_FULL, ID_TAGS_MASKED], translation_key=CONF_ID_TAGS
            )
        ),
    }
)


@dataclass(frozen=True, slots=True)
class _Announcement:
    """What the app announces."""

    url: str
    token: str
    instance_id: str


class OyeConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up a proxy."""

    VERSION = 1
    MINOR_VERSION = 1

    _announcement: _Announcement
    _name: str
    _slug: str

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OyeOptionsFlow:
        """Return the flow of the options."""
        return OyeOptionsFlow()

    @override
    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """Take what the app announces: a new proxy, or a change of a known one."""
        announcement = _parse(discovery_info.config)
        if announcement is None:
            return self.async_abort(reason="invalid_discovery_info")
        entry = await self.async_set_unique_id(announcement.instance_id, raise_on_progress=False)
        if entry is not None:
            self._update(entry, announcement, discovery_info.slug)
            return self.async_abort(reason="already_configured")
        if self._async_in_progress(match_context={"source": SOURCE_USER}):
            return self.async_abort(reason="already_in_progress")
        self._replace_older()
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
        found = self._announcement
        errors: dict[str, str] = {}
        try:
            access = Access(found.url, verify_ssl=True, token=found.token)
            proxy = await self._identify(access)
            if proxy.instance_id != found.instance_id:
                errors["base"] = "wrong_instance"
            else:
                await self._authorize(access)
        except RefusedError as error:
            errors["base"] = str(error)
        if user_input is not None and not errors:
            return self.async_create_entry(title=self._name, data=_data(found, self._slug))
        self._set_confirm_only()
        return self.async_show_form(
            step_id="hassio_confirm",
            description_placeholders={"app": self._name},
            errors=errors,
        )

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take an address and credentials."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                access = read_access(user_input)
                proxy = await self._identify(access)
                await self.async_set_unique_id(proxy.instance_id, raise_on_progress=False)
                self._abort_if_unique_id_configured()
                token = await self._authorize(access)
            except RefusedError as error:
                errors = _errors(error)
            else:
                return self.async_create_entry(title=proxy.name, data=_entry_data(access, token))
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(USER_SCHEMA, _typed(user_input)),
            errors=errors,
        )

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Say that the proxy does not take the token any more."""
        if CONF_APP_SLUG in entry_data:
            return await self.async_step_reauth_confirm_app()
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take other credentials."""
        return await self._renew("reauth_confirm", user_input)

    async def async_step_reauth_confirm_app(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take other credentials, though the app announces its token by itself."""
        return await self._renew("reauth_confirm_app", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take another address, and other credentials if there are any."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                access = read_access(user_input, entry.data[CONF_TOKEN])
                token = await self._same_proxy(access)
            except RefusedError as error:
                errors = _errors(error)
            else:
                updates = _entry_data(access, token)
                return self.async_update_reload_and_abort(entry, data_updates=updates)
        shown = _typed(user_input or dict(entry.data))
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(USER_SCHEMA, shown),
            errors=errors,
        )

    async def _renew(self, step_id: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                access = read_access({**entry.data, CONF_TOKEN: None, **user_input})
                token = await self._same_proxy(access)
            except RefusedError as error:
                errors = _errors(error)
            else:
                return self.async_update_reload_and_abort(entry, data_updates={CONF_TOKEN: token})
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(REAUTH_SCHEMA, _typed(user_input)),
            description_placeholders={"name": entry.title},
            errors=errors,
        )

    async def _same_proxy(self, access: Access) -> str:
        """Return a token of the proxy of the entry; abort when another one answers."""
        proxy = await self._identify(access)
        await self.async_set_unique_id(proxy.instance_id, raise_on_progress=False)
        self._abort_if_unique_id_mismatch(reason="wrong_instance")
        return await self._authorize(access)

    async def _identify(self, access: Access) -> Proxy:
        """Return who answers; raise RefusedError when it cannot be used."""
        with Refusals():
            proxy = await self._client(access).info()
        if proxy.api_version != API_VERSION:
            raise RefusedError("unsupported_version")
        return proxy

    async def _authorize(self, access: Access) -> str:
        """Return a token with which all that we need works; raise RefusedError."""
        with Refusals():
            token = access.token or await self._client(access).create_token()
            session = async_get_clientsession(self.hass, verify_ssl=access.verify_ssl)
            client = OyeClient(session, access.url, token)
            await client.state()
            await client.check_control()
        return token

    def _client(self, access: Access) -> OyeClient:
        session = async_get_clientsession(self.hass, verify_ssl=access.verify_ssl)
        if access.token:
            return OyeClient(session, access.url, access.token)
        return OyeClient.signed_in(
            session, access.url, access.username or "", access.password or ""
        )

    def _update(self, entry: ConfigEntry, announcement: _Announcement, slug: str) -> None:
        """Give a known proxy its new address and token."""
        if entry.source == SOURCE_IGNORE:
            return
        data = {**entry.data, **_data(announcement, slug)}
        changed = self.hass.config_entries.async_update_entry(entry, data=data)
        # The app may be another version now: what could not be set up is tried again.
        if entry.state in RELOADED and (changed or entry.state in FAILED):
            self.hass.config_entries.async_schedule_reload(entry.entry_id)

    def _replace_older(self) -> None:
        """End an older announcement of the same proxy: its token may be another one."""
        same = {"source": SOURCE_HASSIO, "unique_id": self.unique_id}
        for flow in self._async_in_progress(include_uninitialized=True, match_context=same):
            self.hass.config_entries.flow.async_abort(flow["flow_id"])


class OyeOptionsFlow(OptionsFlowWithReload):
    """Change how values are shown."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take the options."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        shown = self.config_entry.options
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(OPTIONS_SCHEMA, shown),
        )


def _errors(error: RefusedError) -> dict[str, str]:
    """Return the error at the field that it is about."""
    return {CONF_URL if str(error) == "invalid_url" else "base": str(error)}


def _typed(user_input: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what was typed but the secrets."""
    typed = dict(user_input or {})
    typed.pop(CONF_TOKEN, None)
    sign_in = dict(typed.get(SECTION_SIGN_IN) or {})
    sign_in.pop(CONF_PASSWORD, None)
    return {**typed, SECTION_SIGN_IN: sign_in}


def _parse(config: Mapping[str, Any]) -> _Announcement | None:
    match config:
        case {
            "host": str(host),
            "port": int(port),
            "token": str(token),
            "instance_id": str(instance_id),
            "api_version": int(),
            "version": str(),
        } if host and token and instance_id:
            return _Announcement(f"http://{host}:{port}", token, instance_id)
        case _:
            return None


def _entry_data(access: Access, token: str) -> dict[str, Any]:
    return {CONF_URL: access.url, CONF_TOKEN: token, CONF_VERIFY_SSL: access.verify_ssl}


def _data(announcement: _Announcement, slug: str) -> dict[str, Any]:
    return {
        CONF_URL: announcement.url,
        CONF_TOKEN: announcement.token,
        CONF_VERIFY_SSL: True,
        CONF_APP_SLUG: slug,
    }
