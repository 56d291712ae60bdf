"""`oye-app` as the services call it."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.proxy.ha_app.conftest import DOMAIN, write_options

from oye_proxy.ha_app import command
from oye_proxy.ha_app.home_assistant import TOKEN
from oye_proxy.ha_app.notices import Notices
from oye_proxy.ha_app.paths import Paths

STOP_SECONDS = 30


@pytest.fixture(autouse=True)
def _no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN, raising=False)


def arguments(paths: Paths, *others: str) -> list[str]:
    return [
        *("--data", str(paths.data), "--ssl", str(paths.ssl), "--run-dir", str(paths.run)),
        *("--user", "", *others),
    ]


def test_init_makes_everything_and_says_what_it_is(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    write_options(paths, trusted_domains=[DOMAIN, "a b"])
    code = command.main(arguments(paths, "init"))
    out = capsys.readouterr().out.splitlines()

    assert 0 == code
    assert 'warning: trusted_domains: "a b" is ignored: it is no host name' in out[0]
    assert out[1].startswith("OYE 0.1.0 on Python 3.")
    assert out[2].startswith(f"Access: {DOMAIN}; LAN on")
    assert out[3].startswith(f"TLS {DOMAIN}: self-signed, SHA-256 ")
    assert out[4].startswith("TLS LAN: self-signed, SHA-256 ")
    assert out[5].startswith("warning: certfile, keyfile: ")
    assert paths.nginx_conf.is_file()
    assert paths.settings.is_file()


def test_a_start_that_let_nobody_in_is_told_and_the_next_good_one_takes_it_back(
    paths: Paths,
) -> None:
    write_options(paths)
    paths.own_tls.write_text("no folder")
    command.main(arguments(paths, "init"))
    (closed,) = Notices(paths.notices).waiting()
    paths.own_tls.unlink()
    command.main(arguments(paths, "init"))
    (mended,) = Notices(paths.notices).waiting()

    assert "oye_start" == closed.notification_id == mended.notification_id
    assert "closed" == closed.text
    assert closed.values["reasons"].startswith("there is no certificate: ")
    assert mended.text is None


def test_init_with_a_wrong_database_ends_with_a_sentence(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    write_options(paths, database_url="mysql://x")

    assert 2 == command.main(arguments(paths, "init"))
    assert capsys.readouterr().err.startswith("oye-app: database_url: ")


def test_init_in_a_folder_that_cannot_be_is_one_sentence(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    write_options(paths)
    paths.sockets.write_text("no folder")

    assert 1 == command.main(arguments(paths, "init"))
    assert 1 == capsys.readouterr().err.count("\n")


def test_a_quiet_level_shows_what_is_wrong_alone(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    write_options(paths, allow_lan=False, log_level="warning")
    command.main(arguments(paths, "init"))
    out = capsys.readouterr().out.splitlines()

    assert 1 == len(out)
    assert out[0].startswith("warning: nobody can connect")


def test_urls_are_printed_and_told_to_the_proxy(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    write_options(paths, trusted_domains=[DOMAIN], csms_url="wss://me:word@csms.a.org/")
    command.main(arguments(paths, "init"))
    capsys.readouterr()
    code = command.main(arguments(paths, "urls"))
    out = capsys.readouterr().out.splitlines()
    told = json.loads(paths.status.read_text())

    assert 0 == code
    assert [
        "CSMS: wss://csms.a.org/",
        "Charger URLs (append the charger's id unless the charger does it itself):",
        "  ws://homeassistant.local:9080/ocpp/",
        f"  wss://{DOMAIN}:9443/ocpp/",
        f"  ws://{DOMAIN}:9080/ocpp/     (not encrypted)",
        'Console: open "OYE" in the Home Assistant sidebar',
        "Supervisor did not answer: the ports and the name of this machine are guessed",
        "Ready",
    ] == out
    assert 3 == len(told["chargerUrls"])
    assert 2 == len(told["certificates"])


def test_watch_ends_with_0_when_it_is_told_to(paths: Paths) -> None:
    """Supervisor takes anything else for a failure."""
    write_options(paths, trusted_domains=[DOMAIN])
    command.main(arguments(paths, "init"))
    status = paths.status.stat().st_ino
    paths.status.write_text("{}")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "oye_proxy.ha_app"),
            *arguments(paths, "watch", "--interval", "0.05", "--reload", "true"),
        ]
    )
    try:
        wait_for_another(paths.status, status)
        process.send_signal(signal.SIGTERM)
        code = process.wait(STOP_SECONDS)
    finally:
        process.kill()
        process.wait()

    assert 0 == code


def wait_for_another(path: Path, inode: int) -> None:
    """Wait until the file was replaced: a round was made."""
    end = time.monotonic() + STOP_SECONDS
    while path.stat().st_ino == inode:
        assert time.monotonic() < end, "no round was made"
        time.sleep(0.01)


def test_supervisor_is_asked_with_the_token_of_this_start(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(TOKEN, "of this start")
    write_options(paths)
    code = command.main(arguments(paths, "--supervisor", "http://127.0.0.1:1", "urls"))

    assert 0 == code
    assert "Supervisor did not answer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("integration", "warning: Integration: not looked after, there is no Supervisor"),
        ("discovery", "warning: Discovery: "),
    ],
)
def test_what_home_assistant_does_not_take_is_a_line_and_no_failure(
    paths: Paths, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    """A service that fails would end the container."""
    write_options(paths)

    assert 0 == command.main(arguments(paths, name))
    assert capsys.readouterr().out.startswith(said)
