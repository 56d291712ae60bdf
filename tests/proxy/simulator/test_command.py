import argparse
import asyncio
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

import pytest

from oye_proxy.errors import SettingsError
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import Secret
from oye_proxy.simulator import command
from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.identity import ChargerSimulation
from oye_proxy.tasks import cancel, spawn


def parsed(*words: str, environment: Mapping[str, str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser, environment or {})
    return parser.parse_args(words)


class Lines:
    """What was written, and a way to wait for it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._news = asyncio.Event()

    def write(self, text: str) -> None:
        self.texts.append(text)
        self._news.set()

    async def until(self, condition: Callable[[list[str]], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition(self.texts):
                self._news.clear()
                await self._news.wait()


@pytest.fixture
def keyboard() -> Iterator[tuple[int, TextIO]]:
    """Return the typing end of a terminal and the stream that a program reads."""
    typing, program = os.openpty()
    with os.fdopen(program) as stream:
        yield typing, stream
    os.close(typing)


def test_the_variables_of_the_node_proxys_test_charger_are_the_defaults() -> None:
    environment = {
        "PROXY_URL": "ws://127.0.0.1:1",
        "CHARGE_POINT_ID": "MINE",
        "OCPP_PROTOCOL": "ocpp2.1",
    }
    [settings] = command.simulations(parsed(environment=environment))

    assert ("ws://127.0.0.1:1", "MINE", OcppVersion.V2_1) == (
        settings.url,
        settings.charge_point_id,
        settings.version,
    )
    assert [ChargerSimulation()] == command.simulations(parsed())


def test_an_option_goes_before_a_variable() -> None:
    [settings] = command.simulations(parsed("--id", "X", environment={"CHARGE_POINT_ID": "Y"}))

    assert "X" == settings.charge_point_id


def test_many_chargers_are_numbered() -> None:
    names = [each.charge_point_id for each in command.simulations(parsed("--count", "12"))]

    assert "TEST-CHARGER-001-001" == names[0]
    assert "TEST-CHARGER-001-012" == names[-1]


def test_a_version_in_the_environment_is_checked() -> None:
    with pytest.raises(SettingsError, match="OCPP_PROTOCOL"):
        command.simulations(parsed(environment={"OCPP_PROTOCOL": "ocpp1.2"}))


@pytest.mark.parametrize(
    "words",
    [
        ("--count", "0"),
        ("--count", "many"),
        ("--speed", "0"),
        ("--speed", "inf"),
        ("--speed", "fast"),
        ("--interval", "nan"),
        ("--protocol", "x"),
        ("--password", "secret"),
        ("--csms", "70000"),
        ("--csms", "-1"),
        ("--csms", "free"),
    ],
)
def test_bad_options_are_refused(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """A password is no option's value: other users of the machine could read it."""
    with pytest.raises(SystemExit):
        parsed(*words)
    said = capsys.readouterr().err

    assert words[0] in said
    assert "invalid _" not in said


@pytest.mark.parametrize(
    "url",
    [
        "http://x",
        "x",
        "",
        "ws://",
        "ws://a:99999",
        "ws://ex..ample",
        "ws://secret@x",
        "ws://x/#secret",
        "ws://[::1",
    ],
)
async def test_an_address_that_no_charger_can_dial_is_one_sentence(url: str) -> None:
    """Trying again for ever would help nobody."""
    with pytest.raises(SettingsError, match="--url, PROXY_URL: write ws://") as refused:
        await command.run(parsed("--url", url), {})

    assert "secret" not in str(refused.value)


async def test_certificates_that_cannot_be_read_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("no certificate")
    for name in ("missing.pem", "none.pem"):
        with pytest.raises(SettingsError, match=f"--ca-file: .*{name}"):
            await command.run(parsed("--ca-file", str(tmp_path / name)), {})


async def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"--csms: cannot listen on port {port}: Address"):
            await command.run(parsed("--csms", str(port)), {})


def test_the_password_comes_from_file_or_variable(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from file\n")
    variable = {command.PASSWORD_VARIABLE: "from variable"}

    assert Secret("from file") == command.read_password(
        parsed("--password-file", str(file)), variable
    )
    assert Secret("from variable") == command.read_password(parsed(), variable)
    assert command.read_password(parsed(), {}) is None
    with pytest.raises(SettingsError, match="--password-file"):
        command.read_password(parsed("--password-file", str(tmp_path / "none")), {})


async def test_chargers_run_with_lines_and_keys(keyboard: tuple[int, TextIO]) -> None:
    typing, stdin = keyboard
    lines = Lines()
    async with SimulatedCsms() as csms:
        arguments = parsed("--url", csms.url, "--count", "2", "--plug-in")
        running = spawn(
            command.run(
                arguments,
                {command.PASSWORD_VARIABLE: "secret"},
                write=lines.write,
                stdin=stdin,
            ),
            name="simulate",
        )
        await lines.until(lambda texts: sum("Preparing" in text for text in texts) == 2)
        os.write(typing, b"r")
        await csms.until(lambda: len(csms.ledger.transactions) == 2)
        os.write(typing, b"q")
        await running

    assert command.HELP in lines.texts[0]
    assert not any("secret" in text for text in lines.texts)


async def test_a_csms_can_be_run_instead(keyboard: tuple[int, TextIO]) -> None:
    typing, stdin = keyboard
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    lines = Lines()
    running = spawn(
        command.run(parsed("--csms", str(port)), {}, write=lines.write, stdin=stdin),
        name="simulate",
    )
    await lines.until(lambda texts: any(f"ws://127.0.0.1:{port}" in text for text in texts))
    charger = SimulatedCharger(ChargerSimulation(url=f"ws://127.0.0.1:{port}"))
    charger.start()
    await lines.until(lambda texts: any("BootNotification answered" in text for text in texts))
    await charger.stop()
    os.write(typing, b"q")
    await running


async def test_cancelling_ends_everything() -> None:
    async with SimulatedCsms() as csms:
        running = spawn(
            command.run(parsed("--url", csms.url), {}, write=lambda _text: None), name="simulate"
        )
        await csms.until(lambda: csms.connections)
        await cancel(running)
        await csms.until(lambda: not csms.connections)


async def test_keys_plug_unplug_and_cause_faults() -> None:
    async with SimulatedCsms() as csms:
        charger = SimulatedCharger(ChargerSimulation(url=csms.url, charge_point_id="CP1"))
        charger.start()
        await charger.until(lambda: charger.accepted and not charger.waiting)
        quitting = asyncio.Event()
        for key in ("p", "?", "f"):
            command.press(key, [charger], quitting)
        await csms.until(lambda: csms.ledger.statuses.get(("CP1", 1)) == "Faulted")
        command.press("f", [charger], quitting)
        command.press("p", [charger], quitting)
        await csms.until(lambda: csms.ledger.statuses["CP1", 1] == "Available")
        assert not quitting.is_set()
        command.press("q", [charger], quitting)
        await charger.stop()

    assert quitting.is_set()
