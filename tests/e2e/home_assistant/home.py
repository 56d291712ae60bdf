"""
A home: Home Assistant, Supervisor, the OYE app, chargers; in a network of its own.

`running_home` boots all of it in the order of a real boot: first the app, which installs the
integration and announces itself while Core is down, then Core, then its owner signs in. The app is
the real one without its container: `oye-app` makes the configuration, nginx stands in front, the
proxy listens on its two sockets. A test has the `Home`:

- `client`: what the owner does in Home Assistant (states, actions, flows, registries),
- `app`: the app's own commands and its proxy's API as an administrator,
- `plug_in_charger`: a simulated charger as a program of its own,
- `supervisor`: what was asked of Supervisor, and what it is to answer,
- `instance`: Home Assistant's log, and its end.
"""

import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from msgspec import Struct
from tests.app.house import SYSTEM_PROGRAMS
from tests.app.stub_supervisor import TOKEN
from tests.e2e.home_assistant.supervisor import Supervisor

from home_assistant.client import Client, onboarded
from home_assistant.instance import DOMAIN, ROOT, Instance, why_no_home_assistant
from home_assistant.network import Network, own_network, why_no_own_network
from home_assistant.program import Program, run
from oye_proxy import errors

CORE_ADDRESS: Final = "172.30.32.1"
SUPERVISOR_ADDRESS: Final = "172.30.32.2"
APP_ADDRESS: Final = "172.30.33.7"
LAN_ADDRESS: Final = "192.168.7.20"
# Where an operator would be in the internet.
OPERATOR_ADDRESS: Final = "203.0.113.9"
PORT: Final = 8123
PASSWORD: Final = "correct horse battery"
CONSOLE: Final = {"X-OYE-Console": "1"}
# The package of this process.
ENVIRONMENT: Final = {
    "PATH": SYSTEM_PROGRAMS,
    "PYTHONPATH": str(Path(errors.__file__).parents[1]),
}


class AppAtHome:
    """The OYE app without its container; `folder` holds what a container would map."""

    def __init__(self, folder: Path, network: Network, supervisor: Supervisor) -> None:
        self.folder = folder
        self.homeassistant = folder / "homeassistant"
        self._network = network
        self._arguments = [
            *(sys.executable, "-m", "oye_proxy.ha_app"),
            *("--data", str(folder / "data"), "--ssl", str(folder / "ssl")),
            *("--run-dir", str(folder / "run"), "--homeassistant", str(self.homeassistant)),
            *("--bundle", str(ROOT / "custom_components" / DOMAIN)),
            *("--supervisor", supervisor.url, "--user", "root"),
        ]
        self._environment = {**ENVIRONMENT, "SUPERVISOR_TOKEN": TOKEN}
        settings = str(folder / "run/settings.json")
        serve = [sys.executable, "-m", "oye_proxy", "serve", "--settings", settings]
        self.proxy = Program(serve, folder / "proxy.log", network, ENVIRONMENT)
        nginx = ["nginx", "-e", "stderr", "-c", str(folder / "run/nginx.conf")]
        self.watch = Program(
            [*self._arguments, "watch"], folder / "watch.log", network, self._environment
        )
        self.nginx = Program(nginx, folder / "nginx.log", network, self._environment)

    def install(self, options: Mapping[str, Any]) -> None:
        """Make the folders and write the options, as Supervisor does."""
        for name in ("data", "ssl", "run", "homeassistant"):
            (self.folder / name).mkdir()
        (self.folder / "data/options.json").write_text(json.dumps(options))

    @property
    def announced_token(self) -> str:
        """The token that the app tells Home Assistant."""
        kept = json.loads((self.folder / "data/oye/secrets.json").read_text())
        token: str = kept["integrationToken"]
        return token

    async def command(self, name: str) -> str:
        """Run one command of `oye-app`, as its services do; return what it said."""
        return await run([*self._arguments, name], self._network, self._environment)

    async def start(self) -> None:
        """Start the services in the order of the container."""
        await self.command("init")
        self.proxy.start()
        await self.proxy.until_said("Ready.")
        self.nginx.start()
        await self.nginx.until(self._is_healthy)
        await self.command("integration")
        await self.command("discovery")
        self.watch.start()

    async def stop(self) -> tuple[int, int]:
        """End them in reverse; return the exit codes of proxy and nginx."""
        await self.watch.stop()
        proxy = await self.proxy.stop()
        return proxy, await self.nginx.stop()

    async def status(self, path: str, token: str) -> int:
        """Ask as the integration with a token; return the answer's status."""
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(connector=self._network.connector(), headers=headers) as session,
            session.get(f"http://{APP_ADDRESS}:8098{path}") as response,
        ):
            return response.status

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the proxy's API as an administrator in the sidebar; return the answer's body."""
        connector = self._network.connector(SUPERVISOR_ADDRESS)
        url = f"http://{APP_ADDRESS}:8099{path}"
        async with (
            aiohttp.ClientSession(connector=connector, headers=CONSOLE) as session,
            session.request(method, url, json=body) as response,
        ):
            answer = await response.json()
        assert response.status == 200, answer
        return answer

    async def _is_healthy(self) -> bool:
        async with aiohttp.ClientSession(connector=self._network.connector()) as session:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get("http://127.0.0.1:8097/health") as response:
                    return response.status == 200
        return False


class Home(Struct, frozen=True):
    """Everything that runs."""

    network: Network
    supervisor: Supervisor
    app: AppAtHome
    instance: Instance
    client: Client
    stack: AsyncExitStack

    async def plug_in_charger(self, charge_point_id: str = "CP1", *options: str) -> Program:
        """Start a simulated charger in the LAN; `options` are those of `oye-proxy simulate`."""
        url = f"ws://{LAN_ADDRESS}:9080"
        command = [sys.executable, "-m", "oye_proxy", "simulate", "--url", url]
        charger = Program(
            [*command, "--id", charge_point_id, *options],
            self.app.folder / f"{charge_point_id}.log",
            self.network,
            ENVIRONMENT,
        )
        charger.start()
        self.stack.push_async_callback(charger.stop)
        return charger

    async def restart_home_assistant(self) -> int:
        """Stop Home Assistant and start it again; return its exit code."""
        self.supervisor.core = None
        code = await self.instance.stop()
        await self.instance.start()
        self.supervisor.core = self.client
        return code

    async def accept_discovery(self) -> dict[str, Any]:
        """Confirm what Home Assistant has discovered; return the new config entry."""
        (flow,) = await self.client.until(lambda: self.client.flows(DOMAIN))
        result = await self.client.submit_flow(flow["flow_id"], {})
        assert result["type"] == "create_entry", result
        entry: dict[str, Any] = result["result"]
        return entry


@asynccontextmanager
async def running_home(folder: Path, **options: Any) -> AsyncIterator[Home]:
    """Run a home whose app has these options; skip where none can be."""
    for reason in (why_no_own_network(), why_no_home_assistant()):
        if reason is not None:
            pytest.skip(reason)
    os.chmod(folder, 0o755)  # noqa: PTH101, S103 - nginx's workers go through it
    async with AsyncExitStack() as stack:
        addresses = (CORE_ADDRESS, SUPERVISOR_ADDRESS, APP_ADDRESS)
        network = stack.enter_context(
            own_network(
                *(f"{one}/23" for one in addresses), f"{LAN_ADDRESS}/24", f"{OPERATOR_ADDRESS}/24"
            )
        )
        supervisor = Supervisor(network, APP_ADDRESS, SUPERVISOR_ADDRESS)
        bound = network.listener(SUPERVISOR_ADDRESS)
        await stack.enter_async_context(supervisor.served(bound=bound))
        app = AppAtHome(folder, network, supervisor)
        app.install({"trusted_domains": [], **options})
        stack.push_async_callback(app.stop)
        await app.start()
        environment = {"SUPERVISOR": supervisor.url.removeprefix("http://")}
        instance = Instance(
            app.homeassistant,
            network,
            port=PORT,
            environment=environment | {"SUPERVISOR_TOKEN": TOKEN},
        )
        instance.configure()
        stack.push_async_callback(instance.stop)
        await instance.start()
        client = await stack.enter_async_context(onboarded(instance.url, network, PASSWORD))
        supervisor.core = client
        try:
            yield Home(network, supervisor, app, instance, client, stack)
        finally:
            supervisor.core = None
