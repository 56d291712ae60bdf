"""The devices of one entry: the proxy, its chargers, and the connectors where there are several."""

from typing import TYPE_CHECKING, Final

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceEntryType, DeviceInfo

from .const import CONF_APP_SLUG, DOMAIN
from .models import Boot, Charger, Proxy, State

if TYPE_CHECKING:
    from .coordinator import OyeConfigEntry

CONNECTOR_MARK: Final = "#"


def charger_identifier(charge_point_id: str) -> tuple[str, str]:
    """Return what identifies the device of a charger."""
    return (DOMAIN, charge_point_id)


def connector_identifier(charge_point_id: str, number: int) -> tuple[str, str]:
    """Return what identifies the device of a connector."""
    return (DOMAIN, f"{charge_point_id}{CONNECTOR_MARK}{number}")


class Devices:
    """Keeps the device registry as the proxy's state is."""

    def __init__(self, hass: HomeAssistant, entry: OyeConfigEntry) -> None:
        self._registry = dr.async_get(hass)
        self._entry = entry
        self._charger_ids: dict[str, str] = {}
        self._shown: dict[str, tuple[str, Boot]] = {}
        self._shown_proxy: Proxy | None = None
        self._with_children: dict[str, bool] = {}
        self._proxy_id = ""

    @callback
    def async_update(self, state: State, *, whole: bool) -> bool:
        """
        Register what is new or changed, remove what is gone.

        `whole` says that the state is a snapshot. Return whether the entry must be reloaded because
        a charger has grown to several connectors, which are devices of their own.
        """
        self._register_proxy(state.proxy)
        for charger in state.chargers.values():
            self._register_charger(charger)
        # What a snapshot could not tell of may still be there.
        if state.complete or not whole:
            self._remove_gone(state, whole=whole)
        grown = [one.charge_point_id for one in state.chargers.values() if self._has_grown(one)]
        self._with_children.update(dict.fromkeys(grown, True))
        return bool(grown)

    def proxy_info(self) -> DeviceInfo:
        """Return the device of entities of the proxy."""
        return DeviceInfo(identifiers={(DOMAIN, str(self._entry.unique_id))})

    def charger_info(self, charge_point_id: str) -> DeviceInfo:
        """Return the device of entities of a charger."""
        return DeviceInfo(identifiers={charger_identifier(charge_point_id)})

    def connector_info(self, charge_point_id: str, number: int) -> DeviceInfo | ChildDeviceInfo:
        """Return the device of entities of a connector: the charger's when it is the only one."""
        if not self._with_children.get(charge_point_id):
            return self.charger_info(charge_point_id)
        return ChildDeviceInfo(
            identifiers={connector_identifier(charge_point_id, number)},
            parent_device_id=self._charger_ids[charge_point_id],
            translation_key="connector",
            translation_placeholders={"number": str(number)},
        )

    def _register_proxy(self, proxy: Proxy) -> None:
        if proxy is self._shown_proxy:
            return
        slug = self._entry.data.get(CONF_APP_SLUG)
        device = self._registry.async_get_or_create(
            config_entry_id=self._entry.entry_id,
            identifiers={(DOMAIN, proxy.instance_id)},
            entry_type=DeviceEntryType.SERVICE,
            name=proxy.name,
            sw_version=proxy.version or None,
            configuration_url=f"homeassistant://app/{slug}" if slug else self._entry.data[CONF_URL],
        )
        self._proxy_id = device.id
        self._shown_proxy = proxy

    def _register_charger(self, charger: Charger) -> None:
        charge_point_id, boot = charger.charge_point_id, charger.boot
        shown = self._shown.get(charge_point_id)
        if shown is not None and shown[0] == charger.name and shown[1] is boot:
            return
        device = self._registry.async_get_or_create(
            config_entry_id=self._entry.entry_id,
            identifiers={charger_identifier(charge_point_id)},
            name=charger.name,
            manufacturer=boot.vendor,
            model=boot.model,
            serial_number=boot.serial_number,
            sw_version=boot.firmware_version,
            via_device_id=self._proxy_id,
        )
        self._charger_ids[charge_point_id] = device.id
        self._shown[charge_point_id] = (charger.name, boot)
        self._with_children.setdefault(charge_point_id, len(charger.connectors) > 1)

    def _has_grown(self, charger: Charger) -> bool:
        return len(charger.connectors) > 1 and not self._with_children[charger.charge_point_id]

    def _remove_gone(self, state: State, *, whole: bool) -> None:
        """Remove the devices of chargers that are gone; those not met yet by a snapshot alone."""
        for charge_point_id in self._shown.keys() - state.chargers.keys():
            self._forget(charge_point_id)
            self._remove(charger_identifier(charge_point_id))
        if not whole:
            return
        kept = {charger_identifier(one) for one in state.chargers}
        kept.add((DOMAIN, state.proxy.instance_id))
        for device in dr.async_entries_for_config_entry(self._registry, self._entry.entry_id):
            if kept.isdisjoint(device.identifiers):
                self._registry.async_remove_device(device.id)
        self._remove_gone_connectors(state)

    def _remove_gone_connectors(self, state: State) -> None:
        kept = {
            connector_identifier(charger.charge_point_id, number)
            for charger in state.chargers.values()
            if self._with_children[charger.charge_point_id]
            for number in charger.connectors
        }
        for child in dr.async_child_entries_for_config_entry(self._registry, self._entry.entry_id):
            if kept.isdisjoint(child.identifiers):
                self._registry.async_remove_device(child.id)

    def _forget(self, charge_point_id: str) -> None:
        for known in (self._shown, self._charger_ids, self._with_children):
            known.pop(charge_point_id, None)

    def _remove(self, identifier: tuple[str, str]) -> None:
        device = self._registry.async_get_device_by_identifier(identifier, self._entry.entry_id)
        if device is not None:
            self._registry.async_remove_device(device.id)
