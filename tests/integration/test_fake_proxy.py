"""The fake proxy speaks as the API promises, and does what a test tells it to."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from tests.integration import chargers
from tests.integration.contract import ContractError, check_message
from tests.integration.fake_proxy import TOKEN, Command, FakeProxy, issue


@pytest.fixture
async def client(proxy: FakeProxy) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(proxy.url, headers=headers) as session:
        yield session


@pytest.mark.parametrize(
    "charger",
    [chargers.charging(), chargers.two_evses(), chargers.idle(), chargers.faulted()],
    ids=lambda charger: charger["chargePointId"],
)
async def test_its_chargers_are_as_the_proxy_tells_of_them(
    proxy: FakeProxy, client: aiohttp.ClientSession, charger: dict[str, Any]
) -> None:
    proxy.put(charger)
    async with client.get("/api/state") as answer:
        state = await answer.json()

    assert [charger] == state["chargers"]
    assert [] == proxy.faults


async def test_a_stream_begins_with_a_snapshot_and_counts_its_messages(
    proxy: FakeProxy, client: aiohttp.ClientSession
) -> None:
    async with client.ws_connect("/api/live") as socket:
        first = await socket.receive_json()
        await proxy.push(chargers.idle("CP1"))
        await proxy.push_event("boot", "CP1", reason="PowerUp")
        await proxy.push_issues(issue("charger_silent", "CP1"))
        proxy.skip()
        await proxy.remove("CP1")
        told = [await socket.receive_json() for _ in range(4)]
        await proxy.drop()
        end = await socket.receive()

    assert ("snapshot", 0, []) == (first["type"], first["seq"], first["chargers"])
    assert [("charger", 1), ("event", 2), ("issues", 3), ("charger_removed", 5)] == [
        (message["type"], message["seq"]) for message in told
    ]
    assert (aiohttp.WSMsgType.CLOSE, 1012) == (end.type, end.data)


async def test_another_life_has_another_epoch(
    proxy: FakeProxy, client: aiohttp.ClientSession
) -> None:
    async with client.ws_connect("/api/live") as socket:
        before = await socket.receive_json()
        await proxy.restart()
    async with client.ws_connect("/api/live") as socket:
        after = await socket.receive_json()

    assert before["epoch"] != after["epoch"]


async def test_a_silent_stream_says_nothing(
    proxy: FakeProxy, client: aiohttp.ClientSession
) -> None:
    proxy.silent = True
    async with client.ws_connect("/api/live") as socket:
        await proxy.send_garbage("{")
        first = await socket.receive()

    assert "{" == first.data


async def test_commands_are_recorded_and_answered(
    proxy: FakeProxy, client: aiohttp.ClientSession
) -> None:
    proxy.put(chargers.idle("CP/1"))
    proxy.answer("limit", accepted=False, response={"status": "Rejected"})
    body = {"connectorId": 1, "limitA": 10}
    async with client.post("/api/chargers/CP%2F1/limit?wait=10", json=body) as answer:
        told = await answer.json()
    async with client.post("/api/chargers/~Q1AvMQ/clear-cache") as answer:
        sent = await answer.json()

    assert (False, {"status": "Rejected"}) == (told["accepted"], told["response"])
    assert {"status", "messageId"} == set(sent)
    assert [
        Command("CP/1", "limit", body, 10),
        Command("CP/1", "clear-cache", {}),
    ] == proxy.commands


@pytest.mark.parametrize(
    ("code", "status"),
    [("charger_read_only", 409), ("injection_rejected", 502), ("injection_timeout", 504)],
)
async def test_a_command_is_refused_with_its_code(
    proxy: FakeProxy, client: aiohttp.ClientSession, code: str, status: int
) -> None:
    proxy.put(chargers.idle("CP1"))
    proxy.refuse("reset", code)
    async with client.post("/api/chargers/CP1/reset", json={"type": "soft"}) as answer:
        told = await answer.json()

    assert (status, code) == (answer.status, told["code"])


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/chargers/CP1/limit", {"amps": 10}, "invalid_request"),
        ("/api/chargers/CP1/limit?patience=10", {"limitA": 10}, "invalid_request"),
        ("/api/chargers/CP1/limit?wait=1000", {"limitA": 10}, "invalid_request"),
        ("/api/chargers/CP2/limit", {"limitA": 10}, "charger_not_connected"),
        ("/api/chargers/CP3/limit", {"limitA": 10}, "charger_unknown"),
    ],
)
async def test_what_the_proxy_would_not_do_the_fake_does_not(
    proxy: FakeProxy, client: aiohttp.ClientSession, path: str, body: dict[str, Any], code: str
) -> None:
    proxy.put(chargers.idle("CP1"))
    proxy.put(chargers.idle("CP2", connected=False))
    async with client.post(path, json=body) as answer:
        told = await answer.json()

    assert code == told["code"]


async def test_a_command_waits_for_the_test(
    proxy: FakeProxy, client: aiohttp.ClientSession
) -> None:
    proxy.put(chargers.idle("CP1"))
    gate = proxy.hold("unlock")
    asking = asyncio.ensure_future(client.post("/api/chargers/CP1/unlock", json={"connectorId": 1}))
    await gate.reached.wait()
    early = asking.done()
    gate.open.set()
    answer = await asking
    answer.release()

    assert not early
    assert 200 == answer.status


async def test_a_password_buys_a_token(proxy: FakeProxy) -> None:
    owner = {"Authorization": aiohttp.encode_basic_auth(proxy.username, proxy.password)}
    async with aiohttp.ClientSession(proxy.url) as session:
        async with session.post(
            "/api/tokens", headers=owner, json={"name": "Home Assistant", "scope": "control"}
        ) as answer:
            made = await answer.json()
        headers = {"Authorization": f"Bearer {made['token']}"}
        async with session.get("/api/info", headers=headers) as answer:
            info = await answer.json()
        async with session.get("/api/info", headers={"Authorization": "Bearer x"}) as refused:
            pass

    assert proxy.instance_id == info["instanceId"]
    assert 401 == refused.status


async def test_scopes_hold(proxy: FakeProxy, client: aiohttp.ClientSession) -> None:
    proxy.tokens[TOKEN] = "read"
    async with client.get("/api/state") as seen:
        pass
    async with client.post("/api/inject/CP1", json={"action": "Reset", "payload": {}}) as refused:
        told = await refused.json()

    assert (200, 403, "not_permitted") == (seen.status, refused.status, told["code"])


async def test_it_can_be_gone_and_come_back(
    proxy: FakeProxy, client: aiohttp.ClientSession
) -> None:
    port = proxy.port
    await proxy.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await client.get("/api/info")
    await proxy.start()
    async with client.get("/api/info") as answer:
        pass

    assert port == proxy.port
    assert 200 == answer.status


async def test_what_is_in_between_can_answer_instead(
    proxy: FakeProxy, client: aiohttp.ClientSession
) -> None:
    proxy.interference = (502, "<html>Bad gateway</html>")
    async with client.get("/api/info") as answer:
        text = await answer.text()

    assert (502, "<html>Bad gateway</html>") == (answer.status, text)


async def test_what_the_proxy_could_not_say_is_a_fault(
    proxy: FakeProxy, client: aiohttp.ClientSession
) -> None:
    proxy.put(chargers.idle("CP1", invented=1))
    async with client.get("/api/state"):
        faults = list(proxy.faults)
    proxy.faults.clear()

    assert 1 == len(faults)
    with pytest.raises(ContractError, match="invented"):
        check_message({"type": "charger", "seq": 1, "charger": chargers.idle(invented=1)})
