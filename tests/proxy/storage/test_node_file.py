"""A file of the Node oye-proxy: read as it is, whatever is in it."""

import sqlite3
from pathlib import Path

import pytest
from tests.proxy.storage.test_takeover import NODE_SCHEMA

from oye_proxy.errors import StorageError
from oye_proxy.storage.models import chargers, config, logs
from oye_proxy.storage.node_file import NodeFile


def made(path: Path, *statements: str) -> NodeFile:
    node = sqlite3.connect(path)
    node.executescript(NODE_SCHEMA)
    for statement in statements:
        node.execute(statement)
    node.commit()
    node.close()
    return NodeFile(path)


def test_rows_have_the_columns_of_ours(tmp_path: Path) -> None:
    file = made(tmp_path / "node?.db")
    frames, known = list(file.rows(logs)), list(file.rows(chargers))
    users, last = file.users(), file.last_frame()
    file.close()

    assert {
        "id": 41,
        "charge_point_id": "CP-001",
        "direction": "UPSTREAM",
        "payload": '[2,"1","Heartbeat",{}]',
        "timestamp": 1700000001,
    } == frames[0]
    assert (16.0, "10.0.0.7", 4711) == (
        known[0]["max_power"],
        known[0]["remote_ip"],
        known[0]["remote_port"],
    )
    assert (["admin"], 42) == (users, last)


def test_odd_values_are_made_usable_or_left_out(tmp_path: Path) -> None:
    """SQLite lets any value be in any column."""
    file = made(
        tmp_path / "node.db",
        "INSERT INTO logs VALUES (50, 'a' || char(0), 'UPSTREAM', x'ff41', '1700000003')",
        "INSERT INTO logs VALUES (51, 'a', 'UPSTREAM', 'x', 'yesterday')",
        "INSERT INTO logs VALUES (52, 'a', 'UPSTREAM', 'x', 9e99)",
        "INSERT INTO chargers (charge_point_id, status, last_seen) VALUES (NULL, 'x', 1)",
        "INSERT INTO chargers VALUES ('inf', 'x', 1, 9e999, NULL, NULL, NULL)",
        "INSERT INTO config VALUES (replace(hex(zeroblob(150)), '0', 'k'), 7, NULL)",
    )
    frames, known, keys = (list(file.rows(table)) for table in (logs, chargers, config))
    file.close()

    assert [41, 42, 50] == [row["id"] for row in frames]
    assert ("a?", "\ufffdA", 1700000003) == (
        frames[2]["charge_point_id"],
        frames[2]["payload"],
        frames[2]["timestamp"],
    )
    assert ["CP-001"] == [row["charge_point_id"] for row in known]
    assert ["k" * 255, "targetCsmsUrl"] == [row["key"] for row in keys]
    assert 4 == file.unreadable


def test_an_early_version_without_all_tables_is_read(tmp_path: Path) -> None:
    file = made(
        tmp_path / "node.db", "DROP TABLE auth_users", "DROP TABLE chargers", "DROP TABLE logs"
    )
    found = (file.users(), list(file.rows(chargers)), list(file.rows(logs)), file.last_frame())
    file.close()

    assert ([], [], [], 0) == found


def test_an_installation_is_known_by_when_it_made_its_tables(tmp_path: Path) -> None:
    first = made(tmp_path / "1.db")
    same = made(tmp_path / "2.db", "DELETE FROM logs")
    other = made(tmp_path / "3.db", "INSERT INTO knex_migrations (name) VALUES ('later')")
    names = [file.identity() for file in (first, same, other)]
    for file in (first, same, other):
        file.close()

    assert names[0] == names[1] != names[2]


def test_what_is_no_such_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database" * 100)
    sqlite3.connect(tmp_path / "empty.db").close()
    for name, words in (
        ("missing", "there is no file"),
        ("text", "is not a database"),
        ("empty.db", "is no database of the Node oye-proxy: the table knex_migrations is missing"),
    ):
        with pytest.raises(StorageError, match=words):
            NodeFile(tmp_path / name)
