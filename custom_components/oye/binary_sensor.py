"""Binary sensors of OYE."""

from typing import Final, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import OyeConfigEntry, OyeCoordinator
from .models import Charger

# Everything is pushed; a limit would let one silent charger block the others.
PARALLEL_UPDATES: Final = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OyeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a sensor for each charger, now and when one appears."""
    coordinator = entry.runtime_data
    known: set[str] = set()

    @callback
    def add_new() -> None:
        chargers = coordinator.data.chargers
        # A charger that was deleted and comes back is a new one.
        known.intersection_update(chargers)
        new = [charger for key, charger in chargers.items() if key not in known]
        known.update(chargers)
        if new:
            async_add_entities(ConnectedSensor(coordinator, charger) for charger in new)

    add_new()
    entry.async_on_unload(coordinator.async_add_listener(add_new))


class ConnectedSensor(CoordinatorEntity[OyeCoordinator], BinarySensorEntity):
    """Whether a charger has a connection to the proxy."""

    _attr_has_entity_name = True
    _attr_translation_key = "connected"
    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, coordinator: OyeCoordinator, charger: Charger) -> None:
        """Initialize the sensor."""
        super().__init__(coordinator)
        self._charge_point_id = charger.charge_point_id
        self._attr_unique_id = f"{charger.charge_point_id}_connected"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, charger.charge_point_id)},
            name=charger.name,
            via_device_id=coordinator.proxy_device_id,
        )

    @property
    @override
    def available(self) -> bool:
        """Return whether the proxy answers and knows the charger."""
        return super().available and self._charge_point_id in self.coordinator.data.chargers

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the charger is connected."""
        charger = self.coordinator.data.chargers.get(self._charge_point_id)
        return None if charger is None else charger.connected
