"""One database file in the place of another."""

import sqlite3
from pathlib import Path

import pytest

from oye_proxy.storage import file_swap
from oye_proxy.storage.file_swap import holds_data, put_in_place


def make(path: Path, *statements: str) -> Path:
    made = sqlite3.connect(path)
    for statement in statements:
        made.execute(statement)
    made.commit()
    made.close()
    return path


def values(path: Path) -> list[int]:
    opened = sqlite3.connect(path)
    found = [value for (value,) in opened.execute("SELECT * FROM t")]
    opened.close()
    return found


@pytest.mark.parametrize(
    ("statements", "held"),
    [
        ([], False),
        (["CREATE TABLE t (a)"], False),
        (["CREATE TABLE t (a)", "CREATE TABLE alembic_version (a)"], False),
        (["CREATE TABLE alembic_version (a)", "INSERT INTO alembic_version VALUES (1)"], False),
        (['CREATE TABLE "t"" (" (a)', 'INSERT INTO "t"" (" VALUES (1)'], True),
    ],
)
def test_a_database_with_rows_is_worth_keeping(
    tmp_path: Path,
    statements: list[str],
    held: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert held == holds_data(make(tmp_path / "o.db", *statements))
    assert ["o.db"] == [path.name for path in tmp_path.iterdir()]


def test_what_cannot_be_read_may_be_worth_keeping(tmp_path: Path) -> None:
    (tmp_path / "o.db").write_text("no database" * 100)

    assert holds_data(tmp_path / "o.db")
    assert not holds_data(tmp_path / "missing.db")


@pytest.mark.parametrize("links", [True, False])
def test_the_old_file_gets_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    old = make(tmp_path / "o.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)")
    old.chmod(0o640)
    new = make(tmp_path / "new.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (2)")
    kept = put_in_place(new, old, ".aside")

    assert tmp_path / "o.db.aside" == kept
    assert ([1], [2]) == (values(tmp_path / "o.db.aside"), values(old))
    assert 0o640 == old.stat().st_mode & 0o777
    assert not new.exists()


def test_a_name_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    old = make(tmp_path / "o.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)")
    new = make(tmp_path / "new.db", "CREATE TABLE t (a)")
    (tmp_path / "o.db.aside").write_text("mine")
    with pytest.raises(FileExistsError):
        put_in_place(new, old, ".aside")

    assert "mine" == (tmp_path / "o.db.aside").read_text()
    assert [1] == values(old)


def test_all_that_belongs_to_a_file_is_removed(tmp_path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"o.db{end}").touch()
    file_swap.remove(tmp_path / "o.db")

    assert [] == list(tmp_path.iterdir())
