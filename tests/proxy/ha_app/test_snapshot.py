"""What a backup takes is a whole database, and after a restore it is the database."""

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.proxy.ha_app.conftest import write_options

from oye_proxy.errors import StorageError
from oye_proxy.ha_app import command
from oye_proxy.ha_app.files import account
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.snapshot import Restored, drop, put_back, take


@pytest.fixture
def paths() -> Iterator[Paths]:
    """Make folders that another account reaches, too."""
    with TemporaryDirectory(prefix="oye-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        paths = Paths(data=folder / "data", ssl=folder / "ssl", run=folder / "run")
        for made in (paths.data, paths.ssl, paths.run):
            made.mkdir()
        write_options(paths)
        yield paths


@contextlib.contextmanager
def writing(paths: Paths) -> Iterator[sqlite3.Connection]:
    """Hold a database open as the proxy does it, with a row that is only in its log."""
    paths.database.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(paths.database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("CREATE TABLE IF NOT EXISTS told (what TEXT)")
        connection.execute("INSERT INTO told VALUES ('accepted')")
        yield connection


def told(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [what for (what,) in connection.execute("SELECT what FROM told")]


def app(paths: Paths, *others: str) -> int:
    folders = ["--data", str(paths.data), "--ssl", str(paths.ssl), "--run-dir", str(paths.run)]
    return command.main([*folders, "--user", "", *others])


def test_a_copy_holds_what_is_in_the_log_and_needs_nothing_beside_it(paths: Paths) -> None:
    with writing(paths) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO told VALUES ('not yet')")
        taken = take(paths.database, paths.snapshot)
        connection.execute("COMMIT")

    assert taken
    assert [paths.snapshot] == list(paths.snapshot.parent.iterdir())
    assert 0o600 == stat.S_IMODE(paths.snapshot.stat().st_mode)
    assert ["accepted"] == told(paths.snapshot)


def test_a_newer_copy_replaces_an_older_one(paths: Paths) -> None:
    with writing(paths):
        take(paths.database, paths.snapshot)
    with writing(paths):
        take(paths.database, paths.snapshot)

    assert ["accepted", "accepted"] == told(paths.snapshot)


def test_without_a_database_there_is_nothing_to_copy(paths: Paths) -> None:
    assert not take(paths.database, paths.snapshot)
    assert 0 == app(paths, "snapshot")


def test_a_database_that_cannot_be_copied_stops_the_backup(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    """A backup without data would be silent loss."""
    paths.database.parent.mkdir(parents=True)
    paths.database.write_text("this is no database at all" * 100)
    with pytest.raises(StorageError, match="there is no backup"):
        take(paths.database, paths.snapshot)

    assert [] == list(paths.snapshot.parent.iterdir())
    assert 1 == app(paths, "snapshot")
    assert 1 == capsys.readouterr().err.count("\n")


def test_after_a_restore_the_copy_is_the_database(paths: Paths) -> None:
    with writing(paths):
        app(paths, "snapshot")
    for path in paths.database.parent.iterdir():
        path.unlink()
    paths.database.parent.rmdir()
    used = put_back(paths.database, paths.snapshot)

    assert Restored.USED is used
    assert ["accepted"] == told(paths.database)
    assert not paths.snapshot.parent.exists()
    assert Restored.NOTHING is put_back(paths.database, paths.snapshot)


def test_a_database_that_is_there_is_never_replaced(paths: Paths) -> None:
    """A backup that was cut off left its copy; it is older than the database."""
    with writing(paths):
        take(paths.database, paths.snapshot)
    with writing(paths):
        left = put_back(paths.database, paths.snapshot)

    assert Restored.LEFT_OVER is left
    assert ["accepted", "accepted"] == told(paths.database)
    assert not paths.snapshot.exists()


def test_the_copy_goes_after_the_backup(paths: Paths) -> None:
    with writing(paths):
        app(paths, "snapshot")
    codes = [app(paths, "snapshot", "--drop"), app(paths, "snapshot", "--drop")]
    drop(paths.snapshot)

    assert [0, 0] == codes
    assert not paths.snapshot.parent.exists()


def test_postgresql_is_not_part_of_a_backup_and_that_is_said(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    write_options(paths, database_url="postgresql://a:word@db/oye")
    code = app(paths, "snapshot")
    out = capsys.readouterr().out

    assert 0 == code
    assert "back it up there" in out
    assert "word" not in out


def test_the_start_puts_a_restored_copy_in_its_place(
    paths: Paths, capfd: pytest.CaptureFixture[str]
) -> None:
    with writing(paths):
        app(paths, "snapshot")
    paths.database.unlink()
    code = app(paths, "init")

    assert 0 == code
    assert "Database: restored from the backup" in capfd.readouterr().out
    assert ["accepted"] == told(paths.database)


def test_root_does_nothing_in_the_folder_of_the_proxy(paths: Paths) -> None:
    """The copy belongs to the account of the proxy."""
    owner = account("nobody")
    with writing(paths):
        pass
    if owner.user is not None and owner.group is not None:
        for path in (paths.proxy_data, paths.database.parent, *paths.database.parent.iterdir()):
            os.chown(path, owner.user, owner.group)
    process = [sys.executable, "-m", "oye_proxy.ha_app", "--data", str(paths.data)]
    subprocess.run([*process, "--user", "nobody", "snapshot"], check=True)

    assert paths.database.stat().st_uid == paths.snapshot.stat().st_uid
    assert ["accepted"] == told(paths.snapshot)
