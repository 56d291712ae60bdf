"""A whole proxy in this process, on a free port, with the API's first user."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.proxy.postgresql import PostgresqlServer, running_server

from oye_proxy.app import running
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import (
    ApiSettings,
    CsmsSettings,
    Secret,
    ServerSettings,
    Settings,
    StorageSettings,
)
from oye_proxy.simulator.charger import ChargerSimulation, SimulatedCharger
from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.link import Observer
from oye_proxy.simulator.scripted import basic_authorization

PASSWORD = "correct horse battery"


class Proxy:
    """A running proxy: where it listens, and its API as the owner calls it."""

    def __init__(self, port: int, session: aiohttp.ClientSession) -> None:
        self.url = f"ws://127.0.0.1:{port}"
        self._session = session
        self._base = f"http://127.0.0.1:{port}"

    async def get(self, path: str) -> Any:
        """Return the body of a GET."""
        async with self._session.get(self._base + path) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Return status and body of a POST."""
        async with self._session.post(self._base + path, json=body) as response:
            return response.status, await response.json()

    async def inject(self, charge_point_id: str, action: str, payload: dict[str, Any]) -> Any:
        """Send an owner's CALL and return the answer's body."""
        status, body = await self.post(
            f"/api/inject/{charge_point_id}?wait=10", {"action": action, "payload": payload}
        )
        assert status == 200, body
        return body

    async def intent(self, charge_point_id: str, name: str, body: dict[str, Any]) -> Any:
        """Give an owner's typed command and return the answer's body."""
        status, answer = await self.post(f"/api/chargers/{charge_point_id}/{name}?wait=10", body)
        assert status == 200, answer
        return answer


StartProxy = Callable[..., Awaitable[Proxy]]
MakeCharger = Callable[..., SimulatedCharger]


@pytest.fixture
async def start_proxy(tmp_path: Path) -> AsyncIterator[StartProxy]:
    """Return a function that starts a proxy with this CSMS, or alone."""
    async with AsyncExitStack() as stack:

        async def start(csms_url: str | None = None, **csms: Any) -> Proxy:
            settings = Settings(
                server=ServerSettings(host="127.0.0.1", port=0),
                storage=StorageSettings(data_dir=tmp_path),
                csms=CsmsSettings(url=csms_url, **csms),
                api=ApiSettings(initial_admin_password=Secret(PASSWORD)),
            )
            proxy = await stack.enter_async_context(running(settings))
            session = await stack.enter_async_context(
                aiohttp.ClientSession(headers=[basic_authorization("admin", PASSWORD)])
            )
            return Proxy(proxy.port, session)

        yield start


@pytest.fixture
def clock() -> ManualClock:
    """Return the chargers' clock; it begins now, so that a proxy's schedules hold already."""
    return ManualClock(datetime.now(UTC))


@pytest.fixture
async def make_charger(clock: ManualClock) -> AsyncIterator[MakeCharger]:
    """Return a function that starts a simulated charger at a URL."""
    chargers: list[SimulatedCharger] = []

    def make(
        url: str,
        version: OcppVersion = OcppVersion.V1_6,
        *,
        charge_point_id: str = "CP1",
        observer: Observer | None = None,
        **others: Any,
    ) -> SimulatedCharger:
        settings = ChargerSimulation(
            url=url, charge_point_id=charge_point_id, version=version, **others
        )
        charger = SimulatedCharger(settings, clock=clock, observer=observer)
        charger.start()
        chargers.append(charger)
        return charger

    yield make
    for charger in chargers:
        await charger.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """Start a real PostgreSQL; a test that stops it starts it again."""
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Mapping[str, str]]:
    """Return the settings of an empty database of each kind, as a program takes them."""
    if request.param == "sqlite":
        yield {}
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    name = server.create()
    yield {"OYE_DATABASE_URL": server.url(name).reveal()}
    server.drop(name)
