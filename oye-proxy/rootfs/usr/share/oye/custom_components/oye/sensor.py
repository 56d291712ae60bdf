"""Sensors of OYE; the modules `sensor_*` describe those of chargers and connectors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OyeConfigEntry, OyeCoordinator
from .entity import ProxyDescription, ProxyEntity
from .growth import async_add_described
from .models import Charger
from .sensor_base import ChargerSensor, ConnectorSensor
from .sensor_charger import (
    CHARGER_SENSORS,
    ERROR_CODE,
    LAST_MESSAGE,
    ErrorCodeSensor,
    LastMessageSensor,
)
from .sensor_energy import ENERGY, SESSION_ENERGY, EnergySensor, SessionEnergySensor
from .sensor_meter import METER_SENSORS
from .sensor_session import ID_TAG, SESSION_SENSORS, STATUS, IdTagSensor, StatusSensor

# Everything is pushed; a limit would let one silent charger block the others.
PARALLEL_UPDATES: Final = 0


@dataclass(frozen=True, kw_only=True)
class ProxySensorDescription(SensorEntityDescription, ProxyDescription):
    """Describe a sensor of the proxy."""

    value_fn: Callable[[Mapping[str, Charger]], int]


PROXY_SENSORS: Final = (
    ProxySensorDescription(
        key="chargers_connected",
        translation_key="chargers_connected",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda chargers: sum(one.connected for one in chargers.values()),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OyeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors, now and when something new appears."""
    async_add_described(
        entry,
        async_add_entities,
        Platform.SENSOR,
        proxy=[(ProxySensor, PROXY_SENSORS)],
        chargers=[
            (ErrorCodeSensor, [ERROR_CODE]),
            (LastMessageSensor, [LAST_MESSAGE]),
            (ChargerSensor, CHARGER_SENSORS),
        ],
        connectors=[
            # The guard is restored before the session's energy is read from it.
            (EnergySensor, [ENERGY]),
            (SessionEnergySensor, [SESSION_ENERGY]),
            (StatusSensor, [STATUS]),
            (IdTagSensor, [ID_TAG]),
            (ConnectorSensor, SESSION_SENSORS),
            (ConnectorSensor, METER_SENSORS),
        ],
    )


class ProxySensor(ProxyEntity, SensorEntity):
    """A sensor of the proxy."""

    entity_description: ProxySensorDescription

    def __init__(self, coordinator: OyeCoordinator, description: ProxySensorDescription) -> None:
        """Initialize the sensor."""
        super().__init__(coordinator, description)

    @property
    @override
    def native_value(self) -> int:
        """Return what all chargers tell together."""
        return self.entity_description.value_fn(self.coordinator.data.chargers)
