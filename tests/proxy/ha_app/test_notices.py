"""A notification waits until Core can show it; the newest of an id counts."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.app.stub_supervisor import TOKEN, Stub

from oye_proxy.errors import SupervisorError
from oye_proxy.ha_app.home_assistant import HomeAssistant
from oye_proxy.ha_app.notices import Notice, Notices
from oye_proxy.ha_app.wording import sentence
from oye_proxy.settings import Secret

VERSION = {"version": "0.1.0"}
INSTALLED = Notice(notification_id="oye_x", text="integration_installed", values=VERSION)
UPDATED = Notice(notification_id="oye_x", text="integration_updated", values=VERSION)
RESTART = replace(INSTALLED, until_loaded="oye")


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with Stub().served() as stub:
        yield stub


@pytest.fixture
def core(stub: Stub) -> HomeAssistant:
    return HomeAssistant(Secret(TOKEN), stub.url)


@pytest.fixture
def notices(tmp_path: Path) -> Notices:
    return Notices(tmp_path / "notices")


async def put(notices: Notices, *several: Notice) -> None:
    for notice in several:
        await asyncio.to_thread(notices.put, notice)


def created(stub: Stub) -> list[str]:
    """Return the ids of all notifications that Core was given."""
    return [body["notification_id"] for _, path, body in stub.requests if path.endswith("/create")]


async def waiting(notices: Notices) -> list[Notice]:
    return await asyncio.to_thread(notices.waiting)


async def test_nothing_waits_in_a_folder_that_is_not_there(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    await notices.deliver(core)

    assert [] == stub.requests


async def test_a_notification_is_shown_once(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    await put(notices, INSTALLED)
    await notices.deliver(core)
    await notices.deliver(core)

    assert ["oye_x"] == created(stub)
    assert {
        "notification_id": "oye_x",
        "title": "OYE",
        "message": "The OYE integration 0.1.0 was installed. Restart Home Assistant to load it.",
    } == stub.notifications["oye_x"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "was installed"), ("pt-BR", "was installed"), ("../../secrets", "was installed")],
)
async def test_a_language_that_we_do_not_speak_is_english(
    notices: Notices, core: HomeAssistant, stub: Stub, language: str, words: str
) -> None:
    stub.language = language
    await put(notices, INSTALLED)
    await notices.deliver(core)

    assert words in stub.notifications["oye_x"]["message"]


async def test_it_is_said_in_the_language_of_home_assistant(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    """The one that Core has when it is shown, not when the app started."""
    await put(notices, INSTALLED)
    stub.language = "de"
    await notices.deliver(core)
    german = await asyncio.to_thread(sentence, "de", "integration_installed", VERSION)

    assert german == stub.notifications["oye_x"]["message"]


async def test_a_core_that_does_not_tell_its_language_is_told_in_english(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    stub.instead["/core/api/config"] = (403, {"message": "no"})
    await put(notices, INSTALLED)
    await notices.deliver(core)

    assert "was installed" in stub.notifications["oye_x"]["message"]


async def test_it_waits_for_a_core_that_is_down(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    stub.core_is_up = False
    await put(notices, INSTALLED)
    with pytest.raises(SupervisorError, match="Core is not up"):
        await notices.deliver(core)
    stub.core_is_up = True
    await notices.deliver(core)

    assert {"oye_x"} == set(stub.notifications)


async def test_the_newest_of_an_id_counts(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    await put(notices, INSTALLED, UPDATED)
    await notices.deliver(core)

    assert ["oye_x"] == created(stub)
    assert "was updated" in stub.notifications["oye_x"]["message"]


async def test_what_is_over_is_taken_away(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    await put(notices, INSTALLED)
    await notices.deliver(core)
    await asyncio.to_thread(notices.dismiss, "oye_x")
    await notices.deliver(core)

    assert {} == stub.notifications
    assert [] == await waiting(notices)


async def test_the_wish_for_a_restart_goes_when_the_integration_is_loaded(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    await put(notices, RESTART)
    await notices.deliver(core)
    await notices.deliver(core)
    shown = list(stub.notifications)
    stub.components.append("oye")
    await notices.deliver(core)

    assert ["oye_x"] == shown
    assert ["oye_x"] == created(stub)
    assert {} == stub.notifications
    assert [] == await waiting(notices)


async def test_no_restart_is_wished_when_core_started_after_the_installation(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    """At boot the app comes first, and Core finds the integration in its place."""
    stub.components.append("oye")
    await put(notices, RESTART)
    await notices.deliver(core)

    assert ["/core/api/config"] == [path for _, path, _ in stub.requests]
    assert [] == await waiting(notices)


async def test_a_damaged_file_is_nothing(
    notices: Notices, core: HomeAssistant, stub: Stub, tmp_path: Path
) -> None:
    await put(notices, INSTALLED)
    (tmp_path / "notices/oye_y.json").write_text("{")
    await notices.deliver(core)

    assert {"oye_x"} == set(stub.notifications)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A"])
def test_an_id_that_is_no_name_is_a_mistake_of_ours(notices: Notices, name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(name)}$"):
        notices.put(Notice(notification_id=name, text="closed"))
