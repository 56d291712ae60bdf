"""The official schemas of every version."""

import pytest
from tests.proxy.api.conftest import Api


@pytest.mark.parametrize(
    ("version", "name", "action"),
    [
        ("1.6", "RemoteStartTransaction", "RemoteStartTransaction"),
        ("2.0.1", "GetBaseReportRequest", "GetBaseReport"),
        ("2.1", "NotifyPeriodicEventStream", "SetDERControl"),
    ],
)
async def test_schemas_are_listed_and_served(
    api: Api, version: str, name: str, action: str
) -> None:
    _, listed = await api.ask("GET", f"/api/schemas/{version}")
    status, schema = await api.ask("GET", f"/api/schemas/{version}/{name}")

    assert version == listed["version"]
    assert name in listed["schemas"]
    assert action in listed["toCharger"]
    assert "BootNotification" in listed["fromCharger"]
    assert (200, "object") == (status, schema["type"])


@pytest.mark.parametrize("path", ["3.0", "1.6/Nothing", "1.6/..%2FHeartbeat", "9/Heartbeat"])
async def test_what_is_no_schema_is_not_found(api: Api, path: str) -> None:
    status, body = await api.ask("GET", f"/api/schemas/{path}")

    assert (404, "not_found") == (status, body["code"])


async def test_the_actions_of_every_version_are_listed(api: Api) -> None:
    _, versions = await api.ask("GET", "/api/schemas")
    actions = {
        one["version"]: {action["action"]: action for action in one["actions"]} for one in versions
    }

    assert ["1.6", "2.0.1", "2.1"] == list(actions)
    assert {
        "action": "Reset",
        "request": "Reset",
        "response": "ResetResponse",
        "toCharger": True,
        "fromCharger": False,
        "destructive": True,
        "lockout": False,
    } == actions["1.6"]["Reset"]
    assert "BootNotificationRequest" == actions["2.0.1"]["BootNotification"]["request"]
    assert not actions["2.0.1"]["Heartbeat"]["destructive"]
    assert actions["2.0.1"]["SetNetworkProfile"]["lockout"]
    assert actions["2.1"]["NotifyPeriodicEventStream"]["response"] is None


async def test_every_schema_that_is_named_is_served(api: Api) -> None:
    _, versions = await api.ask("GET", "/api/schemas")
    for version in versions:
        _, listed = await api.ask("GET", f"/api/schemas/{version['version']}")
        named = {
            name
            for action in version["actions"]
            for name in (action["request"], action["response"])
            if name is not None
        }
        assert set() == named - set(listed["schemas"])
