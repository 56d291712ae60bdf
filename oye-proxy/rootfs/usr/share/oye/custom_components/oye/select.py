"""Selects of OYE: who is in charge of a charger, and on how many phases it charges."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import FEATURE_CHARGER_MODE, FEATURE_PHASES
from .coordinator import OyeConfigEntry
from .entity import (
    ChargerDescription,
    ChargerEntity,
    ConnectorDescription,
    ConnectorEntity,
    always,
    when_controllable,
)
from .growth import async_add_described
from .helpers import async_command, proxy_errors
from .models import Mode

# The proxy keeps a queue per charger; a limit would let one silent charger block the others.
PARALLEL_UPDATES: Final = 0

# The proxy's number of phases; with 0 the charger chooses.
PHASES: Final = {"auto": 0, "1": 1, "3": 3}
_OPTION_OF_PHASES: Final = {number: option for option, number in PHASES.items()}


@dataclass(frozen=True, kw_only=True)
class ChargerSelectDescription(SelectEntityDescription, ChargerDescription):
    """Describe a select of a charger."""


@dataclass(frozen=True, kw_only=True)
class ConnectorSelectDescription(SelectEntityDescription, ConnectorDescription):
    """Describe a select of a connector."""


MODE: Final = ChargerSelectDescription(
    key="mode",
    translation_key="mode",
    entity_category=EntityCategory.CONFIG,
    options=[*Mode],
    feature=FEATURE_CHARGER_MODE,
    exists_fn=lambda charger: bool(charger.modes),
    available_fn=always,
)

PHASES_OF_SESSION: Final = ConnectorSelectDescription(
    key="phases",
    translation_key="phases",
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
    options=[*PHASES],
    feature=FEATURE_PHASES,
    available_fn=when_controllable,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OyeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects, now and when something new appears."""
    async_add_described(
        entry,
        async_add_entities,
        Platform.SELECT,
        chargers=[(ModeSelect, [MODE])],
        connectors=[(PhasesSelect, [PHASES_OF_SESSION])],
    )


class ModeSelect(ChargerEntity, SelectEntity):
    """Who is in charge of a charger; the proxy says what can be chosen."""

    entity_description: ChargerSelectDescription

    @property
    @override
    def options(self) -> list[str]:
        """Return what the proxy offers, and what is in force."""
        offered = [*self.charger.modes, *([self.charger.mode] if self.charger.mode else [])]
        return list(dict.fromkeys(offered))

    @property
    @override
    def current_option(self) -> str | None:
        """Return what is in force."""
        return self.charger.mode

    @override
    async def async_select_option(self, option: str) -> None:
        """Change it; no message to the charger is needed, so there is none to wait for."""
        charge_point_id = self.charger.charge_point_id
        with proxy_errors(self.coordinator, charge_point_id, "mode"):
            await self.coordinator.client.command(
                charge_point_id, "mode", {"mode": option}, wait=None
            )


class PhasesSelect(ConnectorEntity, SelectEntity):
    """On how many phases a connector charges."""

    entity_description: ConnectorSelectDescription

    @property
    @override
    def current_option(self) -> str | None:
        """Return what the owner wishes; None for what cannot be chosen here."""
        return _OPTION_OF_PHASES.get(self.connector.limits.session_phases or 0)

    @override
    async def async_select_option(self, option: str) -> None:
        """Change it; the limit in amperes stays."""
        body = {"phases": PHASES[option], "connectorId": self.connector.number}
        await async_command(self.coordinator, self.charger.charge_point_id, "limit", body)
