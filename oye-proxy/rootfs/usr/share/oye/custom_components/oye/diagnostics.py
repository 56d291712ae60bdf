"""Diagnostics of an entry and of a device, fit to be shown to strangers."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.entity_registry import RegistryEntry

from .coordinator import OyeConfigEntry, OyeCoordinator
from .devices import charger_identifier, connector_identifier
from .models import Charger
from .redaction import Aliases, owner_of, redacted, secrets_in
from .upkeep import RUNNING


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: OyeConfigEntry
) -> dict[str, Any]:
    """Return what is known of a proxy and all its chargers."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    chargers = _chargers(entry)
    return _dump(hass, entry, chargers, chargers, entities)


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: OyeConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Return what concerns a device: the proxy without its chargers, or one charger."""
    chargers = _chargers(entry)
    shown = {
        key: one for key, one in chargers.items() if not _of(one).isdisjoint(device.identifiers)
    }
    return _dump(hass, entry, chargers, shown, _entities_of(hass, entry, device))


def _chargers(entry: OyeConfigEntry) -> Mapping[str, Charger]:
    return entry.runtime_data.data.chargers if _is_loaded(entry) else {}


def _is_loaded(entry: OyeConfigEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED


def _of(charger: Charger) -> set[tuple[str, str]]:
    """Return what identifies the devices of a charger."""
    charge_point_id = charger.charge_point_id
    connectors = {connector_identifier(charge_point_id, number) for number in charger.connectors}
    return {charger_identifier(charge_point_id), *connectors}


def _entities_of(
    hass: HomeAssistant, entry: OyeConfigEntry, device: AnyDeviceEntry
) -> list[RegistryEntry]:
    """Return the entities of a device and of its connectors."""
    devices = [
        device.id,
        *(
            child.id
            for child in dr.async_child_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
            if child.parent_device_id == device.id
        ),
    ]
    registry = er.async_get(hass)
    return [
        one
        for device_id in devices
        for one in er.async_entries_for_device(registry, device_id, include_disabled_entities=True)
    ]


def _dump(
    hass: HomeAssistant,
    entry: OyeConfigEntry,
    known: Mapping[str, Charger],
    shown: Mapping[str, Charger],
    entities: Iterable[RegistryEntry],
) -> dict[str, Any]:
    """Put everything together; aliases are those of all known chargers, whichever are shown."""
    aliases = Aliases({key: one.name for key, one in known.items()})
    dump: dict[str, Any] = {
        "entry": {
            "title": entry.title,
            "data": entry.data,
            "options": entry.options,
            "source": entry.source,
            "state": entry.state,
            "reason": entry.reason,
        },
        "integration": hass.data[RUNNING],
        "entities": _counts(entities),
    }
    if _is_loaded(entry):
        dump |= _live(entry.runtime_data, aliases, shown, whole=known is shown)
    # Also those of chargers that are not shown: an error can name any of them.
    secrets = secrets_in([asdict(one) for one in known.values()])
    result: dict[str, Any] = redacted(dump, aliases, secrets)
    return result


def _counts(entities: Iterable[RegistryEntry]) -> dict[str, dict[str, int]]:
    """Return how many entities each platform has, and how many of them are disabled."""
    counts: dict[str, dict[str, int]] = {}
    for one in entities:
        count = counts.setdefault(one.domain, {"all": 0, "disabled": 0})
        count["all"] += 1
        count["disabled"] += one.disabled
    return dict(sorted(counts.items()))


def _live(
    coordinator: OyeCoordinator, aliases: Aliases, shown: Mapping[str, Charger], *, whole: bool
) -> dict[str, Any]:
    """Return what the proxy told; `whole` adds what is of none of the chargers shown."""
    state = coordinator.data
    return {
        "proxy": asdict(state.proxy),
        "snapshot": {"epoch": state.epoch, "seq": state.seq, "complete": state.complete},
        "stream": asdict(coordinator.statistics)
        | {"last_update_success": coordinator.last_update_success},
        "chargers": {
            aliases.of(key): {
                **asdict(one),
                "charge_point_id": aliases.of(key),
                "name": aliases.of(key),
            }
            for key, one in shown.items()
        },
        "issues": [
            asdict(one)
            | {"charge_point_id": one.charge_point_id and aliases.of(one.charge_point_id)}
            for one in state.issues
            if whole or one.charge_point_id is None or one.charge_point_id in shown
        ],
        "guards": {
            aliases.of_unique_id(key): guard.as_dict()
            for key, guard in coordinator.guards.items()
            if whole or owner_of(key) in shown
        },
    }
