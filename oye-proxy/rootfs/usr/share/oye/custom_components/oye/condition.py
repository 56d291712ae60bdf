"""Conditions of OYE: how it stands at a charger, as one would say it."""

from collections.abc import Mapping
from typing import ClassVar, Final, override

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import Condition, EntityStateConditionBase

from .automation import own_entities

_ON: Final[set[str | bool]] = {STATE_ON}


class BinarySensorCondition(EntityStateConditionBase):
    """Passes while a binary sensor of OYE is on."""

    _domain_specs: Mapping[str, DomainSpec] = {BINARY_SENSOR_DOMAIN: DomainSpec()}
    _states = _ON
    _key: ClassVar[str]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the binary sensors of OYE with the condition's key."""
        return own_entities(self._hass, super().entity_filter(entities), self._key)


class IsPluggedInCondition(BinarySensorCondition):
    """A car is plugged in."""

    _key = "plug"


class IsChargingCondition(BinarySensorCondition):
    """A car is being charged."""

    _key = "charging"


CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_plugged_in": IsPluggedInCondition,
    "is_charging": IsChargingCondition,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of OYE."""
    return CONDITIONS
