"""A hub with all its parts: a real database, a real listener, chargers and CSMSs on loopback."""

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pytest
from aiohttp import web
from argon2 import PasswordHasher

from oye_proxy.hub.admission import Newcomers
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.conversations import ConversationMaker
from oye_proxy.hub.credentials import ChargerCredentials
from oye_proxy.hub.desk import InjectionDesk
from oye_proxy.hub.events import LiveEvent, News
from oye_proxy.hub.frames import FrameRecorder
from oye_proxy.hub.id_tags import IdTagRecords
from oye_proxy.hub.injections import Origin
from oye_proxy.hub.issues import Issue, IssueKey
from oye_proxy.hub.journals import JournalKeeper
from oye_proxy.hub.keeper import Keeper
from oye_proxy.hub.loading import load_chargers, load_forgotten, load_journals
from oye_proxy.hub.owner_tags import OwnerTags
from oye_proxy.hub.records import ChargerRecords
from oye_proxy.hub.registry import Hub
from oye_proxy.hub.watch import Watch
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import FIRST_REQUEST_ID
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import (
    ChargerAuth,
    ChargerSettings,
    CsmsSettings,
    OcppSettings,
    OnCsmsLoss,
    StorageSettings,
    UnknownChargers,
)
from oye_proxy.simulator.peer import ScriptedPeer
from oye_proxy.simulator.scripted import HandshakeRefusedError, ScriptedCharger, ScriptedCsms
from oye_proxy.state import State
from oye_proxy.storage.chargers import ChargerRow, ChargerStore
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database, database_path
from oye_proxy.storage.injections import InjectionStore
from oye_proxy.storage.journal import JournalStore
from oye_proxy.storage.tags import TagStore
from oye_proxy.storage.writer import FrameWriter
from oye_proxy.transport.arrivals import Client, peer_of
from oye_proxy.transport.bridge import Bridge, BridgeContext
from oye_proxy.transport.chargers import ChargerListener
from oye_proxy.transport.credentials import CredentialChecker
from oye_proxy.transport.csms import CsmsDialer
from oye_proxy.transport.outbox import Outbox
from oye_proxy.transport.ports import ChargerInfo, ClosedHandler, Hello, MessageHandler

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
OWNER = Origin("admin")
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
BOOT = {"chargePointVendor": "OYE", "chargePointModel": "Test"}
LOST = ("chargers", "injections", "config")
ACTIONS = frozenset({"Reset", "ClearCache", "Heartbeat", "GetBaseReport"})


class World:
    """One life of a proxy without its API; `now` moves the wall clock and the hub's own."""

    def __init__(self, storage: StorageSettings, **settings: Any) -> None:
        self.storage = storage
        self.auth: ChargerAuth | None = settings.get("auth")
        self.unknown = settings.get("unknown", UnknownChargers.ACCEPT)
        self.ocpp: OcppSettings = settings.get("ocpp", OcppSettings())
        self.csms = CsmsSettings(
            reconnect_delay=0.01,
            dial_timeout=2.0,
            standalone_after=settings.get("standalone_after", 10.0),
            on_loss=settings.get("on_loss", OnCsmsLoss.STANDALONE),
        )
        self.now = START
        self.address: str | None = None
        self.metrics = Metrics()
        self.events: list[LiveEvent] = []
        self.troubles: list[str | None] = []
        self._stack = AsyncExitStack()
        self._ids = (f"00000000-0000-4000-8000-{number:012}" for number in itertools.count(1))

    async def __aenter__(self) -> Self:
        database = self.database = Database(self.storage)
        await database.open()
        self._stack.push_async_callback(database.close)
        self.state = State(ConfigStore(database))
        await self.state.load(None)
        cache = self.tags = IdTagCache()
        tags = IdTagRecords(TagStore(database), cache)
        await tags.load()
        self.owner_tags = OwnerTags(TagStore(database))
        await self.owner_tags.load()
        self.writer = FrameWriter(database, 10_000, self.metrics)
        self.writer.start()
        self._stack.push_async_callback(self.writer.stop)
        self.keeper = Keeper(self.troubles.append, retry_seconds=0.01)
        self.store = ChargerStore(database)
        self.injections = InjectionStore(database)
        self.records = ChargerRecords(
            keeper=self.keeper, chargers=self.store, injections=self.injections, tags=tags
        )
        self.records.start()
        self._stack.push_async_callback(self.records.stop)
        self.journal = JournalStore(database)
        self.journals = JournalKeeper(self.journal, self.troubles.append, retry_seconds=0.01)
        self.journals.start()
        self._stack.push_async_callback(self.journals.stop)
        self.checker = CredentialChecker(CHEAP)
        credentials = ChargerCredentials(self.checker, self.records)
        self._stack.push_async_callback(credentials.stop)
        self.maker = ConversationMaker(
            ocpp=self.ocpp,
            csms=self.csms,
            state=self.state,
            tags=cache,
            owner_tags=self.owner_tags,
            next_transaction_id=itertools.count(1_000_000_000).__next__,
            first_request_id=lambda: FIRST_REQUEST_ID,
            new_id=self._ids.__next__,
            wall=lambda _: self.now,
            validate=None,
        )
        self.desk = InjectionDesk(
            records=self.records,
            tags=cache,
            per_minute=self.ocpp.injections_per_minute,
            new_id=self._ids.__next__,
            clock=self.clock,
            wall=lambda: self.now,
        )
        injections = await self.injections.recent(START - timedelta(days=1))
        chargers = load_chargers(
            self.maker,
            await self.store.all(),
            injections,
            await load_journals(self.journal),
            self.now,
            self.clock(),
        )
        self.hub = Hub(
            state=self.state,
            chargers=chargers,
            forgotten=load_forgotten(self.maker, chargers, injections, self.now, self.clock()),
            maker=self.maker,
            desk=self.desk,
            records=self.records,
            journals=self.journals,
            frames=FrameRecorder(self.writer, self.metrics, ACTIONS),
            tags=cache,
            owner_tags=self.owner_tags,
            credentials=credentials,
            newcomers=Newcomers(self.unknown),
            auth=self.auth,
            metrics=self.metrics,
            clock=self.clock,
            wall=lambda: self.now,
        )
        self.hub.subscribe(self.events.append)
        self.watch = Watch(self.hub, wall=lambda: self.now)
        self.watch.start()
        self._stack.push_async_callback(self.watch.stop)
        await self._listen()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stack.aclose()

    @cached_property
    def dialer(self) -> CsmsDialer:
        """One for all: it reads the authorities of the machine, which takes a while."""
        return CsmsDialer(self.csms, max_frame=0)

    def clock(self) -> float:
        """Return seconds that rise with `now`."""
        return 100_000.0 + (self.now - START).total_seconds()

    async def connect(
        self, charge_point_id: str = "CP1", address: str | None = None, **options: Any
    ) -> ScriptedCharger:
        """Connect a charger, as if from this address."""
        self.address = address
        return await ScriptedCharger.connect(f"{self.url}/ocpp/{charge_point_id}", **options)

    async def settle(self) -> None:
        """Wait until everything that waits for the database is there."""
        self.records.flush()
        await until(lambda: not self.keeper.waiting)
        async with self.keeper.alone():
            pass

    def news(self, *names: str) -> list[News]:
        """Return the news of these names, or all."""
        told = [event for event in self.events if isinstance(event, News)]
        return [news for news in told if news.event in names] if names else told

    def issue(self, key: IssueKey) -> Issue | None:
        """Return an open issue."""
        return next((issue for issue in self.hub.issues.issues if issue.key is key), None)

    def bridge(self, charge_point_id: str = "CP1", **info: Any) -> Bridge:
        """Return a connection whose socket is in memory; it is not started."""
        context = BridgeContext(
            directory=self.hub,
            sink=self.hub,
            dialer=self.dialer,
            csms=self.csms,
            charger=ChargerSettings(ping_interval=0),
            spread=lambda: 0.5,
            outbox=Outbox(),
        )
        given: dict[str, Any] = {
            "version": OcppVersion.V1_6,
            "remote_address": "192.0.2.7",
            "remote_port": 4711,
        }
        given |= {"secure": False, "hello": Hello(raw_id=charge_point_id)}
        who = ChargerInfo(charge_point_id=charge_point_id, **(given | info))
        return Bridge(context, who, MemorySocket(), target=None)

    async def _listen(self) -> None:
        listener = ChargerListener(
            directory=self.hub,
            sink=self.hub,
            dialer=self.dialer,
            checker=self.checker,
            csms=self.csms,
            charger=ChargerSettings(),
            client_of=self._client_of,
            spread=lambda: 0.5,
        )
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", listener.handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        self._stack.push_async_callback(listener.stop)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"ws://127.0.0.1:{runner.addresses[0][1]}"

    def _client_of(self, request: web.Request) -> Client:
        peer = peer_of(request)
        return Client(self.address or peer.address, peer.port, peer.secure)


class MemorySocket:
    """A charger's socket that keeps what it is told to send."""

    def __init__(self) -> None:
        self.last_heard = 0.0
        self.messages_received = 0
        self.pongs_received = 0
        self.congested = False
        self.subprotocol: str | None = "ocpp1.6"
        self.buffered = 0
        self.sent: list[str | bytes] = []
        self.closed: tuple[int, str] | None = None

    def start(self, on_message: MessageHandler, on_closed: ClosedHandler) -> None:
        del on_message, on_closed

    def send(self, data: str | bytes) -> None:
        self.sent.append(data)

    def ping(self) -> None:
        """Nobody answers."""

    def measure(self) -> bool:
        return False

    def pause(self) -> None:
        """Nothing is read."""

    def resume(self) -> None:
        """Nothing is read."""

    def close(self, code: int, reason: str) -> None:
        self.closed = code, reason

    def abort(self) -> None:
        self.closed = 1006, ""

    async def wait_closed(self) -> None:
        """It is gone already."""

    async def is_alive(self, seconds: float) -> bool:
        return seconds > 0


async def row(world: World) -> ChargerRow:
    """Return the row of the first charger, when all that waits for the database is there."""
    await world.settle()
    return (await world.store.all())[0]


@asynccontextmanager
async def locked(world: World) -> AsyncIterator[None]:
    """Lock the database as another program would: every write waits, then fails."""
    path = database_path(world.storage)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        # In a thread: a write in progress needs the loop to end.
        await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


async def break_database(world: World) -> None:
    """Let every write and every look at chargers and injections fail from now on."""
    async with world.database.writing() as connection:
        for table in LOST:
            await connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO lost_{table}")


async def mend_database(world: World) -> None:
    """Let all of it be as before `break_database`."""
    async with world.database.writing() as connection:
        for table in LOST:
            await connection.exec_driver_sql(f"ALTER TABLE lost_{table} RENAME TO {table}")


async def boot(charger: ScriptedCharger) -> None:
    """Send a BootNotification and wait for its answer."""
    await charger.send_call("BootNotification", BOOT)


async def boot_answered(charger: ScriptedCharger, link: ScriptedPeer, status: str) -> None:
    """Let the CSMS answer a boot with this status."""
    await charger.send_text(f'[2,"{status}","BootNotification",{{"chargePointModel":"Test"}}]')
    await link.answer_next(
        {"status": status, "interval": 77, "currentTime": "2026-11-21T10:00:00Z"},
        "BootNotification",
    )
    await charger.receive()


Live = Callable[..., Awaitable[World]]


@pytest.fixture
def storage(tmp_path: Path) -> StorageSettings:
    return StorageSettings(data_dir=tmp_path / "data")


@pytest.fixture
async def live(storage: StorageSettings) -> AsyncIterator[Live]:
    """Start a life of a proxy: `live(unknown=..., auth=...)`; they end with the test."""
    async with AsyncExitStack() as stack:

        async def start(**settings: Any) -> World:
            return await stack.enter_async_context(World(storage, **settings))

        yield start


@pytest.fixture
async def world(live: Live) -> World:
    return await live()


@pytest.fixture
async def csms() -> AsyncIterator[ScriptedCsms]:
    async with ScriptedCsms() as one:
        yield one


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that no event tells."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.001)


def charger_of(world: World, charge_point_id: str = "CP1") -> Charger:
    """Return what the hub holds for a charger."""
    return world.hub.find(charge_point_id)


async def refusal(world: World, charge_point_id: str = "CP1", **options: object) -> int:
    """Return the status with which a charger is turned away."""
    with pytest.raises(HandshakeRefusedError) as refused:
        await world.connect(charge_point_id, **options)  # type: ignore[arg-type]  # as connect's
    return refused.value.status


async def relayed(
    world: World, csms: ScriptedCsms, **options: Any
) -> tuple[ScriptedCharger, ScriptedPeer]:
    """Forward to a CSMS and connect a charger."""
    await world.state.update(csms_url=f"{csms.url}/ocpp", forwarding=True)
    charger = await world.connect(**options)
    return charger, await csms.next_connection()
