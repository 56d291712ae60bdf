"""Files appear whole, with their mode; folders are no links."""

import os
import stat
from pathlib import Path

import pytest

from oye_proxy.errors import SettingsError
from oye_proxy.ha_app.files import NOBODY_ELSE, Owner, account, make_folder, write_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    write_file(path, b"old", 0o640)
    write_file(path, b"new", 0o600, Owner(os.getuid(), os.getgid()))

    assert (b"new", 0o600) == (path.read_bytes(), mode(path))
    assert [path] == list(tmp_path.iterdir())


def test_a_file_that_cannot_be_put_in_place_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(IsADirectoryError):
        write_file(tmp_path / "taken", b"", 0o600)

    assert [tmp_path / "taken"] == list(tmp_path.iterdir())


def test_a_folder_gets_its_mode_whatever_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "a/b"
    make_folder(folder, 0o750)
    folder.chmod(0o777)
    make_folder(folder, 0o700)

    assert 0o700 == mode(folder)


def test_no_link_is_followed(tmp_path: Path) -> None:
    """Else whoever owns the link would choose whose folder is given away."""
    (tmp_path / "secret").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("secret")
    with pytest.raises(OSError, match=r"."):
        make_folder(tmp_path / "link", 0o777)

    assert 0o700 == mode(tmp_path / "secret")


def test_files_and_folders_are_given_away(tmp_path: Path) -> None:
    """Only root can give to others; everybody else gives to themselves."""
    other = 65534 if os.geteuid() == 0 else os.getuid()
    write_file(tmp_path / "file", b"", 0o600, Owner(user=other))
    make_folder(tmp_path / "folder", 0o700, Owner(user=other))

    assert [other, other] == [(tmp_path / name).stat().st_uid for name in ("file", "folder")]


def test_an_account_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SettingsError, match="--user nobody-at-all: there is no such account"):
        account("nobody-at-all")

    assert 0 == account("root").user


def test_who_is_not_root_gives_nothing_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert NOBODY_ELSE == account("nobody-at-all") == account(None)
