"""
The composition root: the only place that constructs things.

Everything is started in the order of its dependencies and stopped in reverse; a part that fails to
start takes down what was started before it.
"""

import asyncio
import errno
import importlib.metadata
import logging
import os
import random
import secrets
import socket
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from aiohttp import web
from msgspec import Struct

from oye_proxy.accounts import Accounts, Passwords
from oye_proxy.api.auth import client_address
from oye_proxy.api.keys import Dependencies
from oye_proxy.api.live_clients import LiveClients
from oye_proxy.api.models import ProxyInfo
from oye_proxy.api.ports import StorageHealth
from oye_proxy.api.server import Runner, Site, build_application
from oye_proxy.errors import InvalidRequestError, SettingsError, StorageError
from oye_proxy.features.auto_charge import AutoCharge
from oye_proxy.features.charge_limit import ChargeLimits
from oye_proxy.features.commands import Commands
from oye_proxy.features.retention import Retention
from oye_proxy.features.validation import SchemaWatch
from oye_proxy.hub.admission import Newcomers
from oye_proxy.hub.conversations import ConversationMaker
from oye_proxy.hub.credentials import ChargerCredentials
from oye_proxy.hub.desk import InjectionDesk
from oye_proxy.hub.frames import FrameRecorder
from oye_proxy.hub.id_tags import IdTagRecords
from oye_proxy.hub.issues import IssueBoard, IssueKey
from oye_proxy.hub.keeper import Keeper
from oye_proxy.hub.loading import load_chargers
from oye_proxy.hub.owner_tags import OwnerTags
from oye_proxy.hub.records import ChargerRecords
from oye_proxy.hub.registry import Hub
from oye_proxy.hub.watch import Watch
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.conversation import Validator
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import FIRST_REQUEST_ID, LAST_REQUEST_ID
from oye_proxy.ocppj.schemas import Schemas, Violation
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.schema_files import load_schema_texts
from oye_proxy.secrets_file import load_secrets
from oye_proxy.settings import ChargerAuth, ServerSettings, Settings, Validation
from oye_proxy.state import State
from oye_proxy.storage.chargers import ChargerStore
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.frames import FrameStore
from oye_proxy.storage.injections import InjectionStore
from oye_proxy.storage.tags import TagStore
from oye_proxy.storage.tokens import TokenStore
from oye_proxy.storage.transaction_ids import TransactionIds
from oye_proxy.storage.users import UserStore
from oye_proxy.storage.writer import FrameWriter
from oye_proxy.transport.chargers import ChargerListener, Client, peer_of
from oye_proxy.transport.credentials import CredentialChecker
from oye_proxy.transport.csms import CsmsDialer

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


class Running(Struct, frozen=True, kw_only=True):
    """A proxy that serves; `first_user` is set when it was made now, its password if generated."""

    host: str
    port: int
    first_user: tuple[str, str | None] | None


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[Database]:
    """Open the database, migrated to this version; raise StorageError."""
    database = Database(settings.storage)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def accounts_of(database: Database) -> AsyncIterator[Accounts]:
    """Open users and tokens."""
    passwords = Passwords()
    accounts = Accounts(UserStore(database), TokenStore(database), passwords)
    try:
        yield accounts
    finally:
        await accounts.close()
        passwords.close()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Run a proxy; raise SettingsError or StorageError when it cannot start."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(database_of(settings))
        accounts = await stack.enter_async_context(accounts_of(database))
        first_user = await accounts.first_user(settings.api.initial_admin_password)
        checker = CredentialChecker()
        parts = await _build(settings, database, checker, stack)
        listener = ChargerListener(
            directory=parts.hub,
            sink=parts.hub,
            dialer=CsmsDialer(settings.csms, max_frame=settings.charger.max_frame),
            checker=checker,
            csms=settings.csms,
            charger=settings.charger,
            client_of=_behind(settings.api.trusted_proxies),
        )
        port = await _serve(settings, parts, accounts, database, listener, stack)
        stack.push_async_callback(listener.stop)
        yield Running(host=settings.server.host, port=port, first_user=first_user)


class _Parts(Struct, frozen=True, kw_only=True):
    hub: Hub
    state: State
    owner_tags: OwnerTags
    commands: Commands
    schemas: Schemas
    metrics: Metrics
    writer: FrameWriter


async def _build(
    settings: Settings, database: Database, checker: CredentialChecker, stack: AsyncExitStack
) -> _Parts:
    """Make and start everything between the database and the listeners."""
    metrics = Metrics()
    schemas = Schemas(
        await asyncio.to_thread(load_schema_texts),
        allow_additional=frozenset(settings.ocpp.allow_additional),
    )
    state = State(ConfigStore(database))
    try:
        await state.load(settings.csms.url)
    except InvalidRequestError as error:
        raise SettingsError(f"csms.url: {error}") from error
    transaction_ids = TransactionIds(database)
    await transaction_ids.open()
    stack.push_async_callback(transaction_ids.close)
    cache = IdTagCache()
    tags = IdTagRecords(TagStore(database), cache)
    await tags.load()
    owner_tags = OwnerTags(TagStore(database))
    await owner_tags.load()
    trouble = _StorageTrouble()
    writer = FrameWriter(
        database, settings.storage.queue_frames, metrics, partial(trouble.tell, "frames")
    )
    writer.start()
    records = ChargerRecords(
        keeper=Keeper(partial(trouble.tell, "chargers")),
        chargers=ChargerStore(database),
        injections=InjectionStore(database),
        tags=tags,
    )
    records.start()

    async def stop_writing() -> None:
        """A dead database holds up the end once, not twice."""
        await asyncio.gather(writer.stop(), records.stop())

    stack.push_async_callback(stop_writing)
    credentials = None
    if settings.charger.auth is ChargerAuth.LOCAL:
        credentials = ChargerCredentials(checker, records)
        stack.push_async_callback(credentials.stop)
    maker = ConversationMaker(
        ocpp=settings.ocpp,
        csms=settings.csms,
        state=state,
        tags=cache,
        owner_tags=owner_tags,
        next_transaction_id=transaction_ids.next,
        first_request_id=_random_request_id,
        wall=_moment,
        validate=_validator(settings.ocpp.validation, schemas),
    )
    now = _now()
    hub = Hub(
        state=state,
        chargers=load_chargers(
            maker,
            await ChargerStore(database).all(),
            await InjectionStore(database).recent(now - REMEMBERED),
            now,
            time.monotonic(),
        ),
        maker=maker,
        desk=InjectionDesk(
            records=records,
            per_minute=settings.ocpp.injections_per_minute,
            new_id=lambda: str(uuid.uuid4()),
            clock=time.monotonic,
            wall=_now,
        ),
        records=records,
        frames=FrameRecorder(writer, metrics, _known_actions(schemas)),
        tags=cache,
        owner_tags=owner_tags,
        credentials=credentials,
        newcomers=Newcomers(settings.charger.unknown),
        auth=settings.charger.auth,
        metrics=metrics,
        clock=time.monotonic,
        wall=_now,
    )
    trouble.board = hub.issues
    metrics.connections = lambda: hub.connected
    metrics.csms_links = lambda: hub.csms_links
    limits = ChargeLimits(hub, wall=_now, new_id=lambda: str(uuid.uuid4()))
    commands = Commands(hub, state, limits, wall=_now, new_remote_start_id=_random_remote_start_id)
    watches = (
        (SchemaWatch(hub, schemas, metrics),) if settings.ocpp.validation is Validation.WARN else ()
    )
    for feature in (
        limits,
        AutoCharge(hub, state, commands, wall=_now),
        Watch(hub, wall=_now),
        Retention(FrameStore(database), settings.storage.retention_count),
        *watches,
    ):
        feature.start()
        stack.push_async_callback(feature.stop)
    return _Parts(
        hub=hub,
        state=state,
        owner_tags=owner_tags,
        commands=commands,
        schemas=schemas,
        metrics=metrics,
        writer=writer,
    )


async def _serve(
    settings: Settings,
    parts: _Parts,
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
            frames_waiting=parts.writer.waiting,
            frames_dropped=parts.metrics.records_dropped.value,
        )

    application = build_application(
        Site.PUBLIC,
        Dependencies(
            hub=parts.hub,
            state=parts.state,
            accounts=accounts,
            frames=FrameStore(database),
            commands=parts.commands,
            owner_tags=parts.owner_tags,
            schemas=parts.schemas,
            check_storage=check_storage,
            metrics=parts.metrics,
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
            started_at=_now(),
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


class _StorageTrouble:
    """Writer and keeper tell it when the database does not take what they have."""

    def __init__(self) -> None:
        self.board: IssueBoard | None = None
        self._troubles: dict[str, str] = {}

    def tell(self, who: str, sentence: str | None) -> None:
        """Raise the issue, or withdraw it when nobody has trouble any more."""
        if sentence is None:
            self._troubles.pop(who, None)
        else:
            self._troubles[who] = sentence
        if self.board is None:
            return
        if self._troubles:
            reason = next(iter(self._troubles.values()))
            self.board.report(IssueKey.STORAGE_TROUBLE, None, _now(), reason=reason)
        else:
            self.board.withdraw(IssueKey.STORAGE_TROUBLE, None)


def _behind(trusted: tuple[str, ...]) -> Callable[[web.Request], Client]:
    """Make what tells where a charger comes from when trusted proxies stand in front."""

    def client_of(request: web.Request) -> Client:
        peer = peer_of(request)
        address = client_address(request, trusted)
        if address == peer.address:
            return peer
        secure = request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        return Client(address, 0, secure or peer.secure)

    return client_of


def _validator(validation: Validation, schemas: Schemas) -> Validator | None:
    if validation is not Validation.ENFORCE:
        return None

    def validate(version: OcppVersion, call: Call) -> Violation | None:
        return schemas.validate_call(version, call.action, call.payload)

    return validate


def _known_actions(schemas: Schemas) -> frozenset[str]:
    return frozenset().union(*(schemas.actions(version) for version in OcppVersion))


def _now() -> datetime:
    return datetime.now(UTC)


def _moment(_: float) -> datetime:
    """The core asks for the moment it is told of: that is now."""
    return _now()


def _random_request_id() -> int:
    return random.randint(FIRST_REQUEST_ID, LAST_REQUEST_ID)  # noqa: S311 - not a secret


def _random_remote_start_id() -> int:
    return secrets.randbelow(2**31 - 1) + 1
