"""What an export holds, and who may have it."""

from tests.proxy.api.conftest import Api, bearer
from tests.proxy.api.memory import MemoryHub
from tests.proxy.api.test_settings import exported

from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.wishes import PauseStrategy

TAG = "04A1B2C3D4E5"


async def test_tags_and_chargers_are_in_it(api: Api, hub: MemoryHub) -> None:
    hub.change("CP2", name="Car port", mode=Mode.MONITOR, pause_strategy=PauseStrategy.REMOTE_STOP)
    await api.ask("PUT", f"/api/id-tags/{TAG}", {"status": "blocked", "name": "Jo"})
    settings = await exported(api)

    assert 2 == settings["version"]
    assert [{"idTag": TAG, "status": "blocked", "name": "Jo"}] == settings["idTags"]
    assert [
        {
            "chargePointId": "CP1",
            "name": None,
            "mode": "standalone",
            "ownerStatus": "active",
            "pauseStrategy": "limit_zero",
        },
        {
            "chargePointId": "CP2",
            "name": "Car port",
            "mode": "monitor",
            "ownerStatus": "active",
            "pauseStrategy": "remote_stop",
        },
    ] == settings["chargers"]


async def test_id_tags_are_for_an_admin_and_in_no_diagnostics(api: Api) -> None:
    await api.ask("PUT", f"/api/id-tags/{TAG}", {"status": "accepted", "name": "Jo Doe"})
    for token in ("token-of-control", "token-of-read"):
        status, _ = await api.ask("GET", "/api/settings/export", headers=bearer(token))
        assert 403 == status
    _, told = await api.ask("GET", "/api/diagnostics")

    assert 1 == told["state"]["idTags"]
    assert [] == [word for word in (TAG, TAG[-4:], "Jo Doe") if word in str(told)]
