"""Home Assistant hears of the app once, and again when something of it changed."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator

import pytest
from tests.app.stub_supervisor import HOSTNAME, TOKEN, Stub

from oye_proxy.errors import StorageError, SupervisorError
from oye_proxy.ha_app.discovery import Announcer
from oye_proxy.ha_app.files import NOBODY_ELSE
from oye_proxy.ha_app.home_assistant import HomeAssistant
from oye_proxy.ha_app.paths import Paths
from oye_proxy.secrets_file import keep_integration_token, load_secrets
from oye_proxy.settings import Secret


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with Stub().served() as stub:
        yield stub


@pytest.fixture
def told(paths: Paths) -> Paths:
    """Return the paths of an app whose proxy made a token."""
    load_secrets(paths.proxy_data)
    keep_integration_token(paths.proxy_data, "oye_first")
    return paths


def announcer(stub: Stub, paths: Paths, version: str = "0.1.0") -> Announcer:
    return Announcer(HomeAssistant(Secret(TOKEN), stub.url), paths, NOBODY_ELSE, version)


async def test_the_payload_has_everything_that_the_integration_needs(
    stub: Stub, told: Paths
) -> None:
    announced = await announcer(stub, told).announce()
    instance_id = json.loads((told.proxy_data / "secrets.json").read_text())["instanceId"]

    assert announced
    assert [
        {
            "host": HOSTNAME,
            "port": 8098,
            "token": "oye_first",
            "instance_id": instance_id,
            "api_version": 1,
            "version": "0.1.0",
        }
    ] == stub.pushed


async def test_what_was_announced_is_not_announced_again(stub: Stub, told: Paths) -> None:
    """Neither by this process nor by the one that goes on in the background."""
    one = announcer(stub, told)
    results = [await one.announce(), await one.announce(), await announcer(stub, told).announce()]

    assert [True, False, False] == results
    assert 1 == [path for _, path, _ in stub.requests].count("/discovery")


async def test_an_update_of_the_app_is_announced_under_the_same_uuid(
    stub: Stub, told: Paths
) -> None:
    await announcer(stub, told).announce()
    kept = told.announced.read_bytes()
    await announcer(stub, told, "0.2.0").announce()

    assert ["0.1.0", "0.2.0"] == [payload["version"] for payload in stub.pushed]
    assert json.loads(kept)["uuid"] == json.loads(told.announced.read_bytes())["uuid"]


async def test_a_rotated_token_is_announced(stub: Stub, told: Paths) -> None:
    one = announcer(stub, told)
    await one.announce()
    await asyncio.to_thread(keep_integration_token, told.proxy_data, "oye_second")

    assert await one.announce()
    assert ["oye_first", "oye_second"] == [payload["token"] for payload in stub.pushed]


async def test_what_is_kept_of_it_holds_no_token(stub: Stub, told: Paths) -> None:
    await announcer(stub, told).announce()

    assert b"oye_first" not in told.announced.read_bytes()
    assert 0o600 == stat.S_IMODE(told.announced.stat().st_mode)


async def test_a_refusal_leaves_it_to_be_announced(stub: Stub, told: Paths) -> None:
    stub.instead["/discovery"] = (400, {"message": "no"})
    with pytest.raises(SupervisorError):
        await announcer(stub, told).announce()
    stub.instead.clear()

    assert await announcer(stub, told).announce()


async def test_a_proxy_without_a_token_has_nothing_to_announce(stub: Stub, paths: Paths) -> None:
    paths.proxy_data.mkdir()
    (paths.proxy_data / "secrets.json").write_text('{"instanceId": "x"}')
    with pytest.raises(StorageError, match="has made no token for the integration yet"):
        await announcer(stub, paths).announce()

    assert [] == stub.requests


async def test_a_damaged_note_is_no_note(stub: Stub, told: Paths) -> None:
    told.announced.write_text("{")

    assert await announcer(stub, told).announce()
