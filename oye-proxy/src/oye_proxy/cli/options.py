"""What the commands share: their parsers, settings, and the event loop they run on."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from oye_proxy.errors import InvalidRequestError
from oye_proxy.settings import Loaded, Settings, load, read_environment

T = TypeVar("T")


class Parser(argparse.ArgumentParser):
    """A parser whose errors say where more is told; its commands get one of the same kind."""

    def error(self, message: str) -> NoReturn:
        """Print how the command is used and what is wrong; exit with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {message}\nMore is told by: {self.prog} --help\n")

    def parse_command(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse the arguments; what a command does not know is an error of that command."""
        parsed, unknown = self.parse_known_args(arguments)
        if unknown:
            parsed.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
        return parsed


def add_command(
    commands: Any, name: str, text: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """Add a command that `run` carries out; it returns the exit code."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False
    )
    parser.set_defaults(run=run, parser=parser)
    return parser


def add_group(commands: Any, name: str, text: str) -> Any:
    """Add a command that has commands of its own."""
    parser = commands.add_parser(name, help=text, allow_abbrev=False)
    return parser.add_subparsers(required=True, metavar="COMMAND")


def add_storage(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the data is."""
    parser.add_argument(
        "--data-dir",
        dest="storage.data_dir",
        metavar="FOLDER",
        help="folder of the database (default: ./data)",
    )
    parser.add_argument("--settings", type=Path, metavar="FILE", help="file with settings, JSON")


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
