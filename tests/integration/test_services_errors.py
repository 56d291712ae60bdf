"""What an action says when the proxy or the charger did not do it."""

import json
from pathlib import Path
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.actions import EVENING, act, device_id, furnish
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import FakeProxy

FOLDER = Path(__file__).parents[2] / "custom_components/oye"
TEXTS = json.loads((FOLDER / "translations/en.json").read_text())["exceptions"]

ERRORS: list[tuple[str, dict[str, Any], str]] = [
    ("invalid_request", {}, "invalid_value"),
    ("invalid_payload", {}, "invalid_value"),
    ("charger_unknown", {}, "charger_unknown"),
    ("charger_not_connected", {}, "charger_not_connected"),
    ("charger_read_only", {}, "charger_read_only"),
    ("charger_not_accepted", {}, "charger_not_accepted"),
    ("not_supported", {}, "not_supported"),
    ("not_permitted", {}, "not_permitted"),
    ("confirmation_required", {"guard": "lockout"}, "guarded_key"),
    ("confirmation_required", {"guard": "danger"}, "confirmation_required"),
    ("conflict", {}, "conflict"),
    ("too_many_requests", {"retryAfter": 7}, "too_many_changes"),
    ("injection_rejected", {"errorCode": "NotImplemented"}, "charger_error"),
    ("injection_timeout", {}, "charger_timeout"),
    ("injection_aborted", {}, "command_aborted"),
    ("storage", {}, "communication_error"),
]


@pytest.mark.parametrize("identifier", ["OLD1", "NEW2#2"])
async def test_every_error_of_the_proxy_has_a_text(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, identifier: str
) -> None:
    device = device_id(hass, loaded, identifier)
    for code, members, key in ERRORS:
        proxy.refuse("limit", code, **members)
        with pytest.raises(HomeAssistantError) as failed:
            await act(hass, "set_charge_limit", device, {"current": 10})

        assert (code, key) == (code, failed.value.translation_key)
        assert key in TEXTS


async def test_a_refusal_of_the_charger_is_an_error(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    proxy.answer("start", accepted=False, response={"status": "Rejected"})
    with pytest.raises(HomeAssistantError) as failed:
        await act(hass, "start_charging", device_id(hass, loaded, "OLD1"))

    assert "charger_rejected" == failed.value.translation_key
    assert {"action": "start", "status": "Rejected"} == failed.value.translation_placeholders


async def test_a_token_that_is_not_in_force_asks_the_owner(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    proxy.tokens.clear()
    with pytest.raises(HomeAssistantError) as failed:
        await act(hass, "start_charging", device_id(hass, loaded, "OLD1"))
    await hass.async_block_till_done()
    flows = hass.config_entries.flow.async_progress()

    assert "authentication_error" == failed.value.translation_key
    assert [SOURCE_REAUTH] == [flow["context"]["source"] for flow in flows]


@pytest.mark.parametrize(
    ("feature", "action", "fields"),
    [
        ("phases", "set_charge_limit", {"phases": 1}),
        ("reservations", "reserve", {"id_tag": "04AA", "until": EVENING}),
        ("reservations", "cancel_reservation", {"reservation_id": 1}),
        ("schedules", "set_charging_schedule", {"periods": [{"start": 0, "limit": 6}]}),
        ("schedules", "get_charging_schedule", {}),
        ("sessions", "get_sessions", {}),
        (
            "time_zones",
            "set_charging_schedule",
            {"periods": [{"start": 0, "limit": 6}], "recurrence": "daily"},
        ),
    ],
)
async def test_what_an_older_proxy_cannot_do(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    feature: str,
    action: str,
    fields: dict[str, Any],
) -> None:
    furnish(proxy)
    proxy.features = tuple(one for one in proxy.features if one != feature)
    await set_up(entry)
    with pytest.raises(ServiceValidationError) as failed:
        await act(hass, action, device_id(hass, entry, "OLD1"), fields)

    assert "feature_missing" == failed.value.translation_key
    assert {"name": proxy.name} == failed.value.translation_placeholders
    assert "Update the OYE app" in TEXTS["feature_missing"]["message"]
    assert [] == proxy.commands
