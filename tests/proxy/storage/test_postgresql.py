"""What is true of PostgreSQL alone: its outages, its refusals, and what is said about them."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme
from sqlalchemy import insert, select, text
from tests.proxy.postgresql import PostgresqlServer

from oye_proxy.errors import MigrationError, StorageError
from oye_proxy.settings import Secret, StorageSettings, parse_database_url
from oye_proxy.storage import postgresql as module
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import config, logs
from oye_proxy.storage.postgresql import Postgresql
from oye_proxy.storage.transaction_ids import TransactionIds


@pytest.fixture
def storage(postgresql_url: Secret) -> StorageSettings:
    return StorageSettings(database_url=postgresql_url)


@pytest.fixture
async def database(storage: StorageSettings) -> AsyncIterator[Database]:
    database = Database(storage)
    await database.open()
    yield database
    await database.close()


async def refused(url: Secret) -> str:
    """Return the sentence with which the start fails."""
    database = Database(StorageSettings(database_url=url))
    with pytest.raises(StorageError) as caught:
        await database.open()
    sentence = str(caught.value)
    assert "\n" not in sentence
    for secret in ("p@ss", "p%40ss", "wrong-password"):
        assert secret not in sentence
    return sentence


async def test_a_server_that_is_away_is_named() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert (
        f"the database oye on 127.0.0.1:{port} cannot be reached: start PostgreSQL there,"
        " or correct the address"
    ) == await refused(Secret(f"postgresql://u:p%40ss@127.0.0.1:{port}/oye"))


async def test_a_host_that_nobody_knows_is_named() -> None:
    sentence = await refused(Secret("postgresql://u:p@nowhere.invalid/oye"))

    assert "there is no host nowhere.invalid for the database" in sentence


async def test_a_socket_that_is_not_there_is_named(tmp_path: Path) -> None:
    sentence = await refused(Secret(f"postgresql://u:p@/oye?host={tmp_path}"))

    assert f"the database oye on {tmp_path}:5432 cannot be reached: start PostgreSQL" in sentence


async def test_a_server_that_accepts_and_is_silent_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_CONNECT_SECONDS", 0.01)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        sentence = await refused(Secret(f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/o"))

    assert "does not answer: see whether PostgreSQL and the network to it work" in sentence


async def test_a_wrong_password_is_named_and_not_shown(postgresql: PostgresqlServer) -> None:
    sentence = await refused(postgresql.url("postgres", password="wrong-password"))

    assert "refuses the password of oye: correct user and password" in sentence


async def test_a_missing_database_is_named(postgresql: PostgresqlServer) -> None:
    where = f"nothing on 127.0.0.1:{postgresql.port}"

    assert f"there is no database {where}: create it (CREATE DATABASE), or correct its name" == (
        await refused(postgresql.url("nothing"))
    )


async def test_a_user_who_may_not_make_tables_is_named(
    postgresql: PostgresqlServer, postgresql_url: Secret
) -> None:
    name = parse_database_url(postgresql_url).database
    postgresql.run("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    postgresql.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", name)
    try:
        sentence = await refused(postgresql.url(name, user="guest", password="guest"))
    finally:
        postgresql.run("DROP ROLE guest")

    assert "the user guest may not do that in the database" in sentence


async def test_a_database_without_unicode_is_refused(postgresql: PostgresqlServer) -> None:
    options = "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
    name = postgresql.create(options)
    sentence = await refused(postgresql.url(name))
    postgresql.drop(name)

    assert "stores texts as SQL_ASCII: create one with ENCODING 'UTF8'" in sentence


async def test_tls_that_the_server_does_not_offer_is_not_given_up(postgresql_url: Secret) -> None:
    sentence = await refused(Secret(postgresql_url.reveal() + "?sslmode=require"))

    assert "cannot be reached" in sentence


async def test_a_certificate_is_verified_against_the_ca_that_is_named(
    tmp_path: Path, postgresql: PostgresqlServer, postgresql_url: Secret
) -> None:
    """`DB_SSL=true` verifies the certificate."""
    ca, stranger = trustme.CA(), trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    stranger.cert_pem.write_to_path(str(tmp_path / "stranger.pem"))
    issued = ca.issue_cert("127.0.0.1")
    chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
    verified = f"{postgresql_url.reveal()}?sslmode=verify-full"
    protected = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    with postgresql.certified(chain, issued.private_key_pem.bytes()):
        for url in (
            f"{verified}&sslrootcert={tmp_path / 'ca.pem'}",
            f"{postgresql_url.reveal()}?sslmode=require",
        ):
            database = Database(StorageSettings(database_url=Secret(url)))
            await database.open()
            async with database.reading() as connection:
                assert (await connection.execute(protected)).scalar_one()
            await database.close()
        sentences = {
            await refused(Secret(url))
            for url in (verified, f"{verified}&sslrootcert={tmp_path / 'stranger.pem'}")
        }

    assert all("the certificate of the database" in sentence for sentence in sentences)
    assert all("is not trusted (" in sentence for sentence in sentences)


async def test_a_ca_that_is_none_is_named(tmp_path: Path, postgresql_url: Secret) -> None:
    file = tmp_path / "ca.pem"
    options = f"?sslmode=verify-full&sslrootcert={file}"

    assert f"the file {file} (sslrootcert) holds no usable CA: No such file or directory" == (
        await refused(Secret(postgresql_url.reveal() + options))
    )


async def test_tables_of_the_node_proxy_are_not_touched(
    postgresql: PostgresqlServer, postgresql_url: Secret
) -> None:
    name = parse_database_url(postgresql_url).database
    postgresql.run("CREATE TABLE knex_migrations (id INTEGER)", name)

    assert "is the Node oye-proxy's: give OYE a database of its own" in await refused(
        postgresql_url
    )


async def test_a_newer_database_stops_the_start(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()

    with pytest.raises(MigrationError, match=r"newer version of OYE \(revision 9999\): start that"):
        await database.open()


async def test_a_migration_that_another_process_holds_up_is_named(
    database: Database, storage: StorageSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MIGRATION_LOCK_SECONDS", 0.01)
    second = Database(storage)
    async with database.writing() as connection:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({module._MIGRATION_LOCK})"))
        with pytest.raises(StorageError, match="is being migrated by another OYE"):
            await second.open()

    await second.open()
    await second.close()


async def test_a_row_that_breaks_a_rule_is_told_from_a_bad_moment(database: Database) -> None:
    async def write(key: str) -> None:
        async with database.writing() as connection:
            await connection.execute(insert(config).values(key=key, value="1"))

    with pytest.raises(StorageError, match="too long") as caught:
        await write("k" * 256)

    assert caught.value.refused

    await write("secret key")
    with pytest.raises(StorageError) as caught:
        await write("secret key")

    assert caught.value.refused
    assert "secret key" not in str(caught.value)


async def test_a_reader_sees_one_state_and_cannot_write(database: Database) -> None:
    async with database.reading() as reader:
        assert [] == list(await reader.execute(select(config)))
        async with database.writing() as writer:
            await writer.execute(insert(config).values(key="a", value="1"))

        assert [] == list(await reader.execute(select(config)))
    with pytest.raises(StorageError, match="is read-only"):
        async with database.reading() as reader:
            await reader.execute(insert(config).values(key="b", value="1"))


async def test_the_size_is_that_of_the_database(database: Database) -> None:
    before = await database.size()
    async with database.writing() as connection:
        row = {"charge_point_id": "a", "direction": "b", "payload": "x" * 2000, "timestamp": 1}
        await connection.execute(insert(logs), [row] * 500)

    assert 0 < before < await database.size()


async def test_two_processes_never_take_the_same_transaction_ids(
    storage: StorageSettings,
) -> None:
    others = [Database(storage) for _ in range(3)]
    for other in others:
        await other.open()
    counters = [TransactionIds(other) for other in others]
    await asyncio.gather(*(counter.open() for counter in counters))
    given = [counter.next() for counter in counters]
    for counter, other in zip(counters, others, strict=True):
        await counter.close()
        await other.close()

    assert len(given) == len(set(given))


async def test_a_restarted_server_is_used_again_at_once(
    database: Database, postgresql: PostgresqlServer
) -> None:
    await asyncio.gather(*(database.check() for _ in range(4)))
    postgresql.stop()
    try:
        with pytest.raises(StorageError, match="start PostgreSQL there"):
            await database.check()
    finally:
        postgresql.start()

    await asyncio.gather(*(database.check() for _ in range(4)))


async def test_a_server_that_stops_within_a_transaction_is_told(
    database: Database, postgresql: PostgresqlServer
) -> None:
    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(config).values(key="a", value="1"))
            postgresql.stop()
            try:
                await connection.execute(insert(config).values(key="b", value="1"))
            finally:
                postgresql.start()

    with pytest.raises(StorageError, match="start PostgreSQL there"):
        await write()

    async with database.writing() as connection:
        assert [] == list(await connection.execute(select(config)))


async def test_a_server_that_hangs_is_given_up_and_left(
    postgresql: PostgresqlServer,
    postgresql_url: Secret,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One sentence in the log, no traceback."""
    monkeypatch.setattr(Postgresql, "patience", 0.05)
    monkeypatch.setattr(module, "_CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(module, "_CLOSE_SECONDS", 0.01)
    database = Database(StorageSettings(database_url=postgresql_url))
    await database.open()
    await asyncio.gather(*(database.check() for _ in range(2)))
    with postgresql.frozen():
        with pytest.raises(StorageError, match="does not answer: see whether PostgreSQL"):
            await database.check()
        await database.close()

    assert [None] == [record.exc_info for record in caplog.records]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("28000", "does not let oye in"),
        ("53100", "is full: make room"),
        ("53300", "takes no more connections: raise max_connections"),
        ("25006", "is read-only: use the address of the primary server"),
        ("57P01", "was stopped: start PostgreSQL there"),
        ("57P03", "is starting or stopping: wait"),
        ("08006", "cannot be reached: start PostgreSQL there"),
    ],
)
def test_each_failure_has_a_sentence_that_says_what_to_do(state: str, words: str) -> None:
    error = Exception("raw text")
    error.sqlstate = state  # type: ignore[attr-defined]  # as the driver's errors have it
    sentence = Postgresql(parse_database_url(Secret("postgresql://oye:p@db/o"))).sentence(error)

    assert sentence is not None
    assert "the database o on db:5432" in sentence
    assert words in sentence


def test_a_certificate_that_is_not_trusted_has_a_sentence() -> None:
    error = ssl.SSLCertVerificationError("raw text")
    error.verify_message = "self-signed certificate"
    backend = Postgresql(parse_database_url(Secret("postgresql://oye:p@db/o")))

    assert (
        "the certificate of the database o on db:5432 is not trusted (self-signed certificate):"
        " name its CA with sslrootcert, or use the host that it names"
    ) == backend.sentence(error)


def test_other_failures_have_none() -> None:
    backend = Postgresql(parse_database_url(Secret("postgresql://oye:p@db/o")))

    assert backend.sentence(ValueError("x")) is None
