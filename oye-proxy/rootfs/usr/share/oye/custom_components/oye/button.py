"""Buttons of OYE: commands that have no state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, override

from homeassistant.components.button import (
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OyeConfigEntry, OyeCoordinator
from .entity import (
    ChargerDescription,
    ChargerEntity,
    ConnectorDescription,
    ConnectorEntity,
    when_controllable,
)
from .growth import async_add_described
from .helpers import async_command
from .models import Charger, Connector

# The proxy keeps a queue per charger; a limit would let one silent charger block the others.
PARALLEL_UPDATES: Final = 0


@dataclass(frozen=True, kw_only=True)
class ChargerButtonDescription(ButtonEntityDescription, ChargerDescription):
    """Describe a button of a charger and the command that it sends."""

    intent: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ConnectorButtonDescription(ButtonEntityDescription, ConnectorDescription):
    """Describe a button of a connector and the command that it sends."""

    intent: str
    body: Mapping[str, Any] = field(default_factory=dict)
    enabled_fn: Callable[[Connector], bool] = lambda _connector: True


CHARGER_BUTTONS: Final = (
    ChargerButtonDescription(
        key="restart",
        translation_key="restart",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        available_fn=when_controllable,
        intent="reset",
        body={"type": "soft"},
    ),
    ChargerButtonDescription(
        key="refresh",
        translation_key="refresh",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        available_fn=when_controllable,
        intent="refresh",
    ),
)

CONNECTOR_BUTTONS: Final = (
    ConnectorButtonDescription(
        key="start_charging",
        translation_key="start_charging",
        available_fn=when_controllable,
        intent="start",
    ),
    ConnectorButtonDescription(
        key="stop_charging",
        translation_key="stop_charging",
        available_fn=when_controllable,
        intent="stop",
    ),
    ConnectorButtonDescription(
        key="unlock",
        translation_key="unlock",
        available_fn=when_controllable,
        intent="unlock",
        # Whoever enables the entity agrees to what it does.
        body={"confirm": True},
        enabled_fn=lambda connector: connector.socket is True,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OyeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons, now and when something new appears."""
    async_add_described(
        entry,
        async_add_entities,
        Platform.BUTTON,
        chargers=[(ChargerButton, CHARGER_BUTTONS)],
        connectors=[(ConnectorButton, CONNECTOR_BUTTONS)],
    )


class ChargerButton(ChargerEntity, ButtonEntity):
    """A command to a charger."""

    entity_description: ChargerButtonDescription

    @override
    async def async_press(self) -> None:
        """Send the command."""
        description = self.entity_description
        await async_command(
            self.coordinator,
            self.charger.charge_point_id,
            description.intent,
            description.body,
        )


class ConnectorButton(ConnectorEntity, ButtonEntity):
    """A command to a connector."""

    entity_description: ConnectorButtonDescription

    def __init__(
        self,
        coordinator: OyeCoordinator,
        charger: Charger,
        connector: Connector,
        description: ConnectorButtonDescription,
    ) -> None:
        """Initialize the button."""
        super().__init__(coordinator, charger, connector, description)
        self._attr_entity_registry_enabled_default = description.enabled_fn(connector)

    @override
    async def async_press(self) -> None:
        """Send the command."""
        description = self.entity_description
        await async_command(
            self.coordinator,
            self.charger.charge_point_id,
            description.intent,
            {**description.body, "connectorId": self.connector.number},
        )
