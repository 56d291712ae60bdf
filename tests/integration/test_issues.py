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


def test_an_id_tells_entry_and_key_but_not_which_charger() -> None:
    """Home Assistant writes the ids into files that people show to others."""
    of_charger = issue_id("e1", "csms_refused", "CP1")

    assert "e1_storage_trouble" == issue_id("e1", "storage_trouble")
    assert of_charger.startswith("e1_csms_refused_")
    assert "CP1" not in of_charger
    assert of_charger == issue_id("e1", "csms_refused", "CP1")
    assert of_charger != issue_id("e1", "csms_refused", "CP2")


def test_any_text_can_be_the_id_of_a_charger() -> None:
    assert len(issue_id("e1", "csms_refused", "CP1")) == len(
        issue_id("e1", "csms_refused", "\ud800" * 100)
    )


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
    raised = registry.issues[DOMAIN, issue_id("e1", "limit_conflict", "CP1")]
    async_withdraw_issue(hass, "e1", "limit_conflict", "CP2")
    one_less = {issue for _, issue in registry.issues}
    async_withdraw_issues(hass, "e1")
    of_another = issue_id("e2", "limit_conflict", "CP1")

    assert ("limit_conflict", {"charger": "Garage"}, False) == (
        raised.translation_key,
        raised.translation_placeholders,
        raised.is_fixable,
    )
    assert {issue_id("e1", "limit_conflict", "CP1"), of_another} == one_less
    assert [of_another] == [issue for _, issue in registry.issues]
