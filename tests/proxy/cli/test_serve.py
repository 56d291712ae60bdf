"""`oye-proxy serve`: one sentence for what a person must mend, and an end when it is told to."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.proxy.cli.conftest import Run

from oye_proxy import cli
from oye_proxy.app import Running
from oye_proxy.cli import serve
from oye_proxy.settings import Secret, Settings, StorageSettings

STOP_SECONDS = 15
GENERATED = r"""={60}
DEFAULT ADMIN USER CREATED
={60}
Username: admin
Password: (\S{16})
={60}
Charger URL:     ws://127\.0\.0\.1:(\d+)/ocpp/<charger id>
Console and API: http://127\.0\.0\.1:\2/
Ready\.
"""


@contextmanager
def serving(data_dir: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a proxy on a free port; return it with what it printed until it was ready."""
    command = [sys.executable, "-m", "oye_proxy", "serve", "--host", "127.0.0.1", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--data-dir", str(data_dir), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={},
    )
    assert process.stdout is not None
    try:
        printed = ""
        for line in process.stdout:
            printed += line
            if line == "Ready.\n":
                break
        yield process, printed
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def last_words(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_0_and_no_word(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path) as (process, printed):
        process.send_signal(number)
        code = process.wait(STOP_SECONDS)
        rest = last_words(process)

    assert re.fullmatch(GENERATED, printed)
    assert 0 == code
    assert "Traceback" not in rest


def test_the_first_user_is_shown_once(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, _):
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)
    with serving(tmp_path) as (_, printed):
        pass

    assert "Password" not in printed


@pytest.mark.parametrize(
    "options",
    [
        ("--csms-url", "http://csms.example.com"),
        ("--host", "192.0.2.1"),
        ("--notify-fd", "9999999"),
    ],
)
def test_a_first_start_that_fails_loses_no_password(
    run: Run, data_dir: Path, options: tuple[str, str]
) -> None:
    """It is printed by the start that made the account, be it the first or the next one."""
    failed = run("serve", "--host", "127.0.0.1", "--port", "0", *options)
    with serving(data_dir) as (_, printed):
        pass

    assert 2 == failed.code
    assert 1 == (failed.out + printed).count("Password: ")


def test_the_generated_password_opens_the_api(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, printed):
        found = re.fullmatch(GENERATED, printed)
        assert found is not None
        manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        url = f"http://127.0.0.1:{found[2]}/api/info"
        manager.add_password(None, url, "admin", found[1])
        opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(manager))
        with opener.open(url, timeout=10) as response:
            status = response.status

    assert 200 == status


def test_readiness_is_told_once_both_sockets_listen(tmp_path: Path) -> None:
    """As s6 wants to be told: a line on the descriptor, which is then closed."""
    server = {name: str(tmp_path / name) for name in ("public_socket", "ingress_socket")}
    given = tmp_path / "settings.json"
    given.write_text(json.dumps({"server": server, "storage": {"data_dir": str(tmp_path)}}))
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "oye_proxy", "serve", "--settings", str(given)]
    with subprocess.Popen(
        [*command, "--notify-fd", str(writing)],
        pass_fds=[writing],
        stdout=subprocess.PIPE,
        text=True,
        env={},
    ) as process:
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        sockets = [(tmp_path / name).is_socket() for name in server]
        process.send_signal(signal.SIGTERM)
        printed, _ = process.communicate(timeout=STOP_SECONDS)

    assert b"\n" == told
    assert [True, True] == sockets
    assert printed.endswith("\nReady.\n")
    assert "Password" not in printed
    assert 0 == process.returncode


def test_a_descriptor_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    given = tmp_path / "settings.json"
    given.write_text(json.dumps({"server": {"public_socket": str(tmp_path / "public.sock")}}))
    command = [sys.executable, "-m", "oye_proxy", "serve", "--settings", str(given)]
    ended = subprocess.run(
        [*command, "--notify-fd", "99"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={},
        check=False,
        timeout=STOP_SECONDS,
    )

    assert 2 == ended.returncode
    assert "oye-proxy: --notify-fd 99: Bad file descriptor\n" == ended.stderr


def test_the_demo_shows_two_chargers_with_data_of_their_own(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo") as (process, printed):
        process.send_signal(signal.SIGTERM)
        code = process.wait(STOP_SECONDS)

    assert "Ready." in printed
    assert 0 == code
    assert (tmp_path / "demo/db/oye-proxy.db").is_file()


def test_the_demo_leaves_a_real_database_alone(tmp_path: Path) -> None:
    given = tmp_path / "settings.json"
    given.write_text('{"storage": {"database_url": "postgresql://a:b@127.0.0.1:1/c"}}')
    with serving(tmp_path, "--demo", "--settings", str(given)) as (_, printed):
        pass

    assert "Ready." in printed


def test_a_database_that_is_away_is_one_sentence_and_code_1(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OYE_DATABASE_URL", "postgresql+asyncpg://oye:hidden@127.0.0.1:1/oye")
    result = run("serve", "--host", "127.0.0.1", "--port", "0")

    assert 1 == result.code
    assert (
        "oye-proxy: the database oye on 127.0.0.1:1 cannot be reached: start PostgreSQL there,"
        " or correct the address\n"
    ) == result.err


def test_no_line_of_the_log_shows_the_password_of_the_database() -> None:
    url = Secret("postgresql://oye:p%40ss@db/oye")
    settings = Settings(storage=StorageSettings(database_url=url))

    assert [url, Secret("p@ss")] == serve._secrets_of(settings)
    assert [] == serve._secrets_of(Settings())


def test_a_port_in_use_is_one_sentence_and_code_2(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--host", "127.0.0.1", "--port", str(port))

    assert 2 == result.code
    assert (
        f"oye-proxy: server.port: cannot listen on port {port}: Address already in use. "
        "Stop the program that uses it, or choose another one with --port.\n"
    ) == result.err


def test_a_host_of_another_machine_is_one_sentence_and_code_2(run: Run) -> None:
    result = run("serve", "--host", "192.0.2.1", "--port", "0")

    assert 2 == result.code
    assert result.err.startswith("oye-proxy: server.host: 192.0.2.1 is no address of this machine")


def test_a_wrong_setting_names_itself_and_its_source(run: Run) -> None:
    result = run("serve", "--port", "many")

    assert 2 == result.code
    assert "server.port" in result.err
    assert "command line" in result.err


def test_a_wrong_csms_address_is_one_sentence(run: Run) -> None:
    result = run("serve", "--port", "0", "--csms-url", "http://csms.example.com")

    assert 2 == result.code
    assert result.err.startswith("oye-proxy: csms.url: ")


def test_its_own_address_is_no_csms(run: Run) -> None:
    result = run("serve", "--port", "8080", "--csms-url", "ws://localhost:8080/ocpp")

    assert 2 == result.code
    assert "csms.url: This address leads back to this proxy" in result.err


def test_a_folder_that_cannot_be_made_is_one_sentence_and_code_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")
    result = run("serve", "--port", "0")

    assert 1 == result.code
    assert 1 == result.err.count("\n")


def test_a_file_that_is_no_database_is_one_sentence_and_code_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data/db").mkdir(parents=True)
    (tmp_path / "data/db/oye-proxy.db").write_text("this is no database at all" * 100)
    result = run("serve", "--port", "0")

    assert 1 == result.code
    assert "is not a database: move it away, or restore it from a backup" in result.err


@pytest.mark.parametrize(
    ("password", "shown"),
    [("s3cret-word", "s3cret-word"), (None, "(hidden - set via INITIAL_ADMIN_PASSWORD)")],
)
def test_the_block_of_the_first_user(
    capsys: pytest.CaptureFixture[str], password: str | None, shown: str
) -> None:
    """As the Node oye-proxy prints it."""
    serve._print_welcome(Running(host="::1", port=8080, first_user=("admin", password)))
    line = "=" * 60

    assert [
        line,
        "DEFAULT ADMIN USER CREATED",
        line,
        "Username: admin",
        f"Password: {shown}",
        line,
        "Charger URL:     ws://[::1]:8080/ocpp/<charger id>",
        "Console and API: http://[::1]:8080/",
        "Ready.",
    ] == capsys.readouterr().out.splitlines()


def test_listening_everywhere_shows_an_address_that_a_charger_can_use(
    capsys: pytest.CaptureFixture[str],
) -> None:
    serve._print_welcome(Running(host="", port=8080, first_user=None))

    assert "0.0.0.0" not in capsys.readouterr().out  # noqa: S104 - compared, not bound


def test_the_version_and_the_api_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    version = capsys.readouterr().out
    code = cli.main(["openapi"])

    assert 0 == ended.value.code == code
    assert version.startswith("oye-proxy ")
    assert capsys.readouterr().out.startswith("{")
