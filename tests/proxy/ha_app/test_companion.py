"""What the start does for the integration never holds the proxy up, and says what it did."""

import asyncio
import json
import os
import signal
import threading
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace
from tests.app.stub_supervisor import TOKEN, Stub

from oye_proxy.errors import SupervisorError
from oye_proxy.ha_app.companion import (
    announce,
    errands,
    keep_until_stopped,
    look_after_integration,
)
from oye_proxy.ha_app.discovery import Announcer
from oye_proxy.ha_app.errands import Errand
from oye_proxy.ha_app.files import NOBODY_ELSE
from oye_proxy.ha_app.home_assistant import HomeAssistant
from oye_proxy.ha_app.notices import Notice, Notices
from oye_proxy.ha_app.options import DEFAULTS, Options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.remarks import Lines
from oye_proxy.secrets_file import keep_integration_token, load_secrets
from oye_proxy.settings import LogLevel, Secret


class Companion:
    """An app with a bundle, in front of a stub; what it said."""

    def __init__(self, stub: Stub, paths: Paths) -> None:
        self.said: list[str] = []
        self.lines = Lines(LogLevel.INFO, self.said.append)
        self.stub = stub
        self.paths = paths
        self.home_assistant = HomeAssistant(Secret(TOKEN), stub.url)
        self.announcer = Announcer(self.home_assistant, paths, NOBODY_ELSE, "0.1.0")
        self.notices = Notices(paths.notices)

    async def install(self, options: Options = DEFAULTS) -> list[str]:
        """Look after the integration; return what was said."""
        self.said.clear()
        await look_after_integration(self.home_assistant, self.paths, options, self.lines)
        return list(self.said)

    async def waiting(self) -> list[Notice]:
        return await asyncio.to_thread(self.notices.waiting)


@pytest.fixture
def prepared(paths: Paths) -> Paths:
    """Make a bundle, a configuration of Core, and the proxy's secrets."""
    root = paths.data.parent
    paths = replace(paths, homeassistant=root / "homeassistant", bundle=root / "bundle")
    paths.homeassistant.mkdir()
    paths.bundle.mkdir()
    (paths.bundle / "manifest.json").write_text(json.dumps({"version": "0.1.0"}))
    load_secrets(paths.proxy_data)
    keep_integration_token(paths.proxy_data, "oye_abc")
    return paths


@pytest.fixture
async def companion(prepared: Paths) -> AsyncIterator[Companion]:
    async with Stub().served() as stub:
        yield Companion(stub, prepared)


async def test_an_installation_asks_for_a_restart_of_home_assistant(companion: Companion) -> None:
    said = await companion.install()
    waiting = await companion.waiting()

    assert ["Integration: installed 0.1.0, restart Home Assistant to load it"] == said
    assert [("oye_integration", "oye")] == [
        (notice.notification_id, notice.until_loaded) for notice in waiting
    ]


async def test_what_is_in_place_asks_for_nothing(companion: Companion) -> None:
    await companion.install()
    await asyncio.to_thread((companion.paths.notices / "oye_integration.json").unlink)

    assert ["Integration: 0.1.0 is in place"] == await companion.install()
    assert [] == await companion.waiting()


async def test_an_update_asks_for_a_restart_though_an_older_one_is_loaded(
    companion: Companion,
) -> None:
    await companion.install()
    manifest = companion.paths.bundle / "manifest.json"
    await asyncio.to_thread(manifest.write_text, json.dumps({"version": "0.2.0"}))
    companion.stub.components.append("oye")
    said = await companion.install()
    await companion.notices.deliver(companion.home_assistant)

    assert said[0].startswith("Integration: updated from 0.1.0 to 0.2.0, restart ")
    assert "was updated to 0.2.0" in companion.stub.notifications["oye_integration"]["message"]


async def test_the_option_switches_it_off(companion: Companion) -> None:
    said = await companion.install(Options(install_integration=False))

    assert ["Integration: not looked after, install_integration is off"] == said
    assert [] == companion.stub.requests
    assert [] == list(companion.paths.homeassistant.iterdir())


async def test_a_supervisor_that_is_away_is_a_line(companion: Companion) -> None:
    companion.stub.instead["/addons/self/info"] = (502, "")
    said = await companion.install()

    assert (
        "warning: Integration: not looked after, Supervisor is not up (HTTP 502); it is tried"
        " again at the next start"
    ) == "\n".join(said)
    assert [] == list(companion.paths.homeassistant.iterdir())


async def test_a_disk_that_takes_nothing_is_a_line(companion: Companion) -> None:
    await asyncio.to_thread((companion.paths.bundle / "manifest.json").unlink)
    await asyncio.to_thread(companion.paths.bundle.rmdir)
    said = await companion.install()

    assert 1 == len(said)
    assert said[0].startswith("warning: Integration: not looked after, ")
    assert "bundle: No such file or directory; it is tried again" in said[0]


async def test_the_announcement_is_said(companion: Companion) -> None:
    await announce(companion.announcer, companion.lines)

    assert ["Discovery: announced to Home Assistant"] == companion.said


async def test_an_announcement_that_fails_is_made_in_the_background(companion: Companion) -> None:
    companion.stub.instead["/discovery"] = (400, {"message": "later"})
    await announce(companion.announcer, companion.lines)
    companion.stub.instead.clear()
    for errand in errands(
        companion.home_assistant, companion.announcer, companion.notices, companion.lines
    ):
        await errand.attempt()

    assert (
        'warning: Discovery: Supervisor refuses POST /discovery: "later"; it is tried again in the'
        " background\nDiscovery: announced to Home Assistant"
    ) == "\n".join(companion.said)


async def test_both_end_when_the_process_is_told_to(companion: Companion) -> None:
    ended: list[str] = []

    def watch(stop: threading.Event) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        stop.wait(10)
        ended.append("watch")

    async def nothing() -> None:
        raise SupervisorError("away")

    await keep_until_stopped(watch, [Errand("Discovery", nothing, companion.lines)])

    assert ["watch"] == ended


async def test_a_crash_of_one_ends_the_other(companion: Companion) -> None:
    """The service is started again as a whole."""

    async def fail() -> str | None:
        raise KeyError("slug")

    def watch(stop: threading.Event) -> None:
        stop.wait(10)

    with pytest.raises(ExceptionGroup):
        await keep_until_stopped(watch, [Errand("Discovery", fail, companion.lines)])
