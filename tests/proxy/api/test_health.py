"""Is it alive: the text of the Node proxy, JSON with the details, numbers."""

from sqlalchemy import text
from tests.proxy.api.conftest import ADMIN, Api, basic
from tests.proxy.api.memory import MemoryHub, charger_state
from tests.proxy.storage.journal_entries import SECOND, T1, entry

from oye_proxy.api.ports import StorageHealth
from oye_proxy.storage.database import Database
from oye_proxy.storage.journal import JournalBatch, JournalStore

DOWN = StorageHealth(up=False, kind="sqlite")


async def test_health_is_the_text_of_the_node_proxy_without_credentials(
    api: Api, hub: MemoryHub
) -> None:
    hub.chargers["CP2"] = charger_state("CP2", connected=False)
    async with api.session.get(f"{api.url}/health") as response:
        assert 200 == response.status
        assert "text/plain" == response.content_type
        assert "OCPP Proxy Active. Connected Chargers: 1" == await response.text()


async def test_health_is_503_when_the_database_is_down(
    api: Api, storage_health: list[StorageHealth]
) -> None:
    storage_health[0] = DOWN
    async with api.session.get(f"{api.url}/health") as response:
        assert (503, "OCPP Proxy Down. Connected Chargers: 1") == (
            response.status,
            await response.text(),
        )
    status, body = await api.ask("GET", "/api/health")

    assert (503, "down", False) == (status, body["status"], body["database"]["up"])
    assert body["journal"] is None


async def test_health_as_json_is_the_shape_of_the_fleet_gateway(api: Api) -> None:
    headers = {"Accept": "application/json"}
    refused, _ = await api.ask("GET", "/health", headers=headers)
    status, body = await api.ask("GET", "/health", headers={**headers, **basic(*ADMIN)})

    assert (401, 200) == (refused, status)
    assert {"status", "service", "time", "dependencies", "required"} == set(body)
    assert {"status": "up"} == body["dependencies"]["database"]
    assert {"kafka": False, "redis": False, "database": True} == body["required"]


async def test_the_details_are_in_api_health(api: Api) -> None:
    status, body = await api.ask("GET", "/api/health")
    uptime = body.pop("uptimeSeconds")

    assert 200 == status
    assert uptime > 0
    assert {
        "status": "ok",
        "version": "0.1.0",
        "database": {
            "up": True,
            "kind": "sqlite",
            "sizeBytes": 4096,
            "usedBytes": None,
            "maxBytes": 0,
            "diskFreeBytes": None,
            "diskTotalBytes": None,
            "frames": None,
            "framesWaiting": 0,
            "framesDropped": 0,
        },
        "journal": {"pending": 0, "chargers": 0, "oldestArrival": None},
        "chargers": {"known": 1, "connected": 1, "csmsConnected": 0},
        "liveClients": 0,
        "certificates": [
            {
                "purpose": "main",
                "names": ["ocpp.example.org"],
                "selfSigned": False,
                "fingerprint": "3F:A1",
                "validUntil": "2027-02-03T00:00:00Z",
                "trouble": None,
            }
        ],
        "chargerUrls": ["wss://ocpp.example.org:9443/ocpp/"],
    } == body


async def test_what_csmss_have_yet_to_hear_is_counted(api: Api, database: Database) -> None:
    waiting = [("CP1", entry(1)), ("CP1", entry(2)), ("CP2", entry(1, arrived_at=T1 - SECOND))]
    await JournalStore(database).commit(JournalBatch(entries=waiting))
    _, body = await api.ask("GET", "/api/health")

    assert {
        "pending": 3,
        "chargers": 2,
        "oldestArrival": "2026-11-21T09:59:59.123456Z",
    } == body["journal"]


async def test_a_journal_that_cannot_be_counted_hides_nothing_else(
    api: Api, database: Database
) -> None:
    async with database.writing() as connection:
        await connection.execute(text("DROP TABLE journal"))
    status, body = await api.ask("GET", "/api/health")

    assert (200, None, 1) == (status, body["journal"], body["chargers"]["known"])


async def test_metrics_are_prometheus_text(api: Api) -> None:
    async with api.session.get(f"{api.url}/metrics", headers=basic(*ADMIN)) as response:
        assert 200 == response.status
        assert response.headers["Content-Type"].startswith("text/plain; version=")
        assert "ocpp_connections_active 0.0" in await response.text()
