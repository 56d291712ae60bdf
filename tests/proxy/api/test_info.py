from tests.proxy.api.conftest import EPOCH, Api

from oye_proxy.api.keys import Dependencies


async def test_info_tells_what_the_proxy_is(api: Api) -> None:
    expected = {
        "version": "0.1.0",
        "apiVersion": 1,
        "instanceId": "instance",
        "name": "OYE",
        "features": [],
        "validation": "warn",
    }

    assert (200, expected) == await api.ask("GET", "/api/info")


async def test_state_holds_everything_that_is_live(api: Api) -> None:
    status, body = await api.ask("GET", "/api/state")

    assert 200 == status
    assert (EPOCH, 0, "OYE") == (body["epoch"], body["seq"], body["proxy"]["name"])
    assert [("CP1", True, "standalone")] == [
        (charger["chargePointId"], charger["connected"], charger["link"])
        for charger in body["chargers"]
    ]
    assert [
        {
            "key": "csms_unreachable",
            "severity": "warning",
            "chargePointId": "CP1",
            "since": "2026-11-21T10:00:00Z",
            "params": {},
        }
    ] == body["issues"]


async def test_traffic_tells_how_much_passed_within_a_minute(
    api: Api, dependencies: Dependencies
) -> None:
    assert (200, {"framesPerMinute": 0}) == await api.ask("GET", "/api/traffic")

    dependencies.metrics.inbound.add()

    assert (200, {"framesPerMinute": 1}) == await api.ask("GET", "/api/traffic")
