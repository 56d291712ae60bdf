"""A socket that only its owner and group reach, taken over from a process that is gone."""

import socket
import stat
from pathlib import Path

import pytest

from oye_proxy.app.unix_socket import bind_unix, remove
from oye_proxy.errors import SettingsError

SETTING = "server.public_socket"


def test_only_owner_and_group_may_connect(tmp_path: Path) -> None:
    path = tmp_path / "sock/public.sock"
    with bind_unix(path, SETTING):
        mode = stat.S_IMODE(path.stat().st_mode)

    assert 0o660 == mode


def test_what_a_dead_process_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "public.sock"
    bind_unix(path, SETTING).close()
    with bind_unix(path, SETTING) as again:
        again.listen()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))


def test_a_socket_in_use_stays(tmp_path: Path) -> None:
    path = tmp_path / "public.sock"
    with bind_unix(path, SETTING) as used:
        used.listen()
        with pytest.raises(SettingsError, match=r"server\.public_socket: .*already in use"):
            bind_unix(path, SETTING)

        assert path.is_socket()


def test_a_socket_whose_queue_is_full_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "public.sock"
    with bind_unix(path, SETTING) as used, socket.socket(socket.AF_UNIX) as first:
        used.listen(0)
        first.connect(str(path))
        with pytest.raises(SettingsError, match="already in use"):
            bind_unix(path, SETTING)


def test_what_is_no_socket_stays(tmp_path: Path) -> None:
    path = tmp_path / "public.sock"
    path.write_text("precious")
    with pytest.raises(SettingsError, match="File exists"):
        bind_unix(path, SETTING)
    remove(path)

    assert "precious" == path.read_text()


def test_a_path_that_is_too_long_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"server\.public_socket: cannot listen on .*too long"):
        bind_unix(tmp_path / ("x" * 200), SETTING)


def test_it_is_gone_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "public.sock"
    bind_unix(path, SETTING).close()
    remove(path)
    remove(path)

    assert not path.exists()
