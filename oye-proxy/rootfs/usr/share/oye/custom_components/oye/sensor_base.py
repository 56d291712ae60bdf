"""What all sensors of chargers and connectors have in common."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.helpers.typing import StateType

from .entity import ChargerDescription, ChargerEntity, ConnectorDescription, ConnectorEntity
from .models import Charger, Connector

_WORD_BREAK: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, kw_only=True)
class ChargerSensorDescription(SensorEntityDescription, ChargerDescription):
    """Describe a sensor of a charger."""

    value_fn: Callable[[Charger], StateType | datetime]


@dataclass(frozen=True, kw_only=True)
class ConnectorSensorDescription(SensorEntityDescription, ConnectorDescription):
    """Describe a sensor of a connector."""

    value_fn: Callable[[Connector], StateType | datetime]


class ChargerSensor(ChargerEntity, SensorEntity):
    """A sensor of a charger."""

    entity_description: ChargerSensorDescription

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return what the charger tells."""
        return self.entity_description.value_fn(self.charger)


class ConnectorSensor(ConnectorEntity, SensorEntity):
    """A sensor of a connector."""

    entity_description: ConnectorSensorDescription

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return what the connector tells."""
        return self.entity_description.value_fn(self.connector)


def options_of(kind: type[StrEnum]) -> list[str]:
    """Return all that an enumeration can say."""
    return [one.value for one in kind]


def option(word: str | None, known: list[str]) -> str | None:
    """Return the option for a word of OCPP (`EVDisconnected`); None for one that is unknown."""
    if word is None:
        return None
    slug = _WORD_BREAK.sub("_", word).lower()
    return slug if slug in known else None
