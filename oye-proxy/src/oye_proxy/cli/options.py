"""What the commands share: their parsers, settings, and the event loop they run on."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from oye_proxy.errors import InvalidRequestError
from oye_proxy.settings import Loaded, Settings, load, read_environment

T = TypeVar("T")


def add_command(
    commands: Any, name: str, text: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """Add a command that `run` carries out; it returns the exit code."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False
    )
    parser.set_defaults(run=run)
    return parser


def add_group(commands: Any, name: str, text: str) -> Any:
    """Add a command that has commands of its own."""
    parser = commands.add_parser(name, help=text, allow_abbrev=False)
    return parser.add_subparsers(required=True, metavar="COMMAND")


def add_storage(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the data is."""
    parser.add_argument(
        "--data-dir", dest="storage.data_dir", help="folder of the database (default: ./data)"
    )
    parser.add_argument("--settings", type=Path, help="file with settings, JSON")


def settings_of(parsed: argparse.Namespace) -> Settings:
    """Read the settings; raise SettingsError. Options of the command line are named by dots."""
    return loaded_of(parsed).settings


def loaded_of(parsed: argparse.Namespace) -> Loaded:
    """Read the settings with where their values came from; raise SettingsError."""
    given = {
        name: value for name, value in vars(parsed).items() if "." in name and value is not None
    }
    loaded = load(given, read_environment(), parsed.settings)
    for warning in loaded.warnings:
        print(f"oye-proxy: {warning}", file=sys.stderr)
    return loaded


def ask_password() -> str:
    """Read a password: asked twice on a terminal, else one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Once more: "):
        raise InvalidRequestError("the two passwords differ; nothing was changed")
    return password


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on uvloop where there is one."""
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)
