"""
A place to try things: proxy, simulated chargers, Home Assistant with the integration.

On Linux as root it runs in a network of its own, so that nothing of it is announced in the house,
and two doors lead there from this machine. Everywhere else it runs on this machine's loopback.
Everything is new each time and gone at the end.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import aiohttp
from msgspec import Struct

from home_assistant.client import USERNAME, Client, onboarded
from home_assistant.forwarding import forwarded
from home_assistant.instance import DOMAIN, Instance, why_no_home_assistant
from home_assistant.network import Network, own_network, why_no_own_network
from home_assistant.program import Program
from oye_proxy.settings import read_environment

PASSWORD: Final = "own-your-evse"  # noqa: S105 - of something that only this machine reaches
HOME_ASSISTANT_PORT: Final = 8123
PROXY_PORT: Final = 8080
CHARGING: Final = "GARAGE"
# Id and options of each simulated charger.
CHARGERS: Final = (
    (CHARGING, ("--protocol", "ocpp1.6", "--plug-in")),
    ("CARPORT", ("--protocol", "ocpp2.0.1", "--connectors", "2", "--plug-in")),
)


class Proxy:
    """`oye-proxy serve`, and what its administrator asks of it."""

    def __init__(self, folder: Path, network: Network) -> None:
        self.port = network.free_port(PROXY_PORT)
        self.url = f"http://127.0.0.1:{self.port}"
        self._network = network
        self.program = Program(
            [
                *(sys.executable, "-m", "oye_proxy", "serve", "--host", "127.0.0.1"),
                *("--port", str(self.port), "--data-dir", str(folder / "data")),
            ],
            folder / "proxy.log",
            network,
            read_environment() | {"INITIAL_ADMIN_PASSWORD": PASSWORD},
        )

    async def charge(self, charge_point_id: str) -> None:
        """Have a charger charge, as soon as it is there and takes the command."""

        async def accepted() -> bool:
            async with (
                aiohttp.ClientSession(
                    headers={"Authorization": aiohttp.encode_basic_auth("admin", PASSWORD)},
                    connector=self._network.connector(),
                ) as session,
                session.post(
                    f"{self.url}/api/chargers/{charge_point_id}/start?wait=10",
                    json={"connectorId": 1},
                ) as response,
            ):
                body = await response.json()
                return response.status == 200 and body["accepted"]  # noqa: PLR2004

        await self.program.until(accepted)


class Place(Struct, frozen=True):
    """What runs, and the ports by which a person comes to it."""

    proxy: Proxy
    instance: Instance
    client: Client
    proxy_port: int
    home_assistant_port: int


@asynccontextmanager
async def running_place(folder: Path) -> AsyncIterator[Place]:
    """Run all of it until the end of the context."""
    async with AsyncExitStack() as stack:
        alone = why_no_own_network() is None
        network = stack.enter_context(own_network()) if alone else Network()
        proxy = Proxy(folder, network)
        proxy.program.start()
        stack.push_async_callback(proxy.program.stop)
        await proxy.program.until_said("Ready.")
        for charge_point_id, options in CHARGERS:
            charger = _charger(folder, network, proxy, charge_point_id, options)
            charger.start()
            stack.push_async_callback(charger.stop)
        instance = Instance(
            folder / "homeassistant", network, port=network.free_port(HOME_ASSISTANT_PORT)
        )
        instance.configure()
        instance.link_integration()
        stack.push_async_callback(instance.stop)
        await instance.start()
        client = await stack.enter_async_context(onboarded(instance.url, network, PASSWORD))
        await _add_integration(client, instance, proxy)
        await proxy.charge(CHARGING)
        ports = [proxy.port, instance.port]
        if alone:
            ports = [
                await stack.enter_async_context(forwarded(network, port, port)) for port in ports
            ]
        yield Place(proxy, instance, client, *ports)


def _charger(
    folder: Path, network: Network, proxy: Proxy, charge_point_id: str, options: tuple[str, ...]
) -> Program:
    url = f"ws://127.0.0.1:{proxy.port}"
    command = [sys.executable, "-m", "oye_proxy", "simulate", "--url", url]
    return Program(
        [*command, "--id", charge_point_id, *options],
        folder / f"{charge_point_id}.log",
        network,
        read_environment(),
    )


async def _add_integration(client: Client, instance: Instance, proxy: Proxy) -> None:
    """Go through the form of the integration as a person with the proxy's password."""
    step = await client.begin_flow(DOMAIN)
    typed: dict[str, Any] = {
        "url": proxy.url,
        "verify_ssl": True,
        "sign_in": {"username": "admin", "password": PASSWORD},
    }
    result = await client.submit_flow(step["flow_id"], typed)
    if result["type"] != "create_entry":
        said = "\n".join(instance.complaints())
        raise RuntimeError(f"the integration could not be added: {result.get('errors')}\n{said}")


async def _run() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with TemporaryDirectory(prefix="oye-develop-") as folder:
        print("Starting; half a minute, please.", flush=True)
        async with running_place(Path(folder)) as place:
            print(
                f"Home Assistant: http://127.0.0.1:{place.home_assistant_port}/"
                f" (user {USERNAME}, password {PASSWORD})",
                f"OYE:            http://127.0.0.1:{place.proxy_port}/"
                f" (user admin, password {PASSWORD})",
                f"Logs:           {folder}",
                f"{CHARGING} charges. Ctrl+C ends all.",
                sep="\n",
                flush=True,
            )
            await stop.wait()
            print("Stopping.", flush=True)


def main() -> None:
    """Run until Ctrl+C."""
    argparse.ArgumentParser(prog="scripts/develop", description=__doc__).parse_args()
    reason = why_no_home_assistant()
    if reason is not None:
        sys.exit(f"develop: {reason}")
    asyncio.run(_run())


if __name__ == "__main__":
    main()
