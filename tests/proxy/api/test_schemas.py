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
