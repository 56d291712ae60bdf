"""The two sensors of energy, which show what the guard of their connector believes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorExtraStoredData,
    SensorStateClass,
)
from homeassistant.const import UnitOfEnergy
from homeassistant.core import callback

from .coordinator import OyeCoordinator
from .energy import GuardState, restored, session_energy
from .entity import ConnectorDescription, ConnectorEntity, always, connector_unique_id
from .models import Charger, Connector
from .sensor_session import session_of, session_start

GUARD: Final = "guard"


@dataclass(frozen=True, kw_only=True)
class GuardedSensorDescription(SensorEntityDescription, ConnectorDescription):
    """Describe a sensor of what a guard believes."""

    value_fn: Callable[[GuardState, Connector], float | None]


@dataclass
class EnergyStoredData(SensorExtraStoredData):
    """What an energy sensor remembers when Home Assistant restarts."""

    guard: GuardState

    @override
    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {**super().as_dict(), GUARD: self.guard.as_dict()}


ENERGY: Final = GuardedSensorDescription(
    key="energy",
    translation_key="energy",
    device_class=SensorDeviceClass.ENERGY,
    native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
    suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    suggested_display_precision=2,
    state_class=SensorStateClass.TOTAL_INCREASING,
    seen_fn=lambda connector: connector.meter.energy_wh is not None,
    available_fn=always,
    meter=True,
    value_fn=lambda guard, _connector: guard.published,
)
SESSION_ENERGY: Final = GuardedSensorDescription(
    key="session_energy",
    translation_key="session_energy",
    device_class=SensorDeviceClass.ENERGY,
    native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
    suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    suggested_display_precision=2,
    # Each session begins at 0; as a rising total, sums over sessions would be wrong.
    state_class=SensorStateClass.TOTAL,
    meter=True,
    value_fn=lambda guard, connector: session_energy(guard, session_of(connector)),
)


class GuardedSensor(ConnectorEntity, SensorEntity):
    """A sensor that shows no reading which the guard does not believe."""

    entity_description: GuardedSensorDescription

    def __init__(
        self,
        coordinator: OyeCoordinator,
        charger: Charger,
        connector: Connector,
        description: GuardedSensorDescription,
    ) -> None:
        """Initialize the sensor."""
        super().__init__(coordinator, charger, connector, description)
        self._guard_key = connector_unique_id(charger, connector.number, ENERGY.key)

    @property
    def guard(self) -> GuardState:
        """What the guard of the connector remembers."""
        return self.coordinator.guards[self._guard_key]

    @property
    @override
    def native_value(self) -> float | None:
        """Return the energy that is believed."""
        energy = self.entity_description.value_fn(self.guard, self.connector)
        return None if energy is None else round(energy, 3)

    @callback
    @override
    def _async_process(self) -> None:
        self.coordinator.guards.observe(
            self._guard_key, self.connector, self.charger.boot.booted_at
        )


class EnergySensor(GuardedSensor, RestoreSensor):
    """All the energy that went through a connector; its guard survives a restart."""

    @property
    @override
    def extra_restore_state_data(self) -> EnergyStoredData:
        """Return what is needed after a restart."""
        return EnergyStoredData(self.native_value, self.native_unit_of_measurement, self.guard)

    @override
    async def async_added_to_hass(self) -> None:
        """Go on with the guard as it was."""
        stored = await self.async_get_last_extra_data()
        guard = stored.as_dict().get(GUARD) if stored is not None else None
        if isinstance(guard, dict):
            self.coordinator.guards.restore(self._guard_key, restored(guard))
        await super().async_added_to_hass()


class SessionEnergySensor(GuardedSensor):
    """The energy of the session that runs, or of the last one."""

    @property
    @override
    def last_reset(self) -> datetime | None:
        """Return when the session began."""
        return session_start(self.connector)
