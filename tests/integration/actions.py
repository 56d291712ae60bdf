"""How tests use the actions: on which chargers, and through which devices."""

from typing import Any

from custom_components.oye.const import DOMAIN
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.fake_proxy import FEATURES, FakeProxy

Json = dict[str, Any]

GATED = ("phases", "reservations", "schedules", "sessions", "time_zones")
# The devices of chargers with one connector, and those of a second connector; 1.6 and 2.0.1.
WITH_ONE = ("OLD1", "NEW1")
WITH_TWO = ("OLD2", "NEW2")
SECONDS = ("OLD2#2", "NEW2#2")
EVENING = "2026-12-24 20:00:00+00:00"


def furnish(proxy: FakeProxy) -> None:
    """Let the proxy have every feature, and a charger of each kind."""
    proxy.features = (*FEATURES, *(one for one in GATED if one not in FEATURES))
    proxy.put(chargers.charging("OLD1", name="Garage"))
    proxy.put(chargers.idle("NEW1", ocppVersion="2.0.1", subprotocol="ocpp2.0.1"))
    proxy.put(chargers.charger("OLD2", [chargers.connector(1), chargers.connector(2)]))
    proxy.put(chargers.two_evses("NEW2", name="Yard"))


def device_id(hass: HomeAssistant, entry: MockConfigEntry, identifier: str) -> str:
    """Return the id of a charger's device, or of a connector's: `OLD2#1`."""
    registry = dr.async_get(hass)
    charger = registry.async_get_device_by_identifier((DOMAIN, identifier), entry.entry_id)
    if charger is not None:
        return charger.id
    return next(
        child.id
        for child in dr.async_child_entries_for_config_entry(registry, entry.entry_id)
        if (DOMAIN, identifier) in child.identifiers
    )


async def act(
    hass: HomeAssistant,
    action: str,
    device: str,
    fields: Json | None = None,
    *,
    context: Context | None = None,
    answer: bool = True,
) -> Any:
    """Use an action and return its answer."""
    return await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device, **(fields or {})},
        blocking=True,
        context=context,
        return_response=answer,
    )


def sent(proxy: FakeProxy) -> list[tuple[str, str, Json]]:
    """Return what the proxy was asked: for which charger, the intent and its body."""
    return [(one.charge_point_id, one.intent, one.body) for one in proxy.commands]
