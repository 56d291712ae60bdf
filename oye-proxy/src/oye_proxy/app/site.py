"""The one port for chargers, API and console."""

import asyncio
import errno
import importlib.metadata
import logging
import os
import socket
import uuid
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

from aiohttp import web

from oye_proxy.accounts import Accounts
from oye_proxy.api.auth import client_address
from oye_proxy.api.keys import Dependencies
from oye_proxy.api.live_clients import LiveClients
from oye_proxy.api.models import ProxyInfo
from oye_proxy.api.ports import StorageHealth
from oye_proxy.api.server import Runner, Site, build_application
from oye_proxy.app.core import Core
from oye_proxy.errors import SettingsError, StorageError
from oye_proxy.secrets_file import load_secrets
from oye_proxy.settings import ServerSettings, Settings
from oye_proxy.storage.database import Database
from oye_proxy.storage.frames import FrameStore
from oye_proxy.transport.chargers import ChargerListener, Client, peer_of

VERSION = importlib.metadata.version("oye-proxy")  # reads files: not inside the event loop
REMEMBERED = timedelta(hours=24)
API_STOP_SECONDS = 2.0
FEATURES = (
    "auto_charge",
    "charger_mode",
    "injections",
    "smart_charging",
    "standalone",
    "tags",
)


_logger = logging.getLogger(__name__)


async def open_site(
    settings: Settings,
    core: Core,
    accounts: Accounts,
    database: Database,
    listener: ChargerListener,
    stack: AsyncExitStack,
) -> int:
    """Open the one port for chargers, API and console; return its number."""
    kept = await asyncio.to_thread(load_secrets, settings.storage.data_dir)

    async def check_storage() -> StorageHealth:
        try:
            await database.check()
            size = await database.size()
        except StorageError as error:
            _logger.warning("the database does not answer: %s", error)
            size = None
        return StorageHealth(
            up=size is not None,
            kind=database.dialect.name,
            size_bytes=size,
            frames_waiting=core.writer.waiting,
            frames_dropped=core.metrics.records_dropped.value,
        )

    application = build_application(
        Site.PUBLIC,
        Dependencies(
            hub=core.hub,
            state=core.state,
            accounts=accounts,
            frames=FrameStore(database),
            commands=core.commands,
            owner_tags=core.owner_tags,
            schemas=core.schemas,
            check_storage=check_storage,
            metrics=core.metrics,
            live=LiveClients(settings.api.live_clients),
            charger_handler=listener.handle,
            settings=settings.api,
            info=ProxyInfo(
                version=VERSION,
                instance_id=kept.instance_id,
                name=settings.server.name,
                features=FEATURES,
            ),
            epoch=str(uuid.uuid4()),
            started_at=datetime.now(UTC),
            port=lambda: _port_of(runner),
        ),
    )
    runner = Runner(application, access_log=None, shutdown_timeout=API_STOP_SECONDS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, settings.server.host or None, settings.server.port)
    try:
        await site.start()
    except OSError as error:
        raise SettingsError(_listen_sentence(settings.server, error)) from error
    return _port_of(runner)


def behind(trusted: tuple[str, ...]) -> Callable[[web.Request], Client]:
    """Make what tells where a charger comes from when trusted proxies stand in front."""

    def client_of(request: web.Request) -> Client:
        peer = peer_of(request)
        address = client_address(request, trusted)
        if address == peer.address:
            return peer
        secure = request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        return Client(address, 0, secure or peer.secure)

    return client_of


def _port_of(runner: web.AppRunner) -> int:
    """Return where the runner listens; the setting may leave the choice to the machine."""
    port: int = runner.addresses[0][1]
    return port


def _listen_sentence(server: ServerSettings, error: OSError) -> str:
    """Say why there is no listener, and what to do about it."""
    if isinstance(error, socket.gaierror):
        return f"server.host: {server.host} is no address of this machine: {error.strerror}"
    reason = os.strerror(error.errno) if error.errno else str(error)
    hint = "Choose another one with --port."
    if error.errno == errno.EADDRINUSE:
        hint = "Stop the program that uses it, or choose another one with --port."
    elif error.errno == errno.EADDRNOTAVAIL:
        return f"server.host: {server.host} is no address of this machine: {reason}"
    return f"server.port: cannot listen on port {server.port}: {reason}. {hint}"
