"""`/api/config` with the names, strings and reply of the Node proxy."""

from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer

DEFAULTS = {
    "targetCsmsUrl": "ws://localhost/ocpp",
    "csmsForwardingEnabled": "false",
    "autoChargeEnabled": "false",
    "defaultIdTag": "ADMIN_TAG",
    "port": "8080",
}


async def test_every_value_is_a_string(api: Api) -> None:
    assert (200, DEFAULTS) == await api.ask("GET", "/api/config")


@pytest.mark.parametrize(
    ("token", "shown"), [("token-of-read", "…_TAG"), ("token-of-control", "ADMIN_TAG")]
)
async def test_the_default_tag_is_whole_for_who_may_command(
    api: Api, token: str, shown: str
) -> None:
    _, seen = await api.ask("GET", "/api/config", headers=bearer(token))

    assert shown == seen["defaultIdTag"]


@pytest.mark.parametrize("token", ["token-of-read", "token-of-control"])
async def test_the_secrets_of_an_address_are_for_who_may_change_it(api: Api, token: str) -> None:
    secret = "wss://user:password@csms.example/ocpp?key=value"
    await api.ask("POST", "/api/config", {"targetCsmsUrl": secret})

    _, seen = await api.ask("GET", "/api/config", headers=bearer(token))
    _, known = await api.ask("GET", "/api/config")

    assert "wss://***@csms.example/ocpp?key=***" == seen["targetCsmsUrl"]
    assert secret == known["targetCsmsUrl"]


@pytest.mark.parametrize(
    "changes",
    [
        {"targetCsmsUrl": "wss://csms.example/ocpp", "csmsForwardingEnabled": True},
        {"csmsForwardingEnabled": "true", "autoChargeEnabled": "false"},
        {"autoChargeEnabled": True, "defaultIdTag": "TAG"},
        DEFAULTS,
        {},
    ],
)
async def test_what_is_given_is_taken_over(api: Api, changes: dict[str, Any]) -> None:
    """Booleans and the strings `true` and `false` are the same; what is read may be sent back."""
    answer = await api.ask("POST", "/api/config", changes)
    _, config = await api.ask("GET", "/api/config")

    assert (200, {"success": True}) == answer
    expected = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in changes.items()
    }
    assert {**DEFAULTS, **expected} == config


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"targetCsmsUrl": "http://csms.example"}, "The CSMS address must begin with ws://"),
        ({"targetCsmsUrl": 7}, "targetCsmsUrl"),
        ({"csmsForwardingEnabled": "maybe"}, "csmsForwardingEnabled"),
        ({"csmsForwardingEnabled": 1}, "csmsForwardingEnabled"),
        ({"defaultIdTag": ""}, "defaultIdTag"),
        ({"defaultIdTag": " "}, "defaultIdTag"),
        ({"port": 9999}, "port"),
        ({"targetCsmsURL": "ws://x"}, "targetCsmsURL"),
    ],
)
async def test_a_refusal_names_what_is_wrong_and_changes_nothing(
    api: Api, changes: dict[str, Any], named: str
) -> None:
    status, body = await api.ask("POST", "/api/config", {"autoChargeEnabled": True, **changes})
    _, config = await api.ask("GET", "/api/config")

    assert (400, "invalid_request") == (status, body["code"])
    assert named in body["error"]
    assert DEFAULTS == config
