"""What the tests of several packages share."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.proxy.postgresql import PostgresqlServer, running_server

from oye_proxy.settings import Secret, StorageSettings
from oye_proxy.storage.database import Database


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """Open a database in memory."""
    database = Database(StorageSettings(memory=True))
    await database.open()
    yield database
    await database.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """Start a real PostgreSQL for this session."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: PostgresqlServer) -> Iterator[Secret]:
    """Make an empty database."""
    name = postgresql.create()
    yield postgresql.url(name)
    postgresql.drop(name)
