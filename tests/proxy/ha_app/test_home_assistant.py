"""Each failure of Supervisor or Core is a sentence that says who did not do what."""

import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.app.stub_supervisor import HOSTNAME, SLUG, TOKEN, Stub

from oye_proxy.errors import SupervisorError
from oye_proxy.ha_app.home_assistant import AppInfo, HomeAssistant
from oye_proxy.settings import Secret


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with Stub().served() as stub:
        yield stub


def asking(stub: Stub, token: str = TOKEN) -> HomeAssistant:
    return HomeAssistant(Secret(token), stub.url)


async def test_it_tells_who_we_are(stub: Stub) -> None:
    assert AppInfo(SLUG, HOSTNAME) == await asking(stub).app_info()


async def test_an_announcement_has_one_uuid_whatever_it_says(stub: Stub) -> None:
    one = await asking(stub).announce("oye", {"port": 8098})
    other = await asking(stub).announce("oye", {"port": 8099})

    assert one == other == stub.uuid
    assert {"port": 8099} == stub.message


async def test_core_is_asked_bare(stub: Stub) -> None:
    assert frozenset(stub.components) == (await asking(stub).core_config()).components


async def test_a_notification_comes_and_goes(stub: Stub) -> None:
    await asking(stub).notify("oye_x", "OYE", "Hello")
    shown = dict(stub.notifications)
    await asking(stub).dismiss("oye_x")

    assert {"oye_x": {"notification_id": "oye_x", "title": "OYE", "message": "Hello"}} == shown
    assert {} == stub.notifications


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            400,
            {"result": "error", "message": "expected a dictionary"},
            'Supervisor refuses POST /discovery: "expected a dictionary"',
        ),
        (403, {}, "Supervisor does not let the app do POST /discovery (HTTP 403)"),
        (500, "<html>", "Supervisor refuses POST /discovery (HTTP 500)"),
        (500, "[" * 100_000, "Supervisor refuses POST /discovery (HTTP 500)"),
        (503, {}, "Supervisor is not up (HTTP 503)"),
    ],
    ids=["400", "403", "500", "nested", "503"],
)
async def test_a_refusal_is_a_sentence(stub: Stub, status: int, body: Any, sentence: str) -> None:
    stub.instead["/discovery"] = (status, body)
    with pytest.raises(SupervisorError) as caught:
        await asking(stub).announce("oye", {})

    assert sentence == str(caught.value)


async def test_a_service_that_the_app_does_not_declare_is_refused(stub: Stub) -> None:
    with pytest.raises(SupervisorError, match="does not let the app do POST /discovery"):
        await asking(stub).announce("mqtt", {})


async def test_a_token_of_an_earlier_start_is_refused(stub: Stub) -> None:
    with pytest.raises(SupervisorError) as caught:
        await asking(stub, "of yesterday").app_info()

    assert ('Supervisor does not let the app do GET /addons/self/info: "unauthorized"') == str(
        caught.value
    )


async def test_a_core_that_is_down_is_not_up(stub: Stub) -> None:
    stub.core_is_up = False
    with pytest.raises(SupervisorError, match=r"^Home Assistant Core is not up \(HTTP 502\)$"):
        await asking(stub).notify("oye_x", "OYE", "Hello")


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 100_000, {}, {"data": {"slug": 1}}])
async def test_an_answer_that_nobody_understands_is_a_sentence(stub: Stub, body: Any) -> None:
    stub.instead["/addons/self/info"] = (200, body)
    with pytest.raises(SupervisorError, match="answer of /addons/self/info cannot be understood"):
        await asking(stub).app_info()


async def test_nobody_there_is_a_sentence() -> None:
    with pytest.raises(SupervisorError, match=r"^Supervisor does not answer"):
        await HomeAssistant(Secret(TOKEN), "http://127.0.0.1:1").app_info()


async def test_silence_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with pytest.raises(SupervisorError, match=r"^Supervisor does not answer in time$"):
            await HomeAssistant(Secret(TOKEN), url, timeout=0.05).app_info()


async def test_without_a_token_nobody_is_asked() -> None:
    with pytest.raises(SupervisorError, match="SUPERVISOR_TOKEN is not set"):
        await HomeAssistant(None).app_info()
