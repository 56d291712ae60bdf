"""Triggers of OYE: what happens at a charger, as one would say it."""

from collections.abc import Mapping
from typing import ClassVar, Final, override

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.components.event import ATTR_EVENT_TYPE
from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    EntityTargetStateTriggerBase,
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
)

from .automation import own_entities

_ON: Final = {STATE_ON}
_OFF: Final = {STATE_OFF}


class BinarySensorTrigger(EntityTargetStateTriggerBase):
    """Triggers when a binary sensor of OYE comes into a state."""

    _domain_specs: Mapping[str, DomainSpec] = {BINARY_SENSOR_DOMAIN: DomainSpec()}
    _key: ClassVar[str]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the binary sensors of OYE with the trigger's key."""
        return own_entities(self._hass, super().entity_filter(entities), self._key)


class PluggedInTrigger(BinarySensorTrigger):
    """A car is plugged in."""

    _key = "plug"
    _to_states = _ON


class UnpluggedTrigger(BinarySensorTrigger):
    """A car is unplugged."""

    _key = "plug"
    _to_states = _OFF


class ChargerFaultedTrigger(BinarySensorTrigger):
    """A charger reports a fault; its entity is a diagnostic one."""

    _key = "fault"
    _to_states = _ON
    _primary_entities_only = False


class EventTrigger(StatelessEntityTriggerBase):
    """Triggers on news of an event entity of OYE."""

    _domain_specs: Mapping[str, DomainSpec] = {EVENT_DOMAIN: DomainSpec()}
    _key: ClassVar[str]
    _event_types: ClassVar[frozenset[str]]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the event entities of OYE with the trigger's key."""
        return own_entities(self._hass, super().entity_filter(entities), self._key)

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Tell whether the news is of a kind that is meant."""
        return state.attributes.get(ATTR_EVENT_TYPE) in self._event_types


class TagPresentedTrigger(EventTrigger):
    """A tag is presented, whatever becomes of it."""

    _key = "authorization"
    _event_types = frozenset({"authorized", "rejected"})


class SessionStartedTrigger(EventTrigger):
    """A charging session starts."""

    _key = "session"
    _event_types = frozenset({"started"})


class SessionEndedTrigger(EventTrigger):
    """A charging session ends."""

    _key = "session"
    _event_types = frozenset({"ended"})


class CsmsLostTrigger(EventTrigger):
    """The link to the CSMS is lost; its entity is a diagnostic one."""

    _key = "activity"
    _event_types = frozenset({"csms_lost"})
    _primary_entities_only = False


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "plugged_in": PluggedInTrigger,
    "unplugged": UnpluggedTrigger,
    "charger_faulted": ChargerFaultedTrigger,
    "tag_presented": TagPresentedTrigger,
    "session_started": SessionStartedTrigger,
    "session_ended": SessionEndedTrigger,
    "csms_lost": CsmsLostTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of OYE."""
    return TRIGGERS
