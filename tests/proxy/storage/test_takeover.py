import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect

from oye_proxy.settings import StorageSettings
from oye_proxy.storage.chargers import ChargerStore
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.frames import FrameQuery, FrameStore
from oye_proxy.storage.models import metadata
from oye_proxy.storage.users import UserStore

# The tables as the Node oye-proxy's three migrations leave them.
NODE_SCHEMA = """
CREATE TABLE knex_migrations (id integer not null primary key autoincrement, name varchar(255));
CREATE TABLE knex_migrations_lock ("index" integer not null primary key autoincrement,
    is_locked integer);
CREATE TABLE config (key varchar(255), value text not null,
    updated_at integer default (strftime('%s', 'now')), primary key (key));
CREATE TABLE logs (id integer not null primary key autoincrement,
    charge_point_id varchar(255) not null, direction varchar(255) not null,
    payload text not null, timestamp integer not null);
CREATE INDEX logs_charge_point_id_timestamp_index on logs (charge_point_id, timestamp);
CREATE INDEX logs_timestamp_index on logs (timestamp);
CREATE TABLE chargers (charge_point_id varchar(255), status varchar(255) not null,
    last_seen integer not null, max_power float, remote_ip varchar(255), remote_port integer,
    connected_at integer, primary key (charge_point_id));
CREATE TABLE auth_users (username varchar(255), password_hash varchar(255) not null,
    created_at integer not null, primary key (username));
INSERT INTO knex_migrations (name) VALUES ('20231212000000_initial_schema.js');
INSERT INTO config VALUES ('targetCsmsUrl', 'wss://csms.example/ocpp', 1700000000);
INSERT INTO logs VALUES (41, 'CP-001', 'UPSTREAM', '[2,"1","Heartbeat",{}]', 1700000001);
INSERT INTO logs VALUES (42, 'CP-001', 'DOWNSTREAM', '[3,"1",{}]', 1700000002);
INSERT INTO chargers VALUES ('CP-001', 'ONLINE', 1700000002, 16.0, '10.0.0.7', 4711, 1700000000);
INSERT INTO auth_users VALUES ('admin', 'e3b0c44298fc1c149afbf4c8996fb924', 1700000000);
"""


@pytest.fixture
def node_file(tmp_path: Path) -> Path:
    path = tmp_path / "oye-proxy.db"
    node = sqlite3.connect(path)
    node.executescript(NODE_SCHEMA)
    node.close()
    return path


async def test_config_chargers_limits_and_frames_come_along(node_file: Path) -> None:
    database = Database(StorageSettings(db_path=node_file))
    await database.open()

    chargers = await ChargerStore(database).all()
    frames = await FrameStore(database).search(FrameQuery())
    assert {"targetCsmsUrl": "wss://csms.example/ocpp"} == await ConfigStore(database).all()
    assert [("CP-001", 16.0, "10.0.0.7", 4711)] == [
        (row.charge_point_id, row.max_power, row.remote_ip, row.remote_port) for row in chargers
    ]
    assert [
        (42, "DOWNSTREAM", '[3,"1",{}]', 1700000002, None),
        (41, "UPSTREAM", '[2,"1","Heartbeat",{}]', 1700000001, None),
    ] == [(row.id, row.direction, row.payload, row.timestamp, row.at) for row in frames]

    await database.close()


async def test_users_stay_behind(node_file: Path) -> None:
    database = Database(StorageSettings(db_path=node_file))
    await database.open()

    assert [] == await UserStore(database).all()

    await database.close()


async def test_nothing_of_the_old_schema_is_left_and_the_next_start_is_ordinary(
    node_file: Path,
) -> None:
    database = Database(StorageSettings(db_path=node_file))
    await database.open()
    await database.close()
    await database.open()
    async with database.reading() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())

    assert {*metadata.tables, "alembic_version"} == set(tables)
    assert database.backup is None

    await database.close()


async def test_the_file_is_copied_first(node_file: Path) -> None:
    database = Database(StorageSettings(db_path=node_file))
    await database.open()
    await database.close()

    assert database.backup is not None
    assert database.backup.name.startswith("oye-proxy.db.bak-20")
    copy = sqlite3.connect(database.backup)
    assert [("admin",)] == copy.execute("SELECT username FROM auth_users").fetchall()
    copy.close()
