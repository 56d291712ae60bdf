"""The API on a real socket, above a small hub in memory, a real State and a real frame store."""

import hashlib
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from yarl import URL

from oye_proxy.accounts import (
    Accounts,
    PasswordNotices,
    PasswordResets,
    Passwords,
    Scope,
    Sessions,
)
from oye_proxy.api.console import CONSOLE_FOLDER
from oye_proxy.api.info_models import ProxyInfo
from oye_proxy.api.keys import Dependencies
from oye_proxy.api.live_clients import LiveClients
from oye_proxy.api.ports import StorageHealth
from oye_proxy.api.server import Runner, Site, build_application
from oye_proxy.api.system_models import (
    CsmsTestResult,
    SettingEntry,
    SimulatorEntry,
    SimulatorStart,
)
from oye_proxy.errors import (
    ChargerNotConnectedError,
    ChargerUnknownError,
    ConfirmationRequiredError,
)
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.events import Bus, ChargerChanged, ChargerRemoved, Listener
from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.hub.issues import Issue, IssueKey, Severity
from oye_proxy.hub.limits import LimitsState
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.hub.owner_tags import OwnerTags
from oye_proxy.hub.storage_policy import StoragePolicy
from oye_proxy.mail import Mail, load_mail_texts
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import parse
from oye_proxy.ocppj.modes import Link, Mode
from oye_proxy.ocppj.profiles.composite import Party
from oye_proxy.ocppj.profiles.wishes import PauseStrategy
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.schema_files import load_schema_texts
from oye_proxy.settings import ApiSettings, Secret, StorageSettings
from oye_proxy.state import State
from oye_proxy.status_file import CertificateStatus, FrontStatus
from oye_proxy.storage.database import Database
from oye_proxy.storage.exchanges import ExchangeStore
from oye_proxy.storage.frame_rows import NewFrame
from oye_proxy.storage.frames import FrameStore
from oye_proxy.storage.injections import InjectionStore
from oye_proxy.storage.journal import JournalStore
from oye_proxy.storage.resets import ResetStore
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.sessions import SessionStore
from oye_proxy.storage.tags import TagStore
from oye_proxy.storage.tokens import TokenStore
from oye_proxy.storage.transaction_totals import TransactionTotals
from oye_proxy.storage.transactions import TransactionStore
from oye_proxy.storage.users import UserStore
from oye_proxy.storage.writer import FrameWriter

EPOCH = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
STARTED_AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
METRICS_TOKEN = "only for numbers"
ADMIN = ("admin", "correct horse")
TOKENS = {
    "token-of-read": ("reader", Scope.READ),
    "token-of-control": ("Home Assistant", Scope.CONTROL),
}
FRONT = FrontStatus(
    certificates=(
        CertificateStatus(
            purpose="main",
            names=("ocpp.example.org",),
            self_signed=False,
            fingerprint="3F:A1",
            valid_until=datetime(2027, 2, 3, tzinfo=UTC),
        ),
    ),
    charger_urls=("wss://ocpp.example.org:9443/ocpp/",),
)
PORT = SettingEntry(
    name="server.port",
    variable="OYE_SERVER_PORT",
    type="integer",
    default="8080",
    value="9000",
    description="TCP port.",
    source="the command line",
)
NO_LIMITS = LimitsState(
    effective_limit_a=None,
    limit_source=Party.NO_LIMIT,
    verified=None,
    default_limit_a=None,
    default_accepted_a=None,
    max_current_a=None,
    max_current_accepted_a=None,
    paused=False,
    conflict=None,
    connectors=[],
)
SCHEMAS = Schemas(load_schema_texts())
MAIL_TEXTS = load_mail_texts()


def basic(username: str, password: str) -> dict[str, str]:
    """Return the header of HTTP Basic."""
    return {"Authorization": aiohttp.encode_basic_auth(username, password)}


def bearer(token: str) -> dict[str, str]:
    """Return the header of a bearer token."""
    return {"Authorization": f"Bearer {token}"}


def charger_state(charge_point_id: str, **changes: Any) -> ChargerState:
    """Return the state of a charger that is connected and stands alone."""
    state = ChargerState(
        charge_point_id=charge_point_id,
        name=None,
        connected=True,
        connected_at=STARTED_AT,
        remote_address="192.0.2.7",
        remote_port=40404,
        subprotocol="ocpp1.6",
        mode=Mode.STANDALONE,
        modes=(Mode.STANDALONE,),
        link=Link.STANDALONE,
        csms_connected=False,
        csms_url=None,
        approved=True,
        limits=NO_LIMITS,
        last_seen=STARTED_AT,
        ocpp_version="1.6",
    )
    return msgspec.structs.replace(state, **changes)


class MemoryHub:
    """Chargers in memory; an injection waits until the test settles it."""

    def __init__(self) -> None:
        self.chargers = {"CP1": charger_state("CP1")}
        self.issues = [
            Issue(
                key=IssueKey.CSMS_UNREACHABLE,
                severity=Severity.WARNING,
                charge_point_id="CP1",
                since=STARTED_AT,
            )
        ]
        self.bus = Bus()
        self.policies = MemoryPolicies(self)
        self.injected: list[tuple[str, str, Any, Origin]] = []
        self.injections: list[Injection] = []
        self.settle: Callable[[Injection], None] = lambda _: None
        self.listeners = 0

    @property
    def connected(self) -> int:
        return sum(charger.connected for charger in self.chargers.values())

    @property
    def csms_links(self) -> int:
        return sum(charger.csms_connected for charger in self.chargers.values())

    def __iter__(self) -> Iterator[ChargerState]:
        return iter(self.chargers.values())

    def snapshot(self) -> tuple[list[ChargerState], list[Issue]]:
        return list(self.chargers.values()), self.issues

    def charger(self, charge_point_id: str) -> ChargerState:
        if charge_point_id not in self.chargers:
            raise ChargerUnknownError(f"No charger {charge_point_id} is known here")
        return self.chargers[charge_point_id]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        unsubscribe = self.bus.subscribe(listener)
        self.listeners += 1

        def leave() -> None:
            self.listeners -= 1
            unsubscribe()

        return leave

    def change(self, charge_point_id: str, **changes: Any) -> None:
        """Give a charger another state and tell it."""
        present = self.chargers.get(charge_point_id, charger_state(charge_point_id))
        self.chargers[charge_point_id] = msgspec.structs.replace(present, **changes)
        self.bus.publish(ChargerChanged(charge_point_id))

    async def inject(
        self,
        charge_point_id: str,
        action: str,
        payload: Any,
        *,
        origin: Origin,
        confirm: bool = False,
        idempotency_key: str | None = None,
    ) -> Injection:
        charger = self.chargers.get(charge_point_id)
        if charger is None or not charger.connected:
            raise ChargerNotConnectedError
        if action == "InstallCertificate" and not confirm:
            raise ConfirmationRequiredError("This can lock you out", "lockout")
        self.injected.append((charge_point_id, action, payload, origin))
        injection = Injection(
            message_id=f"00000000-0000-4000-8000-{len(self.injected):012}",
            charge_point_id=charge_point_id,
            action=action,
            payload=payload,
            origin=origin,
            idempotency_key=idempotency_key,
            expects_body=action == "GetBaseReport",
        )
        self.injections.append(injection)
        self.settle(injection)
        return injection

    async def forget(self, charge_point_id: str) -> None:
        del self.chargers[charge_point_id]
        self.bus.publish(ChargerRemoved(charge_point_id))

    async def disconnect(self, charge_point_id: str, reason: str) -> None:
        del reason
        if not self.chargers[charge_point_id].connected:
            raise ChargerNotConnectedError
        self.change(charge_point_id, connected=False)


class MemoryPolicies:
    """Does at once what the owner decides."""

    def __init__(self, hub: MemoryHub) -> None:
        self._hub = hub

    def wished_mode(self, charge_point_id: str) -> Mode:
        return self._hub.chargers[charge_point_id].mode

    async def set_mode(self, charge_point_id: str, mode: Mode) -> None:
        self._hub.change(charge_point_id, mode=mode)

    async def rename(self, charge_point_id: str, name: str | None) -> None:
        self._hub.change(charge_point_id, name=name)

    async def set_pause_strategy(self, charge_point_id: str, strategy: PauseStrategy) -> None:
        self._hub.change(charge_point_id, pause_strategy=strategy)

    async def set_owner_status(self, charge_point_id: str, status: OwnerStatus) -> None:
        self._hub.change(charge_point_id, owner_status=status)

    async def approve(self, charge_point_id: str, *, approved: bool) -> None:
        self._hub.change(charge_point_id, approved=approved)


class MemoryCommands:
    """Takes every typed command as one injection of the request's own name."""

    def __init__(self, hub: MemoryHub) -> None:
        self.hub = hub
        self.requests: list[tuple[Any, bool]] = []

    async def run(
        self,
        charge_point_id: str,
        request: Any,
        origin: Origin,
        confirm: bool = False,  # noqa: FBT001, FBT002
    ) -> Injection:
        self.requests.append((request, confirm))
        return await self.hub.inject(charge_point_id, type(request).__name__, {}, origin=origin)


class MemorySimulators:
    """Simulated chargers that do nothing."""

    def __init__(self) -> None:
        self.entries: dict[str, SimulatorEntry] = {}

    def running(self) -> list[SimulatorEntry]:
        return list(self.entries.values())

    async def start(self, wanted: SimulatorStart) -> SimulatorEntry:
        entry = SimulatorEntry(
            charge_point_id="SIM-1", version=wanted.version, connected=wanted.plug_in
        )
        self.entries["SIM-1"] = entry
        return entry

    async def stop_one(self, charge_point_id: str) -> None:
        if self.entries.pop(charge_point_id, None) is None:
            raise ChargerUnknownError("it does not run")


class MemoryConfig:
    """The state's storage."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def all(self) -> dict[str, str]:
        return dict(self.values)

    async def set(self, values: Mapping[str, str]) -> None:
        self.values.update(values)


class Api:
    """A started API and what is behind it."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, dependencies: Dependencies, hub: MemoryHub
    ) -> None:
        self.session = session
        self.url = url
        self.dependencies = dependencies
        self.hub = hub

    async def ask(
        self, method: str, path: str, body: Any = None, **options: Any
    ) -> tuple[int, Any]:
        """Call as the admin; return status and JSON, or the text when it is none."""
        options.setdefault("headers", basic(*ADMIN))
        async with self.session.request(
            method, URL(f"{self.url}{path}", encoded=True), json=body, **options
        ) as response:
            content = await response.read()
            is_json = response.content_type == "application/json"
            return response.status, msgspec.json.decode(content) if is_json else content.decode()

    def live(self, **options: Any) -> Any:
        """Open a live connection as the admin."""
        options.setdefault("headers", basic(*ADMIN))
        return self.session.ws_connect(f"{self.url}/api/live", **options)


@pytest.fixture
def hub() -> MemoryHub:
    return MemoryHub()


@pytest.fixture
def commands(hub: MemoryHub) -> MemoryCommands:
    return MemoryCommands(hub)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    """Return a maker of cheap hashes."""
    passwords = Passwords(memory_kib=8, passes=1)
    yield passwords
    passwords.close()


@pytest.fixture
async def accounts(database: Database, passwords: Passwords) -> AsyncIterator[Accounts]:
    """Return accounts with one user and the two TOKENS."""
    tokens = TokenStore(database)
    accounts = Accounts(UserStore(database), tokens, passwords)
    await accounts.add_user(*ADMIN)
    for token, (name, scope) in TOKENS.items():
        await tokens.add(name, scope.value, hashlib.sha256(token.encode()).hexdigest())
    yield accounts
    await accounts.close()


@pytest.fixture
async def sessions(database: Database, api_settings: ApiSettings) -> AsyncIterator[Sessions]:
    sessions = Sessions(SessionStore(database), api_settings)
    yield sessions
    await sessions.close()


@pytest.fixture
def mail(tmp_path: Path) -> Mail:
    """Return mail that nobody has configured yet."""
    return Mail(MemoryConfig(), tmp_path, MAIL_TEXTS)


@pytest.fixture
async def notices(database: Database, mail: Mail) -> AsyncIterator[PasswordNotices]:
    notices = PasswordNotices(UserStore(database), mail)
    yield notices
    await notices.close()


@pytest.fixture
async def resets(
    database: Database, passwords: Passwords, mail: Mail, notices: PasswordNotices
) -> AsyncIterator[PasswordResets]:
    resets = PasswordResets(
        UserStore(database), ResetStore(database), passwords, mail, notices, time.monotonic
    )
    yield resets
    await resets.close()


@pytest.fixture
def api_settings() -> ApiSettings:
    return ApiSettings(metrics_token=Secret(METRICS_TOKEN))


@pytest.fixture
def storage_health() -> list[StorageHealth]:
    """Return what the check of the storage answers; a test may replace the element."""
    return [StorageHealth(up=True, kind="sqlite", size_bytes=4096)]


@pytest.fixture
def dependencies(
    hub: MemoryHub,
    accounts: Accounts,
    sessions: Sessions,
    resets: PasswordResets,
    notices: PasswordNotices,
    mail: Mail,
    commands: MemoryCommands,
    api_settings: ApiSettings,
    database: Database,
    storage_health: list[StorageHealth],
) -> Dependencies:
    async def check_storage() -> StorageHealth:
        return storage_health[0]

    async def try_csms(url: str, charge_point_id: str | None) -> CsmsTestResult:
        return CsmsTestResult(
            reached=True,
            accepted=True,
            http_status=101,
            subprotocol="ocpp1.6",
            charge_point_id=charge_point_id or "made up",
            milliseconds=1.0,
            message=url,
        )

    async def accept_charger(request: web.Request) -> web.StreamResponse:
        return web.Response(status=418, text=request.rel_url.raw_path)

    return Dependencies(
        hub=hub,
        state=State(MemoryConfig()),
        accounts=accounts,
        sessions=sessions,
        resets=resets,
        notices=notices,
        mail=mail,
        commands=commands,
        owner_tags=OwnerTags(TagStore(database)),
        frames=FrameStore(database),
        exchanges=ExchangeStore(FrameStore(database)),
        injections=InjectionStore(database),
        journal=JournalStore(database),
        transactions=TransactionStore(database),
        samples=SampleStore(database),
        totals=TransactionTotals(database),
        schemas=SCHEMAS,
        check_storage=check_storage,
        test_csms=try_csms,
        simulators=MemorySimulators(),
        fixed_settings=(PORT,),
        front=lambda: FRONT,
        storage_policy=StoragePolicy(MemoryConfig(), StorageSettings()),
        metrics=Metrics(),
        live=LiveClients(limit=2),
        charger_handler=accept_charger,
        settings=api_settings,
        info=ProxyInfo(version="0.1.0", instance_id="instance", name="OYE"),
        epoch=EPOCH,
        started_at=STARTED_AT,
        port=lambda: 8080,
    )


@pytest.fixture
async def api(dependencies: Dependencies, hub: MemoryHub) -> AsyncIterator[Api]:
    async for started in serve(dependencies, hub):
        yield started


@pytest.fixture
async def ingress(dependencies: Dependencies, hub: MemoryHub) -> AsyncIterator[Api]:
    async for started in serve(dependencies, hub, Site.INGRESS):
        yield started


async def serve(
    dependencies: Dependencies,
    hub: MemoryHub,
    site: Site = Site.PUBLIC,
    console_folder: Path = CONSOLE_FOLDER,
) -> AsyncIterator[Api]:
    """Start one site on a free port."""
    application = build_application(site, dependencies, console_folder)
    runner = Runner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        async with aiohttp.ClientSession() as session:
            yield Api(session, f"http://127.0.0.1:{port}", dependencies, hub)
    finally:
        await runner.cleanup()


async def store_frames(database: Database, *frames: NewFrame) -> None:
    """Put frames on disk."""
    writer = FrameWriter(database, limit=1000, metrics=Metrics())
    writer.start()
    for frame in frames:
        writer.offer(frame)
    await writer.stop()


def record(text: str, source: Peer = Peer.CHARGER, target: Peer = Peer.CSMS) -> Record:
    """Return the record of one frame."""
    return Record(source=source, target=target, data=text, frame=parse(text))


async def signed_in(api: Api, username: str = ADMIN[0], password: str = ADMIN[1]) -> str:
    """Sign in as the console does; return the value for the header `Cookie`."""
    body = {"username": username, "password": password}
    headers = {"X-OYE-Console": "1"}
    url = f"{api.url}/api/session"
    async with api.session.post(url, json=body, headers=headers) as response:
        assert 200 == response.status
        api.session.cookie_jar.clear()
        return response.headers["Set-Cookie"].partition(";")[0]
