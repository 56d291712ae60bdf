"""What an action answers: the charger's words, and no secret among them."""

from typing import Any

import pytest
from custom_components.oye.services_call import REDACTED, without_secrets
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.actions import act, device_id
from tests.integration.fake_proxy import FakeProxy


async def test_an_answer_has_status_message_id_and_the_chargers_words(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    proxy.answer("start", messageId="m1", response={"status": "Accepted", "more": [1]})
    answer = await act(hass, "start_charging", device_id(hass, loaded, "OLD1"))

    assert {
        "status": "sent",
        "message_id": "m1",
        "response": {"status": "Accepted", "more": [1]},
    } == answer


async def test_an_answer_tells_what_else_the_proxy_knows(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    """The number of a reservation, why it may fail, and a report's parts."""
    device = device_id(hass, loaded, "NEW1")
    proxy.answer("reserve", reservationId=7, warnings=["It may refuse"])
    until = "2026-12-24 20:00:00"
    reserved = await act(hass, "reserve", device, {"id_tag": "04AA", "until": until})
    proxy.answer("report", followUps=[{"seqNo": 0}, "?"], complete=False)
    reported = await act(hass, "get_report", device)

    assert (7, ["It may refuse"]) == (reserved["reservation_id"], reserved["warnings"])
    assert ([{"seqNo": 0}, "?"], False) == (reported["follow_ups"], reported["complete"])


@pytest.mark.parametrize(
    "answer",
    [
        {
            "configurationKey": [
                {"key": "AuthorizationKey", "readonly": False, "value": "geheim"},
                {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
            ],
            "unknownKey": ["AuthorizationKey"],
        },
        {
            "getVariableResult": [
                {
                    "attributeStatus": "Accepted",
                    "attributeValue": "geheim",
                    "component": {"name": "SecurityCtrlr"},
                    "variable": {"name": "BasicAuthPassword"},
                },
                {
                    "attributeStatus": "Accepted",
                    "attributeValue": "300",
                    "component": {"name": "OCPPCommCtrlr"},
                    "variable": {"name": "HeartbeatInterval"},
                },
            ]
        },
        {
            "reportData": [
                {
                    "component": {"name": "SecurityCtrlr"},
                    "variable": {"name": "basicauthpassword"},
                    "variableAttribute": [{"type": "Actual", "value": "geheim"}, "300"],
                }
            ]
        },
    ],
)
def test_secrets_are_left_out(answer: dict[str, Any]) -> None:
    """Of 1.6 and 2.x, in any case of letters; nothing else changes."""
    shown = str(without_secrets(answer))

    assert "geheim" not in shown
    assert str(answer).replace("geheim", REDACTED) == shown


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        [1],
        {},
        {"configurationKey": ["AuthorizationKey", None, 5]},
        {"configurationKey": [{"key": 5, "value": "x"}, {"variable": {"name": None}}]},
        {"configurationKey": {"key": "x"}},
    ],
)
def test_an_answer_of_any_shape_stays_as_it_is(answer: Any) -> None:
    assert answer == without_secrets(answer)


@pytest.mark.parametrize("action", ["get_configuration", "inject"])
async def test_no_action_shows_a_secret(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, action: str
) -> None:
    told = {"configurationKey": [{"key": "AuthorizationKey", "value": "geheim"}]}
    fields = {"action": "GetConfiguration"} if action == "inject" else {}
    intent = "inject" if action == "inject" else "get-configuration"
    proxy.answer(intent, response=told, followUps=[{"reportData": told["configurationKey"]}])
    answer = await act(hass, action, device_id(hass, loaded, "OLD1"), fields)

    assert REDACTED == answer["response"]["configurationKey"][0]["value"]
    assert "geheim" not in str(answer)
