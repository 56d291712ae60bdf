"""
What a person does in Home Assistant, over its HTTP and WebSocket APIs.

`onboarded` makes the first account and signs in. Everything that waits has a deadline.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

import aiohttp

from home_assistant.network import Network

USERNAME: Final = "owner"
PATIENCE: Final = 60.0
POLL_SECONDS: Final = 0.1
NO_VALUES: Final = ("unavailable", "unknown")


class HomeAssistantError(Exception):
    """Home Assistant refuses what was asked of it."""


class Client:
    """A signed-in user."""

    def __init__(self, url: str, session: aiohttp.ClientSession, tokens: Mapping[str, Any]) -> None:
        self.url = url
        self.tokens = tokens
        self._session = session

    @property
    def client_id(self) -> str:
        """Who we are to Home Assistant: the page that was opened."""
        return f"{self.url}/"

    # REST

    async def get(self, path: str, cookies: Mapping[str, str] | None = None) -> Any:
        """Return the body of a GET."""
        return await self._ask("GET", path, None, cookies)

    async def status(self, path: str) -> int:
        """Return the status of a GET by somebody who is not signed in."""
        async with self._session.get(f"{self.url}{path}") as response:
            return response.status

    async def post(self, path: str, body: Any = None) -> Any:
        """Return the body of a POST."""
        return await self._ask("POST", path, body)

    async def tell(self, path: str, body: Any) -> None:
        """Send a POST whose answer has no body."""
        await self._ask("POST", path, body)

    async def state(self, entity_id: str) -> dict[str, Any] | None:
        """Return the state of an entity with its attributes; None when there is none."""
        states: list[dict[str, Any]] = await self.get("/api/states")
        return next((one for one in states if one["entity_id"] == entity_id), None)

    async def perform(
        self, action: str, data: Mapping[str, Any] | None = None, **target: Any
    ) -> Any:
        """Perform an action such as `switch.turn_on`; return its response if it has one."""
        domain, _, name = action.partition(".")
        return await self.ask(
            "call_service",
            domain=domain,
            service=name,
            service_data=dict(data or {}),
            target=target,
        )

    # WebSocket

    async def ask(self, command: str, **members: Any) -> Any:
        """Return the result of a WebSocket command such as `config/device_registry/list`."""
        async with self._signed_in() as socket:
            await socket.send_json({"id": 1, "type": command, **members})
            while (answer := await socket.receive_json(timeout=PATIENCE))["type"] != "result":
                pass
        if not answer["success"]:
            raise HomeAssistantError(f"{command}: {answer['error']}")
        return answer["result"]

    async def told(self, command: str, last: str) -> list[dict[str, Any]]:
        """Return the events of a WebSocket command up to the one whose type is `last`."""
        events: list[dict[str, Any]] = []
        async with self._signed_in() as socket:
            await socket.send_json({"id": 1, "type": command})
            while not events or events[-1]["type"] != last:
                message = await socket.receive_json(timeout=PATIENCE)
                if message["type"] == "event":
                    events.append(message["event"])
        return events

    async def first_message(self, path: str, cookies: Mapping[str, str]) -> Any:
        """Open a WebSocket as a page of an app does; return the first message."""
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        async with self._session.ws_connect(
            f"{self.url}{path}", headers={"Cookie": cookie}
        ) as socket:
            return await socket.receive_json(timeout=PATIENCE)

    # What many need

    async def entities(self, platform: str) -> dict[str, dict[str, Any]]:
        """Return the registered entities of an integration by their unique id."""
        listed = await self.ask("config/entity_registry/list")
        return {one["unique_id"]: one for one in listed if one["platform"] == platform}

    async def entity_id(self, platform: str, unique_id: str) -> str | None:
        """Return the id of an entity that ends so; None while there is none."""
        found = await self.entities(platform)
        return next(
            (one["entity_id"] for key, one in found.items() if key.endswith(unique_id)), None
        )

    async def devices(self, platform: str) -> list[dict[str, Any]]:
        """Return the devices of an integration."""
        listed = await self.ask("config/device_registry/list")
        return [
            one
            for one in listed
            if any(identifier[0] == platform for identifier in one["identifiers"])
        ]

    async def flows(self, platform: str) -> list[dict[str, Any]]:
        """Return the config flows of an integration that wait for the user."""
        waiting = await self.ask("config_entries/flow/progress")
        return [flow for flow in waiting if flow["handler"] == platform]

    async def entries(self, platform: str) -> list[dict[str, Any]]:
        """Return the config entries of an integration."""
        found: list[dict[str, Any]] = await self.ask("config_entries/get", domain=platform)
        return found

    async def begin_flow(self, platform: str) -> dict[str, Any]:
        """Add an integration as a user does; return the first step."""
        step: dict[str, Any] = await self.post(
            "/api/config/config_entries/flow", {"handler": platform}
        )
        return step

    async def submit_flow(self, flow_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Submit a step of a config flow; return the next one or what came of it."""
        path = f"/api/config/config_entries/flow/{flow_id}"
        step: dict[str, Any] = await self.post(path, dict(data))
        return step

    async def until(self, condition: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Wait until an asynchronous condition returns something; return that."""
        deadline = time.monotonic() + patience
        while not (found := await condition()):
            if time.monotonic() > deadline:
                raise TimeoutError("it did not happen in time")
            await asyncio.sleep(POLL_SECONDS)
        return found

    async def until_state(self, entity_id: str, state: str) -> dict[str, Any]:
        """Wait until an entity has a state; return it with its attributes."""

        async def reached() -> dict[str, Any] | None:
            present = await self.state(entity_id)
            return present if present is not None and present["state"] == state else None

        found: dict[str, Any] = await self.until(reached)
        return found

    async def until_number(
        self, entity_id: str, fits: Callable[[float], bool], patience: float = PATIENCE
    ) -> float:
        """Wait until the state of an entity is a number that fits; return it."""

        async def fitting() -> list[float]:
            present = await self.state(entity_id)
            numbers = [] if present is None else numbers_in([present["state"]])
            return [one for one in numbers if fits(one)]

        found: list[float] = await self.until(fitting, patience)
        return found[0]

    async def history(self, entity_id: str, since: datetime) -> list[str]:
        """Return the states that an entity has had, in their order."""
        told = await self.ask(
            "history/history_during_period",
            start_time=since.isoformat(),
            entity_ids=[entity_id],
            minimal_response=True,
            no_attributes=True,
        )
        return [one["s"] for one in told.get(entity_id, [])]

    @asynccontextmanager
    async def _signed_in(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a WebSocket for one command; one that nobody reads is closed before long."""
        async with self._session.ws_connect(f"{self.url}/api/websocket", max_msg_size=0) as socket:
            await socket.receive_json(timeout=PATIENCE)
            token = self.tokens["access_token"]
            await socket.send_json({"type": "auth", "access_token": token})
            answer = await socket.receive_json(timeout=PATIENCE)
            if answer["type"] != "auth_ok":
                raise HomeAssistantError(f"signing in: {answer}")
            yield socket

    async def _ask(
        self, method: str, path: str, body: Any, cookies: Mapping[str, str] | None = None
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        async with self._session.request(
            method, f"{self.url}{path}", json=body, headers=headers, cookies=cookies
        ) as response:
            if response.status >= 400:  # noqa: PLR2004
                text = await response.text()
                raise HomeAssistantError(f"{method} {path}: {response.status} {text}")
            is_json = response.content_type == "application/json"
            return await response.json() if is_json else None


def numbers_in(states: Iterable[str]) -> list[float]:
    """Return the states that are numbers."""
    return [float(one) for one in states if one not in NO_VALUES]


@asynccontextmanager
async def onboarded(url: str, network: Network, password: str) -> AsyncIterator[Client]:
    """Make the first account of a new installation and sign in."""
    async with aiohttp.ClientSession(
        connector=network.connector(), timeout=aiohttp.ClientTimeout(total=PATIENCE)
    ) as session:
        client_id = f"{url}/"
        user = {"name": "Owner", "username": USERNAME, "password": password, "language": "en"}
        async with session.post(
            f"{url}/api/onboarding/users", json={**user, "client_id": client_id}
        ) as response:
            response.raise_for_status()
            code = (await response.json())["auth_code"]
        grant = {"grant_type": "authorization_code", "code": code, "client_id": client_id}
        async with session.post(f"{url}/auth/token", data=grant) as response:
            response.raise_for_status()
            tokens = await response.json()
        yield Client(url, session, tokens)
