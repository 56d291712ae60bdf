"""A listener on a loopback port, with a small hub and a conversation that only passes frames."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any, Self

import pytest
from aiohttp import web
from argon2 import PasswordHasher

from oye_proxy.errors import AdmissionError
from oye_proxy.ocppj.commands import Command, Notice, Peer, Record, Send
from oye_proxy.settings import ChargerAuth, ChargerSettings, CsmsSettings
from oye_proxy.simulator.scripted import HandshakeRefusedError, ScriptedCharger, ScriptedCsms
from oye_proxy.transport.arrivals import Client, peer_of
from oye_proxy.transport.chargers import ChargerListener
from oye_proxy.transport.credentials import CredentialChecker
from oye_proxy.transport.csms import CsmsDialer
from oye_proxy.transport.csms_link import CsmsLink
from oye_proxy.transport.ports import (
    Admission,
    Arrival,
    Connection,
    ConversationPort,
    CsmsTarget,
    LinkChange,
    Observation,
)


class Inbox:
    """Collects what a link delivers."""

    def __init__(self, link: CsmsLink) -> None:
        self.messages: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.ended: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        link.start(
            self.messages.put_nowait, lambda code, reason: self.ended.set_result((code, reason))
        )

    async def next(self) -> str | bytes:
        async with asyncio.timeout(5):
            return await self.messages.get()

    async def end(self) -> tuple[int, str]:
        async with asyncio.timeout(5):
            return await self.ended


class PassThrough:
    """A conversation that relays, and without a CSMS sends the charger's own frames back."""

    def __init__(self) -> None:
        self.deadline: float | None = None
        self.connected = False
        self.events: list[str] = []
        self.crashes_at: str | None = None

    def receive(self, peer: Peer, data: str | bytes, now: float) -> list[Command]:
        if data == "crash":
            raise RuntimeError("a bug")
        if data == "later":
            self.deadline = now + 0.01
            return []
        to = Peer.CSMS if peer is Peer.CHARGER and self.connected else Peer.CHARGER
        return [Send(to, data), Record(source=peer, target=to, data=data)]

    def inject(self, message_id: str, action: str, payload: Any, now: float) -> list[Command]:
        return [Send(Peer.CHARGER, f"{message_id} {action} {payload} {now > 0}")]

    def csms_opened(self, now: float) -> list[Command]:
        self.connected = True
        return self._event("csms_opened", now)

    def csms_lost(self, now: float) -> list[Command]:
        self.connected = False
        return self._event("csms_lost", now)

    def csms_off(self, now: float) -> list[Command]:
        self.connected = False
        return self._event("csms_off", now)

    def charger_lost(self, now: float) -> list[Command]:
        return self._event("charger_lost", now)

    def tick(self, now: float) -> list[Command]:
        self.deadline = None
        return [Send(Peer.CHARGER, "ticked"), *self._event("tick", now)]

    def _event(self, name: str, now: float) -> list[Command]:
        assert now > 0
        if name == self.crashes_at:
            raise RuntimeError("a bug")
        self.events.append(name)
        return []


class House:
    """Lets every charger in as `admission` says, and remembers what it is told."""

    def __init__(self) -> None:
        self.admission = Admission()
        self.refusal: AdmissionError | None = None
        self.bridges: dict[str, Connection] = {}
        self.attached: list[Connection] = []
        self.detached: list[Connection] = []
        self.arrivals: list[Arrival] = []
        self.failed: list[Arrival] = []
        self.turned_away_with: list[tuple[str, LinkChange]] = []
        self.records: list[Record] = []
        self.notices: list[Notice] = []
        self.changes: list[LinkChange] = []
        self.crashes_at: str | None = None
        self.make_conversation: Callable[[Connection], ConversationPort] = self._pass_through

    async def admit(self, arrival: Arrival) -> Admission:
        self.arrivals.append(arrival)
        if self.refusal is not None:
            raise self.refusal
        return self.admission

    def bridge(self, charge_point_id: str) -> Connection | None:
        return self.bridges.get(charge_point_id)

    def attach(self, bridge: Connection) -> ConversationPort:
        self.bridges[bridge.charge_point_id] = bridge
        self.attached.append(bridge)
        return self.make_conversation(bridge)

    def _pass_through(self, _bridge: Connection) -> PassThrough:
        conversation = PassThrough()
        conversation.crashes_at = self.crashes_at
        return conversation

    def detach(self, bridge: Connection) -> None:
        self.detached.append(bridge)
        if self.bridges.get(bridge.charge_point_id) is bridge:
            del self.bridges[bridge.charge_point_id]

    def auth_failed(self, arrival: Arrival) -> None:
        self.failed.append(arrival)

    def turned_away(self, arrival: Arrival, change: LinkChange) -> None:
        self.turned_away_with.append((arrival.charge_point_id, change))

    def observe(self, bridge: Connection, command: Observation, at: datetime) -> None:  # noqa: ARG002 - the port has it
        assert at.tzinfo is not None
        if isinstance(command, Record):
            self.records.append(command)
        elif isinstance(command, Notice):
            self.notices.append(command)

    def link_changed(self, bridge: Connection, change: LinkChange) -> None:
        assert bridge.charge_point_id
        self.changes.append(change)


class Proxy:
    """A running listener; chargers come to `url`, from an address of the test's choice."""

    def __init__(self, *, csms: dict[str, Any], charger: dict[str, Any]) -> None:
        self.house = House()
        self.address: str | None = None
        csms_settings = CsmsSettings(**{"reconnect_delay": 0.01, "dial_timeout": 2.0} | csms)
        charger_settings = ChargerSettings(**charger)
        self.checker = CredentialChecker(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        self.listener = ChargerListener(
            directory=self.house,
            sink=self.house,
            dialer=CsmsDialer(csms_settings, max_frame=charger_settings.max_frame),
            checker=self.checker,
            csms=csms_settings,
            charger=charger_settings,
            client_of=self._client_of,
            spread=lambda: 0.5,
        )
        self._runner: web.AppRunner | None = None
        self.url = ""

    def admit(
        self, target: str | None, auth: ChargerAuth = ChargerAuth.TRANSPARENT, **more: Any
    ) -> None:
        """Send chargers that come from now on to this CSMS."""
        csms = None if target is None else CsmsTarget(url=target)
        self.house.admission = Admission(target=csms, auth=auth, **more)

    async def connect(self, path: str = "/ocpp/CP1", **options: Any) -> ScriptedCharger:
        """Connect a charger."""
        return await ScriptedCharger.connect(self.url + path, **options)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self.listener.handle)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"ws://{host}:{port}"

    async def stop(self) -> None:
        await self.listener.stop()
        assert self._runner is not None
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    def _client_of(self, request: web.Request) -> Client:
        peer = peer_of(request)
        return Client(self.address or peer.address, peer.port, peer.secure)


class FakeClock:
    """A clock that stands still until `advance`."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.timers: list[FakeTimer] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None]) -> "FakeTimer":
        timer = FakeTimer(self, self.now + delay, callback)
        self.timers.append(timer)
        return timer

    def advance(self, seconds: float) -> None:
        """Let time pass, and make the calls that become due, in order."""
        end = self.now + seconds
        while due := [timer for timer in self.timers if timer.when <= end]:
            timer = min(due, key=lambda timer: timer.when)
            self.timers.remove(timer)
            self.now = max(self.now, timer.when)
            timer.callback()
        self.now = end


class FakeTimer:
    def __init__(self, clock: FakeClock, when: float, callback: Callable[[], None]) -> None:
        self.when = when
        self.callback = callback
        self._clock = clock

    def cancel(self) -> None:
        if self in self._clock.timers:
            self._clock.timers.remove(self)


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that the test moves."""
    return FakeClock()


@pytest.fixture
async def csms() -> AsyncIterator[ScriptedCsms]:
    """Run a CSMS that accepts everybody."""
    async with ScriptedCsms() as one:
        yield one


Starter = Callable[..., Awaitable[Proxy]]


@pytest.fixture
async def start_proxy() -> AsyncIterator[Starter]:
    """Start proxies: `start_proxy(csms={...}, charger={...})` with settings of both groups."""
    started: list[Proxy] = []

    async def start(
        csms: dict[str, Any] | None = None, charger: dict[str, Any] | None = None
    ) -> Proxy:
        proxy = Proxy(csms=csms or {}, charger=charger or {})
        await proxy.start()
        started.append(proxy)
        return proxy

    yield start
    for proxy in started:
        await proxy.stop()


@pytest.fixture
async def proxy(start_proxy: Starter) -> Proxy:
    """Run a proxy with the default settings, but quick to dial again."""
    return await start_proxy()


async def refused(proxy: Any, path: str = "/ocpp/CP1", **options: Any) -> HandshakeRefusedError:
    """Return how a charger is turned away."""
    with pytest.raises(HandshakeRefusedError) as refusal:
        await proxy.connect(path, **options)
    return refusal.value


async def request(proxy: Any, *lines: str) -> bytes:
    """Send a raw HTTP request and return the answer's first line."""
    host, port = proxy.url.removeprefix("ws://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write("\r\n".join([*lines, "", ""]).encode("utf-8"))
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line
