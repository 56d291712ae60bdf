"""Events of OYE: tags, charging sessions and what else happens, as the proxy tells the news."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from yarl import URL

from .coordinator import OyeConfigEntry
from .entity import (
    ChargerDescription,
    ChargerEntity,
    ConnectorDescription,
    ConnectorEntity,
    OyeEntity,
    always,
)
from .growth import async_add_described
from .models import Charger, Connector, Event
from .reading import flag, integer, moment, name, number, text

# Everything is pushed; a limit would let one silent charger block the others.
PARALLEL_UPDATES: Final = 0

ACCEPTED: Final = "Accepted"
WH_PER_KWH: Final = 1000

# Whose wish a session was: the proxy's words, and ours.
STARTED_BY: Final = {
    "operator": "csms",
    "owner": "owner",
    "automation": "owner",
    "local": "card",
}
SESSION_EVENTS: Final = {"transaction_started": "started", "transaction_ended": "ended"}

type News = tuple[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class ChargerEventDescription(EventEntityDescription, ChargerDescription):
    """Describe an event of a charger; `news_fn` gives type and attributes, None for other news."""

    news_fn: Callable[[Charger, Event], News | None]


@dataclass(frozen=True, kw_only=True)
class ConnectorEventDescription(EventEntityDescription, ConnectorDescription):
    """Describe an event of a connector; `news_fn` gives type and attributes, None for others."""

    news_fn: Callable[[Charger, Connector, Event], News | None]


def authorization(_charger: Charger, event: Event) -> News | None:
    """Read news of a tag that was presented."""
    status = name(event.data.get("status"))
    if event.event != "authorization" or status is None:
        return None
    return "authorized" if status == ACCEPTED else "rejected", {
        **_tag(event.data),
        "status": status,
        "connector": integer(event.data.get("evseId")),
        "source": name(event.data.get("source")),
    }


def activity(charger: Charger, event: Event) -> News | None:
    """Read news of a charger and its link."""
    told_fn = _ACTIVITIES.get(event.event)
    if told_fn is None:
        return None
    told = told_fn(charger, event.data)
    return event.event, {key: value for key, value in told.items() if value is not None}


def session(charger: Charger, connector: Connector, event: Event) -> News | None:
    """Read news of a charging session at a connector."""
    event_type = SESSION_EVENTS.get(event.event)
    if event_type is None or not _is_at(charger, connector, event):
        return None
    told = _session(connector, event.data)
    return event_type, told | (_end(event.data) if event_type == "ended" else {})


CHARGER_EVENTS: Final = (
    ChargerEventDescription(
        key="authorization",
        translation_key="authorization",
        event_types=["authorized", "rejected"],
        news_fn=authorization,
    ),
    ChargerEventDescription(
        key="activity",
        translation_key="activity",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        event_types=[
            "boot",
            "connected",
            "disconnected",
            "csms_lost",
            "csms_restored",
            "fault",
            "security_event",
            "command_blocked",
        ],
        # It reports the loss of the charger, too.
        available_fn=always,
        news_fn=activity,
    ),
)

CONNECTOR_EVENTS: Final = (
    ConnectorEventDescription(
        key="session",
        translation_key="session",
        event_types=[*SESSION_EVENTS.values()],
        news_fn=session,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OyeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events, now and when something new appears."""
    async_add_described(
        entry,
        async_add_entities,
        Platform.EVENT,
        chargers=[(ChargerEvent, CHARGER_EVENTS)],
        connectors=[(ConnectorEvent, CONNECTOR_EVENTS)],
    )


class NewsEntity(OyeEntity, EventEntity):
    """Tells news; what happened before we listened is none."""

    charger: Charger

    @override
    async def async_added_to_hass(self) -> None:
        """Listen from now on."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_subscribe_events(
                self.charger.charge_point_id, self._async_take_news
            )
        )

    @abstractmethod
    def _news(self, event: Event) -> News | None:
        """Return type and attributes of news that are ours."""

    @callback
    def _async_take_news(self, event: Event) -> None:
        news = self._news(event)
        if news is None:
            return
        event_type, attributes = news
        if "id_tag" in attributes:
            attributes["id_tag"] = self.coordinator.shown_id_tag(attributes["id_tag"])
        self._trigger_event(event_type, attributes)
        self.async_write_ha_state()

    @override
    def _steady(self) -> tuple[object, ...]:
        """Nothing of the state is shown: only the availability is written."""
        return ()


class ChargerEvent(NewsEntity, ChargerEntity):
    """News of a charger."""

    entity_description: ChargerEventDescription

    @override
    def _news(self, event: Event) -> News | None:
        return self.entity_description.news_fn(self.charger, event)


class ConnectorEvent(NewsEntity, ConnectorEntity):
    """News of a connector."""

    entity_description: ConnectorEventDescription

    @override
    def _news(self, event: Event) -> News | None:
        return self.entity_description.news_fn(self.charger, self.connector, event)


def _is_at(charger: Charger, connector: Connector, event: Event) -> bool:
    """Whether something happened at a connector; where nobody told, the only one is meant."""
    told = integer(event.data.get("evseId"))
    return len(charger.connectors) == 1 if told is None else told == connector.number


def _session(connector: Connector, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "transaction_id": text(data.get("transactionId")),
        "connector": connector.number,
        **_tag(data),
        "started_by": STARTED_BY.get(text(data.get("startedBy")) or "", "unknown"),
        "offline": flag(data.get("offline")),
    }


def _end(data: Mapping[str, Any]) -> dict[str, Any]:
    energy_wh = number(data.get("energyWh"))
    acknowledged = data.get("csmsConnected")
    return {
        "energy_kwh": None if energy_wh is None else round(energy_wh / WH_PER_KWH, 3),
        "duration_s": _seconds(moment(data.get("startedAt")), moment(data.get("stoppedAt"))),
        "reason": name(data.get("reason")),
        # What ends while the link is up goes to the CSMS, which has to take it.
        "acknowledged_by_csms": acknowledged if isinstance(acknowledged, bool) else None,
    }


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else max(0, round((end - start).total_seconds()))


def _tag(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id_tag": text(data.get("idTag")),
        "tag_name": name(data.get("idTagName")),
    }


def _csms_of(charger: Charger) -> str | None:
    """Return the host of the CSMS; the rest of its address may hold secrets."""
    try:
        return URL(charger.csms_url or "").host
    except ValueError:
        return None


type _Told = Callable[[Charger, Mapping[str, Any]], dict[str, Any]]

_ACTIVITIES: Final[Mapping[str, _Told]] = {
    "boot": lambda _charger, data: {"detail": name(data.get("reason"))},
    "connected": lambda _charger, _data: {},
    "disconnected": lambda _charger, _data: {},
    "csms_lost": lambda charger, data: {
        "detail": name(data.get("reason")),
        "csms": _csms_of(charger),
    },
    "csms_restored": lambda charger, _data: {"csms": _csms_of(charger)},
    "fault": lambda _charger, data: {
        "detail": name(data.get("info")),
        "error_code": name(data.get("errorCode")),
    },
    "security_event": lambda _charger, data: {"detail": name(data.get("type"))},
    "command_blocked": lambda _charger, data: {"action": name(data.get("action"))},
}
