"""The command line of `oye-app`; `main` returns the exit code."""

import argparse
import asyncio
import importlib.metadata
import platform
import shlex
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from oye_proxy.errors import OyeError, SettingsError, StorageError
from oye_proxy.ha_app import companion, report, snapshot, urls
from oye_proxy.ha_app.discovery import Announcer
from oye_proxy.ha_app.files import account
from oye_proxy.ha_app.home_assistant import BASE, TOKEN, HomeAssistant
from oye_proxy.ha_app.installation import (
    App,
    install,
    make_folders,
    plain_front,
    present_status,
    write_status,
)
from oye_proxy.ha_app.nginx import Nginx
from oye_proxy.ha_app.notices import Notice, Notices
from oye_proxy.ha_app.options import read_options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.remarks import Lines, Remark
from oye_proxy.ha_app.running_proxy import csms_state
from oye_proxy.ha_app.supervisor import Surroundings, look_around
from oye_proxy.ha_app.watch import INTERVAL, Watch
from oye_proxy.settings import Secret, read_environment

EXIT_FAILURE = 1
EXIT_SETTINGS = 2
START_NOTICE = "oye_start"

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
    parser.add_argument(
        "--homeassistant", type=Path, default=paths.homeassistant, help="configuration of Core"
    )
    parser.add_argument(
        "--bundle", type=Path, default=paths.bundle, help="the integration that comes with the app"
    )
    parser.add_argument("--user", default="oye", help="account of the proxy; empty for none")
    parser.add_argument("--supervisor", default=BASE, help="address of Supervisor")
    commands: Any = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "init", "read the options; make settings, certificates and nginx.conf", _init)
    _add(commands, "integration", "keep Home Assistant's copy of the integration", _integration)
    _add(commands, "discovery", "announce the app to Home Assistant", _discovery)
    _add(commands, "urls", "print the addresses to type into a charger", _urls)
    copy = _add(commands, "snapshot", "copy the database for a backup", _snapshot)
    what = copy.add_mutually_exclusive_group()
    what.add_argument("--drop", action="store_true", help="delete the copy")
    what.add_argument(
        "--put-back", action="store_true", help="use the copy if there is no database"
    )
    watch = _add(commands, "watch", "follow certificates and Home Assistant", _watch)
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
    make_folders(app)
    if app.paths.snapshot.exists():
        _put_back(parsed)
    certificates, troubles = install(app, options, _surroundings(parsed).hostname, now)
    version = importlib.metadata.version("oye-proxy")
    nginx = ".".join(map(str, app.nginx.version()))
    lines.say(
        f"OYE {version} on Python {platform.python_version()}, nginx {nginx}",
        report.access_line(options),
        *report.certificate_lines(certificates, now),
    )
    lines.tell(troubles)
    notices = Notices(app.paths.notices)
    if troubles:
        notices.put(_closed(troubles))
    else:
        notices.dismiss(START_NOTICE)
    lines.tell(report.access_remarks(options))
    lines.tell(report.all_certificate_remarks(certificates, now))


def _closed(troubles: Sequence[Remark]) -> Notice:
    """Tell that nobody is let in; the reasons are those of the log."""
    reasons = "; ".join(trouble.text for trouble in troubles)
    return Notice(notification_id=START_NOTICE, text="closed", values={"reasons": reasons})


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
    app = _app(parsed)
    options, _ = read_options(app.paths.options)
    lines = Lines(options.log_level, _print)
    watch = Watch(app, options, lines, lambda: datetime.now(UTC))
    home_assistant = _home_assistant(parsed)
    errands = companion.errands(
        home_assistant, _announcer(parsed), Notices(app.paths.notices), lines
    )
    asyncio.run(companion.keep_until_stopped(partial(watch.run, interval=parsed.interval), errands))


def _integration(parsed: argparse.Namespace) -> None:
    paths = _paths(parsed)
    options, _ = read_options(paths.options)
    lines = Lines(options.log_level, _print)
    asyncio.run(companion.look_after_integration(_home_assistant(parsed), paths, options, lines))


def _discovery(parsed: argparse.Namespace) -> None:
    options, _ = read_options(_paths(parsed).options)
    lines = Lines(options.log_level, _print)
    asyncio.run(companion.announce(_announcer(parsed), lines))


def _snapshot(parsed: argparse.Namespace) -> None:
    paths = _paths(parsed)
    options, _ = read_options(paths.options)
    lines = Lines(options.log_level, _print)
    snapshot.become(account(parsed.user or None))
    if parsed.drop:
        snapshot.drop(paths.snapshot)
    elif parsed.put_back:
        restored = snapshot.put_back(paths.database, paths.snapshot)
        if restored is snapshot.Restored.USED:
            lines.say("Database: restored from the backup")
    elif options.database_url is not None:
        lines.say("Backup: the data is in PostgreSQL and is not part of it, back it up there")
    elif snapshot.take(paths.database, paths.snapshot):
        lines.say("Backup: the database was copied")


def _put_back(parsed: argparse.Namespace) -> None:
    """Put a restored copy in place; another process does it, which gives up root's rights."""
    command = [sys.executable, "-m", "oye_proxy.ha_app", "--data", str(parsed.data)]
    ended = subprocess.run(  # noqa: S603 - ourselves
        [*command, "--user", parsed.user, "snapshot", "--put-back"], check=False
    )
    if ended.returncode != 0:
        raise StorageError("the database of the backup was not put in its place")


def _app(parsed: argparse.Namespace) -> App:
    paths = _paths(parsed)
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


def _paths(parsed: argparse.Namespace) -> Paths:
    return Paths(
        data=parsed.data,
        ssl=parsed.ssl,
        run=parsed.run_dir,
        homeassistant=parsed.homeassistant,
        bundle=parsed.bundle,
    )


def _announcer(parsed: argparse.Namespace) -> Announcer:
    version = importlib.metadata.version("oye-proxy")
    owner = account(parsed.user or None)
    return Announcer(_home_assistant(parsed), _paths(parsed), owner, version)


def _home_assistant(parsed: argparse.Namespace) -> HomeAssistant:
    """Return it with the token of this start; there is none where Supervisor is not."""
    token = read_environment().get(TOKEN)
    return HomeAssistant(Secret(token) if token else None, parsed.supervisor)


def _surroundings(parsed: argparse.Namespace) -> Surroundings:
    return asyncio.run(look_around(_home_assistant(parsed)))
