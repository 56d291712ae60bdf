"""
The base of every entity, and how a platform is written.

Entities are data. A platform has one frozen description class per level, which adds `value_fn` to
the level's base here, a tuple of descriptions, one entity class per level, and a set-up that hands
both to `growth.async_add_described`; `binary_sensor.py` is the pattern. The rules of a description:

- `feature`: the entity exists only when the proxy has this feature;
- `exists_fn`: it exists only for chargers or connectors of which this is true, from then on;
- `seen_fn`: the same for a value that comes and goes: an entity once registered is made again;
- `available_fn`: `when_connected` unless given; see `when_controllable`, `always`;
- `meter`: the value moves with meter values (of a charger: also with `last_seen` and its
  connectors), so that it is written at most once in `meter_interval`; what is not marked is not
  even looked at when only these moved.

Unique ids are `<charge_point_id>_<key>`, `<charge_point_id>_<number>_<key>` and
`<instance_id>_<key>`; no key is used on two levels. Read `self.charger`, `self.connector` and
`self.proxy`: they are the newest that is known, also while the entity is unavailable. Override
`_async_process` to look at every new state before it is written.
"""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final, override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .coordinator import OyeCoordinator
from .models import Charger, Connector, Mode, Proxy, Transaction

_STEADY_OF_CHARGER: Final = attrgetter(
    "name", "connected", "connected_at", "ocpp_version", "boot", "firmware_status", "log_status",
    "mode", "modes", "link", "csms_connected", "csms_url", "approved", "owner_status",
    "journal_pending", "pause_strategy", "fault", "condition", "limit", "limits",
    "local_list_version", "reservations",
)  # fmt: skip
_STEADY_OF_CONNECTOR: Final = attrgetter(
    "connector_id", "plugged", "socket", "condition", "limit", "limits", "last_transaction"
)
_STEADY_OF_TRANSACTION: Final = attrgetter(
    "transaction_id", "id_tag", "id_tag_type", "id_tag_status", "started_at", "started_by",
    "meter_start_wh", "meter_stop_wh", "charging_state", "gap", "offline", "stopped_at", "reason",
)  # fmt: skip


def when_connected(charger: Charger) -> bool:
    """Available while the charger has a connection."""
    return charger.connected


def when_controllable(charger: Charger) -> bool:
    """Available while the charger takes the owner's commands."""
    return charger.connected and charger.mode is not Mode.MONITOR


def always(_charger: Charger) -> bool:
    """Available as long as the proxy is."""
    return True


@dataclass(frozen=True, kw_only=True)
class ProxyDescription(EntityDescription):
    """Describe an entity of the proxy."""

    feature: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChargerDescription(EntityDescription):
    """Describe an entity of a charger."""

    feature: str | None = None
    exists_fn: Callable[[Charger], bool] = always
    seen_fn: Callable[[Charger], bool] | None = None
    available_fn: Callable[[Charger], bool] = when_connected
    meter: bool = False


@dataclass(frozen=True, kw_only=True)
class ConnectorDescription(EntityDescription):
    """Describe an entity of a connector."""

    feature: str | None = None
    exists_fn: Callable[[Charger, Connector], bool] = lambda _charger, _connector: True
    seen_fn: Callable[[Connector], bool] | None = None
    available_fn: Callable[[Charger], bool] = when_connected
    meter: bool = False


class OyeEntity(CoordinatorEntity[OyeCoordinator]):
    """Base of all entities: writes its state only when something of its own changed."""

    _attr_has_entity_name = True
    _meter = False

    def __init__(self, coordinator: OyeCoordinator) -> None:
        """Initialize the entity."""
        super().__init__(coordinator)
        self._written: tuple[object, ...] = ()
        self._written_at = 0.0
        self._looked_at: object = None
        self._cancel_late: CALLBACK_TYPE | None = None

    @property
    def proxy(self) -> Proxy:
        """The proxy."""
        return self.coordinator.data.proxy

    @property
    def write_interval(self) -> float:
        """The shortest time in seconds between two writes for meter values alone."""
        return self.coordinator.meter_interval

    @override
    async def async_added_to_hass(self) -> None:
        """Begin with the state as it is now."""
        await super().async_added_to_hass()
        self.async_on_remove(self._forget_late)
        self._take_in()
        self._async_process()
        self._remember()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state when it may have changed, meter values alone not too often."""
        self._take_in()
        whole = self._whole()
        moved = whole is not self._looked_at
        self._looked_at = whole
        if moved:
            self._async_process()
        if self._written != (self.available, *self._steady()):
            self._write()
        elif moved and self._meter:
            self._write_in_time()

    @callback
    def _async_process(self) -> None:
        """Look at a new state; for entities that remember something."""

    @callback
    def _take_in(self) -> None:
        """Take the newest of what the entity shows."""

    @abstractmethod
    def _whole(self) -> object:
        """Return the object that is another one after every change."""

    @abstractmethod
    def _steady(self) -> tuple[object, ...]:
        """Return all that is to be shown without delay when it changes."""

    @callback
    def _write(self) -> None:
        self._forget_late()
        self._remember()
        self.async_write_ha_state()

    @callback
    def _write_in_time(self) -> None:
        """Write now, or as soon as the last time is long enough ago."""
        wait = self._written_at + self.write_interval - self.hass.loop.time()
        if wait <= 0:
            self._write()
        elif self._cancel_late is None:
            self._cancel_late = async_call_later(self.hass, wait, self._write_late)

    @callback
    def _write_late(self, _now: datetime) -> None:
        self._cancel_late = None
        self._write()

    @callback
    def _forget_late(self) -> None:
        if self._cancel_late is not None:
            self._cancel_late()
            self._cancel_late = None

    def _remember(self) -> None:
        self._written = (self.available, *self._steady())
        self._written_at = self.hass.loop.time()
        self._looked_at = self._whole()


class ProxyEntity(OyeEntity):
    """Base of the entities of the proxy; shows what concerns all chargers."""

    def __init__(self, coordinator: OyeCoordinator, description: ProxyDescription) -> None:
        """Initialize the entity."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{coordinator.config_entry.unique_id}_{description.key}"
        self._attr_device_info = coordinator.devices.proxy_info()

    @override
    def _whole(self) -> object:
        return self.coordinator.data.chargers

    @override
    def _steady(self) -> tuple[object, ...]:
        chargers = self.coordinator.data.chargers.values()
        return (self.proxy, *((one.connected, one.csms_connected, one.link) for one in chargers))


class ChargerEntity(OyeEntity):
    """Base of the entities of a charger."""

    entity_description: ChargerDescription

    def __init__(
        self, coordinator: OyeCoordinator, charger: Charger, description: ChargerDescription
    ) -> None:
        """Initialize the entity."""
        super().__init__(coordinator)
        self.charger = charger
        self.entity_description = description
        self._meter = description.meter
        self._attr_unique_id = charger_unique_id(charger, description.key)
        self._attr_device_info = coordinator.devices.charger_info(charger.charge_point_id)

    @property
    @override
    def available(self) -> bool:
        """Whether the proxy answers, knows the charger, and the rule of the entity holds."""
        return (
            super().available
            and self.charger.charge_point_id in self.coordinator.data.chargers
            and self.entity_description.available_fn(self.charger)
        )

    @callback
    @override
    def _take_in(self) -> None:
        charge_point_id = self.charger.charge_point_id
        self.charger = self.coordinator.data.chargers.get(charge_point_id, self.charger)

    @override
    def _whole(self) -> object:
        return self.charger

    @override
    def _steady(self) -> tuple[object, ...]:
        return (_STEADY_OF_CHARGER(self.charger), self.proxy)


class ConnectorEntity(OyeEntity):
    """Base of the entities of a connector."""

    entity_description: ConnectorDescription

    def __init__(
        self,
        coordinator: OyeCoordinator,
        charger: Charger,
        connector: Connector,
        description: ConnectorDescription,
    ) -> None:
        """Initialize the entity."""
        super().__init__(coordinator)
        self.charger = charger
        self.connector = connector
        self.entity_description = description
        self._meter = description.meter
        self._attr_unique_id = connector_unique_id(charger, connector.number, description.key)
        self._attr_device_info = coordinator.devices.connector_info(
            charger.charge_point_id, connector.number
        )

    @property
    @override
    def available(self) -> bool:
        """Whether the proxy answers, knows the connector, and the rule of the entity holds."""
        charger = self.coordinator.data.chargers.get(self.charger.charge_point_id)
        return (
            super().available
            and charger is not None
            and self.connector.number in charger.connectors
            and self.entity_description.available_fn(charger)
        )

    @callback
    @override
    def _take_in(self) -> None:
        charge_point_id = self.charger.charge_point_id
        self.charger = self.coordinator.data.chargers.get(charge_point_id, self.charger)
        self.connector = self.charger.connectors.get(self.connector.number, self.connector)

    @override
    def _whole(self) -> object:
        return self.connector

    @override
    def _steady(self) -> tuple[object, ...]:
        charger, connector = self.charger, self.connector
        transaction: Transaction | None = connector.transaction
        return (
            _STEADY_OF_CONNECTOR(connector),
            None if transaction is None else _STEADY_OF_TRANSACTION(transaction),
            charger.connected,
            charger.mode,
            charger.boot,
            charger.limits,
            charger.pause_strategy,
        )


def charger_unique_id(charger: Charger, key: str) -> str:
    """Return the unique id of an entity of a charger."""
    return f"{charger.charge_point_id}_{key}"


def connector_unique_id(charger: Charger, number: int, key: str) -> str:
    """Return the unique id of an entity of a connector."""
    return f"{charger.charge_point_id}_{number}_{key}"
