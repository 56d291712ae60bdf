"""
Supervisor between the app and a real Home Assistant Core.

It answers what Core asks of it to discover the app and to show its page, and passes on what goes
from one to the other: discovery and panel to Core, Core's API to the app, the page through ingress.
To all else Core hears 400; its own `hassio` entry goes on trying, which harms nobody.
"""

import asyncio
from typing import Any, Final

import aiohttp
from aiohttp import web
from tests.app.declarations import config
from tests.app.stub_supervisor import SLUG, Stub, error, ok

from home_assistant.client import Client
from home_assistant.network import Network

INGRESS_TOKEN: Final = "a-token-of-ingress"
ROOT_INFO: Final = {
    "supervisor": "2026.08.0",
    "homeassistant": "2026.11.0",
    "hassos": None,
    "docker": "29.0.0",
    "hostname": "homeassistant",
    "operating_system": None,
    "features": [],
    "machine": "generic-x86-64",
    "machine_id": None,
    "arch": "amd64",
    "state": "running",
    "supported_arch": ["amd64"],
    "supported": True,
    "channel": "stable",
    "logging": "info",
    "timezone": "Europe/Amsterdam",
}
_INGRESS: Final = f"/ingress/{INGRESS_TOKEN}/"
_SESSION: Final = "ingress_session"
_HOP_BY_HOP: Final = frozenset(
    {"connection", "content-length", "host", "transfer-encoding", "upgrade"}
)
# Supervisor takes from clients what only it may say.
_OURS: Final = frozenset({"x-remote-user-id", "x-remote-user-name", "x-remote-user-display-name"})


class Supervisor(Stub):
    """One Supervisor; `core` is set as soon as Core can be told something."""

    def __init__(self, network: Network, app: str, own_address: str) -> None:
        super().__init__()
        self.hostname = app
        self.core: Client | None = None
        self._network = network
        self._app = app
        self._own_address = own_address
        self._session = "a-session-of-a-browser"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request; a page of the app needs a browser's session instead of a token."""
        if not request.path.startswith(_INGRESS):
            return await super()._answer(request)
        if request.cookies.get(_SESSION) != self._session:
            return web.Response(status=401)
        return await self._through_ingress(request)

    async def known(self, method: str, path: str, body: Any) -> web.Response:
        """Answer Core; what the app asks of Core is asked of the real one."""
        match method, path:
            case "GET", "/supervisor/ping":
                return ok({})
            case "GET", "/info":
                return ok(ROOT_INFO)
            case "GET", "/discovery":
                return ok({"discovery": [] if self.message is None else [self._discovered()]})
            case "GET", _ if path == f"/discovery/{self.uuid}" and self.message is not None:
                return ok(self._discovered())
            case "GET", _ if path == f"/addons/{SLUG}/info":
                return ok(app_info(self._app))
            case "GET", "/ingress/panels":
                panel = {"title": "OYE", "icon": config()["panel_icon"], "admin": True}
                return ok({"panels": {SLUG: {**panel, "enable": True}}})
            case "POST", "/ingress/session":
                return ok({"session": self._session})
            case "POST", "/ingress/validate_session":
                return ok({})
            case _ if path.startswith("/core/api/"):
                return await self._ask_core(method, path.removeprefix("/core"), body)
            case _:
                answer = await super().known(method, path, body)
                return error(400, f"no {method} {path}") if answer.status == 404 else answer

    async def push(self) -> None:
        """Tell Core of a message, if it is up; else it asks when it starts."""
        if self.core is not None:
            body = {"service": "oye", "uuid": self.uuid, "addon": SLUG}
            await self.core.tell(f"/api/hassio_push/discovery/{self.uuid}", body)

    async def show_panel(self) -> None:
        """Let Core show the page of the app in its sidebar."""
        assert self.core is not None
        await self.core.tell(f"/api/hassio_push/panel/{SLUG}", {})

    def _discovered(self) -> dict[str, Any]:
        return {"addon": SLUG, "service": "oye", "uuid": self.uuid, "config": self.message}

    async def _ask_core(self, method: str, path: str, body: Any) -> web.Response:
        try:
            if self.core is not None:
                asked = self.core.get(path) if method == "GET" else self.core.post(path, body)
                return web.json_response(await asked)
        except aiohttp.ClientConnectionError:
            pass  # it is down
        return web.Response(status=502, text="502: Bad Gateway")

    async def _through_ingress(self, request: web.Request) -> web.StreamResponse:
        """Pass a request of the browser on to the app's listener for us alone."""
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in _HOP_BY_HOP | _OURS
            and not name.lower().startswith("sec-websocket-")
        }
        headers["X-Remote-User-Id"] = "a-user-of-core"
        url = f"http://{self._app}:8099/{request.path_qs.removeprefix(_INGRESS)}"
        async with aiohttp.ClientSession(
            connector=self._network.connector(self._own_address), auto_decompress=False
        ) as session:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await _carry_messages(request, session, url, headers)
            async with session.request(
                request.method,
                url,
                headers=headers,
                data=await request.read() or None,
                allow_redirects=False,
            ) as answer:
                kept = {
                    name: value
                    for name, value in answer.headers.items()
                    if name.lower() not in _HOP_BY_HOP
                }
                return web.Response(status=answer.status, headers=kept, body=await answer.read())


def app_info(address: str) -> dict[str, Any]:
    """Return the complete description of the installed app, as Supervisor gives it to Core."""
    app = config()
    nothing: dict[str, Any] = dict.fromkeys(
        (
            *("auth_api", "docker_api", "full_access", "host_network", "host_pid", "hassio_api"),
            *("signed", "detached", "host_ipc", "host_uts", "host_dbus", "stdin", "gpio", "usb"),
            *("uart", "kernel_modules", "devicetree", "udev", "video", "audio", "advanced"),
            *("auto_update", "update_available", "system_managed"),
        ),
        False,
    )
    empty: dict[str, Any] = {
        name: [] for name in ("dns", "machine", "privileged", "services", "devices")
    }
    unknown: dict[str, Any] = dict.fromkeys(
        (
            *("webui", "audio_input", "audio_output", "long_description", "network_description"),
            *("system_managed_config_entry", "schema"),
        )
    )
    return {
        **nothing,
        **empty,
        **unknown,
        **{name: app[name] for name in ("name", "description", "url", "homeassistant", "arch")},
        **{name: app[name] for name in ("options", "discovery", "startup", "ingress")},
        "homeassistant_api": True,
        "slug": SLUG,
        "hostname": address,
        "repository": SLUG.partition("_")[0],
        "version": app["version"],
        "version_latest": app["version"],
        "available": True,
        "build": True,
        "icon": True,
        "logo": True,
        "changelog": True,
        "documentation": True,
        "stage": "stable",
        "state": "started",
        "boot": "auto",
        "boot_config": "auto",
        "protected": True,
        "watchdog": True,
        "apparmor": "profile",
        "hassio_role": "default",
        "rating": 8,
        "network": app["ports"],
        "translations": {},
        "ip_address": address,
        "ingress_entry": f"/api/hassio_ingress/{INGRESS_TOKEN}",
        "ingress_url": f"/api/hassio_ingress/{INGRESS_TOKEN}/",
        "ingress_port": 8099,
        "ingress_panel": True,
    }


async def _carry_messages(
    request: web.Request, session: aiohttp.ClientSession, url: str, headers: dict[str, str]
) -> web.WebSocketResponse:
    """Carry the messages of a WebSocket both ways until one side ends it."""
    offered = [
        word.strip()
        for word in request.headers.get("Sec-WebSocket-Protocol", "").split(",")
        if word.strip()
    ]
    async with session.ws_connect(url, headers=headers, protocols=offered) as app:
        browser = web.WebSocketResponse(protocols=offered)
        await browser.prepare(request)
        async with asyncio.TaskGroup() as both:
            both.create_task(_carry(browser, app))
            both.create_task(_carry(app, browser))
    return browser


async def _carry(
    source: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
    target: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
) -> None:
    async for message in source:
        if message.type is aiohttp.WSMsgType.TEXT:
            await target.send_str(message.data)
        elif message.type is aiohttp.WSMsgType.BINARY:
            await target.send_bytes(message.data)
    await target.close()
