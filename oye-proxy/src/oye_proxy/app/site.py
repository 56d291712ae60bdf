"""
The sites: the public one for chargers, API and console, and the one of Home Assistant's ingress.

Alone the public site is one TCP port. Behind a server in front both are unix sockets, and what that
server says of a client is believed there.
"""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

from aiohttp import web

from oye_proxy.api.keys import Dependencies
from oye_proxy.api.server import Runner, Site, build_application
from oye_proxy.app.core import Core
from oye_proxy.app.dependencies import Parts, gather_dependencies
from oye_proxy.app.listening import listen, listen_unix, port_of
from oye_proxy.app.sign_in import open_sign_in
from oye_proxy.app.simulators import Simulators
from oye_proxy.mail import Mail
from oye_proxy.secrets_file import load_secrets
from oye_proxy.settings import ServerSettings
from oye_proxy.storage.config import ConfigStore

API_STOP_SECONDS = 2.0


async def open_sites(parts: Parts, stack: AsyncExitStack) -> int:
    """Open both sites, as far as they are wanted; return the TCP port, 0 when there is none."""

    def port() -> int:
        return port_of(public)

    settings, core = parts.settings, parts.core
    kept = await asyncio.to_thread(load_secrets, settings.storage.data_dir)
    sign_in = await open_sign_in(settings, parts.database, stack)
    simulators = Simulators(lambda: own_url(settings.server, port()), ConfigStore(parts.database))
    stack.push_async_callback(simulators.stop)
    dependencies = gather_dependencies(parts, sign_in, simulators, kept.instance_id, port)
    # Known before anybody comes in, who may ask for the port.
    public = await _runner(Site.PUBLIC, dependencies, stack)
    await _open_public(public, settings.server, stack)
    await _open_ingress(settings.server, dependencies, stack)
    await simulators.restore()
    core.own_address.port = port()
    core.own_address.urls = partial(_own_urls, core, sign_in.mail)
    return port()


def own_url(server: ServerSettings, port: int) -> str | None:
    """Return where a charger on this machine finds the proxy, None without a port."""
    if port == 0:
        return None
    host = server.host
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"ws://[{host}]:{port}" if ":" in host else f"ws://{host}:{port}"


async def _open_public(
    runner: web.AppRunner, server: ServerSettings, stack: AsyncExitStack
) -> None:
    if server.public_socket is None:
        await listen(runner, server)
    else:
        await listen_unix(runner, server.public_socket, "server.public_socket", stack)


async def _open_ingress(
    server: ServerSettings, dependencies: Dependencies, stack: AsyncExitStack
) -> None:
    if server.ingress_socket is not None:
        runner = await _runner(Site.INGRESS, dependencies, stack)
        await listen_unix(runner, server.ingress_socket, "server.ingress_socket", stack)


async def _runner(site: Site, dependencies: Dependencies, stack: AsyncExitStack) -> web.AppRunner:
    application = build_application(site, dependencies)
    runner = Runner(application, access_log=None, shutdown_timeout=API_STOP_SECONDS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    return runner


def _own_urls(core: Core, mail: Mail) -> list[str]:
    """Return the addresses that the owner and the server in front gave this proxy."""
    public_url = mail.options.public_url
    return [*core.front().charger_urls, *([] if public_url is None else [public_url])]
