"""
Supervisor as far as the app asks it, over HTTP; with Core behind it.

In a test `Stub` is served on a free port. As a program it is Supervisor for a whole container:
`stub_supervisor.py PORT FOLDER` makes `FOLDER/listening`, notes every request in `FOLDER/requests`
as a line of JSON, and takes over the members of `FOLDER/stub.json` whenever it is asked.
"""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import web

TOKEN = "token-of-this-start"
SLUG = "a1b2c3d4_oye-proxy"
HOSTNAME = "a1b2c3d4-oye-proxy"
SERVICES = ("oye",)


class Stub:
    """One Supervisor; what it is asked is in `requests`, as (method, path, body)."""

    def __init__(self) -> None:
        self.url = ""
        self.hostname = HOSTNAME
        self.requests: list[tuple[str, str, Any]] = []
        # What to answer instead, by path: status and body.
        self.instead: dict[str, tuple[int, Any]] = {}
        self.core_is_up = True
        self.components = ["hassio", "persistent_notification"]
        self.language = "en"
        # What discovery keeps, and what it passed on to Core.
        self.message: dict[str, Any] | None = None
        self.uuid = uuid4().hex
        self.pushed: list[dict[str, Any]] = []
        self.notifications: dict[str, dict[str, Any]] = {}

    @asynccontextmanager
    async def served(
        self, host: str = "127.0.0.1", port: int = 0, bound: socket.socket | None = None
    ) -> AsyncIterator["Stub"]:
        """Listen until the end of the context, on a socket that somebody else bound if given."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port) if bound is None else web.SockSite(runner, bound)
            await site.start()
            self.url = "http://{}:{}".format(*runner.addresses[0][:2])
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        self.requests.append((request.method, request.path, body))
        self.heard()
        if request.headers.getall("Authorization", []) != [f"Bearer {TOKEN}"]:
            return error(401, "unauthorized")
        if request.path in self.instead:
            status, instead = self.instead[request.path]
            if isinstance(instead, str):
                return web.Response(status=status, text=instead)
            return web.json_response(instead, status=status)
        if request.path.startswith("/core/") and not self.core_is_up:
            return web.Response(status=502, text="502: Bad Gateway")
        return await self.known(request.method, request.path, body)

    def heard(self) -> None:
        """Note a request; for the program."""

    async def known(self, method: str, path: str, body: Any) -> web.Response:
        """Answer what Supervisor knows."""
        match method, path:
            case "GET", "/addons/self/info":
                network = {"9080/tcp": 9080, "9443/tcp": None}
                return ok({"slug": SLUG, "hostname": self.hostname, "network": network})
            case "GET", "/info":
                return ok({"hostname": "homeassistant", "timezone": "Europe/Amsterdam"})
            case "POST", "/discovery":
                return await self._discovery(body)
            case "GET", "/core/api/config":
                return self._core_config()
            case "POST", "/core/api/services/persistent_notification/create":
                self.notifications[body["notification_id"]] = body
                return web.json_response([])
            case "POST", "/core/api/services/persistent_notification/dismiss":
                self.notifications.pop(body["notification_id"], None)
                return web.json_response([])
            case _:
                return error(404, f"no {method} {path}")

    def _core_config(self) -> web.Response:
        return web.json_response(
            {"components": self.components, "language": self.language, "state": "RUNNING"}
        )

    async def _discovery(self, body: Any) -> web.Response:
        """Keep one message per service; pass on what differs from it."""
        if body["service"] not in SERVICES:
            return error(403, "the app does not declare this service")
        if self.message != body["config"]:
            self.message = body["config"]
            self.pushed.append(body["config"])
            await self.push()
        return ok({"uuid": self.uuid})

    async def push(self) -> None:
        """Give the message to Core; for one that is there."""


class Program(Stub):
    """The stub of a container, steered and read through a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def heard(self) -> None:
        steering = self._folder / "stub.json"
        if steering.exists():
            for name, value in json.loads(steering.read_text()).items():
                setattr(self, name, value)
        with (self._folder / "requests").open("a") as log:
            log.write(json.dumps(self.requests[-1]) + "\n")


def ok(data: Any) -> web.Response:
    """Answer as Supervisor does."""
    return web.json_response({"result": "ok", "data": data})


def error(status: int, message: str) -> web.Response:
    """Refuse as Supervisor does."""
    return web.json_response({"result": "error", "message": message}, status=status)


async def _serve(port: int, folder: Path) -> None:
    async with Program(folder).served(port=port):
        await asyncio.to_thread((folder / "listening").touch)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
