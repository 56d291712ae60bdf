"""
The sites: the public one for chargers, API and console, and the one of Home Assistant's ingress.

Alone the public site is one TCP port. Behind a server in front both are unix sockets, and what that
server says of a client is believed there.
"""

import asyncio
import importlib.metadata
import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial

from aiohttp import web
from msgspec.structs import replace

from oye_proxy.accounts import Accounts
from oye_proxy.api.auth import UNIX_PEER, client_address
from oye_proxy.api.info_models import ProxyInfo
from oye_proxy.api.keys import Dependencies
from oye_proxy.api.live_clients import LiveClients
from oye_proxy.api.ports import StorageHealth
from oye_proxy.api.server import Runner, Site, build_application
from oye_proxy.api.system_models import SettingEntry
from oye_proxy.app.core import Core
from oye_proxy.app.csms_check import CsmsCheck
from oye_proxy.app.integration_token import IntegrationToken
from oye_proxy.app.listening import listen, listen_unix, port_of
from oye_proxy.app.sign_in import open_sign_in
from oye_proxy.app.simulators import Simulators
from oye_proxy.errors import StorageError
from oye_proxy.mail import Mail
from oye_proxy.secrets_file import load_secrets
from oye_proxy.settings import Settings, effective
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.exchanges import ExchangeStore
from oye_proxy.storage.frames import FrameStore
from oye_proxy.storage.injections import InjectionStore
from oye_proxy.storage.journal import JournalStore
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.transaction_totals import TransactionTotals
from oye_proxy.storage.transactions import TransactionStore
from oye_proxy.transport.arrivals import Client, peer_of
from oye_proxy.transport.chargers import ChargerListener
from oye_proxy.transport.csms import CsmsDialer

VERSION = importlib.metadata.version("oye-proxy")  # reads files: not inside the event loop
REMEMBERED = timedelta(hours=24)
API_STOP_SECONDS = 2.0
# How long a search waits for what passed just before it.
READ_AFTER_SECONDS = 0.5
FEATURES = (
    "auto_charge",
    "charger_mode",
    "injections",
    "phases",
    "reservations",
    "schedules",
    "sessions",
    "smart_charging",
    "standalone",
    "tags",
    "time_zones",
    "transactions",
)
FEATURES_OF_THE_APP = (*FEATURES, "integration_token")


_logger = logging.getLogger(__name__)


async def open_site(
    settings: Settings,
    core: Core,
    accounts: Accounts,
    database: Database,
    listener: ChargerListener,
    dialer: CsmsDialer,
    integration_token: IntegrationToken | None,
    stack: AsyncExitStack,
    sources: Mapping[str, str],
) -> int:
    """Open both sites, as far as they are wanted; return the TCP port, 0 when there is none."""
    kept = await asyncio.to_thread(load_secrets, settings.storage.data_dir)
    sign_in = await open_sign_in(settings, database, stack)

    async def check_storage() -> StorageHealth:
        try:
            await database.check()
            size = await database.size()
        except StorageError as error:
            _logger.warning("the database does not answer: %s", error)
            size = None
        use = core.space.use
        return StorageHealth(
            up=size is not None,
            kind=database.dialect.name,
            size_bytes=size,
            used_bytes=use.used_bytes if use else None,
            max_bytes=core.storage_policy.limits.max_bytes,
            disk_free_bytes=use.disk_free_bytes if use else None,
            disk_total_bytes=use.disk_total_bytes if use else None,
            frames=core.frame_count.frames,
            frames_waiting=core.writer.waiting,
            frames_dropped=core.metrics.records_dropped.value,
        )

    simulators = Simulators(lambda: own_url(settings, port_of(public)), ConfigStore(database))
    stack.push_async_callback(simulators.stop)
    frames = FrameStore(database)
    dependencies = Dependencies(
        hub=core.hub,
        state=core.state,
        accounts=accounts,
        sessions=sign_in.sessions,
        resets=sign_in.resets,
        notices=sign_in.notices,
        mail=sign_in.mail,
        frames=frames,
        exchanges=ExchangeStore(frames, partial(core.writer.flush, READ_AFTER_SECONDS)),
        injections=InjectionStore(database),
        journal=JournalStore(database),
        transactions=TransactionStore(database),
        samples=SampleStore(database),
        totals=TransactionTotals(database),
        commands=core.commands,
        owner_tags=core.owner_tags,
        schemas=core.schemas,
        check_storage=check_storage,
        test_csms=CsmsCheck(dialer, core.state),
        simulators=simulators,
        fixed_settings=settings_shown(settings, sources),
        storage_policy=core.storage_policy,
        front=core.front,
        metrics=core.metrics,
        live=LiveClients(settings.api.live_clients),
        charger_handler=listener.handle,
        settings=replace(settings.api, trusted_proxies=trusted_proxies(settings)),
        info=ProxyInfo(
            version=VERSION,
            instance_id=kept.instance_id,
            name=settings.server.name,
            features=FEATURES if integration_token is None else FEATURES_OF_THE_APP,
            validation=settings.ocpp.validation,
        ),
        epoch=str(uuid.uuid4()),
        started_at=datetime.now(UTC),
        port=lambda: port_of(public),
        rotate_integration_token=None if integration_token is None else integration_token.rotate,
    )
    public = await _runner(Site.PUBLIC, dependencies, stack)
    server = settings.server
    if server.public_socket is None:
        await listen(public, server)
    else:
        await listen_unix(public, server.public_socket, "server.public_socket", stack)
    if server.ingress_socket is not None:
        ingress = await _runner(Site.INGRESS, dependencies, stack)
        await listen_unix(ingress, server.ingress_socket, "server.ingress_socket", stack)
    await simulators.restore()
    core.own_address.port = port_of(public)
    core.own_address.urls = partial(_own_urls, core, sign_in.mail)
    return port_of(public)


def _own_urls(core: Core, mail: Mail) -> list[str]:
    """Return the addresses that the owner and the server in front gave this proxy."""
    public_url = mail.options.public_url
    return [*core.front().charger_urls, *([] if public_url is None else [public_url])]


def settings_shown(settings: Settings, sources: Mapping[str, str]) -> tuple[SettingEntry, ...]:
    """Return every setting with where its value came from; the default is from nowhere."""
    return tuple(
        SettingEntry(
            name=one.name,
            variable=one.variable,
            type=one.type,
            default=one.default,
            value=one.value,
            description=one.description,
            source=sources.get(one.name),
        )
        for one in effective(settings)
    )


def own_url(settings: Settings, port: int) -> str | None:
    """Return where a charger on this machine finds the proxy, None without a port."""
    if port == 0:
        return None
    host = settings.server.host
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"ws://[{host}]:{port}" if ":" in host else f"ws://{host}:{port}"


def trusted_proxies(settings: Settings) -> tuple[str, ...]:
    """Return who may say where a client comes from; who reaches the unix socket always may."""
    if settings.server.public_socket is None:
        return settings.api.trusted_proxies
    return *settings.api.trusted_proxies, UNIX_PEER


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


async def _runner(site: Site, dependencies: Dependencies, stack: AsyncExitStack) -> web.AppRunner:
    application = build_application(site, dependencies)
    runner = Runner(application, access_log=None, shutdown_timeout=API_STOP_SECONDS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    return runner
