"""The command line: one module per group of commands; `main` returns the exit code."""

import argparse
import importlib.metadata
import sys
from collections.abc import Sequence
from typing import Any

from oye_proxy.api.openapi import openapi_json
from oye_proxy.api.server import ROUTES
from oye_proxy.cli import (
    accounts,
    backup,
    chargers,
    cleanup,
    config,
    import_seed,
    moving,
    serve,
    tags,
)
from oye_proxy.cli.options import Parser, add_command, run_loop
from oye_proxy.errors import OyeError, SettingsError
from oye_proxy.settings import read_environment
from oye_proxy.simulator import command as simulator

EXIT_FAILURE = 1
EXIT_SETTINGS = 2


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 is success, 1 a failure, 2 a wrong setting or argument."""
    parsed = _parser().parse_command(arguments)
    try:
        code: int = parsed.run(parsed)
    except SettingsError as error:
        print(f"oye-proxy: {error}", file=sys.stderr)
        return EXIT_SETTINGS
    except OyeError as error:
        print(f"oye-proxy: {error}", file=sys.stderr)
        return EXIT_FAILURE
    except KeyboardInterrupt:
        return EXIT_FAILURE
    return code


def _parser() -> Parser:
    parser = Parser(
        prog="oye-proxy",
        description="Own Your EVSE: a transparent OCPP proxy that gives you control.",
        allow_abbrev=False,
    )
    version = importlib.metadata.version("oye-proxy")
    parser.add_argument("--version", action="version", version=f"oye-proxy {version}")
    commands: Any = parser.add_subparsers(required=True, metavar="COMMAND")
    serve.add_to(commands)
    simulate = add_command(commands, "simulate", "run an emulated charger, or many", _simulate)
    simulator.add_arguments(simulate, read_environment())
    accounts.add_to(commands)
    chargers.add_to(commands)
    tags.add_to(commands)
    config.add_to(commands)
    backup.add_to(commands)
    moving.add_to(commands)
    import_seed.add_to(commands)
    cleanup.add_to(commands)
    add_command(commands, "openapi", "print the OpenAPI description of the API", _openapi)
    return parser


def _simulate(parsed: argparse.Namespace) -> int:
    run_loop(simulator.run(parsed, read_environment(), stdin=sys.stdin))
    return 0


def _openapi(_: argparse.Namespace) -> int:
    print(openapi_json(ROUTES).decode(), end="")
    return 0
