"""A client written from docs/API.md alone, against a whole proxy and a real charger."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp
import pytest
from tests.e2e.conftest import PASSWORD, MakeCharger, StartProxy

from oye_proxy.ocppj.versions import OcppVersion

DEADLINE = 10.0


class ResyncNeededError(Exception):
    """A number is missing or the proxy is another one: take a new snapshot."""


class LiveClient:
    """Keeps what the stream tells; knows nothing but the page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._seq = 0
        self.epoch = ""
        self.chargers: dict[str, dict[str, Any]] = {}
        self.issues: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []
        self.errors: list[str] = []

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, session: aiohttp.ClientSession, base: str, token: str
    ) -> AsyncIterator[Self]:
        """Open the stream and take the snapshot."""
        headers = {"Authorization": f"Bearer {token}"}
        async with session.ws_connect(f"{base}/api/live", headers=headers) as socket:
            client = cls(socket)
            await client.receive()
            yield client

    async def receive(self) -> None:
        """Take one message."""
        message = await self._socket.receive_json(timeout=DEADLINE)
        if message["type"] != "snapshot":
            self._seq += 1
        if message["seq"] != self._seq:
            raise ResyncNeededError
        match message["type"]:
            case "snapshot":
                self.epoch = message["epoch"]
                self.chargers = {one["chargePointId"]: one for one in message["chargers"]}
                self.issues = message["issues"]
            case "charger":
                self.chargers[message["charger"]["chargePointId"]] = message["charger"]
            case "charger_removed":
                self.chargers.pop(message["chargePointId"], None)
            case "issues":
                self.issues = message["issues"]
            case "event":
                self.events.append(message)
            case "frame":
                self.frames.append(message)
            case "error":
                self.errors.append(message["code"])
            case _:
                pass  # more will come

    async def until(self, condition: Callable[[], Any]) -> None:
        """Take messages until something is so."""
        async with asyncio.timeout(DEADLINE):
            while not condition():
                await self.receive()

    async def watch_frames(self, words: str) -> None:
        """Ask for frames."""
        await self._socket.send_json({"subscribe": "frames", "filter": words})

    def news(self, name: str) -> list[dict[str, Any]]:
        """Return the data of the events of one name."""
        return [one["data"] for one in self.events if one["event"] == name]


async def token_of(session: aiohttp.ClientSession, base: str) -> str:
    """Turn the password into a token, once."""
    credentials = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    async with session.post(
        f"{base}/api/tokens",
        json={"name": "Home Assistant", "scope": "control"},
        headers={"Authorization": f"Basic {credentials}"},
    ) as response:
        answer = await response.json()
    assert {"id", "name", "scope", "token"} <= answer.keys()
    token: str = answer["token"]
    return token


@pytest.mark.parametrize("version", list(OcppVersion))
async def test_it_follows_a_charger_and_commands_it(
    start_proxy: StartProxy, make_charger: MakeCharger, version: OcppVersion
) -> None:
    proxy = await start_proxy()
    base = proxy.url.replace("ws://", "http://")
    async with aiohttp.ClientSession() as session:
        token = await token_of(session, base)
        headers = {"Authorization": f"Bearer {token}"}
        async with session.get(f"{base}/api/info", headers=headers) as response:
            info = await response.json()
        async with LiveClient.connect(session, base, token) as client:
            assert {} == client.chargers
            assert 1 == info["apiVersion"]

            charger = make_charger(f"{proxy.url}/ocpp", version, charge_point_id="CP 1/x")
            await client.until(lambda: client.news("boot"))
            await client.until(lambda: client.chargers["CP 1/x"]["bootState"] == "accepted")
            state = client.chargers["CP 1/x"]
            assert (True, version.value, "standalone", "standalone") == (
                state["connected"],
                state["ocppVersion"],
                state["mode"],
                state["link"],
            )
            await charger.until(lambda: not charger.waiting)

            await client.watch_frames("-action:Heartbeat direction:INJECTION_REQUEST")
            command = {"message": "Heartbeat"}
            async with session.post(
                f"{base}/api/chargers/CP%201%2Fx/trigger?wait=10", json=command, headers=headers
            ) as response:
                answer = await response.json()
            assert ("sent", True) == (answer["status"], answer["accepted"])
            assert "Accepted" == answer["response"]["status"]
            await client.until(lambda: len(client.news("injection")) == 2)
            await client.until(lambda: client.frames)
            assert [("sent", answer["messageId"]), ("answered", answer["messageId"])] == [
                (step["state"], step["messageId"]) for step in client.news("injection")
            ]
            assert {("TriggerMessage", answer["messageId"])} == {
                (frame["exchange"]["action"], frame["exchange"]["messageId"])
                for frame in client.frames
            }

            await charger.stop()
            await client.until(lambda: not client.chargers["CP 1/x"]["connected"])
            assert client.news("disconnected")
            epoch = client.epoch

        async with LiveClient.connect(session, base, token) as again:
            assert epoch == again.epoch
            assert ["CP 1/x"] == list(again.chargers)


async def test_what_it_may_not_is_told_by_code(start_proxy: StartProxy) -> None:
    """A control token commands chargers; accounts and configuration are not its business."""
    proxy = await start_proxy()
    base = proxy.url.replace("ws://", "http://")
    calls = [
        ("POST", "/api/config", {"autoChargeEnabled": True}),
        ("DELETE", "/api/chargers/CP1", None),
        ("GET", "/api/users", None),
        ("POST", "/api/chargers/CP1/reset", {}),
        ("POST", "/api/chargers/CP1/reset", {"kind": "hard"}),
    ]
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {await token_of(session, base)}"}
        codes = []
        for method, path, body in calls:
            async with session.request(
                method, f"{base}{path}", json=body, headers=headers
            ) as response:
                codes.append((response.status, (await response.json())["code"]))

    assert [
        (403, "not_permitted"),
        (403, "not_permitted"),
        (403, "not_permitted"),
        (404, "charger_unknown"),
        (400, "invalid_request"),
    ] == codes
