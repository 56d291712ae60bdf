"""
What users of the Node oye-proxy rely on, against a whole proxy with a charger on it.

Paths, bodies, reply shapes, status codes and sentences are exact; more members are allowed where
the reply is an object of ours to extend.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from msgspec import Struct
from tests.e2e.conftest import PASSWORD, MakeCharger, StartProxy

from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.scripted import basic_authorization

CALLERS = {
    "admin": dict([basic_authorization("admin", PASSWORD)]),
    "stranger": dict([basic_authorization("admin", "wrong")]),
    "nobody": {},
}
DEADLINE = 10.0
SMART = "/api/chargers/CP1/smart-charging"
BAD_LIMIT = "Invalid parameters. Provide maxPower, sessionLimit, or action=clear"
CONFIG = {
    "targetCsmsUrl": "ws://localhost/ocpp",
    "csmsForwardingEnabled": "false",
    "autoChargeEnabled": "false",
    "defaultIdTag": "ADMIN_TAG",
}


class Row(Struct, frozen=True):
    """One call and what must come back: status, and the members that must be equal."""

    method: str
    path: str
    status: int
    members: dict[str, Any]
    body: Any = None
    caller: str = "admin"

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.body} {self.status}"


ROWS = [
    Row("GET", "/api/logs", 401, {"error": "Authentication required"}, None, "nobody"),
    Row("GET", "/api/logs", 401, {"error": "Invalid credentials"}, None, "stranger"),
    Row("GET", "/api/config", 200, CONFIG),
    Row("POST", "/api/config", 200, {"success": True}, {"autoChargeEnabled": True}),
    Row("POST", "/api/config", 200, {"success": True}, {"csmsForwardingEnabled": "false"}),
    Row("POST", "/api/config", 400, {"code": "invalid_request"}, {"targetCsmsUrl": "http://x"}),
    Row("POST", "/api/inject/CP1", 200, {"status": "sent"}, {"action": "ClearCache"}),
    Row(
        "POST",
        "/api/inject/CP1",
        200,
        {"status": "sent"},
        {"action": "GetConfiguration", "payload": {"key": ["HeartbeatInterval"]}},
    ),
    Row("POST", "/api/inject/CP1", 400, {"code": "invalid_request"}, {"payload": {}}),
    Row(
        "POST",
        "/api/inject/CP9",
        503,
        {"error": "Charger not connected"},
        {"action": "ClearCache"},
    ),
    Row("POST", SMART, 200, {"status": "sent"}, {"maxPower": 16}),
    Row("POST", SMART, 200, {"status": "sent"}, {"maxPower": "16"}),
    Row("POST", SMART, 200, {"status": "sent"}, {"sessionLimit": 10}),
    Row("POST", SMART, 200, {"status": "sent"}, {"action": "clear"}),
    Row("POST", SMART, 400, {"error": BAD_LIMIT}, {}),
    Row("POST", SMART, 400, {"error": BAD_LIMIT}, {"maxPower": "much"}),
    Row(
        "POST",
        "/api/chargers/CP9/smart-charging",
        503,
        {"error": "Charger not connected"},
        {},
    ),
    Row(
        "POST",
        "/api/change-password",
        200,
        {"status": "success", "message": "Password changed successfully"},
        {"currentPassword": PASSWORD, "newPassword": "another one"},
    ),
    Row(
        "POST",
        "/api/change-password",
        400,
        {"error": "Current password and new password are required"},
        {},
    ),
    Row(
        "POST",
        "/api/change-password",
        400,
        {"error": "New password must be at least 8 characters long"},
        {"currentPassword": PASSWORD, "newPassword": "short"},
    ),
    Row(
        "POST",
        "/api/change-password",
        400,
        {"error": "Current password is incorrect"},
        {"currentPassword": "wrong", "newPassword": "another one"},
    ),
]

Call = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
async def call(start_proxy: StartProxy, make_charger: MakeCharger) -> AsyncIterator[Call]:
    """Return a function that calls a proxy on which CP1 has booted."""
    proxy = await start_proxy()
    charger: SimulatedCharger = make_charger(f"{proxy.url}/ocpp")
    await charger.until(lambda: charger.accepted and not charger.waiting)
    base = proxy.url.replace("ws://", "http://")
    async with aiohttp.ClientSession() as session:

        async def ask(
            method: str, path: str, body: Any = None, caller: str = "admin"
        ) -> tuple[int, Any]:
            async with session.request(
                method, f"{base}{path}", json=body, headers=CALLERS[caller]
            ) as response:
                if response.content_type != "application/json":
                    return response.status, await response.text()
                return response.status, await response.json()

        yield ask


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_a_call_is_answered_as_by_the_node_proxy(call: Call, row: Row) -> None:
    status, answer = await call(row.method, row.path, row.body, row.caller)
    members = {name: answer.get(name) for name in row.members}

    assert (row.status, row.members) == (status, members)
    if answer.get("status") == "sent":
        assert isinstance(answer["messageId"], str)
    if status >= 400:
        assert answer["code"]


async def test_health_is_text_without_credentials(call: Call) -> None:
    expected = "OCPP Proxy Active. Connected Chargers: 1"

    assert (200, expected) == await call("GET", "/health", caller="nobody")


async def test_the_list_of_chargers_has_the_rows_of_the_node_proxy(call: Call) -> None:
    await call("POST", f"{SMART}?wait=10", {"maxPower": 16})
    _, rows = await call("GET", "/api/chargers")
    (row,) = rows
    types = {name: type(row[name]) for name in row if name != "state"}

    assert ("CP1", "ONLINE", 16, "127.0.0.1") == (
        row["charge_point_id"],
        row["status"],
        row["max_power"],
        row["remote_ip"],
    )
    assert {"last_seen": int, "connected_at": int, "remote_port": int}.items() <= types.items()


async def test_the_log_has_the_rows_and_directions_of_the_node_proxy(call: Call) -> None:
    _, sent = await call("POST", "/api/inject/CP1?wait=10", {"action": "ClearCache"})
    rows: list[dict[str, Any]] = []
    async with asyncio.timeout(DEADLINE):
        while len(rows) < 2 or rows[0]["payload"][1] != sent["messageId"]:
            _, rows = await call("GET", "/api/logs?chargePointId=CP1&limit=2")
    _, everything = await call("GET", "/api/logs")
    columns = {"id", "charge_point_id", "direction", "payload", "timestamp"}
    message_id = sent["messageId"]

    assert [
        ("INJECTION_RESPONSE", [3, message_id, {"status": "Accepted"}]),
        ("INJECTION_REQUEST", [2, message_id, "ClearCache", {}]),
    ] == [(row["direction"], row["payload"]) for row in rows]
    assert all(columns <= row.keys() for row in everything)
    assert all(isinstance(row["timestamp"], int) for row in everything)
    assert {"UPSTREAM", "PROXY_RESPONSE"} <= {row["direction"] for row in everything}
    ids = [row["id"] for row in everything]
    assert sorted(ids, reverse=True) == ids


async def test_a_waiting_caller_gets_the_answer(call: Call) -> None:
    command = {"action": "GetConfiguration", "payload": {"key": ["HeartbeatInterval"]}}
    status, answer = await call("POST", "/api/inject/CP1?wait=10", command)

    assert (200, True) == (status, answer["accepted"])
    assert ["HeartbeatInterval"] == [one["key"] for one in answer["response"]["configurationKey"]]


async def test_a_callerror_reaches_the_waiting_caller(call: Call) -> None:
    status, answer = await call("POST", "/api/inject/CP1?wait=10", {"action": "NoSuchAction"})

    assert (502, "injection_rejected") == (status, answer["code"])
    assert answer["errorCode"] in {"NotImplemented", "NotSupported"}
    assert answer["messageId"]


async def test_other_paths_carry_no_charger(call: Call) -> None:
    status, answer = await call("GET", "/ocpp", caller="nobody")

    assert (404, "not_found") == (status, answer["code"])
