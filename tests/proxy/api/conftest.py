"""The API on a real socket, above a small hub in memory, a real State and a real frame store."""

import hashlib
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from tests.proxy.api.memory import (
    STARTED_AT,
    MemoryCommands,
    MemoryConfig,
    MemoryHub,
    MemorySimulators,
)
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
from oye_proxy.api.system_models import CsmsTestResult, SettingEntry
from oye_proxy.hub.owner_tags import OwnerTags
from oye_proxy.hub.storage_policy import StoragePolicy
from oye_proxy.mail import Mail, load_mail_texts
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import parse
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
SCHEMAS = Schemas(load_schema_texts())
MAIL_TEXTS = load_mail_texts()


def basic(username: str, password: str) -> dict[str, str]:
    """Return the header of HTTP Basic."""
    return {"Authorization": aiohttp.encode_basic_auth(username, password)}


def bearer(token: str) -> dict[str, str]:
    """Return the header of a bearer token."""
    return {"Authorization": f"Bearer {token}"}


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
