import json
import stat
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.secrets_file import (
    FILE_NAME,
    RetiredToken,
    keep_integration_token,
    keep_mail_secrets,
    load_secrets,
    read_secrets,
    restore_secrets,
)


def test_the_file_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = load_secrets(folder)

    assert first == load_secrets(folder)
    assert 4 == uuid.UUID(first.instance_id).version
    assert ["secrets.json"] == [path.name for path in folder.iterdir()]


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    load_secrets(tmp_path)

    assert 0o600 == stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode)


def test_a_restored_file_is_closed_to_others_again(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    (tmp_path / "secrets.json").chmod(0o644)
    load_secrets(tmp_path)

    assert 0o600 == stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode)


def test_a_file_system_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    first = load_secrets(tmp_path)

    assert first == load_secrets(tmp_path)
    assert ["secrets.json"] == [path.name for path in tmp_path.iterdir()]


def test_two_data_folders_have_nothing_in_common(tmp_path: Path) -> None:
    one, other = load_secrets(tmp_path / "a"), load_secrets(tmp_path / "b")

    assert one.instance_id != other.instance_id


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: load_secrets(tmp_path).instance_id, range(16)))

    assert 1 == len(found)


def test_what_others_keep_there_stays_and_what_lacks_is_added(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text('{"integrationToken": "theirs"}')
    found = load_secrets(tmp_path)

    assert {"integrationToken": "theirs", "instanceId": found.instance_id} == (
        json.loads(path.read_text())
    )
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"instanceId": 7}', "[" * 100_000])
def test_a_damaged_file_is_named_and_kept(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(content)
    with pytest.raises(StorageError, match=r"secrets\.json is damaged: restore it from a backup"):
        load_secrets(tmp_path)

    assert ["secrets.json"] == [path.name for path in tmp_path.iterdir()]


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StorageError, match=r"secrets\.json cannot be used: Not a directory; make"):
        load_secrets(tmp_path / "data")


def test_a_backup_takes_the_file_as_it_is(tmp_path: Path) -> None:
    assert read_secrets(tmp_path) is None

    (tmp_path / "secrets.json").write_text("what there is")

    assert b"what there is" == read_secrets(tmp_path)


def test_the_file_of_a_backup_replaces_another_that_is_kept(tmp_path: Path) -> None:
    before = load_secrets(tmp_path)
    path = tmp_path / "secrets.json"
    old = path.read_bytes()
    restore_secrets(tmp_path, old, ".same")
    restore_secrets(tmp_path, b'{"instanceId": "7"}', ".old")

    assert "7" == load_secrets(tmp_path).instance_id != before.instance_id
    assert old == (tmp_path / "secrets.json.old").read_bytes()
    assert 0o600 == stat.S_IMODE((tmp_path / "secrets.json.old").stat().st_mode)
    assert not (tmp_path / "secrets.json.same").exists()


def test_a_place_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"secrets\.json cannot be read: Not a directory"):
        read_secrets(tmp_path / "file")
    with pytest.raises(StorageError, match=r"secrets\.json cannot be written: "):
        restore_secrets(tmp_path / "file", b"{}", ".old")


def test_the_token_of_the_integration_is_kept_beside_the_rest(tmp_path: Path) -> None:
    before = load_secrets(tmp_path)
    keep_integration_token(tmp_path, "oye_abc")
    after = load_secrets(tmp_path)

    assert (before.instance_id, "oye_abc") == (after.instance_id, after.integration_token)


def test_former_tokens_are_kept_with_their_end(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    former = RetiredToken("oye_old", datetime(2026, 11, 21, 12, tzinfo=UTC))
    keep_integration_token(tmp_path, "oye_new", [former])

    assert (former,) == load_secrets(tmp_path).retired_tokens


def test_a_token_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"secrets\.json cannot be written: No such file"):
        keep_integration_token(tmp_path / "away", "oye_abc")


def test_mail_and_integration_keep_their_secrets_side_by_side(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    keep_integration_token(tmp_path, "oye_token")
    keep_mail_secrets(tmp_path, "hidden", "seed")
    keep_integration_token(tmp_path, "oye_other")
    kept = load_secrets(tmp_path)

    assert ("oye_other", "hidden", "seed") == (
        kept.integration_token,
        kept.mail_password,
        kept.mail_seed,
    )
    assert 0o600 == (tmp_path / FILE_NAME).stat().st_mode & 0o777
