"""The test of a CSMS's address over HTTP; what it does is tested with the check itself."""

from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer


async def test_an_address_is_tested_as_a_charger_of_choice(api: Api) -> None:
    body = {"url": "wss://csms.example.com/ocpp", "chargePointId": "CP 1"}
    status, result = await api.ask("POST", "/api/config/test-csms", body)

    assert 200 == status
    assert ("CP 1", True, "ocpp1.6") == (
        result["chargePointId"],
        result["accepted"],
        result["subprotocol"],
    )


@pytest.mark.parametrize("body", [{}, {"url": ""}, {"url": "ws://x", "password": "y"}])
async def test_what_is_no_address_is_refused(api: Api, body: Any) -> None:
    status, answer = await api.ask("POST", "/api/config/test-csms", body)

    assert (400, "invalid_request") == (status, answer["code"])


async def test_only_an_admin_may_dial(api: Api) -> None:
    status, _ = await api.ask(
        "POST",
        "/api/config/test-csms",
        {"url": "ws://127.0.0.1"},
        headers=bearer("token-of-control"),
    )

    assert 403 == status
