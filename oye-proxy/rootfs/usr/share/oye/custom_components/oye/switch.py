"""Switches of OYE: what may be used, and what is held back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OyeConfigEntry
from .entity import (
    ConnectorDescription,
    ConnectorEntity,
    when_controllable,
)
from .growth import async_add_described
from .helpers import async_command
from .models import Availability, Connector

# The proxy keeps a queue per charger; a limit would let one silent charger block the others.
PARALLEL_UPDATES: Final = 0

type Intent = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class ConnectorSwitchDescription(SwitchEntityDescription, ConnectorDescription):
    """Describe a switch of a connector; `on` and `off` are the commands to the proxy."""

    value_fn: Callable[[Connector], bool | None]
    on: Intent
    off: Intent


def is_operative(connector: Connector) -> bool | None:
    """Return whether the connector can be used; None while nobody told."""
    availability = connector.condition.availability
    return None if availability is None else availability is Availability.OPERATIVE


CONNECTOR_SWITCHES: Final = (
    ConnectorSwitchDescription(
        key="charging_allowed",
        translation_key="charging_allowed",
        available_fn=when_controllable,
        value_fn=lambda connector: not connector.limits.paused,
        on=("resume", {}),
        off=("pause", {}),
    ),
    ConnectorSwitchDescription(
        key="operative",
        translation_key="operative",
        entity_category=EntityCategory.CONFIG,
        available_fn=when_controllable,
        value_fn=is_operative,
        on=("availability", {"operative": True}),
        off=("availability", {"operative": False}),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OyeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches, now and when something new appears."""
    async_add_described(
        entry,
        async_add_entities,
        Platform.SWITCH,
        connectors=[(ConnectorSwitch, CONNECTOR_SWITCHES)],
    )


class ConnectorSwitch(ConnectorEntity, SwitchEntity):
    """A switch of a connector; it moves when the proxy tells so."""

    entity_description: ConnectorSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return what the proxy tells."""
        return self.entity_description.value_fn(self.connector)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the connector be used."""
        await self._async_send(self.entity_description.on)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Hold the connector back."""
        await self._async_send(self.entity_description.off)

    async def _async_send(self, command: Intent) -> None:
        intent, body = command
        await async_command(
            self.coordinator,
            self.charger.charge_point_id,
            intent,
            {**body, "connectorId": self.connector.number},
        )
