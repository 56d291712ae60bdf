"""Binary sensors of OYE."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OyeConfigEntry
from .entity import (
    ChargerDescription,
    ChargerEntity,
    ConnectorDescription,
    ConnectorEntity,
    always,
)
from .growth import async_add_described
from .models import Charger, Connector, Mode, Status

# Everything is pushed; a limit would let one silent charger block the others.
PARALLEL_UPDATES: Final = 0


@dataclass(frozen=True, kw_only=True)
class ChargerBinarySensorDescription(BinarySensorEntityDescription, ChargerDescription):
    """Describe a binary sensor of a charger."""

    value_fn: Callable[[Charger], bool | None]


@dataclass(frozen=True, kw_only=True)
class ConnectorBinarySensorDescription(BinarySensorEntityDescription, ConnectorDescription):
    """Describe a binary sensor of a connector."""

    value_fn: Callable[[Connector], bool | None]


CHARGER_SENSORS: Final = (
    ChargerBinarySensorDescription(
        key="connected",
        translation_key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        available_fn=always,
        value_fn=lambda charger: charger.connected,
    ),
    ChargerBinarySensorDescription(
        key="csms_connected",
        translation_key="csms_connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        # Without a CSMS there is nothing that could be connected.
        available_fn=lambda charger: charger.mode is not Mode.STANDALONE,
        value_fn=lambda charger: charger.csms_connected,
    ),
    ChargerBinarySensorDescription(
        key="fault",
        translation_key="fault",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.fault,
    ),
)
CONNECTOR_SENSORS: Final = (
    ConnectorBinarySensorDescription(
        key="plug",
        translation_key="plug",
        device_class=BinarySensorDeviceClass.PLUG,
        value_fn=lambda connector: connector.plugged,
    ),
    ConnectorBinarySensorDescription(
        key="charging",
        translation_key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        value_fn=lambda connector: (
            None if connector.status is None else connector.status is Status.CHARGING
        ),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OyeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors, now and when something new appears."""
    async_add_described(
        entry,
        async_add_entities,
        Platform.BINARY_SENSOR,
        chargers=[(ChargerBinarySensor, CHARGER_SENSORS)],
        connectors=[(ConnectorBinarySensor, CONNECTOR_SENSORS)],
    )


class ChargerBinarySensor(ChargerEntity, BinarySensorEntity):
    """A binary sensor of a charger."""

    entity_description: ChargerBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return what the charger tells."""
        return self.entity_description.value_fn(self.charger)


class ConnectorBinarySensor(ConnectorEntity, BinarySensorEntity):
    """A binary sensor of a connector."""

    entity_description: ConnectorBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return what the connector tells."""
        return self.entity_description.value_fn(self.connector)
