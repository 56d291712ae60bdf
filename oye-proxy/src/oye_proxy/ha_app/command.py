"""The command line of `oye-app`; `main` returns the exit code."""

import argparse
import asyncio
import importlib.metadata
import platform
import shlex
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from oye_proxy.errors import OyeError, SettingsError
from oye_proxy.ha_app import report, urls
from oye_proxy.ha_app.files import account
from oye_proxy.ha_app.installation import App, install, plain_front, present_status, write_status
from oye_proxy.ha_app.nginx import Nginx
from oye_proxy.ha_app.options import Options, read_options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.remarks import Lines
from oye_proxy.ha_app.running_proxy import csms_state
from oye_proxy.ha_app.supervisor import (
    BASE,
    NOT_ASKED,
    TOKEN,
    SupervisorClient,
    Surroundings,
)
from oye_proxy.ha_app.watch import INTERVAL, Watch
from oye_proxy.settings import Secret, read_environment

EXIT_FAILURE = 1
EXIT_SETTINGS = 2

_print = partial(print, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 is success, 1 a failure, 2 an option that stops the start."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except SettingsError as error:
        print(f"oye-app: {error}", file=sys.stderr)
        return EXIT_SETTINGS
    except (OyeError, OSError) as error:
        print(f"oye-app: {error}", file=sys.stderr)
        return EXIT_FAILURE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="oye-app", description="Glue of the Home Assistant app.", allow_abbrev=False
    )
    paths = Paths()
    parser.add_argument("--data", type=Path, default=paths.data, help="what survives a restart")
    parser.add_argument("--ssl", type=Path, default=paths.ssl, help="Home Assistant's certificates")
    parser.add_argument("--run-dir", type=Path, default=paths.run, help="made anew at each start")
    parser.add_argument("--user", default="oye", help="account of the proxy; empty for none")
    parser.add_argument("--supervisor", default=BASE, help="address of Supervisor")
    commands: Any = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "init", "read the options; make settings, certificates and nginx.conf", _init)
    _add(commands, "urls", "print the addresses to type into a charger", _urls)
    watch = _add(commands, "watch", "load renewed certificates, warn before they end", _watch)
    watch.add_argument("--interval", type=float, default=INTERVAL, help="seconds between looks")
    watch.add_argument("--reload", help="command that makes nginx reload")
    return parser


def _add(commands: Any, name: str, text: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, allow_abbrev=False)
    parser.set_defaults(run=run)
    return parser


def _init(parsed: argparse.Namespace) -> None:
    app = _app(parsed)
    options, remarks = read_options(app.paths.options)
    lines = Lines(options.log_level, _print)
    lines.tell(remarks)
    now = datetime.now(UTC)
    certificates, troubles = install(app, options, _surroundings(parsed).hostname, now)
    version = importlib.metadata.version("oye-proxy")
    nginx = ".".join(map(str, app.nginx.version()))
    lines.say(
        f"OYE {version} on Python {platform.python_version()}, nginx {nginx}",
        report.access_line(options),
        *report.certificate_lines(certificates, now),
    )
    lines.tell(troubles)
    lines.tell(report.access_remarks(options))
    lines.tell(report.all_certificate_remarks(certificates, now))


def _urls(parsed: argparse.Namespace) -> None:
    app = _app(parsed)
    options, _ = read_options(app.paths.options)
    lines = Lines(options.log_level, _print)
    surroundings = _surroundings(parsed)
    found = urls.charger_urls(options, surroundings)
    present = present_status(app.paths.status)
    write_status(app, replace(present, charger_urls=tuple(one.url for one in found)))
    state = asyncio.run(csms_state(app.paths.ingress_socket))
    lines.say(report.csms_line(options, state), *report.url_lines(found))
    lines.say('Console: open "OYE" in the Home Assistant sidebar')
    lines.tell(urls.url_remarks(options, surroundings))
    lines.say("Ready")


def _watch(parsed: argparse.Namespace) -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    app = _app(parsed)
    options: Options = read_options(app.paths.options)[0]
    lines = Lines(options.log_level, _print)
    Watch(app, options, lines, lambda: datetime.now(UTC)).run(stop, parsed.interval)


def _app(parsed: argparse.Namespace) -> App:
    paths = Paths(data=parsed.data, ssl=parsed.ssl, run=parsed.run_dir)
    name = parsed.user or None
    nginx = Nginx(
        paths.nginx_conf, reload_command=shlex.split(getattr(parsed, "reload", None) or "")
    )
    return App(
        paths=paths,
        nginx=nginx,
        front=plain_front(paths, nginx.version(), name),
        owner=account(name),
    )


def _surroundings(parsed: argparse.Namespace) -> Surroundings:
    token = read_environment().get(TOKEN)
    if not token:
        return NOT_ASKED
    client = SupervisorClient(Secret(token), parsed.supervisor)
    return asyncio.run(client.surroundings())
