"""
The issues of an entry in Home Assistant's repairs; each id begins with that of its entry.

Home Assistant puts the ids into every file of diagnostics, so that they do not tell which charger.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.issue_registry import IssueSeverity

from .const import DOMAIN

DIGEST_CHARACTERS: Final = 16


def issue_id(entry_id: str, key: str, charge_point_id: str | None = None) -> str:
    """Return the id of an issue, of the proxy or of a charger."""
    if charge_point_id is None:
        return f"{entry_id}_{key}"
    digest = hashlib.sha256(charge_point_id.encode(errors="surrogatepass")).hexdigest()
    return f"{entry_id}_{key}_{digest[:DIGEST_CHARACTERS]}"


@callback
def async_raise_issue(
    hass: HomeAssistant,
    entry_id: str,
    key: str,
    severity: IssueSeverity,
    placeholders: Mapping[str, str],
    *,
    charge_point_id: str | None = None,
    fixable: bool = False,
    link: str | None = None,
) -> None:
    """Show an issue, or renew what it says."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(entry_id, key, charge_point_id),
        data={"entry_id": entry_id, "key": key},
        is_fixable=fixable,
        learn_more_url=link,
        severity=severity,
        translation_key=key,
        translation_placeholders=dict(placeholders),
    )


@callback
def async_withdraw_issue(
    hass: HomeAssistant, entry_id: str, key: str, charge_point_id: str | None = None
) -> None:
    """Remove an issue, if it is there."""
    ir.async_delete_issue(hass, DOMAIN, issue_id(entry_id, key, charge_point_id))


@callback
def async_withdraw_issues(hass: HomeAssistant, entry_id: str) -> None:
    """Remove every issue of an entry."""
    prefix = f"{entry_id}_"
    for domain, found in list(ir.async_get(hass).issues):
        if domain == DOMAIN and found.startswith(prefix):
            ir.async_delete_issue(hass, DOMAIN, found)
