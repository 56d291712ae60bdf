"""The typed commands: one path each, with the model of the core."""

from typing import Any

import pytest
from tests.proxy.api.conftest import Api
from tests.proxy.api.memory import MemoryCommands, MemoryHub

from oye_proxy.ocppj.intents.requests import (
    REQUESTS,
    Intent,
    LimitRequest,
    ResetRequest,
    ResetType,
    StartRequest,
)
from oye_proxy.ocppj.modes import Mode

NEEDED: dict[Intent, dict[str, Any]] = {
    Intent.TRIGGER: {"message": "Heartbeat"},
    Intent.AVAILABILITY: {"operative": True},
    Intent.SET_CONFIGURATION: {"key": "HeartbeatInterval", "value": "60"},
    Intent.SCHEDULE: {"periods": [{"start": 0, "limit": 16}]},
    Intent.FIRMWARE: {"location": "ftp://h/f"},
    Intent.DIAGNOSTICS: {"location": "ftp://h/"},
    Intent.RESERVE: {"idTag": "CARD", "until": "2026-11-21T12:00:00Z"},
    Intent.DATA_TRANSFER: {"vendorId": "V"},
}


@pytest.mark.parametrize("intent", REQUESTS)
async def test_every_intent_has_its_path(
    api: Api, commands: MemoryCommands, intent: Intent
) -> None:
    status, body = await api.ask(
        "POST", f"/api/chargers/CP1/{intent.value}", NEEDED.get(intent, {})
    )

    assert (200, "sent") == (status, body["status"])
    assert [REQUESTS[intent]] == [type(request) for request, _ in commands.requests]


@pytest.mark.parametrize(
    ("path", "body", "request_made", "confirmed"),
    [
        ("start", {"connectorId": 2}, StartRequest(connector_id=2), False),
        (
            "reset",
            {"type": "hard", "confirm": True},
            ResetRequest(type=ResetType.HARD, confirm=True),
            True,
        ),
        ("limit", {"limitA": 10}, LimitRequest(limit_a=10.0), False),
    ],
)
async def test_the_body_is_the_request(
    api: Api,
    commands: MemoryCommands,
    path: str,
    body: dict[str, Any],
    request_made: Any,
    confirmed: bool,  # noqa: FBT001
) -> None:
    await api.ask("POST", f"/api/chargers/CP1/{path}", body)

    assert [(request_made, confirmed)] == commands.requests


async def test_no_body_is_an_empty_one(api: Api, commands: MemoryCommands) -> None:
    status, _ = await api.ask("POST", "/api/chargers/CP1/reset")

    assert (200, [(ResetRequest(), False)]) == (status, commands.requests)


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("start", {"connectorId": 0}, "connectorId"),
        ("start", {"idTag": ""}, "idTag"),
        ("reset", {"type": "now"}, "type"),
        ("trigger", {}, "message"),
        ("limit", {"limitA": "ten"}, "limitA"),
        ("unlock", {"connector": 1}, "connector"),
    ],
)
async def test_a_bad_intent_names_the_field(
    api: Api, commands: MemoryCommands, path: str, body: dict[str, Any], named: str
) -> None:
    status, answer = await api.ask("POST", f"/api/chargers/CP1/{path}", body)

    assert (400, []) == (status, commands.requests)
    assert named in answer["error"]


async def test_an_intent_that_does_not_exist_is_not_found(api: Api) -> None:
    status, _ = await api.ask("POST", "/api/chargers/CP1/explode")

    assert 404 == status


async def test_the_mode_is_set(api: Api, hub: MemoryHub) -> None:
    """Of those that the charger's state lists."""
    hub.change("CP1", modes=tuple(Mode))
    status, body = await api.ask("POST", "/api/chargers/CP1/mode", {"mode": "monitor"})

    assert (200, "monitor", True) == (status, body["mode"], body["accepted"])
    assert Mode.MONITOR is hub.charger("CP1").mode


async def test_a_mode_that_is_not_possible_is_a_conflict(api: Api, hub: MemoryHub) -> None:
    status, body = await api.ask("POST", "/api/chargers/CP1/mode", {"mode": "forward"})

    assert (409, "conflict") == (status, body["code"])
    assert Mode.STANDALONE is hub.charger("CP1").mode


async def test_the_mode_of_nobody_is_404(api: Api) -> None:
    status, _ = await api.ask("POST", "/api/chargers/none/mode", {"mode": "forward"})

    assert 404 == status
