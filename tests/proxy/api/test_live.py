"""`/api/live` on a real socket: snapshot, changes, bounds, bad clients."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType
from tests.proxy.api.conftest import EPOCH, Api, basic, bearer, record, serve, signed_in
from tests.proxy.api.memory import STARTED_AT, MemoryHub
from yarl import URL

from oye_proxy.accounts import Accounts, Scope
from oye_proxy.accounts.attempts import FREE_FAILURES
from oye_proxy.api import live as live_module
from oye_proxy.api.keys import Dependencies
from oye_proxy.api.live_queue import EVENTS_WAITING
from oye_proxy.hub.events import FramePassed, IssuesChanged, News
from oye_proxy.tasks import spawn

DEADLINE = 10.0


async def receive(live: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    message: dict[str, Any] = await live.receive_json(timeout=DEADLINE)
    return message


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(DEADLINE):
        while not condition():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.001)


def news(number: int) -> News:
    return News(event="boot", charge_point_id="CP1", time=STARTED_AT, data={"number": number})


async def test_the_snapshot_is_the_body_of_the_state(api: Api) -> None:
    _, state = await api.ask("GET", "/api/state")
    async with api.live() as live:
        assert {"type": "snapshot", **state} == await receive(live)


async def test_changes_follow_numbered_without_a_gap(api: Api, hub: MemoryHub) -> None:
    async with api.live() as live:
        snapshot = await receive(live)
        hub.change("CP1", name="Garage")
        charger = await receive(live)
        hub.bus.publish(news(1))
        event = await receive(live)
        hub.bus.publish(IssuesChanged(()))
        issues = await receive(live)
        await hub.forget("CP1")
        removed = await receive(live)

    assert [0, 1, 2, 3, 4] == [
        message["seq"] for message in (snapshot, charger, event, issues, removed)
    ]
    assert ("charger", "Garage") == (charger["type"], charger["charger"]["name"])
    assert {
        "type": "event",
        "seq": 2,
        "event": "boot",
        "chargePointId": "CP1",
        "time": "2026-11-21T10:00:00Z",
        "data": {"number": 1},
    } == event
    assert {"type": "issues", "seq": 3, "issues": []} == issues
    assert {"type": "charger_removed", "seq": 4, "chargePointId": "CP1"} == removed


async def test_nothing_falls_between_snapshot_and_listener(api: Api, hub: MemoryHub) -> None:
    """A change while the snapshot is taken is told after it."""
    take = hub.snapshot

    def change_meanwhile() -> Any:
        snapshot = take()
        hub.change("CP1", name="meanwhile")
        return snapshot

    hub.snapshot = change_meanwhile  # type: ignore[method-assign]
    async with api.live() as live:
        snapshot, charger = await receive(live), await receive(live)

    assert [None] == [one["name"] for one in snapshot["chargers"]]
    assert "meanwhile" == charger["charger"]["name"]


async def test_who_comes_again_gets_a_new_snapshot_of_the_same_epoch(
    api: Api, hub: MemoryHub
) -> None:
    async with api.live() as live:
        await receive(live)
    hub.change("CP1", name="while away")
    async with api.live() as live:
        snapshot = await receive(live)

    assert (0, EPOCH) == (snapshot["seq"], snapshot["epoch"])
    assert "while away" == snapshot["chargers"][0]["name"]


async def test_frames_come_to_who_asks(api: Api, hub: MemoryHub) -> None:
    async with api.live() as live:
        await receive(live)
        await live.send_json({"subscribe": "frames", "filter": "action:Heartbeat"})
        await live.send_json({"unknown": 1})
        await receive(live)
        for number, action in enumerate(["StatusNotification", "Heartbeat"]):
            hub.bus.publish(
                FramePassed(
                    charge_point_id="CP1",
                    time=STARTED_AT + timedelta(seconds=number),
                    record=record(f'[2,"m-{number}","{action}",{{}}]'),
                )
            )
        frame = await receive(live)

    assert ("frame", "Heartbeat", "m-1") == (
        frame["type"],
        frame["exchange"]["action"],
        frame["exchange"]["messageId"],
    )
    assert "payload" not in frame


async def test_who_may_only_read_cannot_look_for_texts_in_frames(api: Api) -> None:
    """A frame holds whole id tags: a filter for a part of one would tell the rest."""
    async with api.live(headers=bearer("token-of-read")) as live:
        await receive(live)
        await live.send_json({"subscribe": "frames", "filter": "04A1"})
        refused = await receive(live)
        await live.send_json({"subscribe": "frames", "filter": "charger:CP1"})
        await live.send_json({})
        answered = await receive(live)

    assert [("error", "not_permitted"), ("error", "invalid_request")] == [
        (one["type"], one["code"]) for one in (refused, answered)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "null",
        "[]",
        '{"subscribe": "everything"}',
        '{"subscribe": "frames", "filter": "\\""}',
        '{"subscribe": "frames", "filter": 7}',
        "{}",
        '{"ping": 1}',
        "[" * 10_000,
    ],
)
async def test_a_bad_message_is_answered_and_the_connection_stays(
    api: Api, hub: MemoryHub, text: str
) -> None:
    async with api.live() as live:
        await receive(live)
        await live.send_str(text)
        error = await receive(live)
        hub.bus.publish(news(1))
        event = await receive(live)

    assert ("error", 1, "invalid_request") == (error["type"], error["seq"], error["code"])
    assert ("event", 2) == (event["type"], event["seq"])


async def test_a_binary_message_is_answered_too(api: Api) -> None:
    async with api.live() as live:
        await receive(live)
        await live.send_bytes(b"{}")

        assert "error" == (await receive(live))["type"]


async def test_a_huge_message_ends_the_connection(api: Api) -> None:
    async with api.live() as live:
        await receive(live)
        await live.send_str("x" * 20_000)
        message = await live.receive(timeout=DEADLINE)

    assert (WSMsgType.CLOSE, 1009) == (message.type, message.data)


async def test_who_leaves_is_forgotten(api: Api, hub: MemoryHub) -> None:
    async with api.live() as live:
        await receive(live)
        assert (1, 1) == (hub.listeners, len(api.dependencies.live))
    await eventually(lambda: hub.listeners == len(api.dependencies.live) == 0)


async def test_too_many_clients_are_told_to_come_later(api: Api) -> None:
    async with api.live() as first, api.live() as second:
        await receive(first)
        await receive(second)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await api.live()

    assert 429 == refused.value.status


async def test_who_does_not_read_news_is_closed_with_1013(api: Api, hub: MemoryHub) -> None:
    """Whoever cannot follow comes again and takes a new snapshot; nobody else waits for it."""
    async with api.live() as slow, api.live() as quick:
        await receive(slow)
        await receive(quick)
        # One turn of the loop: nobody can read between the first and the last.
        for number in range(EVENTS_WAITING + 1):
            hub.bus.publish(news(number))
        told = [message.type async for message in slow]

        assert EVENTS_WAITING >= len(told)
        assert 1013 == slow.close_code
    async with api.live() as again:
        assert "snapshot" == (await receive(again))["type"]


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server wait for a client no longer than it takes."""
    monkeypatch.setattr(live_module, "SEND_SECONDS", 0.05)
    monkeypatch.setattr(live_module, "CLOSE_SECONDS", 0.05)


@pytest.mark.usefixtures("impatience")
async def test_who_reads_nothing_at_all_is_cut_off(api: Api, hub: MemoryHub) -> None:
    """A client whose socket takes nothing more is ended, however little is waiting."""
    url = URL(api.url)
    reader, writer = await asyncio.open_connection(url.host, url.port, limit=1024)
    credentials = basic("admin", "correct horse")["Authorization"]
    writer.write(
        b"GET /api/live HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        + f"Authorization: {credentials}\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    large = News(
        event="boot", charge_point_id="CP1", time=STARTED_AT, data={"text": "x" * 1_000_000}
    )
    try:
        await eventually(lambda: hub.listeners == 1)
        for _ in range(50):
            hub.bus.publish(large)
        await eventually(lambda: hub.listeners == len(api.dependencies.live) == 0)
    finally:
        writer.transport.abort()


async def test_a_revoked_token_ends_the_connection(
    api: Api, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "IDENTIFY_SECONDS", 0.01)
    row, token = await accounts.add_token("x", Scope.READ)
    async with api.live(headers=bearer(token)) as live:
        await receive(live)
        await accounts.revoke_token(row.id)
        message = await live.receive(timeout=DEADLINE)

    assert (WSMsgType.CLOSE, 1008) == (message.type, message.data)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/api/sessions?username=jo", None),
        ("DELETE", "/api/users/jo", None),
        ("PATCH", "/api/users/jo", {"disabled": True}),
        ("POST", "/api/users/jo/password", {"newPassword": "another staple"}),
    ],
)
async def test_the_end_of_a_login_ends_its_connections_at_once(
    api: Api, hub: MemoryHub, accounts: Accounts, method: str, path: str, body: Any
) -> None:
    await accounts.add_user("jo", "battery staple")
    cookie = await signed_in(api, "jo", "battery staple")
    headers = {"Cookie": cookie, "Origin": api.url}
    async with api.live(headers=headers) as ended, api.live() as stays:
        await receive(ended)
        await receive(stays)
        assert 200 == (await api.ask(method, path, body))[0]
        message = await ended.receive(timeout=DEADLINE)
        hub.bus.publish(news(1))
        told = await receive(stays)

    assert (WSMsgType.CLOSE, 1008) == (message.type, message.data)
    assert "event" == told["type"]


async def test_a_revoked_token_ends_the_connection_at_once(api: Api, accounts: Accounts) -> None:
    row, token = await accounts.add_token("x", Scope.READ)
    async with api.live(headers=bearer(token)) as live:
        await receive(live)
        await api.ask("DELETE", f"/api/tokens/{row.id}")
        message = await live.receive(timeout=DEADLINE)

    assert (WSMsgType.CLOSE, 1008) == (message.type, message.data)


async def test_a_revoked_token_ends_the_connection_of_who_goes_on_guessing(
    api: Api, accounts: Accounts
) -> None:
    """After many failures nobody is asked who they are; that must not keep a connection open."""
    row, token = await accounts.add_token("x", Scope.READ)
    async with api.live(headers=bearer(token)) as live:
        await receive(live)
        for _ in range(FREE_FAILURES + 1):
            await api.ask("GET", "/api/state", headers=bearer("a guess"))
        await api.ask("DELETE", f"/api/tokens/{row.id}")
        message = await live.receive(timeout=DEADLINE)

    assert (WSMsgType.CLOSE, 1013) == (message.type, message.data)


async def test_it_answers_with_no_server_name_and_no_page_headers(api: Api) -> None:
    async with api.live() as live:
        headers = live._response.headers

        assert "Server" not in headers
        assert "Content-Security-Policy" not in headers


async def test_ids_and_texts_of_strangers_stay_data(api: Api, hub: MemoryHub) -> None:
    name = '"><img src=x onerror=alert(1)>\u202e\u0000'
    async with api.live() as live:
        await receive(live)
        hub.change("CP1", name=name)
        text = (await live.receive(timeout=DEADLINE)).data

    assert name == json.loads(text)["charger"]["name"]


async def test_a_bug_ends_the_connection_and_is_logged_once(
    api: Api, hub: MemoryHub, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is left with a connection on which nothing comes."""
    hub.chargers = None  # type: ignore[assignment]  # a bug
    async with api.live() as live:
        message = await live.receive(timeout=DEADLINE)

    assert message.type in {WSMsgType.CLOSED, WSMsgType.ERROR}
    assert ["task live writer crashed"] == [one.message for one in caplog.records]


async def test_a_stop_of_the_proxy_is_told(dependencies: Dependencies, hub: MemoryHub) -> None:
    async for api in serve(dependencies, hub):
        async with api.live() as live:
            await receive(live)
            stop = spawn(dependencies.live.close(), name="stop")
            message = await live.receive(timeout=DEADLINE)
        await stop

        assert (WSMsgType.CLOSE, 1001) == (message.type, message.data)
