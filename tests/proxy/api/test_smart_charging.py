"""The limits of the Node proxy: its bodies, its order, its sentence."""

from typing import Any

import pytest
from tests.proxy.api.conftest import Api
from tests.proxy.api.memory import MemoryCommands, MemoryHub

from oye_proxy.ocppj.facts import ConnectorFacts, TransactionFacts
from oye_proxy.ocppj.intents.requests import ClearLimitRequest, LimitRequest
from oye_proxy.ocppj.profiles.ids import LimitScope

PATH = "/api/chargers/CP1/smart-charging"
SENTENCE = "Invalid parameters. Provide maxPower, sessionLimit, or action=clear"


@pytest.fixture(autouse=True)
def charging(hub: MemoryHub) -> None:
    transaction = TransactionFacts(transaction_id="77")
    hub.change("CP1", connectors=[ConnectorFacts(evse_id=2, transaction=transaction)])


@pytest.mark.parametrize(
    ("body", "intent"),
    [
        ({"maxPower": 16}, LimitRequest(limit_a=16.0, scope=LimitScope.MAXIMUM)),
        ({"maxPower": "16.5"}, LimitRequest(limit_a=16.5, scope=LimitScope.MAXIMUM)),
        ({"maxPower": 0}, LimitRequest(limit_a=0.0, scope=LimitScope.MAXIMUM)),
        ({"sessionLimit": 10}, LimitRequest(limit_a=10.0, scope=LimitScope.DEFAULT)),
        (
            {"sessionLimit": "10", "transactionId": 77},
            LimitRequest(limit_a=10.0, scope=LimitScope.SESSION, connector_id=2),
        ),
        (
            {"sessionLimit": 10, "transactionId": "77"},
            LimitRequest(limit_a=10.0, scope=LimitScope.SESSION, connector_id=2),
        ),
        ({"action": "clear"}, ClearLimitRequest()),
        ({"action": "clear", "maxPower": 16}, ClearLimitRequest()),
        (
            {"maxPower": 16, "sessionLimit": 10},
            LimitRequest(limit_a=16.0, scope=LimitScope.MAXIMUM),
        ),
        ({"action": "x", "maxPower": 16}, LimitRequest(limit_a=16.0, scope=LimitScope.MAXIMUM)),
    ],
)
async def test_action_then_cap_then_session(
    api: Api, commands: MemoryCommands, body: dict[str, Any], intent: Any
) -> None:
    status, answer = await api.ask("POST", PATH, body)

    assert (200, "sent") == (status, answer["status"])
    assert [(intent, False)] == commands.requests


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "x"},
        {"maxPower": "many"},
        {"maxPower": ""},
        {"maxPower": "nan"},
        {"maxPower": "Infinity"},
        {"maxPower": -1},
        {"maxPower": 1e300},
        {"transactionId": 77},
    ],
)
async def test_anything_else_is_400_with_the_sentence(
    api: Api, commands: MemoryCommands, body: dict[str, Any]
) -> None:
    expected = {"error": SENTENCE, "code": "invalid_request"}

    assert (400, expected) == await api.ask("POST", PATH, body)
    assert [] == commands.requests


async def test_an_unknown_transaction_is_400(api: Api, commands: MemoryCommands) -> None:
    status, body = await api.ask("POST", PATH, {"sessionLimit": 10, "transactionId": 78})

    assert (400, []) == (status, commands.requests)
    assert body["error"].startswith("transactionId: ")


@pytest.mark.parametrize("charge_point_id", ["CP1", "none"])
async def test_who_is_not_connected_is_503_before_anything_else(
    api: Api, hub: MemoryHub, charge_point_id: str
) -> None:
    hub.change("CP1", connected=False)
    expected = {"error": "Charger not connected", "code": "charger_not_connected"}
    path = f"/api/chargers/{charge_point_id}/smart-charging"

    assert (503, expected) == await api.ask("POST", path, {})
