"""One database of each kind for the store suite."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from oye_proxy.settings import StorageSettings
from oye_proxy.storage.database import Database


@pytest.fixture(params=["file", "memory", "postgresql"])
def storage_settings(request: pytest.FixtureRequest, tmp_path: Path) -> StorageSettings:
    if request.param == "postgresql":
        return StorageSettings(database_url=request.getfixturevalue("postgresql_url"))
    return StorageSettings(data_dir=tmp_path / "data", memory=request.param == "memory")


@pytest.fixture
async def database(storage_settings: StorageSettings) -> AsyncIterator[Database]:
    database = Database(storage_settings)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def file_database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(StorageSettings(data_dir=tmp_path / "data"))
    await database.open()
    yield database
    await database.close()


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """List what the database is told."""
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        told.append(statement.split(maxsplit=1)[0])

    engine = database._opened.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield told
    event.remove(engine, "before_cursor_execute", note)
