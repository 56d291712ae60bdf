"""Root reads a file in a folder that the proxy may write: it believes only the proxy's own file."""

import os
from pathlib import Path

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.ha_app.files import NOBODY_ELSE, Owner
from oye_proxy.ha_app.proxy_secrets import read_proxy_secrets
from oye_proxy.secrets_file import keep_integration_token, load_secrets


def test_what_the_proxy_wrote_is_read(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    keep_integration_token(tmp_path, "oye_abc")

    assert load_secrets(tmp_path) == read_proxy_secrets(tmp_path, Owner(os.geteuid()))


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"secrets\.json cannot be read: No such file"):
        read_proxy_secrets(tmp_path, NOBODY_ELSE)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Else the proxy could have root read a file of its choice out to Home Assistant."""
    other = tmp_path / "other"
    load_secrets(other)
    (tmp_path / "secrets.json").symlink_to(other / "secrets.json")
    (tmp_path / "folder").symlink_to(other)
    for folder in (tmp_path, tmp_path / "folder"):
        with pytest.raises(StorageError, match="cannot be read"):
            read_proxy_secrets(folder, NOBODY_ELSE)


def test_a_pipe_does_not_hold_us_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "secrets.json")
    with pytest.raises(StorageError, match="is not the proxy's own file"):
        read_proxy_secrets(tmp_path, NOBODY_ELSE)


def test_a_file_of_somebody_else_is_not_believed(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    with pytest.raises(StorageError, match="is not the proxy's own file"):
        read_proxy_secrets(tmp_path, Owner(os.geteuid() + 1))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"instanceId": 1}', "[" * 50_000])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.json").write_text(content)
    with pytest.raises(StorageError, match=r"secrets\.json is damaged"):
        read_proxy_secrets(tmp_path, NOBODY_ELSE)
