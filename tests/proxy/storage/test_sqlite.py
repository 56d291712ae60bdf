import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oye_proxy.storage import sqlite

NOW = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)


def make(path: Path, statement: str) -> None:
    made = sqlite3.connect(path)
    made.execute(statement)
    made.commit()
    made.close()


def test_only_a_file_of_the_node_proxy_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "oye.db"
    assert sqlite.back_up_node_file(path, NOW) is None

    path.touch()
    assert sqlite.back_up_node_file(path, NOW) is None

    make(path, "CREATE TABLE config (key TEXT)")
    assert sqlite.back_up_node_file(path, NOW) is None
    assert ["oye.db"] == [file.name for file in tmp_path.iterdir()]

    make(path, "CREATE TABLE knex_migrations (id INTEGER)")
    assert tmp_path / "oye.db.bak-20261121-100000" == sqlite.back_up_node_file(path, NOW)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_BUSY_SNAPSHOT", "is locked by another program: end it"),
        ("SQLITE_LOCKED", "is locked by another program: end it"),
        ("SQLITE_READONLY_DBMOVED", "is read-only: make the file and its folder writable"),
        ("SQLITE_CANTOPEN", "cannot be opened: make its folder writable"),
        ("SQLITE_PERM", "make it readable and writable"),
        ("SQLITE_NOTADB", "is not a database: move it away"),
        ("SQLITE_CORRUPT_INDEX", "is damaged: move it away"),
        ("SQLITE_FULL", "is full: make room"),
        ("SQLITE_IOERR_SHMSIZE", "is full: make room"),
        ("SQLITE_IOERR_WRITE", "does not work: check it"),
    ],
)
def test_each_failure_has_a_sentence_that_says_what_to_do(name: str, words: str) -> None:
    error = sqlite3.OperationalError("raw text")
    error.sqlite_errorname = name
    sentence = sqlite.sentence(error, "/data/o.db")

    assert sentence is not None
    assert "/data/o.db" in sentence
    assert words in sentence


def test_other_failures_have_none() -> None:
    assert sqlite.sentence(ValueError("x"), "/data/o.db") is None
    assert sqlite.sentence(sqlite3.OperationalError("no such table"), "/data/o.db") is None
