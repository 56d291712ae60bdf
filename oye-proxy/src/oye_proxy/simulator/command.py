"""`oye-proxy simulate`: emulated chargers, or an emulated CSMS, on the command line."""

import argparse
import asyncio
import getpass
import os
import ssl
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Final, TextIO

from websockets.exceptions import InvalidURI
from websockets.uri import parse_uri

from oye_proxy.errors import SettingsError
from oye_proxy.ocppj.versions import OcppVersion, version_of
from oye_proxy.settings import Secret
from oye_proxy.simulator.charger import SimulatedCharger, SimulatedFault
from oye_proxy.simulator.clock import Clock, ScaledClock
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.identity import SUBPROTOCOL_OF, ChargerSimulation
from oye_proxy.simulator.keyboard import listen_to_keys, terminal_of
from oye_proxy.simulator.printer import CsmsPrinter, FramePrinter
from oye_proxy.transport.upstream import parse_url

PASSWORD_VARIABLE = "CHARGE_POINT_PASSWORD"  # noqa: S105  the name of a variable
START_SPREAD = 0.005
MOST: Final = 1_000_000
KEYS = {
    "d": SimulatedFault.DROP,
    "f": SimulatedFault.FAULTED,
    "h": SimulatedFault.HALF_OPEN,
    "g": SimulatedFault.GARBAGE,
    "t": SimulatedFault.ANSWER_TWICE,
    "l": SimulatedFault.ANSWER_LATE,
    "m": SimulatedFault.ANSWER_MALFORMED,
    "n": SimulatedFault.ANSWER_NEVER,
    "b": SimulatedFault.REBOOT,
}
HELP = (
    "keys: p plug or unplug, r RFID tag, f fault, d drop connection, q quit; "
    "h half-open, g garbage, b reboot; next answer: t twice, l late, m malformed, n never"
)


def add_arguments(parser: argparse.ArgumentParser, environment: Mapping[str, str]) -> None:
    """Add the options; variables of the environment are their defaults."""
    parser.add_argument(
        "--url",
        default=environment.get("PROXY_URL", "ws://localhost:8080"),
        help="address of the proxy; chargers connect to URL/ocpp/ID (PROXY_URL)",
    )
    parser.add_argument(
        "--id",
        dest="charge_point_id",
        default=environment.get("CHARGE_POINT_ID", "TEST-CHARGER-001"),
        help="charger's id (CHARGE_POINT_ID)",
    )
    parser.add_argument(
        "--protocol",
        choices=list(SUBPROTOCOL_OF.values()),
        default=environment.get("OCPP_PROTOCOL", "ocpp1.6"),
        help="OCPP version (OCPP_PROTOCOL)",
    )
    parser.add_argument(
        "--count", type=_at_least_one, default=1, metavar="N", help="chargers ID-001 to ID-N"
    )
    parser.add_argument(
        "--password", action="store_true", help=f"ask for the password (or {PASSWORD_VARIABLE})"
    )
    parser.add_argument("--password-file", type=Path, help="file with the password")
    parser.add_argument("--ca-file", type=Path, help="certificates to trust, PEM")
    parser.add_argument("--plug-in", action="store_true", help="plug a car in after the boot")
    parser.add_argument("--id-tag", default="04A1B2C3D4", help="RFID tag of the key r")
    parser.add_argument(
        "--interval", type=_positive, default=10.0, help="seconds between meter values"
    )
    parser.add_argument("--speed", type=_positive, default=1.0, help="how fast time passes")
    parser.add_argument("--connectors", type=_at_least_one, default=1, metavar="N")
    parser.add_argument(
        "--csms", type=_port, metavar="PORT", help="run an emulated CSMS on this port instead"
    )


async def run(
    arguments: argparse.Namespace,
    environment: Mapping[str, str],
    *,
    write: Callable[[str], object] | None = None,
    stdin: TextIO | None = None,
) -> None:
    """Run until the key q or until cancelled; `write` gets the lines, a terminal gives keys."""
    write = write or _to_stdout
    terminal = terminal_of(stdin)
    clock = ScaledClock(arguments.speed)
    quitting = asyncio.Event()
    with ExitStack() as stack:
        if arguments.csms is not None:
            await _run_csms(arguments.csms, clock, write, quitting, stack, terminal)
        else:
            _check_url(arguments.url)
            await asyncio.to_thread(_check_ca_file, arguments.ca_file)
            password = await asyncio.to_thread(read_password, arguments, environment)
            await _run_chargers(arguments, password, clock, write, quitting, stack, terminal)


def simulations(
    arguments: argparse.Namespace, password: Secret | None = None
) -> list[ChargerSimulation]:
    """Return the settings of each charger that the arguments ask for."""
    version = version_of(arguments.protocol)
    if version is None:
        raise SettingsError(f"OCPP_PROTOCOL: {arguments.protocol!r} is no version that we speak")
    names = [arguments.charge_point_id]
    if arguments.count > 1:
        names = [f"{names[0]}-{number:03}" for number in range(1, arguments.count + 1)]
    return [
        ChargerSimulation(
            url=arguments.url,
            charge_point_id=name,
            version=OcppVersion(version),
            password=password,
            ca_file=arguments.ca_file,
            connectors=arguments.connectors,
            id_tag=arguments.id_tag,
            plug_in=arguments.plug_in,
            meter_interval=arguments.interval,
        )
        for name in names
    ]


def read_password(arguments: argparse.Namespace, environment: Mapping[str, str]) -> Secret | None:
    """Return the password from the file, the variable or a prompt, in this order."""
    if arguments.password_file is not None:
        try:
            text: str = arguments.password_file.read_text(encoding="utf-8")
        except OSError as error:
            raise SettingsError(f"--password-file: {error.strerror}") from error
        return Secret(text.rstrip("\r\n"))
    if PASSWORD_VARIABLE in environment:
        return Secret(environment[PASSWORD_VARIABLE])
    if arguments.password:
        return Secret(getpass.getpass("Password of the charger: "))
    return None


def press(key: str, chargers: list[SimulatedCharger], quitting: asyncio.Event) -> None:
    """Do what a key stands for, at every charger."""
    if key == "q":
        quitting.set()
    for charger in chargers:
        if key == "p":
            if charger.charging.evses[0].vehicle is None:
                charger.plug_in()
            else:
                charger.unplug()
        elif key == "r":
            charger.present_tag()
        elif key in KEYS:
            charger.cause(KEYS[key])


async def _run_chargers(
    arguments: argparse.Namespace,
    password: Secret | None,
    clock: Clock,
    write: Callable[[str], object],
    quitting: asyncio.Event,
    stack: ExitStack,
    terminal: int | None,
) -> None:
    chargers = []
    for settings in simulations(arguments, password):
        printer = FramePrinter(settings.charge_point_id, clock, write)
        chargers.append(
            SimulatedCharger(settings, clock=clock, observer=printer, announce=printer.say)
        )
    if terminal is not None:
        write(HELP + "\n")
        stack.enter_context(listen_to_keys(terminal, lambda key: press(key, chargers, quitting)))
    try:
        for charger in chargers:
            charger.start()
            await asyncio.sleep(START_SPREAD)
        await quitting.wait()
    finally:
        await asyncio.gather(*(charger.stop() for charger in chargers))


async def _run_csms(
    port: int,
    clock: Clock,
    write: Callable[[str], object],
    quitting: asyncio.Event,
    stack: ExitStack,
    terminal: int | None,
) -> None:
    csms = SimulatedCsms(port=port, clock=clock, observer=CsmsPrinter(clock, write))
    try:
        await csms.start()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise SettingsError(f"--csms: cannot listen on port {port}: {reason}") from error
    async with AsyncExitStack() as running:
        running.push_async_callback(csms.stop)
        write(f"CSMS listens on {csms.url}; a charger's id is the last part of the path\n")
        if terminal is not None:
            stack.enter_context(listen_to_keys(terminal, lambda key: press(key, [], quitting)))
        await quitting.wait()


def _check_url(url: str) -> None:
    """Raise SettingsError for what no charger can dial; it may hold a password."""
    try:
        parse_url(url)
        parse_uri(url)
    except (ValueError, InvalidURI):
        raise SettingsError(
            "--url, PROXY_URL: write ws:// or wss:// and the host of the proxy, such as"
            " ws://localhost:8080"
        ) from None


def _check_ca_file(file: Path | None) -> None:
    if file is None:
        return
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:
        raise SettingsError(f"--ca-file: cannot read certificates from {file}") from error


def _to_stdout(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _port(text: str) -> int:
    return _whole(text, 0, 65_535)


def _at_least_one(text: str) -> int:
    return _whole(text, 1, MOST)


def _whole(text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}")
    return number


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= MOST:
        raise argparse.ArgumentTypeError(f"must be a number above 0, at most {MOST}")
    return number
