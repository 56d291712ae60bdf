"""The list of the Node proxy and what the owner does with a charger."""

import base64
from urllib.parse import quote

import pytest
from tests.proxy.api.conftest import Api
from tests.proxy.api.memory import MemoryHub, charger_state


async def test_rows_are_those_of_the_node_proxy_and_the_live_state(
    api: Api, hub: MemoryHub
) -> None:
    hub.chargers["CP2"] = charger_state(
        "CP2",
        connected=False,
        connected_at=None,
        last_seen=None,
        remote_address=None,
        remote_port=None,
    )
    status, rows = await api.ask("GET", "/api/chargers")
    states = [row.pop("state") for row in rows]

    assert 200 == status
    assert [
        {
            "charge_point_id": "CP1",
            "status": "ONLINE",
            "last_seen": 1795255200,
            "max_power": None,
            "remote_ip": "192.0.2.7",
            "remote_port": 40404,
            "connected_at": 1795255200,
        },
        {
            "charge_point_id": "CP2",
            "status": "OFFLINE",
            "last_seen": None,
            "max_power": None,
            "remote_ip": None,
            "remote_port": None,
            "connected_at": None,
        },
    ] == rows
    assert ["CP1", "CP2"] == [state["chargePointId"] for state in states]


@pytest.mark.parametrize(
    "charge_point_id",
    [
        "CP/1",
        "a b",
        "Ü-1",
        "%2F",
        "~tilde",
        "..",
        "{x}",
        "a?b#c",
        "'; DROP TABLE chargers; --",
        "<img src=x>",
        "x\ny",
        "🔌",
    ],
)
async def test_any_id_can_be_named_in_a_path(
    api: Api, hub: MemoryHub, charge_point_id: str
) -> None:
    """Percent-encoded, or `~` and base64url where something on the way rewrites paths."""
    hub.chargers[charge_point_id] = charger_state(charge_point_id)
    octets = charge_point_id.encode()
    percent = "".join(f"%{octet:02X}" for octet in octets)
    padded = base64.urlsafe_b64encode(octets).decode()
    spellings = {percent, f"~{padded}", f"~{padded.rstrip('=')}"}
    if not charge_point_id.startswith("~") and charge_point_id != "..":
        spellings.add(quote(charge_point_id, safe=""))
    for spelling in sorted(spellings):
        status, body = await api.ask("GET", f"/api/chargers/{spelling}")

        assert (200, charge_point_id) == (status, body["chargePointId"])


async def test_the_owner_changes_what_is_given_and_nothing_else(api: Api, hub: MemoryHub) -> None:
    patch = {"name": "Garage", "mode": "monitor", "approved": False}
    status, body = await api.ask("PATCH", "/api/chargers/CP1", patch)
    await api.ask("PATCH", "/api/chargers/CP1", {"approved": True})

    assert (200, "Garage", "monitor", False) == (
        status,
        body["name"],
        body["mode"],
        body["approved"],
    )
    charger = hub.chargers["CP1"]
    assert ("Garage", "monitor", True) == (charger.name, charger.mode, charger.approved)


async def test_the_owner_chooses_how_a_charger_pauses(api: Api) -> None:
    _, before = await api.ask("GET", "/api/chargers/CP1")
    _, after = await api.ask("PATCH", "/api/chargers/CP1", {"pauseStrategy": "remote_stop"})
    refused, _ = await api.ask("PATCH", "/api/chargers/CP1", {"pauseStrategy": "unplug"})

    assert ("limit_zero", "remote_stop") == (before["pauseStrategy"], after["pauseStrategy"])
    assert 400 == refused


async def test_the_owner_says_whether_a_charger_is_used(api: Api) -> None:
    path = "/api/chargers/CP1"
    _, before = await api.ask("GET", path)
    told = [
        (await api.ask("PATCH", path, {"ownerStatus": status}))[1]["ownerStatus"]
        for status in ("maintenance", "inactive", "active")
    ]
    refused, body = await api.ask("PATCH", path, {"ownerStatus": "broken"})

    assert "active" == before["ownerStatus"]
    assert ["maintenance", "inactive", "active"] == told
    assert (400, "invalid_request") == (refused, body["code"])


async def test_an_empty_name_takes_the_name_away(api: Api) -> None:
    await api.ask("PATCH", "/api/chargers/CP1", {"name": "Garage"})
    _, body = await api.ask("PATCH", "/api/chargers/CP1", {"name": ""})

    assert body["name"] is None


async def test_a_deleted_charger_is_gone(api: Api) -> None:
    assert (200, {"success": True}) == await api.ask("DELETE", "/api/chargers/CP1")
    status, body = await api.ask("DELETE", "/api/chargers/CP1")

    assert (404, "charger_unknown") == (status, body["code"])


async def test_a_simulated_charger_ends_when_it_is_deleted(api: Api, hub: MemoryHub) -> None:
    """Else it would be back at once."""
    await api.ask("POST", "/api/simulator", {})
    hub.chargers["SIM-1"] = charger_state("SIM-1")
    deleted, _ = await api.ask("DELETE", "/api/chargers/SIM-1")

    assert (200, (200, [])) == (deleted, await api.ask("GET", "/api/simulator"))


async def test_a_connection_can_be_closed_once(api: Api) -> None:
    assert (200, {"success": True}) == await api.ask("POST", "/api/chargers/CP1/disconnect")
    status, body = await api.ask("POST", "/api/chargers/CP1/disconnect")

    assert (503, "charger_not_connected") == (status, body["code"])
