"""The file of a backup: whole or not there, and nothing in it is trusted."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from oye_proxy.errors import StorageError
from oye_proxy.storage import archive as module
from oye_proxy.storage.archive import (
    ArchiveReader,
    Manifest,
    part_of,
    writing_archive,
)

SECRETS = b'{"instanceId": "1"}'
LINES = [b'["a","1",null]', '["Ä","2",1]'.encode()]


def write(path: Path) -> Manifest:
    with writing_archive(path) as writer:
        with writer.table("config") as table:
            table.write(LINES)
            part = table.part(["key", "value", "updated_at"], None)
        manifest = Manifest(
            format=1,
            version="0.1.0",
            revision="0001",
            created="2026-11-21T10:00:00+00:00",
            database="sqlite",
            tables={"config": part},
            secrets=part_of(SECRETS),
        )
        writer.finish(manifest, SECRETS)
    return manifest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "b.zip")
    return tmp_path / "b.zip"


def read(path: Path) -> ArchiveReader:
    """Open and check."""
    reader = ArchiveReader(path)
    try:
        reader.check()
    finally:
        reader.close()
    return reader


def rewrite(path: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Change the members of a backup."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)


def manifest_changed(path: Path, change: Callable[[Any], object]) -> None:
    def apply(members: dict[str, bytes]) -> None:
        manifest = msgspec.json.decode(members["manifest.json"])
        change(manifest)
        members["manifest.json"] = msgspec.json.encode(manifest)

    rewrite(path, apply)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    manifest = write(tmp_path / "b.zip")
    reader = ArchiveReader(tmp_path / "b.zip")
    reader.check()
    lines, secrets = list(reader.lines("config")), reader.secrets()
    reader.close()

    assert manifest == reader.manifest
    assert [line + b"\n" for line in LINES] == lines
    assert SECRETS == secrets


def test_only_the_owner_can_read_it(path: Path) -> None:
    """It holds keys."""
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_a_failure_leaves_what_was_there_and_nothing_else(path: Path) -> None:
    before = path.read_bytes()

    def fail() -> None:
        with writing_archive(path) as writer, writer.table("config") as table:
            table.write(LINES)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert before == path.read_bytes()
    assert ["b.zip"] == [file.name for file in path.parent.iterdir()]


def test_only_another_backup_is_replaced(path: Path) -> None:
    """The name of the database itself is one slip away."""
    write(path)
    path.write_text("a database")
    with pytest.raises(StorageError, match=r"b\.zip is there and is no backup: name another file"):
        write(path)

    assert "a database" == path.read_text()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(StorageError, match="cannot be written: No such file or directory; choose"),
        writing_archive(tmp_path / "no" / "b.zip"),
    ):
        pass


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"b\.zip cannot be read: No such file or directory"):
        ArchiveReader(tmp_path / "b.zip")


def test_each_byte_that_is_missing_or_changed_is_found(path: Path) -> None:
    whole = path.read_bytes()
    for cut in range(0, len(whole), 7):
        path.write_bytes(whole[:cut])
        with pytest.raises(StorageError, match="is no backup of OYE, or it is damaged"):
            read(path)
    # Behind the name stand 20 bytes about sizes, then the content.
    start = whole.index(b"tables/config.jsonl") + 19 + 20
    for index in range(start, start + 15):
        path.write_bytes(whole[:index] + bytes([whole[index] ^ 0x10]) + whole[index + 1 :])
        with pytest.raises(StorageError, match="is no backup of OYE, or it is damaged"):
            read(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../../etc/passwd", b"x"),
        ("/etc/passwd", b"x"),
        ("tables/../../evil.jsonl", b"x"),
        ("tables/other.jsonl", b""),
        ("notes.txt", b"x"),
    ],
)
def test_a_part_that_the_manifest_does_not_name_is_refused(
    path: Path, name: str, content: bytes
) -> None:
    rewrite(path, lambda members: members.__setitem__(name, content))

    with pytest.raises(StorageError, match="its parts are not those that it names"):
        read(path)


@pytest.mark.parametrize("name", ["tables/config.jsonl", "secrets.json", "manifest.json"])
def test_a_part_that_is_missing_is_told(path: Path, name: str) -> None:
    rewrite(path, lambda members: members.pop(name))

    with pytest.raises(StorageError, match="is no backup of OYE, or it is damaged"):
        read(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_comes_twice_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("tables/config.jsonl", b"[]\n")

    with pytest.raises(StorageError, match="its parts are not those that it names"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("tables/config.jsonl", b'["a","9",null]\n', "table config was changed"),
        ("tables/config.jsonl", b'["a","1",null]\n' * 100, "table config is larger than it may"),
        ("secrets.json", b"{}", "its secrets.json was changed"),
        ("secrets.json", b" " * (5 * 1024 * 1024), "its secrets.json is too large"),
        ("manifest.json", b" " * (5 * 1024 * 1024), "its manifest.json is too large"),
        ("manifest.json", b"[" * 100_000, "is no backup of OYE"),
        ("manifest.json", b'{"format": 1}', "is no backup of OYE"),
    ],
)
def test_a_part_that_was_changed_is_refused(
    path: Path, name: str, content: bytes, words: str
) -> None:
    rewrite(path, lambda members: members.__setitem__(name, content))

    with pytest.raises(StorageError, match=words):
        read(path)


def test_a_row_count_that_is_wrong_is_told(path: Path) -> None:
    manifest_changed(path, lambda manifest: manifest["tables"]["config"].update(rows=3))

    with pytest.raises(StorageError, match="the table config has 2 rows, not 3"):
        read(path)


@pytest.mark.parametrize("size", [-1, "many", 1.5])
def test_a_size_that_is_none_is_refused(path: Path, size: object) -> None:
    """A negative one would read without a bound."""
    manifest_changed(path, lambda manifest: manifest["tables"]["config"].update(bytes=size))

    with pytest.raises(StorageError, match="is no backup of OYE, or it is damaged"):
        read(path)


def test_a_line_that_grows_without_end_is_not_read_to_its_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LINE_BYTES", 1000)
    bomb = b"x" * 10_000_000
    rewrite(path, lambda members: members.__setitem__("tables/config.jsonl", bomb))
    manifest_changed(path, lambda manifest: manifest["tables"]["config"].update(bytes=len(bomb)))

    with pytest.raises(StorageError, match="table config is larger than it may be"):
        read(path)


def test_a_newer_format_says_what_to_do(path: Path) -> None:
    manifest_changed(path, lambda manifest: manifest.update(format=2))

    with pytest.raises(StorageError, match="made by a newer version of OYE: install that"):
        read(path)


def test_secrets_that_are_no_object_are_refused(path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        manifest = msgspec.json.decode(members["manifest.json"])
        members["secrets.json"] = b"[]"
        manifest["secrets"] = msgspec.to_builtins(part_of(b"[]"))
        members["manifest.json"] = msgspec.json.encode(manifest)

    rewrite(path, change)

    with pytest.raises(StorageError, match="is no backup of OYE, or it is damaged"):
        read(path)
