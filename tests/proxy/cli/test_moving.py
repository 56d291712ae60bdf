"""`oye-proxy migrate-database`, as an owner types it."""

import io
from pathlib import Path

import pytest
from tests.proxy.cli.conftest import Run

from oye_proxy.cli import moving
from oye_proxy.settings import Secret


def test_data_moves_into_a_file_and_compares_equal(
    run: Run, data_dir: Path, tmp_path: Path
) -> None:
    run("users", "add", "anna", stdin="correct horse\n")
    file = data_dir / "db/oye-proxy.db"
    target = tmp_path / "moved/db/oye-proxy.db"
    result = run("migrate-database", str(file), str(target), data=False)
    users = run("users", "list", "--data-dir", str(tmp_path / "moved"), data=False)

    assert (0, "") == (result.code, result.err)
    assert "auth_users: 1 rows\n" in result.out
    assert f"All 1 rows are in {target} and compare equal.\n" in result.out
    assert "anna" == users.out.split("\t")[0]


def test_data_moves_to_postgresql_and_back(
    run: Run,
    data_dir: Path,
    tmp_path: Path,
    postgresql_url: Secret,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run("users", "add", "anna", stdin="correct horse\n")
    url = postgresql_url.reveal()
    there = run("migrate-database", str(data_dir / "db/oye-proxy.db"), url, data=False)
    back = run("migrate-database", url, str(tmp_path / "back/db/oye-proxy.db"), data=False)
    users = run("users", "list", "--data-dir", str(tmp_path / "back"), data=False)
    monkeypatch.setenv("OYE_DATABASE_URL", url)
    same = run("users", "list")

    assert (0, 0) == (there.code, back.code)
    assert "p%40ss" not in there.out + there.err + back.out + back.err
    assert users.out == same.out != ""


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("{0}/none.db", "{0}/new.db", "there is no database {0}/none.db"),
        ("{0}", "{0}/new.db", "{0} is a folder: name the file"),
        ("mysql://root:geheim@h/d", "{0}/new.db", "storage.database_url: expected postgresql"),
        ("postgresql://u:geheim@127.0.0.1:1/d", "{0}/new.db", "cannot be reached: start"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    run: Run, tmp_path: Path, source: str, target: str, words: str
) -> None:
    where = str(tmp_path)
    result = run("migrate-database", source.format(where), target.format(where), data=False)

    assert result.code in {1, 2}
    assert words.format(where) in result.err
    assert 1 == result.err.count("\n")
    assert "geheim" not in result.err
    assert not (tmp_path / "none.db").exists()


def test_a_target_that_is_away_is_one_sentence(run: Run, data_dir: Path) -> None:
    run("config", "set", "autoChargeEnabled", "false")
    target = "postgresql://u:geheim@127.0.0.1:1/d"
    result = run("migrate-database", str(data_dir / "db/oye-proxy.db"), target, data=False)

    assert 1 == result.code
    assert "the database d on 127.0.0.1:1 cannot be reached" in result.err
    assert "geheim" not in result.err


@pytest.mark.parametrize(
    ("address", "typed", "expected"),
    [
        (
            "postgresql://u@h/d?sslmode=require",
            "p@ss/1",
            "postgresql://u:p%40ss%2F1@h/d?sslmode=require",
        ),
        ("postgresql://u@h/d", "", "postgresql://u@h/d"),
        ("postgresql://u:given@h/d", None, "postgresql://u:given@h/d"),
        ("postgresql://h/d", None, "postgresql://h/d"),
    ],
)
def test_a_password_that_is_missing_is_asked_for_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, address: str, typed: str | None, expected: str
) -> None:
    """Arguments are seen by other users of the machine."""
    asked = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return typed or ""

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", ask)

    assert expected == moving._with_password(address).reveal()
    assert ([] if typed is None else ["Password of u for d on h:5432 (empty: none): "]) == asked


def test_nothing_is_asked_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    assert "postgresql://u@h/d" == moving._with_password("postgresql://u@h/d").reveal()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True
