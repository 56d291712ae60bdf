"""Issues belong to their entry, and to a charger of it."""

from custom_components.oye.const import DOMAIN
from custom_components.oye.issues import (
    async_raise_issue,
    async_withdraw_issue,
    async_withdraw_issues,
    issue_id,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir


def test_an_id_tells_entry_key_and_charger() -> None:
    assert "e1_csms_refused_CP1" == issue_id("e1", "csms_refused", "CP1")
    assert "e1_storage_trouble" == issue_id("e1", "storage_trouble")


async def test_issues_are_raised_and_withdrawn(hass: HomeAssistant) -> None:
    registry = ir.async_get(hass)
    for entry_id, charge_point_id in (("e1", "CP1"), ("e1", "CP2"), ("e2", "CP1")):
        async_raise_issue(
            hass,
            entry_id,
            "limit_conflict",
            ir.IssueSeverity.WARNING,
            {"charger": "Garage"},
            charge_point_id=charge_point_id,
        )
    raised = registry.issues[DOMAIN, "e1_limit_conflict_CP1"]
    async_withdraw_issue(hass, "e1", "limit_conflict", "CP2")
    one_less = {issue for _, issue in registry.issues}
    async_withdraw_issues(hass, "e1")

    assert ("limit_conflict", {"charger": "Garage"}, False) == (
        raised.translation_key,
        raised.translation_placeholders,
        raised.is_fixable,
    )
    assert {"e1_limit_conflict_CP1", "e2_limit_conflict_CP1"} == one_less
    assert ["e2_limit_conflict_CP1"] == [issue for _, issue in registry.issues]
