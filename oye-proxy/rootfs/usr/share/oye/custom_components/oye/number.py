"""Numbers of OYE: the limits that the owner sets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
)
from homeassistant.const import EntityCategory, Platform, UnitOfElectricCurrent
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import LASTING_WAIT
from .coordinator import OyeConfigEntry
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

# Less means pause, which is a switch.
LOWEST_A: Final = 6.0
# What the proxy, too, takes a charger to allow whose rating nobody told.
ASSUMED_A: Final = 32.0


@dataclass(frozen=True, kw_only=True)
class ChargerNumberDescription(NumberEntityDescription, ChargerDescription):
    """
    Describe a limit on a charger, which keeps it.

    `scope` is the proxy's word for it.
    """

    scope: str
    value_fn: Callable[[Charger], float]
    maximum_fn: Callable[[Charger], float]


@dataclass(frozen=True, kw_only=True)
class ConnectorNumberDescription(NumberEntityDescription, ConnectorDescription):
    """Describe a limit on a connector; `scope` is the proxy's word for it."""

    scope: str
    value_fn: Callable[[Charger, Connector], float]
    maximum_fn: Callable[[Charger], float]


def rated_current(charger: Charger) -> float:
    """Return what the charger is made for, in amperes."""
    return max(LOWEST_A, charger.boot.rated_current_a or ASSUMED_A)


def highest_current(charger: Charger) -> float:
    """Return what the charger may give at most: its rating, or the owner's maximum below it."""
    accepted = charger.limits.max_current_accepted_a
    rated = rated_current(charger)
    return rated if accepted is None else max(LOWEST_A, min(rated, accepted))


def maximum_in_force(charger: Charger) -> float:
    """Return the owner's maximum as the charger accepted it, else what the charger is made for."""
    accepted = charger.limits.max_current_accepted_a
    return rated_current(charger) if accepted is None else accepted


def charge_limit(charger: Charger, connector: Connector) -> float:
    """
    Return the owner's limit on a connector, else the maximum.

    In a session it is what the charger accepted. Before one, and while charging is paused, the
    proxy keeps the limit for later.
    """
    limits = connector.limits
    kept = limits.paused or connector.transaction is None
    own = (
        limits.session_limit_a if kept else limits.session_accepted_a,
        limits.default_accepted_a,
        charger.limits.default_accepted_a,
    )
    return next((limit for limit in own if limit is not None), highest_current(charger))


CHARGER_NUMBERS: Final = (
    ChargerNumberDescription(
        key="max_current",
        translation_key="max_current",
        device_class=NumberDeviceClass.CURRENT,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        native_min_value=LOWEST_A,
        native_step=1,
        available_fn=when_controllable,
        scope="maximum",
        value_fn=maximum_in_force,
        maximum_fn=rated_current,
    ),
)

CONNECTOR_NUMBERS: Final = (
    ConnectorNumberDescription(
        key="charge_limit",
        translation_key="charge_limit",
        device_class=NumberDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        native_min_value=LOWEST_A,
        native_step=1,
        available_fn=when_controllable,
        scope="session",
        value_fn=charge_limit,
        maximum_fn=highest_current,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OyeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers, now and when something new appears."""
    async_add_described(
        entry,
        async_add_entities,
        Platform.NUMBER,
        chargers=[(ChargerNumber, CHARGER_NUMBERS)],
        connectors=[(ConnectorNumber, CONNECTOR_NUMBERS)],
    )


class ChargerNumber(ChargerEntity, NumberEntity):
    """A limit on a charger."""

    entity_description: ChargerNumberDescription

    @property
    @override
    def native_value(self) -> float:
        """Return the limit in the charger, in amperes."""
        return _shown(self.entity_description.value_fn(self.charger))

    @property
    @override
    def native_max_value(self) -> float:
        """Return the highest limit that makes sense, in amperes."""
        return _shown(self.entity_description.maximum_fn(self.charger))

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Limit the charger; what it accepted is shown when it comes back."""
        await async_command(
            self.coordinator,
            self.charger.charge_point_id,
            "limit",
            {"limitA": value, "scope": self.entity_description.scope},
            wait=LASTING_WAIT,
        )


class ConnectorNumber(ConnectorEntity, NumberEntity):
    """A limit on a connector."""

    entity_description: ConnectorNumberDescription

    @property
    @override
    def native_value(self) -> float:
        """Return the limit in the charger, in amperes."""
        return _shown(self.entity_description.value_fn(self.charger, self.connector))

    @property
    @override
    def native_max_value(self) -> float:
        """Return the highest limit that makes sense, in amperes."""
        return _shown(self.entity_description.maximum_fn(self.charger))

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Limit the connector; what the charger accepted is shown when it comes back."""
        body = {
            "limitA": value,
            "scope": self.entity_description.scope,
            "connectorId": self.connector.number,
        }
        await async_command(self.coordinator, self.charger.charge_point_id, "limit", body)


def _shown(amperes: float) -> float:
    """Round what the proxy may have converted from watts."""
    return round(amperes, 1)
