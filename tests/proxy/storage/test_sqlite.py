import asyncio
import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from oye_proxy.storage import sqlite
from oye_proxy.tasks import spawn

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


async def test_who_opens_a_new_file_waits_for_who_writes_it(tmp_path: Path) -> None:
    """SQLite refuses at once to make it a WAL meanwhile: its own wait does not count there."""
    path = tmp_path / "oye.db"
    loop = asyncio.get_running_loop()
    tried_again = asyncio.Event()
    heard: list[str] = []

    def trace(statement: str) -> None:
        heard.append(statement)
        if heard.count("PRAGMA journal_mode=WAL") == 2:
            loop.call_soon_threadsafe(tried_again.set)

    def watch(connection: Any, _record: object) -> None:
        connection.run_async(lambda driver: driver.set_trace_callback(trace))

    with contextlib.closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        engine = sqlite.engine_for_file(path)
        event.listen(engine.sync_engine, "connect", watch, insert=True)
        opening = spawn(journal_mode(engine), name="open the file")
        opening.add_done_callback(lambda _: tried_again.set())
        await tried_again.wait()
        writer.rollback()

        assert "wal" == await opening
    await engine.dispose()


async def journal_mode(engine: AsyncEngine) -> str:
    """Return the mode that a new connection has."""
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql("PRAGMA journal_mode")
        return str(found.scalar_one())
