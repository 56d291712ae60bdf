"""Settings by their names, confirmation, and messages of any kind."""

from typing import Any

import pytest
from custom_components.oye.services_device import setting_name
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.actions import act, device_id
from tests.integration.fake_proxy import FakeProxy


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("OCPPCommCtrlr.HeartbeatInterval", "OCPPCommCtrlr.HeartbeatInterval"),
        ("OCPPCommCtrlr.MessageTimeout.Default", "OCPPCommCtrlr.MessageTimeout[Default]"),
        ("EVSE@1.Power", "EVSE@1.Power"),
        ("EVSE@1.Power.Max", "EVSE@1.Power[Max]"),
        ("Meter.Main@2.Power", "Meter[Main]@2.Power"),
        ("Meter.Main@2.Power.Max", "Meter[Main]@2.Power[Max]"),
        ("Meter.Main.Power.Max", "Meter[Main].Power[Max]"),
        (" EVSE@1.Power ", "EVSE@1.Power"),
        ("Meter[Main].Power", "Meter[Main].Power"),
        ("Nothing", "Nothing"),
        ("A.B.C.D.E", "A.B.C.D.E"),
        ("A@x.B", "A@x.B"),
        ("", ""),
    ],
)
def test_a_setting_of_2_x_is_named_with_dots(key: str, name: str) -> None:
    """What is not such a name goes to the proxy as it is, which says what is wrong."""
    assert name == setting_name(key, "2.0.1")
    assert name == setting_name(key, "2.1")


def test_a_key_of_1_6_is_as_it_is() -> None:
    assert "Vendor.Part.Key" == setting_name("Vendor.Part.Key", "1.6")


@pytest.mark.parametrize(
    ("identifier", "name"), [("OLD1", "A.B.C"), ("NEW1", "A.B[C]"), ("NEW2#1", "A.B[C]")]
)
async def test_settings_are_read_and_written_by_the_same_name(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, identifier: str, name: str
) -> None:
    device = device_id(hass, loaded, identifier)
    await act(hass, "get_configuration", device, {"keys": ["A.B.C", "X"]})
    await act(hass, "set_configuration", device, {"key": "A.B.C", "value": True})

    assert [{"keys": [name, "X"]}, {"key": name, "value": "true"}] == [
        one.body for one in proxy.commands
    ]


async def test_one_setting_that_is_not_told_hides_no_other(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    """A 2.x charger answers for each of them; a report is refused as a whole."""
    device = device_id(hass, loaded, "NEW1")
    told = {"getVariableResult": [{"attributeStatus": "Rejected"}, {"attributeStatus": "Accepted"}]}
    proxy.answer("get-configuration", accepted=False, response=told)
    answer = await act(hass, "get_configuration", device, {"keys": ["A.B", "C.D"]})
    with pytest.raises(HomeAssistantError) as failed:
        await act(hass, "get_configuration", device)

    assert told == answer["response"]
    assert "charger_rejected" == failed.value.translation_key


@pytest.mark.parametrize(
    ("action", "fields", "intent"),
    [
        ("reset", {"type": "hard"}, "reset"),
        ("unlock_connector", {}, "unlock"),
        ("set_availability", {"operative": False}, "availability"),
        ("update_firmware", {"location": "https://a/b"}, "firmware"),
        ("clear_cache", {}, "clear-cache"),
        ("send_local_list", {"update_type": "full"}, "local-list"),
    ],
)
async def test_what_can_do_harm_needs_the_callers_confirmation(
    hass: HomeAssistant,
    proxy: FakeProxy,
    loaded: MockConfigEntry,
    action: str,
    fields: dict[str, Any],
    intent: str,
) -> None:
    """The proxy asks for it; nothing confirms on its own."""
    device = device_id(hass, loaded, "OLD1")
    proxy.refuse(intent, "confirmation_required", guard="danger")
    with pytest.raises(ServiceValidationError) as failed:
        await act(hass, action, device, fields)
    proxy.answer(intent)
    await act(hass, action, device, {**fields, "confirm": True})

    assert "confirmation_required" == failed.value.translation_key
    assert [None, True] == [one.body.get("confirm") for one in proxy.commands]


@pytest.mark.parametrize(
    ("action", "fields", "intent"),
    [
        ("set_configuration", {"key": "AuthorizationKey", "value": "x"}, "set-configuration"),
        (
            "inject",
            {"action": "ChangeConfiguration", "payload": {"key": "AuthorizationKey"}},
            "inject",
        ),
    ],
)
async def test_what_can_lock_the_owner_out_is_never_confirmed(
    hass: HomeAssistant,
    proxy: FakeProxy,
    loaded: MockConfigEntry,
    action: str,
    fields: dict[str, Any],
    intent: str,
) -> None:
    device = device_id(hass, loaded, "OLD1")
    proxy.refuse(intent, "confirmation_required", guard="lockout")
    with pytest.raises(ServiceValidationError) as failed:
        await act(hass, action, device, fields)

    assert "guarded_key" == failed.value.translation_key
    assert ["confirm" in one.body for one in proxy.commands] == [False]

    with pytest.raises(Exception, match="confirm"):
        await act(hass, action, device, {**fields, "confirm": True})

    assert 1 == len(proxy.commands)


@pytest.mark.parametrize("base", ["configuration", "full", "summary"])
async def test_a_report_is_given_time(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, base: str
) -> None:
    """It comes in many messages."""
    device = device_id(hass, loaded, "NEW1")
    await act(hass, "get_report", device, {"report_base": f"{base}_inventory"})
    (command,) = proxy.commands

    assert ({"reportBase": base}, 60.0) == (command.body, command.wait)


async def test_1_6_has_no_reports(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    proxy.refuse("report", "not_supported")
    with pytest.raises(ServiceValidationError) as failed:
        await act(hass, "get_report", device_id(hass, loaded, "OLD1"))

    assert "not_supported" == failed.value.translation_key
    assert {"charger": "Garage"} == failed.value.translation_placeholders


async def test_an_injection_shows_a_refusal_to_who_asked_for_the_answer(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    """Without an answer to look at it would pass for a success, so it is an error."""
    device = device_id(hass, loaded, "OLD1")
    proxy.answer("inject", accepted=False, response={"status": "Rejected"})
    answer = await act(hass, "inject", device, {"action": "Reset"})
    with pytest.raises(HomeAssistantError) as failed:
        await act(hass, "inject", device, {"action": "Reset"}, answer=False)

    assert {"status": "Rejected"} == answer["response"]
    assert "charger_rejected" == failed.value.translation_key
    assert {"action": "Reset", "status": "Rejected"} == failed.value.translation_placeholders
