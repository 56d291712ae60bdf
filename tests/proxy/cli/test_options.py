"""What the commands share: settings with their warnings, the loop, and how a password is asked."""

import argparse
import io
from pathlib import Path

import pytest
from tests.proxy.cli.conftest import Run

from oye_proxy import cli
from oye_proxy.cli.options import ask_password, run_loop, settings_of
from oye_proxy.errors import InvalidRequestError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def type_in(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> None:
    typed = iter(passwords)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))


def test_options_with_dots_are_settings(tmp_path: Path) -> None:
    parsed = argparse.Namespace(**{"storage.data_dir": str(tmp_path), "settings": None, "other": 1})

    assert tmp_path == settings_of(parsed).storage.data_dir


def test_warnings_go_to_standard_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBSOCKET_OCPP_PORT", "9000")
    result = run("config", "set", "defaultIdTag", "GARAGE")

    assert 0 == result.code
    assert "WEBSOCKET_OCPP_PORT" in result.err


@pytest.mark.parametrize(
    ("arguments", "command", "said"),
    [
        (["serve", "--nope"], "serve", "unrecognized arguments: --nope"),
        (["serve", "--port"], "serve", "argument --port: expected one argument"),
        (["simulate", "--version", "1.6"], "simulate", "unrecognized arguments: --version 1.6"),
        (["config", "get", "--nope"], "config get", "unrecognized arguments: --nope"),
        (["users", "add", "anna", "b"], "users add", "unrecognized arguments: b"),
        (["users"], "users", "the following arguments are required: COMMAND"),
    ],
)
def test_a_wrong_argument_shows_how_its_own_command_is_used(
    capsys: pytest.CaptureFixture[str], arguments: list[str], command: str, said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    printed = capsys.readouterr().err

    assert 2 == ended.value.code
    assert printed.startswith(f"usage: oye-proxy {command} [-h]")
    assert printed.endswith(
        f"oye-proxy {command}: error: {said}\nMore is told by: oye-proxy {command} --help\n"
    )


def test_an_argument_of_no_command_shows_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["nonsense"])
    printed = capsys.readouterr().err

    assert printed.startswith("usage: oye-proxy [-h] [--version] COMMAND")
    assert printed.endswith("\nMore is told by: oye-proxy --help\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("config", "get"),
        ("cleanup",),
        ("cleanup", "--compact"),
        ("users", "list"),
        ("users", "passwd", "admin"),
        ("users", "remove", "admin"),
        ("tokens", "list"),
        ("tokens", "revoke", "1"),
        ("tags", "list"),
        ("tags", "remove", "04A1B2C3"),
        ("chargers", "status", "CP1", "inactive"),
        ("backup",),
    ],
)
def test_what_reads_or_changes_data_makes_none(
    run: Run, data_dir: Path, arguments: tuple[str, ...]
) -> None:
    """A mistyped folder must not look like lost data."""
    result = run(*arguments, stdin="correct horse\n")

    assert (1, "") == (result.code, result.out)
    assert (
        f"oye-proxy: there is no database {data_dir}/db/oye-proxy.db: name its folder with"
        " --data-dir\n"
    ) == result.err
    assert not data_dir.exists()


@pytest.mark.parametrize("arguments", [("config", "get"), ("users", "list"), ("backup",)])
def test_nothing_is_read_from_a_database_in_memory(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("USE_MEMORY_DB", "true")
    result = run(*arguments)

    assert (1, "") == (result.code, result.out)
    assert result.err.startswith("oye-proxy: a database in memory lives in the proxy alone")


@pytest.mark.parametrize(
    "arguments",
    [
        ("users", "add", "anna"),
        ("tokens", "add", "script"),
        ("tags", "accept", "04A1B2C3"),
        ("chargers", "password", "CP1"),
        ("config", "set", "autoChargeEnabled", "true"),
    ],
)
def test_what_is_wanted_before_the_first_start_makes_the_database(
    run: Run, data_dir: Path, arguments: tuple[str, ...]
) -> None:
    result = run(*arguments, stdin="correct horse 12\n")

    assert (0, "") == (result.code, result.err)
    assert (data_dir / "db/oye-proxy.db").is_file()


def test_a_password_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, "correct horse", "correct horse")

    assert "correct horse" == ask_password()


def test_two_passwords_that_differ_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, "correct horse", "correct house")
    with pytest.raises(InvalidRequestError):
        ask_password()


@pytest.mark.parametrize("typed", ["correct horse", "correct horse\n", "correct horse\r\nmore"])
def test_a_password_is_one_line(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))

    assert "correct horse" == ask_password()


def test_the_loop_returns_what_the_command_returns() -> None:
    async def command() -> str:
        return "done"

    assert "done" == run_loop(command())
