"""What triggers and conditions share: they watch entities of OYE alone, whatever the target."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN


def own_entities(hass: HomeAssistant, entity_ids: Iterable[str], key: str) -> set[str]:
    """
    Return which of the entities are those of OYE with this key.

    An area also holds entities of other integrations with the same device class, and one device
    has several events.
    """
    registry = er.async_get(hass)
    found = ((entity_id, registry.async_get(entity_id)) for entity_id in entity_ids)
    return {
        entity_id
        for entity_id, entry in found
        if entry is not None and entry.platform == DOMAIN and entry.translation_key == key
    }
