"""What Supervisor says is used, checked, and never waited for."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from oye_proxy.ha_app.home_assistant import HomeAssistant
from oye_proxy.ha_app.supervisor import NOT_ASKED, Surroundings, look_around
from oye_proxy.settings import Secret

TOKEN = Secret("token-of-this-start")
APP = {"data": {"network": {"9080/tcp": 9080, "9443/tcp": None}}}
MACHINE = {"data": {"hostname": "myhouse"}}
CORE = {"internal_url": "http://192.168.1.5:8123"}


class Stub:
    """Supervisor as far as the app asks it; an answer is (status, body)."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {
            "/addons/self/info": (200, APP),
            "/info": (200, MACHINE),
            "/core/api/config": (200, CORE),
        }
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN.reveal()}":
            return web.json_response({"result": "error", "message": "unauthorized"}, status=401)
        status, body = self.answers[request.path]
        if isinstance(body, str):
            return web.Response(status=status, text=body)
        return web.json_response(body, status=status)


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    stub = Stub()
    application = web.Application()
    application.router.add_get("/{path:.*}", stub.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield stub
    await runner.cleanup()


async def ask(stub: Stub, token: Secret = TOKEN) -> Surroundings:
    return await look_around(HomeAssistant(token, stub.url))


async def test_ports_and_names_are_those_of_this_machine(stub: Stub) -> None:
    surroundings = await ask(stub)

    assert (
        Surroundings(
            hostname="myhouse",
            internal_host="192.168.1.5",
            plain_port=9080,
            tls_port=None,
            asked=True,
        )
        == surroundings
    )
    assert "192.168.1.5" == surroundings.lan_host


async def test_core_may_be_down(stub: Stub) -> None:
    stub.answers["/core/api/config"] = (502, "Core is down")

    assert "myhouse.local" == (await ask(stub)).lan_host


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 100_000, {}, {"data": []}, {"data": 1}])
async def test_answers_that_nobody_understands_are_no_answers(stub: Stub, body: Any) -> None:
    stub.answers = dict.fromkeys(stub.answers, (200, body))
    surroundings = await ask(stub)

    assert (None, None, 9080, 9443) == (
        surroundings.hostname,
        surroundings.internal_host,
        surroundings.plain_port,
        surroundings.tls_port,
    )


async def test_hostile_names_and_ports_are_not_used(stub: Stub) -> None:
    stub.answers["/info"] = (200, {"data": {"hostname": "x; return 200"}})
    stub.answers["/core/api/config"] = (200, {"internal_url": "http://{}"})
    stub.answers["/addons/self/info"] = (
        200,
        {"data": {"network": {"9080/tcp": "9080", "9443/tcp": 70000}}},
    )
    surroundings = await ask(stub)

    assert "homeassistant.local" == surroundings.lan_host
    assert (None, None) == (surroundings.plain_port, surroundings.tls_port)


async def test_a_token_that_is_refused_is_no_answer(stub: Stub) -> None:
    assert NOT_ASKED == await ask(stub, Secret("of yesterday"))


async def test_a_supervisor_that_is_away_is_no_answer() -> None:
    assert NOT_ASKED == await look_around(HomeAssistant(TOKEN, "http://127.0.0.1:1"))
