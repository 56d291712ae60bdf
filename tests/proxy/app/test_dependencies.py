"""What the API of a whole proxy works with."""

from pathlib import Path

import msgspec
import pytest
from tests.proxy.app.conftest import BOOT, ask, connect, settings

from oye_proxy.app import running
from oye_proxy.app.dependencies import settings_shown
from oye_proxy.settings import Settings
from oye_proxy.storage import writer


async def test_a_search_finds_what_just_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search right after a command does not wait until a batch of frames is worth writing."""
    monkeypatch.setattr(writer, "FLUSH_SECONDS", 60.0)
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
        await charger.send_call("BootNotification", BOOT)
        wanted = {"filter": "action:BootNotification -is:unanswered"}
        _, found = await ask(proxy, "/api/exchanges/search", method="POST", json=wanted)

    assert ["BootNotification"] == [
        one["action"] for one in msgspec.json.decode(found)["exchanges"]
    ]


async def test_the_features_are_named_in_order(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy:
        _, info = await ask(proxy, "/api/info")
    features = msgspec.json.decode(info)["features"]

    assert {"charger_mode", "tags", "time_zones"} <= set(features)
    assert sorted(features) == features


def test_every_setting_is_shown_with_its_source() -> None:
    shown = {
        one.name: one for one in settings_shown(Settings(), {"server.port": "OYE_SERVER_PORT"})
    }

    assert "OYE_SERVER_PORT" == shown["server.port"].source
    assert shown["server.host"].source is None
