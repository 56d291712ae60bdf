"""A notification waits until Core can show it; the newest of an id counts."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.app.stub_supervisor import TOKEN, Stub

from oye_proxy.errors import SupervisorError
from oye_proxy.ha_app.home_assistant import HomeAssistant
from oye_proxy.ha_app.notices import Notice, Notices
from oye_proxy.settings import Secret

RESTART = Notice(notification_id="oye_x", title="OYE", message="Restart", until_loaded="oye")


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
    await put(notices, Notice(notification_id="oye_x", title="OYE", message="Hello"))
    await notices.deliver(core)
    await notices.deliver(core)

    assert [{"notification_id": "oye_x", "title": "OYE", "message": "Hello"}] == list(
        stub.notifications.values()
    )
    assert 1 == len(stub.requests)


async def test_it_waits_for_a_core_that_is_down(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    stub.core_is_up = False
    await put(notices, Notice(notification_id="oye_x", title="OYE", message="Hello"))
    with pytest.raises(SupervisorError, match="Core is not up"):
        await notices.deliver(core)
    stub.core_is_up = True
    await notices.deliver(core)

    assert {"oye_x"} == set(stub.notifications)


async def test_the_newest_of_an_id_counts(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    texts = ("one", "two")
    await put(notices, *(Notice(notification_id="oye_x", message=text) for text in texts))
    await notices.deliver(core)

    assert "two" == stub.notifications["oye_x"]["message"]


async def test_what_is_over_is_taken_away(
    notices: Notices, core: HomeAssistant, stub: Stub
) -> None:
    await put(notices, Notice(notification_id="oye_x", message="Hello"))
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
    created = [path for _, path, _ in stub.requests if path.endswith("/create")]
    stub.components.append("oye")
    await notices.deliver(core)

    assert ["oye_x"] == shown
    assert 1 == len(created)
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
    await put(notices, Notice(notification_id="oye_x", message="Hello"))
    (tmp_path / "notices/oye_y.json").write_text("{")
    await notices.deliver(core)

    assert {"oye_x"} == set(stub.notifications)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A"])
def test_an_id_that_is_no_name_is_a_mistake_of_ours(notices: Notices, name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(name)}$"):
        notices.put(Notice(notification_id=name, message="Hello"))
