"""`oye-proxy serve`: run the proxy until it is told to stop."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from msgspec.structs import replace

from oye_proxy import logs, memory
from oye_proxy.app import Running, running
from oye_proxy.cli.options import add_command, add_storage, loaded_of, run_loop
from oye_proxy.errors import SettingsError
from oye_proxy.settings import Secret, Settings, parse_database_url
from oye_proxy.simulator.demo import Demo

# Option, the setting it sets, and its help.
_OPTIONS = (
    ("--host", "server.host", "address to listen on (default: all)"),
    ("--port", "server.port", "port for chargers, API and console (default: 8080)"),
    ("--name", "server.name", "name of this proxy"),
    ("--csms-url", "csms.url", "address of the CSMS; forwards to it from now on"),
    ("--on-csms-loss", "csms.on_loss", "standalone (default) or close"),
    ("--unknown-chargers", "charger.unknown", "accept (default), approve or reject"),
    ("--charger-auth", "charger.auth", "transparent, local or none"),
    ("--validation", "ocpp.validation", "off, warn (default) or enforce"),
    ("--log-level", "log.level", "trace to fatal (default: info)"),
    ("--log-format", "log.format", "text, json or auto"),
    ("--log-dir", "log.dir", "folder of oye-proxy.log"),
)


def add_to(commands: Any) -> None:
    """Add the command."""
    serve = add_command(commands, "serve", "run the proxy", _serve)
    add_storage(serve)
    for option, setting, text in _OPTIONS:
        metavar = option.removeprefix("--").replace("-", "_").upper()
        serve.add_argument(option, dest=setting, metavar=metavar, help=text)
    serve.add_argument(
        "--demo",
        action="store_true",
        help="add a simulated CSMS and two simulated chargers, with data of their own",
    )
    serve.add_argument(
        "--notify-fd",
        type=int,
        metavar="N",
        help="write a line to this file descriptor and close it, once ready (s6)",
    )


def _serve(parsed: argparse.Namespace) -> int:
    loaded = loaded_of(parsed)
    settings = loaded.settings
    if parsed.demo:
        data_dir = settings.storage.data_dir / "demo"
        storage = replace(settings.storage, data_dir=data_dir, database_url=None)
        # The demo's chargers come by the port.
        server = replace(settings.server, public_socket=None)
        settings = replace(settings, storage=storage, server=server)
    stop_logging = logs.start(settings.log, sys.stdout, _secrets_of(settings))
    try:
        run_loop(
            _serve_until_stopped(settings, loaded.sources, demo=parsed.demo, ready=parsed.notify_fd)
        )
    finally:
        stop_logging()
    return 0


def _secrets_of(settings: Settings) -> list[Secret]:
    url = settings.storage.database_url
    password = None if url is None else parse_database_url(url).password
    api = settings.api
    hidden = (api.initial_admin_password, api.metrics_token, settings.mail.password, url, password)
    return [secret for secret in hidden if secret is not None]


async def _serve_until_stopped(
    settings: Settings, sources: Mapping[str, str], *, demo: bool, ready: int | None
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        show = Demo() if demo else None
        if show is not None:
            await show.prepare()
            stack.push_async_callback(show.stop)
            settings = replace(settings, csms=replace(settings.csms, url=show.csms_url))
        proxy = await stack.enter_async_context(running(settings, sources))
        memory.settle()
        # Nothing may fail before it: a generated password is shown here and never again.
        _print_welcome(proxy)
        if ready is not None:
            await asyncio.to_thread(_tell_ready, ready)
        if show is not None:
            await show.start(f"ws://127.0.0.1:{proxy.port}")
        await stop.wait()


def _tell_ready(descriptor: int) -> None:
    """Tell the supervisor of this process, as s6 wants to be told."""
    try:
        os.write(descriptor, b"\n")
        os.close(descriptor)
    except OSError as error:
        raise SettingsError(f"--notify-fd {descriptor}: {error.strerror}") from error


def _print_welcome(proxy: Running) -> None:
    """Say what a person needs now, ready to be copied; a password goes nowhere else."""
    line = "=" * 60
    if proxy.first_user is not None:
        name, password = proxy.first_user
        shown = password or "(hidden - set via INITIAL_ADMIN_PASSWORD)"
        print(line, "DEFAULT ADMIN USER CREATED", line, sep="\n")
        print(f"Username: {name}", f"Password: {shown}", line, sep="\n")
    if proxy.port == 0:
        print("Ready.", flush=True)
        return
    where = f"{_shown_host(proxy.host)}:{proxy.port}"
    print(f"Charger URL:     ws://{where}/ocpp/<charger id>")
    print(f"Console and API: http://{where}/")
    print("Ready.", flush=True)


def _shown_host(host: str) -> str:
    """Return the address to come to: chargers cannot use this machine's own name for itself."""
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return _address_in_the_house() or "localhost"
    return f"[{host}]" if ":" in host else host


def _address_in_the_house() -> str | None:
    """Return the address that this machine has in its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])
