"""What the commands share: settings with their warnings, the loop, and how a password is asked."""

import argparse
import io
from pathlib import Path

import pytest
from tests.proxy.cli.conftest import Run

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
    result = run("config", "get", "defaultIdTag")

    assert "ADMIN_TAG\n" == result.out
    assert "WEBSOCKET_OCPP_PORT" in result.err


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
