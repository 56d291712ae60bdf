"""Chargers that several proxies know: the entry that told of one first shows it."""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.util.hass_dict import HassKey

from .issues import async_raise_issue, async_withdraw_issue
from .models import Charger

DUPLICATE: Final = "duplicate_charger"
# The id of the entry that shows a charger; entries are set up at the same time.
SHOWN_BY: Final[HassKey[dict[str, str]]] = HassKey("oye_shown_by")


class Duplicates:
    """Leaves out the chargers that another entry shows, and tells the owner of them."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self._hass = hass
        self._entry_id = entry.entry_id
        self._shown_by = hass.data.setdefault(SHOWN_BY, {})
        self._told: frozenset[str] = frozenset()
        entry.async_on_unload(self._release)

    @callback
    def async_left_out(
        self, chargers: Mapping[str, Charger], *, whole: bool
    ) -> Mapping[str, Charger]:
        """Return the chargers without those of others; `whole` says that these are all."""
        self._release(chargers)
        owners = {one: self._shown_by.setdefault(one, self._entry_id) for one in chargers}
        others = frozenset(one for one, owner in owners.items() if owner != self._entry_id)
        self._tell(others if whole else others | (self._told - owners.keys()), chargers)
        if not others:
            return chargers
        return {key: one for key, one in chargers.items() if key not in others}

    def _release(self, but: Mapping[str, Charger] | None = None) -> None:
        """Leave to others what we do not show any more."""
        ours = [one for one, owner in self._shown_by.items() if owner == self._entry_id]
        for charge_point_id in ours:
            if but is None or charge_point_id not in but:
                del self._shown_by[charge_point_id]

    def _tell(self, duplicates: frozenset[str], chargers: Mapping[str, Charger]) -> None:
        for gone in self._told - duplicates:
            async_withdraw_issue(self._hass, self._entry_id, DUPLICATE, gone)
        for new in duplicates - self._told:
            async_raise_issue(
                self._hass,
                self._entry_id,
                DUPLICATE,
                IssueSeverity.WARNING,
                {"charger": chargers[new].name},
                charge_point_id=new,
            )
        self._told = duplicates
