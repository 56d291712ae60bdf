"""Flows that mend what an issue tells of."""

from abc import abstractmethod
from typing import override

import probatio
from homeassistant.components.homeassistant import SERVICE_HOMEASSISTANT_RESTART
from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .app import async_is_installed
from .const import CONF_APP_SLUG, DOMAIN
from .upkeep import APP_MISSING, RESTART_REQUIRED


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that mends an issue."""
    match data:
        case {"key": key} if key == RESTART_REQUIRED:
            return RestartFlow()
        case {"key": key, "entry_id": str(entry_id)} if key == APP_MISSING:
            return RemoveEntryFlow(entry_id)
        case _:
            return ConfirmRepairFlow()


class _ConfirmedFlow(RepairsFlow):
    """Does one thing when the owner agrees."""

    async def async_step_init(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask; what Home Assistant begins a flow with is no answer."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, then act."""
        if user_input is not None:
            return await self._async_act()
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_form(
            step_id="confirm",
            data_schema=probatio.Schema({}),
            description_placeholders=issue.translation_placeholders if issue else None,
        )

    @abstractmethod
    async def _async_act(self) -> RepairsFlowResult:
        """Do what was agreed to."""


class RestartFlow(_ConfirmedFlow):
    """Restarts Home Assistant, which loads the new files."""

    @override
    async def _async_act(self) -> RepairsFlowResult:
        try:
            await self.hass.services.async_call(
                HOMEASSISTANT_DOMAIN, SERVICE_HOMEASSISTANT_RESTART, blocking=True
            )
        except HomeAssistantError as error:
            return self.async_abort(
                reason="restart_failed", description_placeholders={"error": str(error)}
            )
        return self.async_create_entry(data={})


class RemoveEntryFlow(_ConfirmedFlow):
    """Removes an entry whose app is no longer installed."""

    def __init__(self, entry_id: str) -> None:
        self._entry_id = entry_id

    @override
    async def _async_act(self) -> RepairsFlowResult:
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is not None:
            if async_is_installed(self.hass, entry.data.get(CONF_APP_SLUG, "")):
                return self.async_abort(reason="app_installed")
            await self.hass.config_entries.async_remove(self._entry_id)
        return self.async_create_entry(data={})
