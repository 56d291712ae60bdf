"""Every action reaches the charger that was chosen, as the API has it, or says why it cannot."""

from pathlib import Path
from typing import Any

import pytest
from custom_components.oye.const import DOMAIN
from custom_components.oye.services import ACTIONS
from homeassistant.core import Context, HomeAssistant, SupportsResponse
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers.selector import validate_selector
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from tests.integration.actions import EVENING, SECONDS, WITH_ONE, WITH_TWO, act, device_id, sent
from tests.integration.fake_proxy import INSTANCE, FakeProxy

FOLDER = Path(__file__).parents[2] / "custom_components/oye"
DESCRIBED = {
    name: entry
    for name, entry in load_yaml_dict(str(FOLDER / "services.yaml")).items()
    if not name.startswith(".")
}

NIGHT = "2026-12-24T20:00:00+00:00"

# Action, fields, and the intent with its body that the proxy gets.
AT_A_CONNECTOR: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("set_charge_limit", {"current": 10}, "limit", {"limitA": 10.0, "scope": "session"}),
    (
        "set_charge_limit",
        {"power": 4200, "scope": "default", "duration": "01:00:00", "phases": "1"},
        "limit",
        {"limitW": 4200.0, "scope": "default", "duration": 3600, "phases": 1},
    ),
    ("clear_charge_limit", {"scope": "session"}, "clear-limit", {"scope": "session"}),
    ("clear_charge_limit", {}, "clear-limit", {}),
    (
        "set_charging_schedule",
        {
            "periods": [{"start": 0, "limit": 6}, {"start": 3600, "limit": 16}],
            "unit": "a",
            "start": EVENING,
        },
        "schedule",
        {
            "periods": [{"start": 0, "limit": 6.0}, {"start": 3600, "limit": 16.0}],
            "unit": "A",
            "scope": "session",
            "start": NIGHT,
        },
    ),
    (
        "get_charging_schedule",
        {"duration": {"hours": 2}, "unit": "W"},
        "composite-schedule",
        {"duration": 7200, "unit": "W"},
    ),
    ("start_charging", {}, "start", {}),
    (
        "start_charging",
        {"id_tag": "04AABBCC", "current": 8},
        "start",
        {"idTag": "04AABBCC", "limitA": 8.0},
    ),
    ("stop_charging", {}, "stop", {}),
    ("stop_charging", {"transaction_id": "77"}, "stop", {"transactionId": "77"}),
    ("reserve", {"id_tag": "04AA", "until": EVENING}, "reserve", {"idTag": "04AA", "until": NIGHT}),
    ("trigger_message", {"message": "MeterValues"}, "trigger", {"message": "MeterValues"}),
    (
        "trigger_message",
        {"message": "com.example.Hello"},
        "trigger",
        {"message": "CustomTrigger", "customTrigger": "com.example.Hello"},
    ),
    ("reset", {}, "reset", {"type": "soft"}),
    ("reset", {"type": "hard", "confirm": True}, "reset", {"type": "hard", "confirm": True}),
    ("unlock_connector", {"confirm": True}, "unlock", {"confirm": True}),
    ("set_availability", {"operative": False}, "availability", {"operative": False}),
]
AT_THE_CHARGER: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    (
        "set_charge_limit",
        {"current": 16, "scope": "maximum"},
        "limit",
        {"limitA": 16.0, "scope": "maximum"},
    ),
    ("cancel_reservation", {"reservation_id": 5}, "cancel-reservation", {"reservationId": 5}),
    ("get_configuration", {}, "get-configuration", {"keys": []}),
    (
        "get_configuration",
        {"keys": "HeartbeatInterval"},
        "get-configuration",
        {"keys": ["HeartbeatInterval"]},
    ),
    (
        "set_configuration",
        {"key": "A.B", "value": 30},
        "set-configuration",
        {"key": "A.B", "value": "30"},
    ),
    ("get_report", {}, "report", {"reportBase": "full"}),
    (
        "update_firmware",
        {"location": "https://a/b", "retrieve_at": EVENING, "retries": 3.0, "confirm": True},
        "firmware",
        {"location": "https://a/b", "retrieveAt": NIGHT, "retries": 3, "confirm": True},
    ),
    (
        "get_diagnostics",
        {"location": "ftp://a/b", "log_type": "security", "from": EVENING, "to": EVENING},
        "diagnostics",
        {"location": "ftp://a/b", "logType": "security", "from": NIGHT, "to": NIGHT},
    ),
    (
        "data_transfer",
        {"vendor_id": "com.example", "message_id": "Hello", "data": {"a": [1]}},
        "data-transfer",
        {"vendorId": "com.example", "messageId": "Hello", "data": {"a": [1]}},
    ),
    ("clear_cache", {"confirm": True}, "clear-cache", {"confirm": True}),
    ("get_local_list_version", {}, "local-list-version", {}),
    (
        "send_local_list",
        {
            "entries": [
                {"id_tag": "04AA", "status": "Blocked", "expires_at": EVENING},
                {"id_tag": "04BB", "remove": True},
            ],
            "version": 2,
        },
        "local-list",
        {
            "entries": [
                {"idTag": "04AA", "status": "Blocked", "expiresAt": NIGHT},
                {"idTag": "04BB", "remove": True},
            ],
            "updateType": "differential",
            "version": 2,
        },
    ),
    (
        "send_local_list",
        {"update_type": "full", "confirm": True},
        "local-list",
        {"entries": [], "updateType": "full", "confirm": True},
    ),
    (
        "inject",
        {"action": "GetConfiguration", "payload": {"key": []}},
        "inject",
        {"action": "GetConfiguration", "payload": {"key": []}},
    ),
    ("inject", {"action": "ClearCache"}, "inject", {"action": "ClearCache", "payload": {}}),
]
ADMIN = {
    "clear_cache", "data_transfer", "get_configuration", "get_diagnostics",
    "get_local_list_version", "get_report", "inject", "reset", "send_local_list",
    "set_availability", "set_configuration", "unlock_connector", "update_firmware",
}  # fmt: skip
READING = {
    "get_charging_schedule", "get_configuration", "get_local_list_version", "get_report",
    "get_sessions",
}  # fmt: skip


@pytest.mark.parametrize("identifier", [*WITH_ONE, *SECONDS])
async def test_what_a_connector_is_told(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, identifier: str
) -> None:
    """The device of a connector says its number; that of a charger with one needs none."""
    device = device_id(hass, loaded, identifier)
    answers = [await act(hass, action, device, fields) for action, fields, *_ in AT_A_CONNECTOR]
    charger, _, number = identifier.partition("#")
    connector = {"connectorId": int(number)} if number else {}

    assert [(charger, intent, body | connector) for *_, intent, body in AT_A_CONNECTOR] == sent(
        proxy
    )
    assert all({"status": "Accepted"} == answer["response"] for answer in answers)


@pytest.mark.parametrize("identifier", [*WITH_ONE, *WITH_TWO, *SECONDS])
async def test_what_a_charger_is_told(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, identifier: str
) -> None:
    """What is not about a connector is the same for every device of a charger."""
    device = device_id(hass, loaded, identifier)
    answers = [await act(hass, action, device, fields) for action, fields, *_ in AT_THE_CHARGER]
    charger = identifier.partition("#")[0]

    assert [(charger, intent, body) for *_, intent, body in AT_THE_CHARGER] == sent(proxy)
    assert all({"status": "Accepted"} == answer["response"] for answer in answers)


def test_every_action_is_in_the_tables() -> None:
    tested = {case[0] for case in (*AT_A_CONNECTOR, *AT_THE_CHARGER)}

    assert {"get_sessions"} == set(ACTIONS) - tested
    assert set(ACTIONS) == set(DESCRIBED)


async def test_what_a_charger_keeps_may_take_its_minute(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    """The proxy sends lasting limits once a minute at most; an automation's are sent at once."""
    device = device_id(hass, loaded, "OLD1")
    for scope in ("session", "default", "maximum"):
        await act(hass, "set_charge_limit", device, {"current": 10, "scope": scope})
    await act(hass, "clear_charge_limit", device)

    assert [30.0, 90.0, 90.0, 90.0] == [one.wait for one in proxy.commands]


async def test_the_device_of_the_proxy_is_no_charger(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    for action in ACTIONS:
        with pytest.raises(ServiceValidationError) as failed:
            await act(hass, action, device_id(hass, loaded, INSTANCE), needed(action))

        assert (action, "not_a_charger") == (action, failed.value.translation_key)
        assert {"device": "OYE"} == failed.value.translation_placeholders
    assert [] == proxy.commands


def needed(action: str) -> dict[str, Any]:
    """Return fields with which an action can be used."""
    cases = [case for case in (*AT_A_CONNECTOR, *AT_THE_CHARGER) if case[0] == action]
    return cases[0][1] if cases else {}


async def test_actions_are_there_before_any_entry(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})

    assert set(ACTIONS) == set(hass.services.async_services_for_domain(DOMAIN))


async def test_the_charger_itself_is_for_administrators(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    device = device_id(hass, loaded, "OLD1")
    context = Context(user_id=hass_read_only_user.id)
    for action in sorted(ADMIN):
        with pytest.raises(Unauthorized):
            await act(hass, action, device, needed(action), context=context)

    assert [] == proxy.commands

    for action in sorted(set(ACTIONS) - ADMIN):
        assert await act(hass, action, device, needed(action), context=context)


async def test_an_administrator_may_use_every_action(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    device = device_id(hass, loaded, "OLD1")
    context = Context(user_id=hass_admin_user.id)
    for action in sorted(ADMIN):
        await act(hass, action, device, needed(action), context=context)

    assert len(ADMIN) == len(proxy.commands)


async def test_what_only_reads_always_answers(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})

    assert {
        action: SupportsResponse.ONLY if action in READING else SupportsResponse.OPTIONAL
        for action in ACTIONS
    } == {action: hass.services.supports_response(DOMAIN, action) for action in ACTIONS}


async def test_who_wants_no_answer_gets_none(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    device = device_id(hass, loaded, "OLD1")

    assert await act(hass, "start_charging", device, answer=False) is None
    assert 1 == len(proxy.commands)


async def test_home_assistant_understands_the_descriptions(hass: HomeAssistant) -> None:
    """A mistake in services.yaml would leave the actions without their forms."""
    assert await async_setup_component(hass, DOMAIN, {})
    descriptions = (await async_get_all_descriptions(hass))[DOMAIN]

    assert {name: list(entry["fields"]) for name, entry in DESCRIBED.items()} == {
        name: list(description["fields"]) for name, description in descriptions.items()
    }


@pytest.mark.parametrize("name", sorted(DESCRIBED))
def test_the_form_of_an_action_offers_what_it_takes(name: str) -> None:
    """The same fields, needed or not, with selectors that Home Assistant has."""
    fields: dict[str, Any] = {}
    for field, entry in DESCRIBED[name]["fields"].items():
        fields |= entry.get("fields", {field: entry})
    schema = {str(marker): marker for marker in ACTIONS[name].fields}
    required = {str(one) for one in schema.values() if type(one).__name__ == "Required"}

    assert {"device_id", *schema} == set(fields)
    assert {"device_id", *required} == {
        field for field, entry in fields.items() if entry.get("required")
    }
    for entry in fields.values():
        validate_selector(entry["selector"])
