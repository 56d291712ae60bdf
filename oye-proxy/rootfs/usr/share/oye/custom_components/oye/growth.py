"""Entities of a platform that come into being: at set-up, and whenever something new is seen."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .coordinator import OyeConfigEntry, OyeCoordinator
from .entity import (
    ChargerDescription,
    ConnectorDescription,
    ProxyDescription,
    charger_unique_id,
    connector_unique_id,
)
from .models import Charger, Connector

type ProxyEntities = tuple[Callable[[OyeCoordinator, Any], Entity], Sequence[ProxyDescription]]
type ChargerEntities = tuple[
    Callable[[OyeCoordinator, Charger, Any], Entity], Sequence[ChargerDescription]
]
type ConnectorEntities = tuple[
    Callable[[OyeCoordinator, Charger, Connector, Any], Entity], Sequence[ConnectorDescription]
]


@callback
def async_add_described(
    entry: OyeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    platform: Platform,
    *,
    proxy: Iterable[ProxyEntities] = (),
    chargers: Iterable[ChargerEntities] = (),
    connectors: Iterable[ConnectorEntities] = (),
) -> None:
    """Add the entities that exist, now and whenever a new one appears."""
    growth = _Growth(entry, platform, tuple(chargers), tuple(connectors))
    features = entry.runtime_data.data.proxy.features
    async_add_entities(
        make(entry.runtime_data, description)
        for make, descriptions in proxy
        for description in descriptions
        if description.feature is None or description.feature in features
    )

    @callback
    def add_new() -> None:
        if new := list(growth.new_entities()):
            async_add_entities(new)

    add_new()
    entry.async_on_unload(entry.runtime_data.async_add_listener(add_new))


class _Growth:
    """Finds the entities of one platform that are not there yet."""

    def __init__(
        self,
        entry: OyeConfigEntry,
        platform: Platform,
        chargers: tuple[ChargerEntities, ...],
        connectors: tuple[ConnectorEntities, ...],
    ) -> None:
        self._coordinator = entry.runtime_data
        self._registry = er.async_get(self._coordinator.hass)
        self._platform = platform
        self._chargers = chargers
        self._connectors = connectors
        self._looked_at: dict[str, Charger] = {}
        self._known: dict[str, set[str]] = {}

    def new_entities(self) -> Iterator[Entity]:
        """Make what is new; a charger that was deleted and comes back is a new one."""
        present = self._coordinator.data.chargers
        for gone in self._looked_at.keys() - present.keys():
            del self._looked_at[gone], self._known[gone]
        for charge_point_id, charger in present.items():
            if self._looked_at.get(charge_point_id) is not charger:
                self._looked_at[charge_point_id] = charger
                known = self._known.setdefault(charge_point_id, set())
                yield from self._of_charger(charger, known)
                for connector in charger.connectors.values():
                    yield from self._of_connector(charger, connector, known)

    def _of_charger(self, charger: Charger, known: set[str]) -> Iterator[Entity]:
        for make, descriptions in self._chargers:
            for one in descriptions:
                unique_id = charger_unique_id(charger, one.key)
                if unique_id in known or not self._has(one.feature) or not one.exists_fn(charger):
                    continue
                if one.seen_fn is None or one.seen_fn(charger) or self._was_there(unique_id):
                    known.add(unique_id)
                    yield make(self._coordinator, charger, one)

    def _of_connector(
        self, charger: Charger, connector: Connector, known: set[str]
    ) -> Iterator[Entity]:
        for make, descriptions in self._connectors:
            for one in descriptions:
                unique_id = connector_unique_id(charger, connector.number, one.key)
                if unique_id in known or not self._has(one.feature):
                    continue
                if not one.exists_fn(charger, connector):
                    continue
                if one.seen_fn is None or one.seen_fn(connector) or self._was_there(unique_id):
                    known.add(unique_id)
                    yield make(self._coordinator, charger, connector, one)

    def _has(self, feature: str | None) -> bool:
        return feature is None or feature in self._coordinator.data.proxy.features

    def _was_there(self, unique_id: str) -> bool:
        """Whether the entity was seen before Home Assistant started."""
        return self._registry.async_get_entity_id(self._platform, DOMAIN, unique_id) is not None
