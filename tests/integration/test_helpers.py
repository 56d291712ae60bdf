"""Commands to chargers, with every error of the proxy as one that Home Assistant translates."""

import json
from pathlib import Path
from typing import Any

import pytest
from custom_components.oye.helpers import async_command, async_inject
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import Command, FakeProxy

TEXTS = json.loads(
    (Path(__file__).parents[2] / "custom_components/oye/translations/en.json").read_text()
)["exceptions"]


@pytest.fixture
async def loaded(proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp) -> MockConfigEntry:
    proxy.put(chargers.idle("CP1", name="Garage"))
    await set_up(entry)
    return entry


async def limit(entry: MockConfigEntry) -> object:
    return await async_command(entry.runtime_data, "CP1", "limit", {"limitA": 10}, wait=10)


async def test_a_command_gives_the_chargers_answer(
    proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    result = await async_command(loaded.runtime_data, "CP1", "limit", {"limitA": 10}, wait=10)

    assert {"status": "Accepted"} == result.response
    assert [Command("CP1", "limit", {"limitA": 10}, 10.0)] == proxy.commands


@pytest.mark.parametrize(
    ("code", "members", "key", "placeholders"),
    [
        ("invalid_request", {}, "invalid_value", {"error": "The fake proxy says invalid_request"}),
        ("charger_unknown", {}, "charger_unknown", {"charger": "Garage"}),
        ("charger_not_connected", {}, "charger_not_connected", {"charger": "Garage"}),
        ("charger_read_only", {}, "charger_read_only", {"charger": "Garage"}),
        ("charger_not_accepted", {}, "charger_not_accepted", {"charger": "Garage"}),
        ("not_supported", {}, "not_supported", {"charger": "Garage"}),
        ("not_permitted", {}, "not_permitted", {"charger": "Garage"}),
        ("confirmation_required", {"guard": "lockout"}, "guarded_key", {}),
        ("confirmation_required", {"guard": "danger"}, "confirmation_required", {}),
        ("conflict", {}, "conflict", {"error": "The fake proxy says conflict"}),
        ("too_many_requests", {"retryAfter": 7}, "too_many_changes", {"seconds": "7"}),
        ("too_many_requests", {}, "too_many_changes", {"seconds": "60"}),
    ],
)
async def test_what_the_caller_can_mend_is_a_validation_error(
    proxy: FakeProxy,
    loaded: MockConfigEntry,
    code: str,
    members: dict[str, Any],
    key: str,
    placeholders: dict[str, str],
) -> None:
    proxy.refuse("limit", code, **members)
    with pytest.raises(ServiceValidationError) as failed:
        await limit(loaded)

    assert key == failed.value.translation_key
    assert placeholders == failed.value.translation_placeholders
    assert key in TEXTS


@pytest.mark.parametrize(
    ("code", "members", "key", "placeholders"),
    [
        (
            "injection_rejected",
            {"errorCode": "NotImplemented", "description": "no"},
            "charger_error",
            {"action": "limit", "code": "NotImplemented", "description": "no"},
        ),
        (
            "injection_rejected",
            {},
            "charger_error",
            {"action": "limit", "code": "?", "description": ""},
        ),
        ("injection_timeout", {}, "charger_timeout", {"action": "limit", "seconds": "10"}),
        ("injection_aborted", {}, "command_aborted", {"action": "limit", "charger": "Garage"}),
        ("storage", {}, "communication_error", {"error": "The fake proxy says storage"}),
    ],
)
async def test_what_the_world_did_is_an_error(
    proxy: FakeProxy,
    loaded: MockConfigEntry,
    code: str,
    members: dict[str, Any],
    key: str,
    placeholders: dict[str, str],
) -> None:
    proxy.refuse("limit", code, **members)
    with pytest.raises(HomeAssistantError) as failed:
        await limit(loaded)

    assert type(failed.value) is HomeAssistantError
    assert key == failed.value.translation_key
    assert placeholders == failed.value.translation_placeholders
    assert key in TEXTS


@pytest.mark.parametrize(
    ("response", "status"),
    [
        ({"status": "Occupied"}, "Occupied"),
        ({"setVariableResult": [{"attributeStatus": "UnknownVariable"}]}, "UnknownVariable"),
        ({"setVariableResult": []}, "?"),
        ({}, "?"),
        (None, "?"),
    ],
)
async def test_an_answer_that_says_no_is_an_error(
    proxy: FakeProxy, loaded: MockConfigEntry, response: Any, status: str
) -> None:
    proxy.answer("limit", accepted=False, response=response)
    with pytest.raises(HomeAssistantError) as failed:
        await limit(loaded)

    assert "charger_rejected" == failed.value.translation_key
    assert {"action": "limit", "status": status} == failed.value.translation_placeholders


async def test_an_injection_gives_any_answer(proxy: FakeProxy, loaded: MockConfigEntry) -> None:
    proxy.answer("inject", accepted=False, response={"status": "Rejected"})
    result = await async_inject(loaded.runtime_data, "CP1", "Reset", {"type": "Soft"})

    assert {"status": "Rejected"} == result.response


async def test_a_charger_that_nobody_knows_is_named_by_its_id(
    loaded: MockConfigEntry,
) -> None:
    with pytest.raises(ServiceValidationError) as failed:
        await async_command(loaded.runtime_data, "CP9", "limit", {"limitA": 10})

    assert {"charger": "CP9"} == failed.value.translation_placeholders


async def test_a_token_that_is_not_in_force_asks_the_owner(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    proxy.tokens.clear()
    with pytest.raises(HomeAssistantError) as failed:
        await limit(loaded)
    await hass.async_block_till_done()
    flows = hass.config_entries.flow.async_progress()

    assert "authentication_error" == failed.value.translation_key
    assert [SOURCE_REAUTH] == [flow["context"]["source"] for flow in flows]


async def test_a_proxy_that_is_gone_is_an_error(proxy: FakeProxy, loaded: MockConfigEntry) -> None:
    proxy.interference = (502, "Bad gateway")
    with pytest.raises(HomeAssistantError) as failed:
        await limit(loaded)

    assert "communication_error" == failed.value.translation_key
    assert {"error": "HTTP 502"} == failed.value.translation_placeholders
