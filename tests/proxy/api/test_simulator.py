"""Simulated chargers over HTTP; those that really run are tested with their owner."""

from tests.proxy.api.conftest import Api, bearer


async def test_one_is_started_listed_and_ended(api: Api) -> None:
    status, entry = await api.ask("POST", "/api/simulator", {"version": "2.0.1"})
    _, running = await api.ask("GET", "/api/simulator")
    ended, _ = await api.ask("DELETE", "/api/simulator/SIM-1")
    _, left = await api.ask("GET", "/api/simulator")

    assert (200, "SIM-1", "2.0.1") == (status, entry["chargePointId"], entry["version"])
    assert [entry] == running
    assert (200, []) == (ended, left)


async def test_one_that_does_not_run_is_not_found(api: Api) -> None:
    status, body = await api.ask("DELETE", "/api/simulator/CP1")

    assert (404, "charger_unknown") == (status, body["code"])


async def test_only_an_admin_starts_one(api: Api) -> None:
    status, _ = await api.ask("POST", "/api/simulator", headers=bearer("token-of-control"))

    assert 403 == status
