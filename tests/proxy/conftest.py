"""What the tests of several packages share."""

from collections.abc import AsyncIterator

import pytest

from oye_proxy.settings import StorageSettings
from oye_proxy.storage.database import Database


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """Open a database in memory."""
    database = Database(StorageSettings(memory=True))
    await database.open()
    yield database
    await database.close()
